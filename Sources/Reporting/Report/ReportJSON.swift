import Measurements

/// A report as JSON, in the schema of Documentation/ReportSchema.md.
public enum ReportJSON {
    /// The schema's name and version; it changes with every change that a reader could notice.
    public static let schema = "synscope.report/1"

    /// The report on one or more captures.
    public static func render(_ captures: [ReportedCapture]) -> String {
        ""
    }
}
