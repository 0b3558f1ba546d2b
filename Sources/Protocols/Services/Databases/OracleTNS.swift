import Model
import Wire

/// Oracle Net (TNS): the client asks a listener for a service with a description in text, which names its computer, program and
/// account.
///
///     0  length  2   (12c: 4 when the first two are 0)    4  type  1    8  body
///     connect (1): version 2 at 8, …, data length 2 at 24, data offset 2 at 26; data "(DESCRIPTION=(CONNECT_DATA=…))"
///     accept 2, refuse 4 { reasons 2, length 2, text }, redirect 5, data 6, resend 11
package enum OracleTNS: Dissector {
    package static let description = ProtocolDescription(
        name: "tns", title: "Oracle Net (TNS)", family: .service, level: .identity,
        reference: "Oracle Net Services Reference; packet layout as Wireshark reads it", bindings: [.tcp([1521])],
        displayFilter: "tns")

    private enum PacketType {
        static let connect: UInt8 = 1, accept: UInt8 = 2, refuse: UInt8 = 4, redirect: UInt8 = 5, data: UInt8 = 6
        static let resend: UInt8 = 11, marker: UInt8 = 12
    }
    private static let headerSize = 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let type = bytes.u8(4)
        guard type >= 1, type <= 14, bytes.byteCount >= headerSize, bytes.be16(2) == 0 || bytes.be16(0) == 0 else {
            return .no
        }
        let length = size(bytes)
        guard length >= headerSize, length <= 65_536, bytes.u8(5) & 0xc0 == 0 else { return .no }
        switch type {
        case PacketType.connect:
            let version = bytes.be16(8)
            let offset = Int(bytes.be16(26))
            guard bytes.byteCount >= 34, version >= 0x0100, version <= 0x0180, offset >= 34, offset <= 128 else {
                return .no
            }
            return bytes.byteCount <= offset || bytes.u8(offset) == 0x28 ? .certain(from: .client) : .no
        case PacketType.accept:
            let version = bytes.be16(8)
            return length >= 24 && length <= 256 && version >= 0x0100 && version <= 0x0180 && bytes.byteCount >= length
                && hint.uses(1521) ? .certain(from: .server) : .no
        case PacketType.refuse, PacketType.redirect:
            return bytes.first(64).index(of: 0x28) != nil && hint.uses(1521) && bytes.byteCount == length
                ? .certain(from: .server) : .no
        case PacketType.resend: return length == 8 && hint.sourcePort == 1521 ? .possible(from: .server) : .no
        default: return .no
        }
    }

    private static func size(_ bytes: RawSpan) -> Int {
        let short = Int(bytes.be16(0))
        return short != 0 ? short : Int(bytes.be32(0))
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let length = size(bytes)
        guard length >= headerSize, length <= 4 << 20 else { return .malformed }
        let type = bytes.u8(4)
        switch type {
        case PacketType.connect:
            guard bytes.byteCount >= length else { return .needMore(length) }
            d.message(UInt32(type), .login)
            describe(bytes.slice(Int(bytes.be16(26)), Int(bytes.be16(24))), &d)
        case PacketType.accept:
            d.message(UInt32(type))
            d.observe(.version, "TNS \(bytes.be16(8))", field: "version")
            d.role(.server, field: "database", confidence: .medium)
        case PacketType.refuse:
            guard bytes.byteCount >= min(length, 512) else { return .needMore(min(length, 512)) }
            d.message(UInt32(type))
            d.observe(.status, "refused", field: "refuse", about: .conversation)
            // VSNNUM holds the listener's version in hexadecimal nibbles: 0a200100 is 10.2.0.1.0.
            if let version = value(bytes.first(min(length, 512)), "(vsnnum="), let number = version.decimal() {
                d.observe(.software, "Oracle listener \(release(UInt32(truncatingIfNeeded: number)))", field: "vsnnum")
            }
        case PacketType.data where d.fromClient && bytes.byteCount > 12 && bytes.u8(10) == 0x28:
            // A description too long for the connect packet comes in the next.
            guard bytes.byteCount >= length else { return .needMore(length) }
            describe(bytes.slice(10, length &- 10), &d)
        case PacketType.data: break
        default: d.message(UInt32(type))
        }
        return .consumed(length)
    }

    private static func describe(_ text: RawSpan, _ d: inout Dissection) {
        if let service = value(text, "(service_name=") {
            d.observe("database", text: service, field: "service_name", about: .conversation)
        } else if let service = value(text, "(sid=") {
            d.observe("database", text: service, field: "sid", about: .conversation)
        }
        guard let start = text.indexIgnoringCase(of: "(cid=") else { return }
        let client = text.from(start &+ 4)
        if let program = value(client, "(program=") {
            d.observe(.software, text: program, field: "program", confidence: .medium)
        }
        if let host = value(client, "(host="), !host.starts(with: "__jdbc__") {
            d.observe(.name, text: host, field: "host")
        }
        if let user = value(client, "(user=") { d.observe(.user, text: user, field: "user", about: .conversation) }
    }

    /// What stands between `key` (lower case) and the next bracket.
    @_lifetime(copy text)
    private static func value(_ text: RawSpan, _ key: StaticString) -> RawSpan? {
        guard let start = text.indexIgnoringCase(of: key, limit: 4_096) else { return nil }
        let from = start &+ key.utf8CodeUnitCount
        guard let end = text.index(of: 0x29, from: from, limit: 512), end > from else { return nil }
        return text.slice(from, end &- from)
    }

    private static func release(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 20 & 15).\(number >> 12 & 255).\(number >> 8 & 15).\(number & 255)"
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Connect"
        case 2: "Accept"
        case 3: "Acknowledge"
        case 4: "Refuse"
        case 5: "Redirect"
        case 6: "Data"
        case 9: "Abort"
        case 11: "Resend"
        case 12: "Marker"
        case 13: "Attention"
        case 14: "Control"
        default: "packet \(code)"
        }
    }
}
