import Model
import Wire

/// Train Real-time Data Protocol: process data and messages in a train's network.
///
///     0  sequence        4
///     4  version         2   0100
///     6  type            2   two letters: Pd Pr Pp Pe process data, Mn Mr Mp Mq Mc Me messages
///     8  communication   4
///    12  topology counts 8
///    20  data length     4
///        process data: reserved 4, reply communication 4, reply address 4, header check 4 (at 36)
///        message data: status 4, session 16, timeout 4, source URI 32 (at 48), destination URI 32, header check 4 (at 112)
package enum TRDP: Dissector {
    package static let description = ProtocolDescription(
        name: "trdp", title: "TRDP (trains)", family: .industrial, level: .identity,
        reference: "IEC 61375-2-3:2015, annex A", bindings: [.udp([17_224, 17_225]), .tcp([17_225])],
        displayFilter: "trdp")

    private enum Offset { static let version = 4, type = 6, dataLength = 20, sourceURI = 48 }
    private enum Size { static let process = 40, message = 116 }

    /// The header's size when its fixed fields are possible.
    private static func headerSize(_ bytes: RawSpan) -> Int? {
        guard bytes.has(Offset.dataLength &+ 4), bytes.u8(Offset.version) == 1, bytes.be32(Offset.dataLength) <= 65_388
        else { return nil }
        return switch (bytes.u8(Offset.type), bytes.u8(Offset.type &+ 1)) {
        case (0x50, 0x64), (0x50, 0x72), (0x50, 0x70), (0x50, 0x65): Size.process
        case (0x4d, 0x6e), (0x4d, 0x72), (0x4d, 0x70), (0x4d, 0x71), (0x4d, 0x63), (0x4d, 0x65): Size.message
        default: nil
        }
    }

    /// The whole, padded to four bytes.
    private static func size(_ bytes: RawSpan, _ header: Int) -> Int {
        header &+ (Int(bytes.be32(Offset.dataLength)) &+ 3) & ~3
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard let header = headerSize(bytes) else { return .no }
        let total = size(bytes, header)
        guard hint.isTCP ? total <= bytes.byteCount || hint.uses(17_225) : total == bytes.byteCount else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Size.process) else { return d.isTCP ? .needMore(Size.process) : .malformed }
        guard let header = headerSize(bytes) else { return .malformed }
        guard bytes.has(header) else { return d.isTCP ? .needMore(header) : .malformed }
        d.message(UInt32(bytes.be16(Offset.type)))
        if header == Size.message, bytes.u8(Offset.sourceURI) != 0 {
            d.observe(.name, text: bytes.slice(Offset.sourceURI, 32), field: "source_uri")
        }
        return .consumed(size(bytes, header))
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x5064: "Process data"
        case 0x5072: "Process data request"
        case 0x5070: "Process data reply"
        case 0x5065: "Process data error"
        case 0x4d6e: "Message notification"
        case 0x4d72: "Message request"
        case 0x4d70: "Message reply"
        case 0x4d71: "Message reply query"
        case 0x4d63: "Message confirm"
        case 0x4d65: "Message error"
        default: "Type \(code)"
        }
    }
}
