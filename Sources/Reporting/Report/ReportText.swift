import Measurements

/// A report for the terminal: plain text of at most ``widthMax`` columns.
public enum ReportText {
    /// No line is longer.
    public static let widthMax = 100

    /// The report on one or more captures, with a summary when there are several.
    public static func render(_ captures: [ReportedCapture]) -> String {
        ""
    }
}
