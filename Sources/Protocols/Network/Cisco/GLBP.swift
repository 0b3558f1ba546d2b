import Model
import Wire

/// Gateway Load Balancing Protocol: Cisco routers share a gateway address among several MACs. UDP 3222 both ways, to
/// 224.0.0.102.
///
///     0  version   1   1
///     1  unknown   1   0
///     2  group     2
///     4  unknown   2   0
///     6  owner     6   MAC of the sender
///    12  TLVs          type 1, length 1 (header included), value; 1 hello, 2 request or response, 3 authentication
package enum GLBP: Dissector {
    package static let description = ProtocolDescription(
        name: "glbp", title: "GLBP", family: .network, level: .identity,
        reference: "Cisco Gateway Load Balancing Protocol; fields as observed", bindings: [.udp([3222])],
        displayFilter: "glbp")

    private enum Offset {
        static let group = 2, owner = 6, firstTLV = 12
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.sourcePort == 3222, hint.destinationPort == 3222, isHeader(bytes) else { return .no }
        return .certain
    }

    private static func isHeader(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= Offset.firstTLV + 2 && bytes.u8(0) == 1 && bytes.u8(1) == 0 && bytes.be16(4) == 0
            && bytes.u8(Offset.firstTLV) >= 1 && bytes.u8(Offset.firstTLV) <= 4
            && bytes.u8(Offset.firstTLV + 1) >= 2
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isHeader(bytes) else { return .malformed }
        d.message(UInt32(bytes.u8(Offset.firstTLV)))
        // The owner's own MAC stands inside; the frame may come from a virtual one.
        let owner = bytes.mac(Offset.owner)
        let about: Dissection.About = owner.isUnicast ? .mac(owner) : .source
        d.role(.router, field: "sender", about: about)
        d.observe("virtual_router_id", number: UInt64(bytes.be16(Offset.group)), field: "group", about: about)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Hello"
        case 2: "Request or Response"
        case 3: "Authentication"
        default: "Type \(code)"
        }
    }
}
