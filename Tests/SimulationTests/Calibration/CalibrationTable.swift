import Foundation

/// Figures of a preset beside those that it is compared with, as Documentation/Simulation.md shows
/// them.
enum CalibrationTable {
    static func text(_ simulated: LinkFigures, _ reference: LinkFigures) -> String {
        var lines = ["| figure | reference | n | simulated | n | difference |"]
        lines.append("|---|---:|---:|---:|---:|---:|")
        for figure in LinkFigure.allCases {
            guard let expected = reference.value(figure), let found = simulated.value(figure)
            else {
                lines.append("| \(figure.rawValue) | - |")
                continue
            }
            let difference = 100 * (found - expected) / expected
            lines.append(
                String(
                    format: "| %@ | %@ | %d | %@ | %d | %+.1f %% |", figure.rawValue,
                    text(expected), reference.count(figure), text(found),
                    simulated.count(figure), difference))
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: Double) -> String {
        String(format: value < 1 ? "%.3f" : "%.1f", value)
    }
}
