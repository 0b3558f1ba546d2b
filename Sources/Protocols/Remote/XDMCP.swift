import Model
import Wire

/// XDMCP: X terminals look for a computer that lets them log in; the picture then comes over X11.
///
///     0  version 2 (1)   2  operation 2   4  length 2   6  body of texts and lists with their lengths 2
///     willing (5): authentication name, host name, status; manage (10): session 4, display number 2, display class
package enum XDMCP: Dissector {
    package static let description = ProtocolDescription(
        name: "xdmcp", title: "XDMCP", family: .remoteAccess, level: .identity,
        reference: "X Display Manager Control Protocol, Version 1.1, 3", bindings: [.udp([177])], displayFilter: "xdmcp"
    )

    private static let headerSize = 6

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be16(0) == 1, bytes.be16(2) >= 1, bytes.be16(2) <= 14, bytes.byteCount >= headerSize,
            Int(bytes.be16(4)) == bytes.byteCount &- headerSize
        else { return .no }
        return hint.uses(177) ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let operation = bytes.be16(2)
        guard bytes.be16(0) == 1, operation <= 14 else { return .malformed }
        d.message(UInt32(operation), operation == 10 ? .login : .none)
        if operation == 5 {
            let name = headerSize &+ 2 &+ Int(bytes.be16(headerSize))
            d.observe(.name, text: bytes.slice(name &+ 2, Int(bytes.be16(name))), field: "host_name")
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "BroadcastQuery"
        case 2: "Query"
        case 3: "IndirectQuery"
        case 4: "ForwardQuery"
        case 5: "Willing"
        case 6: "Unwilling"
        case 7: "Request"
        case 8: "Accept"
        case 9: "Decline"
        case 10: "Manage"
        case 11: "Refuse"
        case 12: "Failed"
        case 13: "KeepAlive"
        default: "Alive"
        }
    }
}
