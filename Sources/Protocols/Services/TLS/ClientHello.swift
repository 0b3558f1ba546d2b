import Model
import Wire

/// A ClientHello as far as it could be read (RFC 8446, 4.1.2; RFC 9147, 5.3 for the cookie of DTLS):
///
///     legacy version  2
///     random         32
///     session id      1 + n
///     cookie          1 + n   DTLS only
///     cipher suites   2 + n
///     compression     1 + n
///     extensions      2 + n   each: type 2, length 2, data
struct ClientHello {
    private(set) var legacyVersion: UInt16 = 0
    private(set) var cipherSuites: [UInt16] = []
    /// Extension types in the order sent.
    private(set) var extensions: [UInt16] = []
    /// Extension server_name, first host name (RFC 6066, 3).
    private(set) var serverName = WireText("")
    /// Extension application_layer_protocol_negotiation (RFC 7301), as sent.
    private(set) var applicationProtocols: [[UInt8]] = []
    private(set) var supportedVersions: [UInt16] = []
    private(set) var signatureAlgorithms: [UInt16] = []

    /// Most entries kept of any list.
    private static let limit = 512

    /// Reads the body of the handshake message; what was read before an error stays.
    mutating func read(_ body: RawSpan, isDatagram: Bool) throws(DecodeError) {
        var reader = FieldReader(body)
        legacyVersion = try reader.be16("client version")
        try reader.skip(32, "random")
        try reader.skip(Int(try reader.u8("session id length")), "session id")
        if isDatagram { try reader.skip(Int(try reader.u8("cookie length")), "cookie") }
        let suites = try reader.take(Int(try reader.be16("cipher suites length")), "cipher suites")
        cipherSuites = ClientHello.list(suites, from: 0)
        try reader.skip(Int(try reader.u8("compression length")), "compression methods")
        guard !reader.isAtEnd else { return }
        let block = try reader.take(Int(try reader.be16("extensions length")), "extensions")
        var each = FieldReader(block)
        while each.remaining >= 4, extensions.count < ClientHello.limit {
            let type = try each.be16("extension type")
            let data = try each.take(Int(try each.be16("extension length")), "extension")
            extensions.append(type)
            switch type {
            case 0: serverName = ClientHello.hostName(data)
            case 13: signatureAlgorithms = ClientHello.list(data, from: 2)
            case 16: applicationProtocols = ClientHello.names(data)
            case 43: supportedVersions = ClientHello.list(data, from: 1)
            default: break
            }
        }
    }

    /// The offered application protocols as text, joined by commas.
    var applicationProtocolText: String {
        var text = ""
        for name in applicationProtocols {
            if !text.isEmpty { text += "," }
            text += String(decoding: name, as: UTF8.self)
        }
        return text
    }

    /// The first host name in a server_name extension, borrowed; empty when there is none.
    @_lifetime(copy data)
    static func hostNameBytes(_ data: RawSpan) -> RawSpan {
        // list length 2, name type 1 (0: host name), name length 2
        guard data.byteCount > 5, data.u8(2) == 0 else { return data.first(0) }
        return data.slice(5, Int(data.be16(3)))
    }

    private static func hostName(_ data: RawSpan) -> WireText { WireText(wire: hostNameBytes(data)) }

    private static func list(_ data: RawSpan, from start: Int) -> [UInt16] {
        var values: [UInt16] = []
        var offset = start
        while data.has(2, at: offset), values.count < limit {
            values.append(data.be16(offset))
            offset &+= 2
        }
        return values
    }

    private static func names(_ data: RawSpan) -> [[UInt8]] {
        var names: [[UInt8]] = []
        var offset = 2
        while offset < data.byteCount, names.count < 32 {
            let length = Int(data.u8(offset))
            guard length > 0, data.has(length, at: offset &+ 1) else { break }
            names.append(data.slice(offset &+ 1, length).bytes())
            offset &+= 1 &+ length
        }
        return names
    }

    /// The host name that the first record of a stream asks for, borrowed; empty when the bytes are no ClientHello, are cut
    /// before it, or name no host. For probes that tell products by it.
    @_lifetime(copy stream)
    static func serverName(inStream stream: RawSpan) -> RawSpan {
        guard stream.u8(0) == 22, stream.u8(1) == 3, stream.u8(5) == 1 else { return stream.first(0) }
        var reader = FieldReader(stream, at: 9)
        do throws(DecodeError) {
            try reader.skip(34, "version and random")
            try reader.skip(Int(try reader.u8("session id length")), "session id")
            try reader.skip(Int(try reader.be16("cipher suites length")), "cipher suites")
            try reader.skip(Int(try reader.u8("compression length")), "compression methods")
            try reader.skip(2, "extensions length")
            var seen = 0
            while seen < 64 {
                let type = try reader.be16("extension type")
                let length = Int(try reader.be16("extension length"))
                let data = try reader.take(length, "extension")
                if type == 0 { return hostNameBytes(data) }
                seen &+= 1
            }
        } catch {
            return stream.first(0)
        }
        return stream.first(0)
    }
}
