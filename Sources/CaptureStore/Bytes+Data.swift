// The one place where bytes change into what the database layer wants.

internal import Foundation

extension [UInt8] {
    /// The bytes as Foundation's data.
    var data: Data { Data(self) }
}
