/// Fields of a form, as `application/x-www-form-urlencoded` or `multipart/form-data` (RFC 7578) carries them.
struct WebForm {
    /// A file that came with a form.
    struct File {
        var name: String
        var mediaType: String
        var bytes: [UInt8]
    }

    private(set) var values: [String: [String]] = [:]
    private(set) var files: [String: File] = [:]

    /// Most fields read of one form, and longest text kept of one, in bytes.
    static let fieldLimit = 500
    static let textLimit = 20_000

    subscript(name: String) -> String { values[name]?.last ?? "" }
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// Nil when the body is of no kind that a form has, or is damaged.
    init?(_ request: WebRequest) {
        let type = request.headers["content-type"] ?? ""
        if type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
            guard let text = String(validating: request.body, as: UTF8.self) else { return nil }
            values = WebForm.fields(text)
        } else if type.lowercased().hasPrefix("multipart/form-data") {
            guard let boundary = WebForm.parameter("boundary", of: type), !boundary.isEmpty, boundary.utf8.count <= 70,
                readParts(request.body, boundary: Array("--\(boundary)".utf8))
            else { return nil }
        } else {
            return nil
        }
    }

    // MARK: URL-encoded

    static func fields(_ text: String) -> [String: [String]] {
        var fields: [String: [String]] = [:]
        for pair in text.split(separator: "&").prefix(fieldLimit) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ decoded($0) }) else { continue }
            let value = parts.count > 1 ? decoded(parts[1]) : ""
            if let value { fields[name, default: []].append(clipped(value)) }
        }
        return fields
    }

    private static func decoded(_ text: Substring) -> String? {
        percentDecoded(String(text.map { $0 == "+" ? " " : $0 }))
    }

    /// Nil where `%` is not followed by two digits, or what comes out is not UTF-8.
    static func percentDecoded(_ text: String) -> String? {
        guard text.utf8.contains(0x25) else { return text }
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Line ends as one kind, and no more than is kept of a field.
    private static func clipped(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return lines.utf8.count <= textLimit ? lines : String(lines.prefix(textLimit / 4))
    }

    // MARK: Multipart

    private mutating func readParts(_ body: [UInt8], boundary: [UInt8]) -> Bool {
        var marks: [Int] = []
        var index = 0
        while let place = WebForm.find(boundary, in: body, from: index), marks.count <= WebForm.fieldLimit {
            marks.append(place)
            index = place + boundary.count
        }
        guard marks.count >= 2 else { return false }
        for (mark, next) in zip(marks, marks.dropFirst()) {
            // Between a delimiter's line end and the line end before the next one.
            let start = mark + boundary.count + 2
            let end = next - 2
            guard start <= end, let split = WebForm.find([13, 10, 13, 10], in: body, from: start), split + 4 <= end
            else {
                continue
            }
            guard let head = String(validating: body[start..<split], as: UTF8.self) else { return false }
            let content = body[(split + 4)..<end]
            readPart(head, content)
        }
        return true
    }

    private mutating func readPart(_ head: String, _ content: ArraySlice<UInt8>) {
        var disposition = ""
        var mediaType = ""
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = String(parts[1].trimmingPrefix(while: { $0 == " " }))
            switch parts[0].lowercased() {
            case "content-disposition": disposition = value
            case "content-type": mediaType = value
            default: break
            }
        }
        guard let name = WebForm.parameter("name", of: disposition) else { return }
        if let file = WebForm.parameter("filename", of: disposition) {
            let base = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
            if !base.isEmpty || !content.isEmpty {
                files[name] = File(name: base, mediaType: mediaType, bytes: Array(content))
            }
        } else if let text = String(validating: content, as: UTF8.self) {
            values[name, default: []].append(WebForm.clipped(text))
        }
    }

    /// A parameter of a header's value, quoted or not: `name="file"`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmingPrefix(while: { $0 == " " }).lowercased() == name else { continue }
            var value = pair[1]
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 { value = value.dropFirst().dropLast() }
            return String(value)
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, start >= 0, bytes.count >= pattern.count else { return nil }
        var index = start
        while index <= bytes.count - pattern.count {
            if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }
}
