import Model
import Wire

/// WCCP version 2: a router and a web cache or inspecting proxy arrange which traffic is sent aside to it.
///
///     0  type 4 (10 here I am, 11 I see you, 12 redirect assign, 13 removal query)   4  version 2 (0x0200)   6  length 2
package enum WCCP: Dissector {
    package static let description = ProtocolDescription(
        name: "wccp", title: "WCCP", family: .network, level: .messages, reference: "draft-mclaggan-wccp-v2rev1, 5",
        bindings: [.udp([2048])], displayFilter: "wccp")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be24(0) == 0, bytes.u8(3) >= 10, bytes.u8(3) <= 13, bytes.byteCount >= 12,
            bytes.u8(4) == 2, Int(bytes.be16(6)) == bytes.byteCount &- 8
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(bytes.be32(0))
        if bytes.be32(0) == 11 { d.role(.router, field: "i_see_you", confidence: .medium) }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 10: "Here_I_Am"
        case 11: "I_See_You"
        case 12: "Redirect_Assign"
        default: "Removal_Query"
        }
    }
}
