public import Measurements

/// What a report says about a capture that the capture's figures do not.
public struct ReportHeading: Equatable, Sendable {
    /// The capture's name.
    public var name: String
    /// Where it comes from: the instrument, the machines, the day.
    public var source: String
    /// Remarks, one a line.
    public var notes: [String]

    /// A heading.
    public init(name: String, source: String = "", notes: [String] = []) {
        self.name = name
        self.source = source
        self.notes = notes
    }
}

/// A capture's figures under their heading.
public struct ReportedCapture: Equatable, Sendable {
    /// The heading.
    public var heading: ReportHeading
    /// The figures.
    public var report: LinkReport

    /// Figures under a heading.
    public init(heading: ReportHeading, report: LinkReport) {
        self.heading = heading
        self.report = report
    }
}
