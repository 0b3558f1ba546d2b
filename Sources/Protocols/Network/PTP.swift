import Model
import Wire

/// Precision Time Protocol: clocks of drives, cameras and substations follow a grandmaster.
///
///      0  message type 4 low bits
///      1  version      4 low bits   1 or 2
///      2  length        2   all of the message
///      4  domain        1
///     20  source clock  8   EUI-64
///     28  source port   2
///     Announce (type 11): 47 priority 1, 48 clock class 1, 52 priority 2, 53 grandmaster 8, 61 steps 2, 63 time source 1
package enum PTP: Dissector {
    package static let description = ProtocolDescription(
        name: "ptp", title: "PTP", family: .service, level: .identity, reference: "IEEE 1588-2019, clause 13",
        bindings: [.etherType(0x88f7), .udp([319, 320])], displayFilter: "ptp")

    private enum Offset {
        static let version = 1, length = 2, domain = 4, clock = 20, header = 34, grandmaster = 53, announceEnd = 64
    }
    private static let announce: UInt8 = 11

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(319) || hint.uses(320), bytes.byteCount >= Offset.header else { return .no }
        let version = bytes.u8(Offset.version) & 15
        // Version 1 has a 16-bit version and the subdomain name from offset 4.
        if bytes.be16(0) == 1, bytes.u8(4) >= 0x20, bytes.u8(4) < 0x7f { return .possible }
        let length = Int(bytes.be16(Offset.length))
        guard version == 2, length >= Offset.header, length <= bytes.byteCount, isKnown(bytes.u8(0) & 15) else {
            return .no
        }
        return .certain
    }

    private static func isKnown(_ type: UInt8) -> Bool {
        switch type {
        case 0...3, 8...13: true
        default: false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.header else { return .malformed }
        guard bytes.u8(Offset.version) & 15 == 2 else {
            d.message(0x100)
            return .consumed(bytes.byteCount)
        }
        let type = bytes.u8(0) & 15
        d.message(UInt32(type))
        d.observe("ptp_domain", number: UInt64(bytes.u8(Offset.domain)), field: "domain")
        if type == announce, bytes.byteCount >= Offset.announceEnd {
            let clock = bytes.slice(Offset.clock, 8)
            let grandmaster = bytes.slice(Offset.grandmaster, 8)
            if clock.be64(0) == grandmaster.be64(0) {
                d.role(.timeServer, field: "grandmaster")
            } else {
                d.observe("boundary_clock", "yes", field: "announce")
            }
            d.observe("ptp_grandmaster", WireText(hexadecimal: grandmaster), field: "grandmaster_identity")
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Sync"
        case 1: "Delay_Req"
        case 2: "Pdelay_Req"
        case 3: "Pdelay_Resp"
        case 8: "Follow_Up"
        case 9: "Delay_Resp"
        case 10: "Pdelay_Resp_Follow_Up"
        case 11: "Announce"
        case 12: "Signaling"
        case 13: "Management"
        case 0x100: "Version 1 message"
        default: "Message type \(code)"
        }
    }
}
