// swift-tools-version: 6.1
import PackageDescription

/// Every module compiles under the same strict flags. Undeclared imports between modules are
/// refused by `Scripts/test`, which passes `--explicit-target-dependency-import-check error`.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "synscope",
    products: [
        .executable(name: "synscope", targets: ["synscope"]),
        .library(
            name: "SynCom",
            targets: ["Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol"]),
        .library(name: "SynscopeLink", targets: ["LinkRuntime", "LinkSetup"]),
    ],
    traits: [
        .trait(name: "GPIO", description: "Recording from Linux GPIO lines, through libgpiod."),
        .trait(name: "Sigrok", description: "Logic analyzers and .sr files, through libsigrok."),
        .trait(
            name: "Broker", description: "Connections to MQTT brokers, on SwiftNIO and its TLS."),
        .default(enabledTraits: ["GPIO", "Sigrok", "Broker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Floor 1: what happens on wires.
        .target(name: "Signals", swiftSettings: strict),

        // Floor 2: edges between threads.
        .target(name: "LiveEdges", dependencies: ["Signals"], swiftSettings: strict),

        // Floor 2: what a live end needs of the world around it, as protocols.
        .target(name: "LivePorts", dependencies: ["Signals"], swiftSettings: strict),

        // Floor 2: the link itself. No I/O, no Foundation; also compiles for the boards.
        .target(name: "LinkProtocol", dependencies: ["Signals"], swiftSettings: strict),

        // Floor 2: MQTT 3.1.1, bytes only. No I/O, no Foundation; also compiles for the boards.
        .target(name: "MQTTProtocol", dependencies: ["Signals"], swiftSettings: strict),

        // Floor 3: the two ends. No I/O, no Foundation; also compile for the boards.
        .target(
            name: "HostProtocol", dependencies: ["Signals", "LinkProtocol", "MQTTProtocol"],
            swiftSettings: strict),
        .target(
            name: "BridgeProtocol", dependencies: ["Signals", "LinkProtocol", "MQTTProtocol"],
            swiftSettings: strict),

        // Floor 4: captures on disk, and what they mean.
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "CaptureStore",
            dependencies: [
                "Signals", "LiveEdges", "CZstd", "CZlib",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "Decoding",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
            ],
            swiftSettings: strict),

        // Floor 5: figures.
        .target(
            name: "Measurements",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "BridgeProtocol", "Decoding",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict),

        // Floor 5: made-up traffic, for measuring. The command does not need it.
        .target(
            name: "TrafficGenerator", dependencies: ["Signals", "LinkProtocol"],
            swiftSettings: strict),

        // Floor 5: both ends, wires, a network and a broker in a time of their own.
        .target(
            name: "Simulation",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
            ],
            swiftSettings: strict),

        // Floor 6: a capture against the machines.
        .target(
            name: "Replay",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
                "Decoding",
            ],
            swiftSettings: strict),

        // Floor 6: Linux GPIO lines. The C module tells the two versions of libgpiod apart.
        .systemLibrary(
            name: "CLibgpiod", pkgConfig: "libgpiod", providers: [.apt(["libgpiod-dev"])]),
        .target(
            name: "CGPIO",
            dependencies: [.target(name: "CLibgpiod", condition: .when(traits: ["GPIO"]))],
            cSettings: [.define("SYNSCOPE_GPIO", .when(traits: ["GPIO"]))]),
        .target(
            name: "GPIOTransport", dependencies: ["Signals", "LiveEdges", "LivePorts", "CGPIO"],
            swiftSettings: strict),

        // Floor 6: logic analyzers, and the files of sigrok. Whoever links it follows the GPL.
        .systemLibrary(
            name: "CSigrok", pkgConfig: "libsigrok", providers: [.apt(["libsigrok-dev"])]),
        .target(
            name: "SigrokTransport",
            dependencies: [
                "Signals", "LiveEdges",
                .target(name: "CSigrok", condition: .when(traits: ["Sigrok"])),
                .target(name: "CZlib", condition: .when(traits: ["Sigrok"])),
            ],
            swiftSettings: strict),

        // Floor 6: wires in shared memory. The C module has the few words that Swift lacks.
        .target(name: "CPinFile"),
        .target(
            name: "PinFileTransport",
            dependencies: ["Signals", "LiveEdges", "LivePorts", "CPinFile"],
            swiftSettings: strict),

        // Floor 6: TCP and TLS to a broker.
        .target(
            name: "BrokerConnection",
            dependencies: [
                "LivePorts",
                .product(
                    name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Broker"])),
                .product(
                    name: "NIOPosix", package: "swift-nio", condition: .when(traits: ["Broker"])),
                .product(
                    name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["Broker"])),
                .product(
                    name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["Broker"])),
            ],
            swiftSettings: strict),

        // Floor 6: the machine's network, time servers.
        .target(
            name: "NetworkServices", dependencies: ["LiveEdges", "LivePorts"],
            swiftSettings: strict),

        // Floor 6: a machine in real time, traced, and what an application sees of it.
        .target(
            name: "LinkRuntime",
            dependencies: [
                "Signals", "LiveEdges", "LivePorts", "LinkProtocol", "MQTTProtocol", "HostProtocol",
                "BridgeProtocol", "CaptureStore",
            ],
            swiftSettings: strict),

        // Floor 7: from configuration files to a link that runs.
        .target(
            name: "LinkSetup",
            dependencies: [
                "Signals", "LiveEdges", "LivePorts", "LinkProtocol", "HostProtocol",
                "BridgeProtocol", "Decoding", "Simulation", "PinFileTransport", "NetworkServices",
                "LinkRuntime",
                .target(name: "GPIOTransport", condition: .when(traits: ["GPIO"])),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: strict),

        // Floor 7: text.
        .target(
            name: "Reporting",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "Decoding", "Measurements", "Replay",
            ],
            swiftSettings: strict),

        // Floor 8: the command line.
        .executableTarget(
            name: "synscope",
            dependencies: [
                "Signals", "LinkProtocol", "HostProtocol", "BridgeProtocol", "CaptureStore",
                "Decoding", "Measurements", "Simulation", "Replay", "Reporting", "LiveEdges",
                "LivePorts", "PinFileTransport", "NetworkServices", "LinkRuntime", "LinkSetup",
                .target(name: "BrokerConnection", condition: .when(traits: ["Broker"])),
                .target(name: "GPIOTransport", condition: .when(traits: ["GPIO"])),
                .target(name: "SigrokTransport", condition: .when(traits: ["Sigrok"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Examples of applications.
        .executableTarget(
            name: "example-simple",
            dependencies: ["Signals", "LinkProtocol", "LinkRuntime", "LinkSetup"],
            path: "Examples/simple", swiftSettings: strict),
        .executableTarget(
            name: "example-status",
            dependencies: ["HostProtocol", "LinkProtocol", "LinkRuntime", "LinkSetup"],
            path: "Examples/status", swiftSettings: strict),
        .executableTarget(
            name: "example-range",
            dependencies: ["Signals", "LinkProtocol", "LinkRuntime", "LinkSetup"],
            path: "Examples/range", swiftSettings: strict),

        // Waveforms and a pair of ends in a time of their own, for the tests that follow.
        .target(
            name: "LinkTesting", dependencies: ["Signals", "LinkProtocol"],
            path: "Tests/LinkTesting", swiftSettings: strict),

        // A host whose bridge says what a test wants, for the tests of what stands on it.
        .target(
            name: "HostTesting",
            dependencies: ["Signals", "LinkProtocol", "HostProtocol", "LinkRuntime"],
            path: "Tests/HostTesting", swiftSettings: strict),

        // Long campaigns, for Scripts/campaign; nothing depends on it.
        .executableTarget(
            name: "synscope-campaign",
            dependencies: [
                "Signals", "LinkProtocol", "CaptureStore", "Decoding", "TrafficGenerator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Random worlds in numbers, for Scripts/worlds; nothing depends on it, and it needs no SQLite.
        .executableTarget(
            name: "synscope-worlds",
            dependencies: [
                "Signals", "Decoding", "Simulation", "Replay",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // What a fuzzer may feed with any bytes; the tests feed it with what was found.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
                "CaptureStore", "Decoding", "Measurements", "Simulation",
            ],
            swiftSettings: strict),

        // Benchmarks, for Scripts/bench; nothing depends on it.
        .executableTarget(
            name: "synscope-bench",
            dependencies: [
                "Signals", "LiveEdges", "LinkProtocol", "HostProtocol", "CaptureStore",
                "Decoding", "PinFileTransport", "LinkRuntime",
                "Measurements", "Simulation", "Replay", "Reporting", "TrafficGenerator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Connects and drives the simulated chips of the GPIO lab; nothing depends on it.
        .executableTarget(
            name: "synscope-lab",
            dependencies: [
                "Signals", "LivePorts", "CaptureStore", "Simulation",
                .target(name: "CGPIO", condition: .when(traits: ["GPIO"])),
                .target(name: "GPIOTransport", condition: .when(traits: ["GPIO"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .testTarget(name: "SignalsTests", dependencies: ["Signals"], swiftSettings: strict),
        .testTarget(
            name: "LinkProtocolTests", dependencies: ["Signals", "LinkProtocol", "LinkTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "MQTTProtocolTests", dependencies: ["Signals", "MQTTProtocol"],
            swiftSettings: strict),
        .testTarget(
            name: "HostProtocolTests", dependencies: ["Signals", "LinkProtocol", "HostProtocol"],
            swiftSettings: strict),
        .testTarget(
            name: "BridgeProtocolTests",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "BridgeProtocol", "LinkTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
                "CaptureStore", "Decoding", "Measurements", "Simulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CaptureStoreTests", dependencies: ["Signals", "CaptureStore"],
            swiftSettings: strict),
        .testTarget(
            name: "DecodingTests",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
                "Decoding", "LinkTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MeasurementsTests",
            dependencies: [
                "Signals", "LinkProtocol", "MQTTProtocol", "HostProtocol", "BridgeProtocol",
                "Decoding", "Measurements", "Simulation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TrafficGeneratorTests",
            dependencies: ["Signals", "LinkProtocol", "Decoding", "TrafficGenerator"],
            swiftSettings: strict),
        .testTarget(
            name: "ReplayTests",
            dependencies: [
                "Signals", "LinkProtocol", "HostProtocol", "BridgeProtocol", "CaptureStore",
                "Decoding", "Simulation", "Replay", "Reporting", "LinkTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Signals", "LinkProtocol", "Decoding", "Measurements", "Reporting"],
            swiftSettings: strict),

        .testTarget(
            name: "GPIOTransportTests",
            dependencies: ["Signals", "LivePorts", "CGPIO", "GPIOTransport"],
            swiftSettings: strict),
        .testTarget(
            name: "PinFileTransportTests",
            dependencies: [
                "Signals", "LiveEdges", "LivePorts", "PinFileTransport", "LinkTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BrokerConnectionTests", dependencies: ["LivePorts", "BrokerConnection"],
            swiftSettings: strict),
        .testTarget(
            name: "NetworkServicesTests", dependencies: ["LivePorts", "NetworkServices"],
            swiftSettings: strict),
        .testTarget(
            name: "LinkRuntimeTests",
            dependencies: [
                "Signals", "LiveEdges", "LivePorts", "LinkProtocol", "HostProtocol",
                "BridgeProtocol", "LinkRuntime", "HostTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "LinkSetupTests",
            dependencies: [
                "Signals", "LinkProtocol", "HostProtocol", "Decoding", "LinkRuntime", "LinkSetup",
                "HostTesting",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SigrokTransportTests", dependencies: ["Signals", "SigrokTransport"],
            swiftSettings: strict),
        .testTarget(
            name: "LabTests", dependencies: ["Signals", "CaptureStore", "synscope-lab"],
            swiftSettings: strict),

        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: strict),

        // Runs the built command over every file of Captures/.
        .testTarget(
            name: "CaptureTests",
            dependencies: ["Signals", "CaptureStore", "Simulation", "synscope"],
            swiftSettings: strict),
    ]
)

// libFuzzer has a `main` of its own, so nothing but Scripts/fuzz can link this.
if Context.environment["SYNSCOPE_FUZZ"] != nil {
    package.products.append(.executable(name: "synscope-fuzz", targets: ["synscope-fuzz"]))
    package.targets.append(
        .executableTarget(
            name: "synscope-fuzz", dependencies: ["FuzzTargets"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
