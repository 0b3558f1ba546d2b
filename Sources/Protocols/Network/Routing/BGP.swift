import Model
import Wire

/// BGP: routers of different networks tell each other of their routes over TCP.
///
///     0  marker 16 (all ones)   16  length 2   18  type 1
///    19  open: version 1, autonomous system 2, hold time 2, identifier 4, parameters
///    19  notification: code 1, subcode 1
package enum BGP: Dissector {
    package static let description = ProtocolDescription(
        name: "bgp", title: "BGP", family: .network, level: .identity, reference: "RFC 4271, 4",
        bindings: [.tcp([179])],
        displayFilter: "bgp")

    private static let headerSize = 19

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0xff, bytes.byteCount >= headerSize, bytes.be64(0) == .max, bytes.be64(8) == .max else {
            return .no
        }
        return bytes.be16(16) >= 19 && bytes.u8(18) >= 1 && bytes.u8(18) <= 5 ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        guard bytes.be64(0) == .max, bytes.be64(8) == .max else { return .malformed }
        let length = Int(bytes.be16(16))
        guard length >= headerSize else { return .malformed }
        let type = bytes.u8(18)
        d.message(UInt32(type))
        d.role(.router, field: "speaker")
        if type == 1 {
            guard bytes.byteCount >= 29 else { return .needMore(29) }
            d.observe("autonomous_system", number: UInt64(bytes.be16(20)), field: "autonomous_system")
            d.observe("router_id", "\(bytes.ipv4(24))", field: "identifier")
        }
        return .consumed(length)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "OPEN"
        case 2: "UPDATE"
        case 3: "NOTIFICATION"
        case 4: "KEEPALIVE"
        case 5: "ROUTE-REFRESH"
        default: "message \(code)"
        }
    }
}
