import Model
import Wire

/// Digi RealPort: a driver takes over the ports of a serial device server. What is read is the opening, in which the server says
/// what it is; what follows is packed by port number and not read.
///
///     client  FB kind …                        questions of two bytes each
///     server  FC kind, length 2, value         big-endian length, these four bytes included
///                kind 1: eight bytes, then the product's name; kind 2: number of ports 2
package enum RealPort: Dissector {
    package static let description = ProtocolDescription(
        name: "realport", title: "Digi RealPort", family: .industrial, level: .identity,
        reference: "Digi International, unpublished; Digi's driver for Linux (dgrp), Metasploit's RealPort library",
        bindings: [.tcp([port, alternativePort])])

    private static let port: UInt16 = 771, alternativePort: UInt16 = 1_027
    private enum Mark { static let question: UInt8 = 0xfb, answer: UInt8 = 0xfc }
    private enum Kind { static let product: UInt8 = 1, ports: UInt8 = 2, last: UInt8 = 0x18 }
    private enum Offset { static let length = 2, value = 4, name = 12 }
    private static let longest = 512

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.u8(0) {
        case Mark.question:
            guard bytes.byteCount >= 4, isQuestion(bytes, 0), isQuestion(bytes, 2) else { return .no }
            // Elsewhere only the driver's own opening is beyond doubt: who it is, then how many ports.
            let isOpening = bytes.u8(1) == Kind.product && bytes.u8(3) == Kind.ports
            return isOpening || hint.uses(port) || hint.uses(alternativePort)
                ? .certain(from: .client) : .possible(from: .client)
        case Mark.answer:
            guard bytes.u8(1) == Kind.product, bytes.byteCount >= Offset.name, name(bytes).byteCount >= 4 else {
                return .no
            }
            return .certain(from: .server)
        default: return .no
        }
    }

    private static func isQuestion(_ bytes: RawSpan, _ offset: Int) -> Bool {
        bytes.u8(offset) == Mark.question && bytes.u8(offset &+ 1) >= Kind.product
            && bytes.u8(offset &+ 1) <= Kind.last
    }

    /// The product's name in an answer that begins the bytes; empty where none is.
    @_lifetime(copy bytes)
    private static func name(_ bytes: RawSpan) -> RawSpan {
        let length = Int(bytes.be16(Offset.length))
        guard length > Offset.name, length <= longest, bytes.has(length) else {
            return bytes.first(0)
        }
        let field = bytes.slice(Offset.name, length &- Offset.name)
        var end = field.byteCount
        while end > 0, field.u8(end &- 1) <= 0x20 { end &-= 1 }
        let name = field.first(end)
        return name.isPrintable ? name : name.first(0)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 2 else { return .needMore(2) }
        switch bytes.u8(0) {
        case Mark.question:
            d.message(UInt32(bytes.u8(1)), .identity)
            return .consumed(2)
        case Mark.answer:
            guard bytes.byteCount >= Offset.value else { return .needMore(Offset.value) }
            let length = Int(bytes.be16(Offset.length))
            guard length >= Offset.value, length <= longest else { return .malformed }
            guard bytes.has(length) || d.isCut else { return .needMore(length) }
            let kind = bytes.u8(1)
            d.message(UInt32(kind) | 0x100)
            d.role(.gateway, field: "answer")
            if kind == Kind.product, name(bytes).byteCount > 0 {
                d.observe(.model, text: name(bytes), field: "product")
                d.observe(.vendor, "Digi International", field: "product_vendor", confidence: .medium)
            } else if kind == Kind.ports, length >= 6 {
                d.observe("serial_ports", "\(bytes.be16(Offset.value))", field: "port_count")
            }
            return .consumed(length)
        default:
            return .directionDone
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch UInt8(truncatingIfNeeded: code) {
            case Kind.product: "product"
            case Kind.ports: "ports"
            default: "question \(code & 0xff)"
            }
        return code & 0x100 != 0 ? name + " (answer)" : name
    }
}
