public import LinkProtocol
import Signals

extension PublicationContent {
    /// The content as its frame is shown: every secret of a book becomes as many `*`.
    public func masked(by book: SecretBook) -> PublicationContent {
        let head = [UInt8(ascii: "p"), Fields.separator]
        let tail = [Fields.separator, UInt8(ascii: "0"), Fields.separator, UInt8(ascii: "0")]
        let frame = head + topic + [Fields.separator] + message + tail
        let masked = book.mask(frame, from: .host)
        let topicEnd = head.count + topic.count
        let messageStart = topicEnd + 1
        return PublicationContent(
            topic: Array(masked[head.count..<topicEnd]),
            message: Array(masked[messageStart..<(messageStart + message.count)]), qos: qos)
    }
}
