import Model
import Wire

/// Constrained Application Protocol: small sensors and meters over UDP.
///
///     0  version 2 bits (1), type 2 bits, token length 4 bits
///     1  code        1   class 3 bits, detail 5 bits
///     2  message id  2
///     4  token, options (delta and length 4 bits each), FF, payload
package enum CoAP: Dissector {
    package static let description = ProtocolDescription(
        name: "coap", title: "CoAP", family: .service, level: .messages, reference: "RFC 7252, 3",
        bindings: [.udp([port])], displayFilter: "coap")

    private static let port: UInt16 = 5683
    private static let mostOptions = 64

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), bytes.byteCount >= 4, bytes.u8(0) >> 6 == 1, isWellFormed(bytes) else { return .no }
        let kind = bytes.u8(1) >> 5
        return kind == 0 && bytes.u8(1) != 0 ? .certain(from: .client) : .possible
    }

    /// True when token and options end where the message or a payload marker says.
    private static func isWellFormed(_ bytes: RawSpan) -> Bool {
        let token = Int(bytes.u8(0) & 15)
        guard token <= 8 else { return false }
        switch bytes.u8(1) {
        case 0: return bytes.byteCount == 4
        case 1...7, 0x40...0x5f, 0x80...0x9f, 0xa0...0xbf: break
        default: return false
        }
        var offset = 4 &+ token
        var left = mostOptions
        while left > 0 {
            left &-= 1
            if offset == bytes.byteCount { return true }
            guard offset < bytes.byteCount else { return false }
            let option = bytes.u8(offset)
            if option == 0xff { return offset &+ 1 < bytes.byteCount }
            offset &+= 1
            guard let delta = extended(option >> 4, bytes, &offset), let length = extended(option & 15, bytes, &offset)
            else { return false }
            _ = delta
            offset &+= length
        }
        return false
    }

    private static func extended(_ nibble: UInt8, _ bytes: RawSpan, _ offset: inout Int) -> Int? {
        switch nibble {
        case 13:
            offset &+= 1
            return Int(bytes.u8(offset &- 1)) &+ 13
        case 14:
            offset &+= 2
            return Int(bytes.be16(offset &- 2)) &+ 269
        case 15: return nil
        default: return Int(nibble)
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4, bytes.u8(0) >> 6 == 1 else { return .malformed }
        let code = bytes.u8(1)
        d.message(UInt32(code), code == 1 || code == 5 ? .read : (2...7).contains(code) ? .write : .none)
        if code >> 5 == 2 { d.role(.sensor, field: "server", confidence: .low) }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Empty"
        case 1: "GET"
        case 2: "POST"
        case 3: "PUT"
        case 4: "DELETE"
        case 5: "FETCH"
        case 6: "PATCH"
        case 7: "iPATCH"
        default:
            "Response \(code >> 5)." + (code & 31 < 10 ? "0" : "") + "\(code & 31)"
        }
    }
}
