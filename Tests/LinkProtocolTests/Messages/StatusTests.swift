import LinkProtocol
import Testing

@Suite struct StatusTests {
    @Test func namesAreThoseOfTheReferenceInTheOrderOfTheirNumbers() {
        #expect(
            Status.allCases.map { $0.name.description } == [
                "BROKER_OK", "BROKER_CHECK", "DEFNET", "SPECNET", "PUBOK", "RUNNING", "UNKNOWN",
                "WILLOK", "BROKER_FAIL", "WIFI_UP", "WIFI_DOWN", "ESP_FAIL", "NO_NET",
            ])
        #expect(Status.allCases.map(\.rawValue) == Array(0...12))
    }

    @Test func fatalStatusesEndASession() {
        #expect(Status.allCases.filter(\.isFatal).map(\.rawValue) == [6, 8, 11, 12])
    }

    @Test func lossOfTheNetworkIsFatalOnlyBeforeRunning() {
        #expect(
            Status.allCases.filter(\.isFatalBeforeRunning).map(\.rawValue) == [6, 8, 10, 11, 12])
    }

    @Test func twoStatusesNeverCrossTheWire() {
        #expect(Status.allCases.filter(\.isHostLocal).map(\.rawValue) == [11, 12])
    }

    @Test func onlyTheChoiceOfNetworkWaitsForAnAnswer() {
        #expect(Status.allCases.filter(\.awaitsAnswer) == [.specifiedNetwork])
    }
}
