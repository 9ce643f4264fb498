import Foundation
import Measurements
import Testing

@testable import Reporting

@Suite struct ReportJSONTests {
    private static let schemaFile = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Documentation/ReportSchema.json")

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func theReportFollowsItsSchema() throws {
        let schema = try object(String(contentsOf: Self.schemaFile, encoding: .utf8))
        let checker = SchemaChecker(root: schema)
        for captures in [
            [ReportFixture.capture(notes: ["a \"note\"\n"]), ReportFixture.empty],
            [ReportFixture.captureWithLog], [ReportFixture.captureWithJournal], [],
        ] {
            let report = try object(ReportJSON.render(captures))
            #expect(checker.complaints(about: report, schema: schema, path: "$") == [])
        }
    }

    @Test func theSchemaRefusesWhatItDoesNotKnow() throws {
        let schema = try object(String(contentsOf: Self.schemaFile, encoding: .utf8))
        let checker = SchemaChecker(root: schema)
        var report = try object(ReportJSON.render([]))
        report["captures"] = [["name": 1]]
        report["extra"] = true
        let complaints = checker.complaints(about: report, schema: schema, path: "$")
        #expect(complaints.contains("$.captures[0].name is no string"))
        #expect(complaints.contains("$.extra is not in the schema"))
        #expect(complaints.contains("$.captures[0].capture is missing"))
    }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "0"), (1.5, "1.5"), (-0.0625, "-0.063"), (999_999.9996, "1000000"),
            (1_002_240_000_000_000, "1002240000000000"), (0x1p62, "4611686018427387904"),
            (-0x1p63, "-9223372036854775808"),
            (0x1p63, "null"), (.infinity, "null"), (.nan, "null"),
        ] as [(Double, String)])
    func numbersAreWrittenWithoutExponent(value: Double, text: String) {
        #expect(JSONValue.number(value).line == text)
    }

    @Test func timesAreWholeNanoseconds() throws {
        let text = ReportJSON.render([ReportFixture.capture()])
        #expect(text.contains("\"p50Ns\": 118000000,\n"))
        #expect(text.contains("\"uncertaintyNs\": 5000,\n"))
        #expect(text.hasPrefix("{\n  \"schema\": \"synscope.report/1\",\n"))
        #expect(text.hasSuffix("}\n"))
    }

    @Test func everyMetricWithAValueIsThere() throws {
        let capture = ReportFixture.capture()
        let report = try object(ReportJSON.render([capture]))
        let captures = try #require(report["captures"] as? [[String: Any]])
        let metrics = try #require(captures.first?["metrics"] as? [String: Any])
        for metric in capture.report.metrics {
            #expect((metrics[metric.name] != nil) == (metric.value != nil))
        }
    }

    @Test func theSameCaptureGivesTheSameBytes() {
        let first = ReportJSON.render([ReportFixture.capture(), ReportFixture.empty])
        #expect(ReportJSON.render([ReportFixture.capture(), ReportFixture.empty]) == first)
    }

    @Test(
        arguments: [
            (0, "0"), (1, "1"), (346.1669, "346.167"), (0.5, "0.5"), (-0.25, "-0.25"),
            (0.0001, "0"),
            (159_203_397, "159203397"), (.infinity, "null"),
        ] as [(Double, String)])
    func numbersHaveNoExponentAndAtMostThreeDecimals(value: Double, text: String) {
        #expect(JSONValue.plain(value) == text)
    }
}

/// As much of JSON Schema as Documentation/ReportSchema.json uses.
private struct SchemaChecker {
    let root: [String: Any]

    func complaints(about value: Any, schema: [String: Any], path: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.replacingOccurrences(of: "#/$defs/", with: "")
            guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
                return ["\(path): no definition \(name)"]
            }
            return complaints(about: value, schema: target, path: path)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            let fits = choices.contains { complaints(about: value, schema: $0, path: path).isEmpty }
            return fits ? [] : ["\(path) fits none of the choices"]
        }
        let types = schema["type"].map { ($0 as? [String]) ?? [$0 as? String ?? ""] } ?? []
        if !types.isEmpty, !types.contains(where: { isType($0, value) }) {
            return ["\(path) is no \(types.joined(separator: " or "))"]
        }
        if let allowed = schema["enum"] as? [Any],
            !allowed.contains(where: { ($0 as? NSObject) == (value as? NSObject) })
        {
            return ["\(path) is none of the allowed values"]
        }
        if let object = value as? [String: Any] {
            return complaints(about: object, schema: schema, path: path)
        }
        guard let list = value as? [Any] else { return [] }
        guard let items = schema["items"] as? [String: Any] else { return [] }
        return list.enumerated().flatMap { index, item in
            complaints(about: item, schema: items, path: "\(path)[\(index)]")
        }
    }

    private func complaints(
        about object: [String: Any], schema: [String: Any], path: String
    ) -> [String] {
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let required = schema["required"] as? [String] ?? []
        var found = required.filter { object[$0] == nil }.map { "\(path).\($0) is missing" }
        for name in object.keys.sorted() {
            guard let member = object[name] else { continue }
            if let property = properties[name] {
                found += complaints(about: member, schema: property, path: "\(path).\(name)")
            } else if let others = schema["additionalProperties"] as? [String: Any] {
                found += complaints(about: member, schema: others, path: "\(path).\(name)")
            } else {
                found.append("\(path).\(name) is not in the schema")
            }
        }
        return found
    }

    private func isType(_ name: String, _ value: Any) -> Bool {
        switch name {
        case "null": value is NSNull
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        case "integer":
            (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": value is NSNumber
        case "boolean": value is Bool
        default: false
        }
    }
}
