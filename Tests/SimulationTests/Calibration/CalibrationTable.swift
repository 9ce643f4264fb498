import Foundation

/// Figures of a preset beside those that it is compared with, as Documentation/Simulation.md shows
/// them.
enum CalibrationTable {
    static func text(_ simulated: LinkFigures, _ reference: LinkFigures) -> String {
        var lines = ["| figure | reference | n | simulated | n | difference |"]
        lines.append("|---|---:|---:|---:|---:|---:|")
        for figure in LinkFigure.allCases {
            guard let expected = reference.median(figure), let found = simulated.median(figure)
            else {
                lines.append("| \(figure.rawValue) | - |")
                continue
            }
            let difference = 100 * (found - expected) / expected
            lines.append(
                String(
                    format: "| %@ | %.1f | %d | %.1f | %d | %+.1f %% |", figure.rawValue,
                    expected, reference.count(figure), found, simulated.count(figure), difference))
        }
        return lines.joined(separator: "\n")
    }
}
