/// One header or message of a frame, decoded field by field for people to read.
package struct DecodedLayer: Hashable, Sendable {
    /// The protocol's name as users know it: `Ethernet II`, `IPv4`, `modbus`.
    package var name: String
    package var fields: [Field]

    /// A field's name in the words of its specification, and its value as text.
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: WireText
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = WireText(value)
        }
    }

    package init(name: String, fields: [Field]) {
        self.name = name
        self.fields = fields
    }
}
