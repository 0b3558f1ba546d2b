/// Why a field could not be read: which one, where, how many bytes were needed and how many there were.
package struct DecodeError: Error, Sendable {
    package let field: StaticString
    /// Byte offset within the message or header being read.
    package let offset: Int
    package let needed: Int
    package let available: Int

    package init(field: StaticString, offset: Int, needed: Int, available: Int) {
        self.field = field
        self.offset = offset
        self.needed = needed
        self.available = available
    }
}

extension DecodeError: CustomStringConvertible {
    package var description: String {
        "\(field) at offset \(offset) needs \(needed) bytes, \(max(0, available)) there"
    }
}
