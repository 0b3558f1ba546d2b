import Model
import Wire

/// MongoDB: little-endian messages of a header and documents in BSON. The first message of a client tells its driver, system
/// and application.
///
///     0  length 4, request id 4, answer to 4, operation 4: 1 reply, 2004 query, 2012 compressed, 2013 message
///    16  message: flags 4, section kind 1 (0), document
///    16  query: flags 4, collection, 0, skip 4, count 4, document
package enum MongoDB: Dissector {
    package static let description = ProtocolDescription(
        name: "mongodb", title: "MongoDB", family: .service, level: .identity,
        reference: "MongoDB Wire Protocol; MongoDB Handshake specification; BSON 1.1",
        bindings: [.tcp([27017, 27018, 27019])],
        displayFilter: "mongo")

    private enum Operation {
        static let reply: UInt32 = 1, query: UInt32 = 2004, compressed: UInt32 = 2012, message: UInt32 = 2013
    }
    private static let headerSize = 16
    private static let longestMessage = 48_000_000
    private static let longestRead = 16_384

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= headerSize &+ 10 else { return .no }
        let operation = bytes.le32(12)
        guard operation == Operation.message || operation == Operation.query || operation == Operation.reply,
            let document = document(bytes)
        else { return .no }
        let length = Int(bytes.le32(0))
        let size = Int(bytes.le32(document))
        guard length <= longestMessage, length >= document &+ 5, size >= 5, document &+ size <= length else {
            return .no
        }
        // The first element: a known type and a name.
        let type = bytes.u8(document &+ 4)
        guard type >= 1, type <= 0x13, bytes.u8(document &+ 5) > 0x20 else { return .no }
        return .certain(from: bytes.le32(8) == 0 ? .client : .server)
    }

    /// Where the first document begins.
    private static func document(_ bytes: RawSpan) -> Int? {
        switch bytes.le32(12) {
        case Operation.message: return bytes.u8(20) == 0 && bytes.le32(16) & 0xfffc == 0 ? 21 : nil
        case Operation.query:
            guard let end = bytes.index(of: 0, from: 20, limit: 128), end > 20,
                bytes.slice(20, end &- 20).isPlainText()
            else { return nil }
            return end &+ 9
        case Operation.reply: return bytes.le32(8) != 0 ? 36 : nil
        default: return nil
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let length = Int(bytes.le32(0))
        guard length >= headerSize, length <= longestMessage else { return .malformed }
        let wanted = min(length, longestRead)
        guard bytes.byteCount >= wanted else { return .needMore(wanted) }
        d.message(bytes.le32(12))
        if let start = document(bytes) { read(bytes.slice(start, wanted &- start), &d) }
        return .consumed(length)
    }

    private static func read(_ document: RawSpan, _ d: inout Dissection) {
        var elements = BSONReader(document)
        while let element = elements.next() {
            if d.fromClient {
                if element.name.starts(with: "client"), element.name.byteCount == 6, element.type == 3 {
                    client(element.value, &d)
                } else if element.name.starts(with: "saslStart") {
                    d.message(0x1_0000, .login)
                } else if element.name.starts(with: "mechanism"), element.type == 2 {
                    d.observe(.security, text: element.text, field: "mechanism", about: .conversation)
                    if element.text.starts(with: "PLAIN") {
                        d.observe(.cleartextCredential, "MongoDB PLAIN", field: "payload", about: .conversation)
                    }
                }
            } else if element.name.starts(with: "version"), element.name.byteCount == 7, element.type == 2 {
                d.observe(
                    .software, "MongoDB \(WireText(wire: element.text).raw)", field: "version", confidence: .medium)
            } else if element.name.starts(with: "maxWireVersion") {
                d.role(.server, field: "database", confidence: .medium)
            }
        }
    }

    /// `{ application: { name }, driver: { name, version }, os: { type, name, architecture, version } }`
    private static func client(_ document: RawSpan, _ d: inout Dissection) {
        var parts = BSONReader(document)
        while let part = parts.next() {
            guard part.type == 3 else { continue }
            var name = WireText("")
            var version = WireText("")
            var fields = BSONReader(part.value)
            while let field = fields.next() {
                guard field.type == 2 else { continue }
                if field.name.starts(with: "name"), field.name.byteCount == 4 { name = WireText(wire: field.text) }
                if field.name.starts(with: "version") { version = WireText(wire: field.text) }
            }
            let both = version.isEmpty ? name.raw : "\(name.raw) \(version.raw)"
            if part.name.starts(with: "driver") {
                d.observe(.software, both, field: "driver", confidence: .medium)
            } else if part.name.starts(with: "application") {
                d.observe(.software, name, field: "application", confidence: .medium)
            } else if part.name.starts(with: "os") {
                d.observe(.os, both, field: "os", confidence: .medium)
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Operation.reply: "OP_REPLY"
        case 2001: "OP_UPDATE"
        case 2002: "OP_INSERT"
        case Operation.query: "OP_QUERY"
        case 2005: "OP_GET_MORE"
        case 2006: "OP_DELETE"
        case Operation.compressed: "OP_COMPRESSED"
        case Operation.message: "OP_MSG"
        case 0x1_0000: "saslStart"
        default: "operation \(code)"
        }
    }
}

/// The elements of one BSON document, in place: type 1, name, 0, value.
private struct BSONReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 4
    private var count = 0

    private static let limit = 128

    struct Element: ~Escapable {
        let type: UInt8
        let name: RawSpan
        let value: RawSpan

        @_lifetime(copy name, copy value)
        init(type: UInt8, name: RawSpan, value: RawSpan) {
            self.type = type
            self.name = name
            self.value = value
        }

        /// A text without its length and final zero.
        var text: RawSpan {
            @_lifetime(copy self)
            get { value.slice(4, value.byteCount &- 5) }
        }
    }

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        let size = Int(bytes.le32(0))
        self.bytes = bytes.first(size)
    }

    /// The next element; nil at the end, and where the sizes make no sense.
    @_lifetime(copy self)
    mutating func next() -> Element? {
        count &+= 1
        guard count <= BSONReader.limit, bytes.has(2, at: offset) else { return nil }
        let type = bytes.u8(offset)
        guard type != 0, let end = bytes.index(of: 0, from: offset &+ 1, limit: 256) else { return nil }
        let start = end &+ 1
        let size: Int
        switch type {
        case 1, 9, 0x11, 0x12: size = 8
        case 2, 0x0d: size = 4 &+ Int(bytes.le32(start))
        case 3, 4: size = Int(bytes.le32(start))
        case 5: size = 5 &+ Int(bytes.le32(start))
        case 7: size = 12
        case 8: size = 1
        case 0x0a: size = 0
        case 0x10: size = 4
        case 0x13: size = 16
        default: return nil
        }
        guard bytes.has(size, at: start) else { return nil }
        let name = bytes.slice(offset &+ 1, end &- offset &- 1)
        offset = start &+ size
        return Element(type: type, name: name, value: bytes.slice(start, size))
    }
}
