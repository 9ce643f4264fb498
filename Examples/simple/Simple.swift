// Publishes a count on `result`, and obeys `on` and `off` on `green`.
//
//     swift run example-simple                             all of it simulated
//     swift run example-simple hardware.toml net_local.toml
//     Scripts/pubtest                                      the other side, with mosquitto's clients

import LinkProtocol
import LinkRuntime
import LinkSetup
import Signals

@main
enum Simple {
    static func main() async {
        await LinkSettings.run(run)
    }

    private static func run(_ settings: LinkSettings) async throws {
        let link = try MQTTLink(settings)
        try link.start()
        print("Waiting for the bridge and its broker.")
        try await link.ready()
        let green = try await link.subscribe("green", qos: .atLeastOnce)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await obey(green, link) }
            tasks.addTask { try await count(link) }
            try await tasks.waitForAll()
        }
    }

    private static func obey(_ messages: BufferedSequence<LinkMessage>, _ link: MQTTLink) async {
        for await message in messages {
            print("green: \(message.text)")
            link.showLamp(message.text == "on")
        }
    }

    private static func count(_ link: MQTTLink) async throws {
        for count in 0... {
            let result = try await link.publish("result", "\(count)", qos: .atLeastOnce)
            print("result \(count): published after \(result.duration.count / 1_000_000) ms")
            try await Task.sleep(for: .seconds(2))
        }
    }
}
