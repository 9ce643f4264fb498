import ArgumentParser

#if GPIO
import GPIOTransport
#endif

/// What a GPIO chip does to inputs that nobody drives, by the names of `--bias` and of pinouts.
enum BiasArgument: String, ExpressibleByArgument, CaseIterable {
    case asIs = "as-is"
    case disabled
    case pullUp = "pull-up"
    case pullDown = "pull-down"

    #if GPIO
    var bias: GPIOTapPlan.Bias {
        switch self {
        case .asIs: .asIs
        case .disabled: .disabled
        case .pullUp: .pullUp
        case .pullDown: .pullDown
        }
    }
    #endif
}
