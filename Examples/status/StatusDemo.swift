// Watches every status of the bridge, and decides itself what becomes of the network and of a crash.
//
//     swift run example-status
//     swift run example-status hardware.toml net_local.toml

import HostProtocol
import LinkProtocol
import LinkRuntime
import LinkSetup

@main
enum StatusDemo {
    static func main() async {
        await LinkSettings.run(run)
    }

    private static func run(_ settings: LinkSettings) async throws {
        let link = try MQTTLink(
            settings,
            onStatus: { told in
                print("status \(told.status.rawValue) \(told.status.name)")
                // The network of `init` may be used; after anything fatal the bridge is given some
                // time before it is reset.
                if told.awaitsAnswer, told.status.isFatal {
                    try? await Task.sleep(for: .seconds(5))
                }
                return .proceed
            },
            onCrash: { status in print("The bridge is being reset because of \(status.name).") })
        try link.start()
        for await session in link.sessions {
            print("session \(session)")
            try await link.ready()
            try await link.publish("status", "session \(session)", qos: .atLeastOnce)
        }
    }
}
