import Model
import Wire

/// Network Time Protocol: who keeps the time, and from where.
///
///     0   leap 2 bits, version 3, mode 3
///     1   stratum 1, poll 1, precision 1
///     4   root delay 4, root dispersion 4, reference id 4, four time stamps of 8 each; 48 in all, then extensions
package enum NTP: Dissector {
    package static let description = ProtocolDescription(
        name: "ntp", title: "NTP", family: .network, level: .identity, reference: "RFC 5905; mode 6: RFC 9327",
        bindings: [.udp([123])], displayFilter: "ntp")

    private static let port: UInt16 = 123
    private static let headerSize = 48
    private enum Mode {
        static let symmetricActive: UInt8 = 1, symmetricPassive: UInt8 = 2, client: UInt8 = 3, server: UInt8 = 4
        static let broadcast: UInt8 = 5, control: UInt8 = 6, monitor: UInt8 = 7
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, hint.uses(port) else { return .no }
        let mode = bytes.u8(0) & 7
        let version = bytes.u8(0) >> 3 & 7
        guard version >= 1, version <= 4 else { return .no }
        switch mode {
        case Mode.control: return bytes.byteCount >= 12 ? .possible : .no
        case Mode.monitor: return bytes.byteCount >= 8 ? .possible : .no
        case Mode.symmetricActive...Mode.broadcast:
            guard bytes.byteCount >= headerSize, bytes.byteCount % 4 == 0, bytes.u8(1) <= 16 else { return .no }
            return .certain(from: mode == Mode.client ? .client : mode == Mode.server ? .server : .unknown)
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let mode = bytes.u8(0) & 7
        switch mode {
        case Mode.control, Mode.monitor:
            guard bytes.byteCount >= 8 else { return .malformed }
            // Opcode 3 of mode 6 and requests of mode 7 beyond 24 or so set variables; those need a key.
            let isWrite = mode == Mode.control && bytes.u8(1) & 0xe0 == 0 && bytes.u8(1) & 0x1f == 3
            d.message(UInt32(mode), isWrite ? .write : .none)
            if mode == Mode.control { variables(bytes, &d) }
        case Mode.symmetricActive...Mode.broadcast:
            guard bytes.byteCount >= headerSize else { return .malformed }
            d.message(UInt32(mode))
            if mode == Mode.server || mode == Mode.broadcast || mode == Mode.symmetricPassive { served(bytes, &d) }
        default: return .malformed
        }
        return .consumed(bytes.byteCount)
    }

    private static func served(_ bytes: RawSpan, _ d: inout Dissection) {
        let stratum = bytes.u8(1)
        // Stratum 0 refuses (kiss of death), 16 is not synchronised.
        d.role(.timeServer, field: "server", confidence: (1...15).contains(stratum) ? .high : .low)
        guard stratum <= 16 else { return }
        d.observe("ntp_stratum", number: UInt64(stratum), field: "stratum")
        switch stratum {
        case 1: d.observe("ntp_reference", text: bytes.slice(12, 4), field: "reference_id")
        // Over IPv4 the reference is the address of the server above; over IPv6 a hash.
        case 2...15 where d.source.ip?.isV4 == true:
            let address = bytes.ipv4(12)
            if address.isUnicast, !address.isLoopback {
                d.observe("ntp_reference", address: address, field: "reference_address", confidence: .low)
            }
        default: break
        }
    }

    /// A mode 6 answer to "read variables": `version="ntpd 4.2.8p15…", processor="x86_64", system="Linux/5.10", …`.
    private static func variables(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.u8(1) & 0xdf == 0x82 else { return }
        let text = WireText(wire: bytes.slice(12, Int(bytes.be16(10)))).raw
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            let value = String(pair[1].drop { $0 == "\"" || $0 == " " }.prefix { $0 != "\"" })
            switch pair[0].drop(while: \.isWhitespace) {
            case "version": d.observe(.software, value, field: "version")
            case "system": d.observe(.os, value, field: "system")
            default: continue
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case Mode.symmetricActive: "Symmetric active"
        case Mode.symmetricPassive: "Symmetric passive"
        case Mode.client: "Client"
        case Mode.server: "Server"
        case Mode.broadcast: "Broadcast"
        case Mode.control: "Control"
        default: "Monitor"
        }
    }
}
