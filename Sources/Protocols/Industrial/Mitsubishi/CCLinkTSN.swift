import Model
import Wire

/// CC-Link IE TSN's management messages over UDP 45238: SLMP commands behind a longer header.
///
///     0   subheader 2        68 00 request, E8 00 response
///     2   serial number 2    little-endian
///     4   reserved 2
///     6   network 1, station 1, module I/O number 2, extension 1
///     11  reserved 3
///     14  length 2           bytes from offset 16 on
///     16  request: monitoring timer 2; response: end code 2
///     18  command 2, subcommand 2
package enum CCLinkTSN: Dissector {
    package static let description = ProtocolDescription(
        name: "cclink-ie-tsn", title: "CC-Link IE TSN (SLMP)", family: .industrial, level: .messages,
        reference: "CC-Link IE TSN specification BAP-C2011-ENG", bindings: [.udp([45238])], displayFilter: nil)

    private enum Offset { static let route = 6, length = 14, command = 18, subcommand = 20, data = 22 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, bytes.byteCount >= Offset.data else { return .no }
        let subheader = bytes.be16(0)
        guard subheader == 0x6800 || subheader == 0xe800, bytes.be16(4) == 0,
            Int(bytes.le16(Offset.length)) == bytes.byteCount &- 16, bytes.be16(11) == 0,
            SLMPCommand.effect(bytes.le16(Offset.command)) != nil
        else { return .no }
        return .certain(from: subheader == 0x6800 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data, bytes.u8(0) & 0x7f == 0x68, bytes.u8(1) == 0,
            Int(bytes.le16(Offset.length)) == bytes.byteCount &- 16
        else { return .malformed }
        let command = bytes.le16(Offset.command)
        let isRequest = bytes.u8(0) & 0x80 == 0
        let code = UInt32(command) << 16 | UInt32(bytes.le16(Offset.subcommand))
        d.message(code, isRequest ? SLMPCommand.effect(command) ?? .none : .none)
        // The master tells a slave its place in the network's time slots and cyclic transmission.
        if isRequest, (0x0e90...0x0e93).contains(command) {
            d.role(.plc, field: "network_management", confidence: .medium)
            d.role(.io, field: "network_management", about: .destination, confidence: .low)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name = SLMPCommand.name(UInt16(truncatingIfNeeded: code >> 16))
        switch code {
        case 0x0e90_0000, 0x0e93_0000: return name + " (main)"
        case 0x0e90_0001: return name + " (time slots)"
        case 0x0e93_0001: return name + " (transmit)"
        case 0x0e93_0002: return name + " (receive)"
        case 0x0e93_0003: return name + " (receive source)"
        default: return name
        }
    }
}
