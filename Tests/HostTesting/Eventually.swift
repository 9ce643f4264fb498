import Dispatch

/// Waits until something is so; false if it is not after a long time.
package func eventually(_ isSo: @Sendable () -> Bool) async -> Bool {
    // Far beyond what anything here takes, so that only a fault is slow.
    let limit = DispatchTime.now().uptimeNanoseconds + 20_000_000_000
    while !isSo() {
        if DispatchTime.now().uptimeNanoseconds > limit { return false }
        try? await Task.sleep(nanoseconds: 2_000_000)
    }
    return true
}
