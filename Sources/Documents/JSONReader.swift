/// Reads JSON (RFC 8259). Numbers and truth values are kept as written; duplicate keys are refused.
struct JSONReader {
    private let file: String
    private let bytes: [UInt8]
    private var counted = (offset: 0, place: DocumentNode.Place(line: 1, column: 1))
    private var offset = 0
    private var count = 0

    static func read(_ file: FileText) throws(FileError) -> DocumentNode {
        var reader = JSONReader(file: file.name, bytes: Array(file.text.utf8))
        reader.skipSpace()
        let root = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.peek == nil else { throw reader.unexpected("the end of the document") }
        return root
    }

    private init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    /// Line and column of a byte. Values are met in order, so counting goes on from the place named last.
    private mutating func place(of offset: Int) -> DocumentNode.Place {
        if offset < counted.offset { counted = (0, DocumentNode.Place(line: 1, column: 1)) }
        while counted.offset < min(offset, bytes.count) {
            let byte = bytes[counted.offset]
            counted.offset += 1
            if byte == 0x0a {
                counted.place = DocumentNode.Place(line: counted.place.line + 1, column: 1)
            } else if byte & 0xc0 != 0x80 {
                counted.place.column += 1
            }
        }
        return counted.place
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { offset += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private mutating func value(depth: Int) throws(FileError) -> DocumentNode {
        let start = offset
        let place = place(of: start)
        count += 1
        guard count <= DocumentNode.Limits.nodes else {
            throw error(at: start, "expected at most \(DocumentNode.Limits.nodes) values, found more")
        }
        guard depth <= DocumentNode.Limits.depth else {
            throw error(
                at: start, "expected at most \(DocumentNode.Limits.depth) levels within each other, found more")
        }
        let value: DocumentNode.Value
        switch peek {
        case UInt8(ascii: "{"): value = .mapping(try entries(depth: depth))
        case UInt8(ascii: "["): value = .list(try elements(depth: depth))
        case UInt8(ascii: "\""): value = .scalar(try string())
        default: value = try word()
        }
        return DocumentNode(value: value, place: place)
    }

    private mutating func entries(depth: Int) throws(FileError) -> [DocumentNode.Entry] {
        offset += 1
        var entries: [DocumentNode.Entry] = []
        var keys: Set<String> = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return entries }
        while true {
            skipSpace()
            let start = offset
            guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotation marks") }
            let key = try string()
            guard keys.insert(key).inserted else {
                throw error(at: start, "expected each key once, found again: \(FileError.quoted(key))")
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
            skipSpace()
            let place = place(of: start)
            entries.append(DocumentNode.Entry(key: key, place: place, value: try value(depth: depth + 1)))
            skipSpace()
            if take(UInt8(ascii: "}")) { return entries }
            guard take(UInt8(ascii: ",")) else { throw unexpected("\",\" or \"}\"") }
        }
    }

    private mutating func elements(depth: Int) throws(FileError) -> [DocumentNode] {
        offset += 1
        var elements: [DocumentNode] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return elements }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return elements }
            guard take(UInt8(ascii: ",")) else { throw unexpected("\",\" or \"]\"") }
        }
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() throws(FileError) -> DocumentNode.Value {
        let start = offset
        while let byte = peek, JSONReader.isWordByte(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        switch text {
        case "null": return .null
        case "true", "false": return .scalar(text)
        default:
            guard JSONReader.isNumber(text) else {
                offset = start
                throw unexpected("a value")
            }
            return .scalar(text)
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// RFC 8259 section 6.
    private static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits() -> Int {
            let run = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(run.count)
            return run.count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let leadingZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !leadingZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

extension JSONReader {
    private mutating func string() throws(FileError) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &text)
            case 0..<0x20:
                throw error(at: offset, "expected text, found a control character; write it as \\u00XX")
            default:
                text.append(byte)
                offset += 1
            }
        }
        throw unexpected("the closing quotation mark")
    }

    private mutating func escape(into text: inout [UInt8]) throws(FileError) {
        let start = offset - 1
        guard let letter = peek else { throw unexpected("an escape sequence") }
        offset += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xd800..<0xdc00).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = try hexadecimal()
                guard (0xdc00..<0xe000).contains(low) else {
                    throw error(at: start, "expected a surrogate pair, found half of one")
                }
                code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00))
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw error(at: start, "expected a surrogate pair, found half of one")
            }
            text.append(contentsOf: String(scalar).utf8)
        default:
            throw error(at: start, "expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        }
    }

    /// Four hexadecimal digits.
    private mutating func hexadecimal() throws(FileError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            offset += 1
        }
        return code
    }

    private mutating func unexpected(_ expected: String) -> FileError {
        guard let byte = peek else {
            return error(at: offset, "expected \(expected), found the end of the file")
        }
        let found = byte < 0x80 ? FileError.quoted(String(Unicode.Scalar(byte))) : "text outside quotation marks"
        return error(at: offset, "expected \(expected), found \(found)")
    }

    private mutating func error(at offset: Int, _ problem: String) -> FileError {
        let place = place(of: offset)
        return FileError(file: file, line: place.line, column: place.column, problem: problem)
    }
}
