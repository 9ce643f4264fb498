#if GPIO
import Glibc
public import Signals

/// Why GPIO lines could not be read or driven.
public enum GPIOError: Error, Hashable, Sendable {
    /// There is no GPIO chip on this machine.
    case noChips
    /// No chip has this name, label or path; `known` are those that there are.
    case noSuchChip(String, known: [String])
    /// The path names something else than a GPIO chip.
    case notAChip(path: String)
    /// The device may not be opened.
    case noPermission(path: String)
    /// The chip has no line of this number.
    case noSuchOffset(Int, chip: String, lineCount: Int)
    /// No line has this name; `known` are the names that there are.
    case noSuchLine(String, known: [String])
    /// An end of the link has no line for one of its wires.
    case noLine(wire: String, end: LinkEnd)
    /// The lines are on several chips.
    case severalChips(lines: [String])
    /// One line was named twice.
    case lineTwice(String)
    /// Another program, or the kernel, holds the line.
    case busy(line: String, consumer: String)
    /// The chip disappeared.
    case chipGone(path: String)
    /// The chip or its driver cannot do what is asked: events of both edges, the bias, an output.
    case unsupported(path: String, doing: String, errno: Int32)
    /// The lines never stand still for long enough to know their levels.
    case restless(path: String)
    /// Anything else that the system reports.
    case system(path: String, doing: String, errno: Int32)
}

extension GPIOError {
    /// A name that there is not, with those that there are: one of them may be meant.
    public var unknownName: (name: String, known: [String])? {
        switch self {
        case .noSuchLine(let name, let known): (name, known)
        default: nil
        }
    }
}

extension GPIOError: CustomStringConvertible {
    /// What is wrong, with the evidence, and what to do next.
    public var description: String {
        switch self {
        case .noChips:
            "this machine has no GPIO chip (/dev/gpiochip*); on a PC use a logic analyzer "
                + "(--sigrok), or the GPIO lab to try it"
        case .noSuchChip(let name, let known):
            "there is no GPIO chip \(name); there are \(known.joined(separator: ", "))"
        case .notAChip(let path):
            "\(path) is no GPIO chip; `synscope devices` lists them"
        case .noPermission(let path):
            """
            \(path): permission denied. Give your user the device: put this line into \
            /etc/udev/rules.d/60-synscope-gpio.rules, then add yourself to the group gpio, \
            log in anew and plug in or reboot:
              SUBSYSTEM=="gpio", KERNEL=="gpiochip*", GROUP="gpio", MODE="0660"
            """
        case .noSuchOffset(let offset, let chip, let count):
            "\(chip) has no line \(offset): its lines are 0 to \(count - 1)"
        case .noSuchLine(let name, let known):
            "no GPIO line is called \(name)"
                + (known.isEmpty
                    ? "; no line here has a name: give offsets, such as reset=17"
                    : "; `synscope devices` lists the \(known.count) that have names")
        case .severalChips(let lines):
            "the lines are on different chips (\(lines.joined(separator: ", "))); all must be on "
                + "one chip, so that the kernel puts their edges in order"
        case .noLine(let wire, let end):
            "the \(end == .host ? "host" : "bridge") needs a GPIO line for its wire \(wire)"
        case .lineTwice(let line):
            "line \(line) is mapped to two wires"
        case .busy(let line, let consumer):
            "line \(line) is in use by "
                + (consumer.isEmpty ? "another program" : "`\(consumer)`")
                + "; end that, or use another line"
        case .chipGone(let path):
            "\(path) has disappeared: the chip was removed, or its driver unbound"
        case .unsupported(let path, let doing, let errno):
            "\(path): \(doing): \(String(cString: strerror(errno))); this chip or its driver "
                + "cannot do that (try another chip, or leave --bias out)"
        case .restless(let path):
            "\(path): the lines move so fast that there is no moment in which all are known; is one of "
                + "them not joined to anything, or a clock of another kind?"
        case .system(let path, let doing, let errno):
            "\(path): \(doing): \(String(cString: strerror(errno)))"
        }
    }
}
#endif
