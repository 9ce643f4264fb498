import ArgumentParser
import CaptureStore
import Decoding
import Signals

/// `synscope devices`: what could be recorded from here.
struct DevicesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List GPIO chips and logic analyzers, and the pinouts that fit.",
        discussion: """
            Analyzers are looked for where a look is cheap and does no harm: on USB, and the built-in \
            demo device. Those on a serial port or in the network work as well, if you name them: \
            `record --sigrok ols:conn=/dev/ttyACM0`.

            A pinout says which signal is which wire of the link. `record --pinout` takes those listed \
            here, or a JSON file of your own:

              {"chip": "gpiochip0", "bias": "pull-down", "active_low": ["reset"],
               "wires": {"reset": "GPIO5", "stx": 6, "sckout": 13,
                         "srx": 19, "sckin": 26}}

            All but `wires` can be left out. A wire is a line's name, its offset, or null if it is \
            not there. chip, bias and active_low are for --gpio only.

              synscope record --gpio auto --pinout mine.json -o trace.syn

            The pinouts of boards name the boards' own pins, for captures whose channels are called \
            after them; a recorder needs raspberry-pi, analyzer or your own.
            """)

    @Flag(help: "Also lines without a name that nobody uses.")
    var all = false

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        #if GPIO
        let chips = GPIODeviceList()
        let chipLines = chips.text(showsAllLines: all)
        let chipObject = chips.object
        func fits(_ pinout: Pinout) -> Bool { chips.has(pinout) }
        #else
        let chipLines = ["  this build has none (trait GPIO)"]
        let chipObject = JSONNode.null
        func fits(_ pinout: Pinout) -> Bool { false }
        #endif
        #if Sigrok
        let analyzers = SigrokDeviceList()
        let analyzerLines = analyzers.text
        let analyzerObject = analyzers.object
        func fitsAnalyzer(_ pinout: Pinout) -> Bool { analyzers.has(pinout) }
        #else
        let analyzerLines = ["  this build has none (trait Sigrok)"]
        let analyzerObject = JSONNode.null
        func fitsAnalyzer(_ pinout: Pinout) -> Bool { false }
        #endif
        func fitsAny(_ pinout: Pinout) -> Bool { fits(pinout) || fitsAnalyzer(pinout) }
        if json {
            let pinouts = Pinout.builtIn.map { pinout in
                JSONNode.object([
                    .text("name", pinout.name), .text("title", pinout.title),
                    .text("map", pinout.words), .flag("fits", fitsAny(pinout)),
                ])
            }
            let object = JSONNode.object([
                .init(name: "gpio", value: chipObject),
                .init(name: "sigrok", value: analyzerObject),
                .init(name: "pinouts", value: .array(pinouts)),
            ])
            try Console.print(String(decoding: object.bytes, as: UTF8.self))
            return
        }
        try Console.print("GPIO chips")
        for line in chipLines { try Console.print(line) }
        try Console.print("Logic analyzers (record --sigrok)")
        for line in analyzerLines { try Console.print(line) }
        try Console.print("Pinouts")
        for pinout in Pinout.builtIn {
            let name =
                pinout.name + String(repeating: " ", count: max(0, 16 - pinout.name.count))
            try Console.print("  \(name)\(pinout.title)\(fitsAny(pinout) ? "  (fits)" : "")")
            try Console.print("                  \(pinout.words)")
        }
    }
}
