// For walks to the edge of a network's range: tells how long outages last and how often the bridge had
// to be reset, publishes both, and sets a clock by the bridge's time server.
//
//     swift run example-range
//     swift run example-range hardware.toml net_local.toml
//     Scripts/pubtest_range                               the other side, with mosquitto's clients

import LinkProtocol
import LinkRuntime
import LinkSetup
import Signals

@main
enum RangeDemo {
    static func main() async {
        await LinkSettings.run(run)
    }

    private static func run(_ settings: LinkSettings) async throws {
        let log = OutageLog()
        let link = try MQTTLink(settings, onCrash: { _ in await log.crash() })
        try link.start()
        print("Waiting for the bridge and its broker.")
        try await link.ready()
        let messages = try await link.subscribe("foo_topic", qos: .atLeastOnce)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { for await message in messages { print("got \(message.text)") } }
            tasks.addTask {
                for await isUp in link.networkStates { await log.network(isUp: isUp, at: link.now) }
            }
            tasks.addTask {
                let seconds = try await link.time()
                print("time: \(seconds) s since 1970-01-01 00:00 UTC")
            }
            tasks.addTask { try await count(link, log) }
            try await tasks.waitForAll()
        }
    }

    private static func count(_ link: MQTTLink, _ log: OutageLog) async throws {
        for count in 0... {
            let text = await "\(count) " + log.words
            try await link.publish("foo_topic_up", text, qos: .atLeastOnce)
            print("published \(text)")
            try await Task.sleep(for: .seconds(2))
        }
    }
}

/// What has gone wrong so far.
private actor OutageLog {
    private var crashes = 0
    private var outages = 0
    private var outageTime = Nanoseconds.zero
    private var downSince: Timestamp?

    func crash() { crashes += 1 }

    func network(isUp: Bool, at time: Timestamp) {
        if let since = downSince, isUp {
            outages += 1
            outageTime = outageTime + (time - since)
            downSince = nil
            print("The network is back after \((time - since).count / 1_000_000) ms.")
        } else if !isUp, downSince == nil {
            downSince = time
            print("The network is gone.")
        }
    }

    var words: String {
        "outages \(outages), \(outageTime.count / 1_000_000) ms, crashes \(crashes)"
    }
}
