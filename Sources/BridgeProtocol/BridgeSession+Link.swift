import LinkProtocol
import MQTTProtocol
import Signals

// The law of this file: frames leave in the order in which they were said, and what depends on
// their leaving happens here.

extension BridgeSession {
    /// Says something to the host.
    mutating func say(
        _ message: BridgeMessage, after delay: Nanoseconds = .zero, at now: Timestamp
    ) {
        let frame: [UInt8]
        do throws(UnsendableMessage) {
            frame = try message.write(dialect: .current)
        } catch {
            // Nothing that is said here has such fields; if it had, nobody could read it.
            return
        }
        if !outbox.append(frame, .own, due: now + delay) {
            note(.frameDropped(limit: configuration.waitingFramesMax))
        }
        submitFrames(at: now)
    }

    /// Says UNKNOWN with a text and the frame that it is about.
    mutating func sayUnknown(_ text: [UInt8], _ frame: [UInt8], at now: Timestamp) {
        // `t`, the number and three separators go before the frame.
        let room = outbox.frameLengthMax - text.count - 5
        say(
            .unknown(
                text: text,
                offending: Text.echo(
                    frame, lengthMax: max(0, min(room, BridgeConfiguration.echoLengthMax)))),
            after: isRunning ? configuration.pacing.answerOverhead : .zero, at: now)
    }

    /// Gives the link what is due and fits.
    mutating func submitFrames(at now: Timestamp) {
        while let frame = outbox.popFirst(at: now, tag: nextTag) {
            outputs.append(.send(frame: frame, tag: nextTag))
            nextTag &+= 1
        }
    }

    mutating func frameLeft(_ tag: Int, at now: Timestamp) {
        guard let purpose = outbox.remove(tag: tag) else { return }
        submitFrames(at: now)
        if case .message(let delivery) = purpose { acknowledge(delivery, at: now) }
        controlFlow(at: now)
    }

    mutating func frameRefused(_ tag: Int, because refusal: SendRefusal, at now: Timestamp) {
        guard let purpose = outbox.remove(tag: tag) else { return }
        note(.sendRefused(refusal))
        submitFrames(at: now)
        // An acknowledgement that stays out would hold up all that follow.
        if case .message(let delivery) = purpose { acknowledge(delivery, at: now) }
        controlFlow(at: now)
    }

    /// Stops reading from the broker, or goes on, by what is on its way to the host.
    mutating func controlFlow(at now: Timestamp) {
        guard configuration.protections.flowControl else { return }
        let framesMax = max(1, configuration.linkQueueFramesMax)
        let charactersMax = max(1, configuration.linkQueueCharactersMax)
        let isFull =
            outbox.messageCount >= framesMax || outbox.messageCharacterCount >= charactersMax
        let isLow =
            outbox.messageCount <= framesMax / 2
            && outbox.messageCharacterCount <= charactersMax / 2
        if isReading ? isFull : isLow {
            isReading.toggle()
            tell(.setReading(isReading), at: now)
        }
    }
}
