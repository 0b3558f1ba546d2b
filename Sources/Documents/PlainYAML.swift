/// Reads the plain part of YAML that most data files keep to, many times faster than a full parser: block mappings and
/// lists, values on one line, quoted texts without backslashes, flow lists and mappings on one line, comments. At
/// anything else it gives up, and `YAMLReader` decides; whatever it does read, `YAMLReader` reads as the same. Nothing
/// here expands, so a file makes no more values than it has bytes.
struct PlainYAML {
    /// A line that holds something: its first byte that is no space, the byte after its last, and its indentation.
    private struct Line {
        let number: Int
        let origin: Int
        var start: Int
        let end: Int
        var indent: Int
    }

    /// Why reading stopped: something that is not plain.
    private struct NotPlain: Error {}

    private let bytes: [UInt8]
    private var lines: [Line] = []
    private var current = 0
    private var nodes = 0

    /// The document, or nil when it is not plain.
    static func read(_ text: String) -> DocumentNode? {
        guard var reader = PlainYAML(Array(text.utf8)), !reader.lines.isEmpty else { return nil }
        guard let root = try? reader.node(depth: 1), reader.current == reader.lines.count else { return nil }
        return root
    }

    private init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        var start = 0
        var number = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0a {
                guard PlainYAML.isOrdinary(bytes, end) else { return nil }
                end += 1
            }
            number += 1
            var first = start
            while first < end, bytes[first] == 0x20 { first += 1 }
            if first < end, bytes[first] != UInt8(ascii: "#") {
                lines.append(Line(number: number, origin: start, start: first, end: end, indent: first - start))
            }
            start = end + 1
        }
        if let first = lines.first, PlainYAML.isMarker(bytes, first.start, first.end) { return nil }
    }

    /// False for control characters, for the line ends that YAML knows beside the line feed, for a byte order mark and
    /// for what lies in the highest private area, where `YAMLReader` has its stand-ins.
    private static func isOrdinary(_ bytes: [UInt8], _ index: Int) -> Bool {
        let byte = bytes[index]
        if byte < 0x80 { return byte >= 0x20 && byte != 0x7f }
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        let third = index + 2 < bytes.count ? bytes[index + 2] : 0
        switch byte {
        case 0xc2: return next >= 0xa0
        case 0xe2: return !(next == 0x80 && (third == 0xa8 || third == 0xa9))
        case 0xef: return !(next == 0xbb && third == 0xbf) && !(next == 0xbf && third >= 0xbe)
        case 0xf4: return next < 0x8f
        default: return true
        }
    }

    private static func isMarker(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
        let head = bytes[start..<end].prefix(3)
        return head.elementsEqual("---".utf8) || head.elementsEqual("...".utf8) || head.first == UInt8(ascii: "%")
    }

    private func place(_ offset: Int, _ line: Line) -> DocumentNode.Place {
        var column = 1
        var index = line.origin
        while index < offset {
            if bytes[index] & 0xc0 != 0x80 { column += 1 }
            index += 1
        }
        return DocumentNode.Place(line: line.number, column: column)
    }

    private mutating func made(
        _ value: DocumentNode.Value, _ place: DocumentNode.Place
    ) throws(NotPlain) -> DocumentNode {
        nodes += 1
        guard nodes <= DocumentNode.Limits.nodes else { throw NotPlain() }
        return DocumentNode(value: value, place: place)
    }

    // MARK: Blocks

    private func isDash(_ line: Line) -> Bool {
        bytes[line.start] == UInt8(ascii: "-") && (line.start + 1 == line.end || bytes[line.start + 1] == 0x20)
    }

    private mutating func node(depth: Int) throws(NotPlain) -> DocumentNode {
        guard depth <= DocumentNode.Limits.depth, current < lines.count else { throw NotPlain() }
        let line = lines[current]
        guard !PlainYAML.isMarker(bytes, line.start, line.end) || line.indent > 0 else { throw NotPlain() }
        if isDash(line) { return try list(line.indent, depth) }
        if key(line) != nil { return try mapping(line.indent, depth) }
        current += 1
        let value = try inline(line.start, line, depth)
        // A text that goes on in the next line.
        if current < lines.count, lines[current].indent >= line.indent, !isDash(lines[current]) { throw NotPlain() }
        return value
    }

    private mutating func list(_ indent: Int, _ depth: Int) throws(NotPlain) -> DocumentNode {
        let place = place(lines[current].start, lines[current])
        var elements: [DocumentNode] = []
        while current < lines.count, lines[current].indent == indent, isDash(lines[current]) {
            let line = lines[current]
            var offset = line.start + 1
            while offset < line.end, bytes[offset] == 0x20 { offset += 1 }
            guard offset < line.end, bytes[offset] != UInt8(ascii: "#") else { throw NotPlain() }
            // What follows the dash stands as on a line of its own.
            lines[current].start = offset
            lines[current].indent = indent + offset - line.start
            elements.append(try node(depth: depth + 1))
        }
        guard
            current == lines.count || lines[current].indent < indent
                || (lines[current].indent == indent && !isDash(lines[current]))
        else { throw NotPlain() }
        return try made(.list(elements), place)
    }

    private mutating func mapping(_ indent: Int, _ depth: Int) throws(NotPlain) -> DocumentNode {
        let place = place(lines[current].start, lines[current])
        var entries: [DocumentNode.Entry] = []
        var names: Set<String> = []
        while current < lines.count, lines[current].indent == indent, !isDash(lines[current]) {
            let line = lines[current]
            guard let colon = key(line) else { throw NotPlain() }
            let name = String(decoding: bytes[line.start..<colon], as: UTF8.self)
            guard names.insert(name).inserted else { throw NotPlain() }
            nodes += 1
            var offset = colon + 1
            while offset < line.end, bytes[offset] == 0x20 { offset += 1 }
            current += 1
            let value: DocumentNode
            if offset < line.end, bytes[offset] != UInt8(ascii: "#") {
                value = try inline(offset, line, depth + 1)
                if current < lines.count, lines[current].indent > indent { throw NotPlain() }
            } else {
                guard current < lines.count,
                    lines[current].indent > indent || (lines[current].indent == indent && isDash(lines[current]))
                else { throw NotPlain() }
                value = try node(depth: depth + 1)
            }
            entries.append(
                DocumentNode.Entry(key: name, place: self.place(line.start, line), value: value))
        }
        guard current == lines.count || lines[current].indent < indent else { throw NotPlain() }
        return try made(.mapping(entries), place)
    }

    /// Where the colon of a plain key is; nil when the line does not begin with one.
    private func key(_ line: Line) -> Int? {
        let colon = keyEnd(line.start, line.end)
        guard colon > line.start, colon < line.end, bytes[colon] == UInt8(ascii: ":"),
            colon + 1 == line.end || bytes[colon + 1] == 0x20
        else { return nil }
        return colon
    }

    /// Keys are words; what else YAML allows as a key is left to the full parser.
    private func keyEnd(_ start: Int, _ end: Int) -> Int {
        var offset = start
        while offset < end {
            let byte = bytes[offset]
            let lower = byte | 0x20
            guard
                lower >= 0x61 && lower <= 0x7a || byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_")
                    || (offset > start && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")))
            else { break }
            offset += 1
        }
        return offset
    }

    // MARK: Values on one line

    private mutating func inline(_ start: Int, _ line: Line, _ depth: Int) throws(NotPlain) -> DocumentNode {
        var offset = start
        let value = try value(&offset, line, depth, inFlow: false)
        while offset < line.end, bytes[offset] == 0x20 { offset += 1 }
        if offset < line.end {
            guard bytes[offset] == UInt8(ascii: "#"), bytes[offset - 1] == 0x20 else { throw NotPlain() }
        }
        return value
    }

    private mutating func value(
        _ offset: inout Int, _ line: Line, _ depth: Int, inFlow: Bool
    ) throws(NotPlain) -> DocumentNode {
        guard depth <= DocumentNode.Limits.depth, offset < line.end else { throw NotPlain() }
        let place = place(offset, line)
        switch bytes[offset] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try made(.scalar(try quoted(&offset, line)), place)
        case UInt8(ascii: "["): return try flowList(&offset, line, depth)
        case UInt8(ascii: "{"): return try flowMapping(&offset, line, depth)
        default:
            let text = try plain(&offset, line, inFlow: inFlow)
            return try made(["~", "null", "Null", "NULL"].contains(text) ? .null : .scalar(text), place)
        }
    }

    private func quoted(_ offset: inout Int, _ line: Line) throws(NotPlain) -> String {
        let quote = bytes[offset]
        var text: [UInt8] = []
        offset += 1
        while offset < line.end {
            let byte = bytes[offset]
            if byte == quote {
                offset += 1
                guard quote == UInt8(ascii: "'"), offset < line.end, bytes[offset] == quote else {
                    return String(decoding: text, as: UTF8.self)
                }
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                throw NotPlain()
            }
            text.append(byte)
            offset += 1
        }
        throw NotPlain()
    }

    private func plain(_ offset: inout Int, _ line: Line, inFlow: Bool) throws(NotPlain) -> String {
        let start = offset
        guard !"&*!|>%@`?,[]{}#:-".utf8.contains(bytes[start]) || isSignedText(start, line) else { throw NotPlain() }
        var end = start
        while offset < line.end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "#"), bytes[offset - 1] == 0x20 { break }
            if byte == UInt8(ascii: ":") {
                guard offset + 1 < line.end, bytes[offset + 1] != 0x20 else { throw NotPlain() }
                if inFlow, ",[]{}".utf8.contains(bytes[offset + 1]) { throw NotPlain() }
            }
            if inFlow {
                if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") { break }
                guard byte != UInt8(ascii: "["), byte != UInt8(ascii: "{") else { throw NotPlain() }
            }
            offset += 1
            if byte != 0x20 { end = offset }
        }
        guard end > start else { throw NotPlain() }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// A minus that begins a number or an option is text.
    private func isSignedText(_ start: Int, _ line: Line) -> Bool {
        guard bytes[start] == UInt8(ascii: "-"), start + 1 < line.end else { return false }
        let next = bytes[start + 1] | 0x20
        return next >= 0x61 && next <= 0x7a || next >= 0x30 && next <= 0x39
    }

    private func skipSpace(_ offset: inout Int, _ line: Line) throws(NotPlain) {
        while offset < line.end, bytes[offset] == 0x20 { offset += 1 }
        guard offset < line.end else { throw NotPlain() }
    }

    private mutating func flowList(_ offset: inout Int, _ line: Line, _ depth: Int) throws(NotPlain) -> DocumentNode {
        let place = place(offset, line)
        var elements: [DocumentNode] = []
        offset += 1
        try skipSpace(&offset, line)
        while bytes[offset] != UInt8(ascii: "]") {
            elements.append(try value(&offset, line, depth + 1, inFlow: true))
            try skipSpace(&offset, line)
            if bytes[offset] == UInt8(ascii: "]") { break }
            try separator(&offset, line)
        }
        offset += 1
        return try made(.list(elements), place)
    }

    private mutating func flowMapping(
        _ offset: inout Int, _ line: Line, _ depth: Int
    ) throws(NotPlain) -> DocumentNode {
        let place = place(offset, line)
        var entries: [DocumentNode.Entry] = []
        var names: Set<String> = []
        offset += 1
        try skipSpace(&offset, line)
        while bytes[offset] != UInt8(ascii: "}") {
            let start = offset
            let colon = keyEnd(start, line.end)
            guard colon > start, colon + 1 < line.end, bytes[colon] == UInt8(ascii: ":"), bytes[colon + 1] == 0x20
            else { throw NotPlain() }
            let name = String(decoding: bytes[start..<colon], as: UTF8.self)
            guard names.insert(name).inserted else { throw NotPlain() }
            nodes += 1
            offset = colon + 1
            try skipSpace(&offset, line)
            let value = try value(&offset, line, depth + 1, inFlow: true)
            entries.append(DocumentNode.Entry(key: name, place: self.place(start, line), value: value))
            try skipSpace(&offset, line)
            if bytes[offset] == UInt8(ascii: "}") { break }
            try separator(&offset, line)
        }
        offset += 1
        return try made(.mapping(entries), place)
    }

    /// A comma with another entry after it.
    private func separator(_ offset: inout Int, _ line: Line) throws(NotPlain) {
        guard bytes[offset] == UInt8(ascii: ",") else { throw NotPlain() }
        offset += 1
        try skipSpace(&offset, line)
        guard bytes[offset] != UInt8(ascii: "]"), bytes[offset] != UInt8(ascii: "}") else { throw NotPlain() }
    }
}
