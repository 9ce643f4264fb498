import Measurements

/// A report as Markdown, with tables that GitHub and others draw.
public enum ReportMarkdown {
    /// The report on one or more captures, with a summary when there are several.
    public static func render(_ captures: [ReportedCapture]) -> String {
        ""
    }
}
