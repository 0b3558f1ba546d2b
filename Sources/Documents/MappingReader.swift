/// Takes the values of one mapping by key. Whatever is not taken is unknown, and `finish` refuses it.
package struct MappingReader {
    /// Bounds on what one value may hold.
    package enum Limits {
        /// Longest text, in UTF-8 bytes.
        package static let text = 8192
        /// Longest list.
        package static let list = 1024
    }

    package let file: String
    package let path: String
    package let place: DocumentNode.Place
    private var entries: [String: DocumentNode.Entry] = [:]
    private var known: [String] = []

    package init(_ node: DocumentNode, file: String, path: String) throws(FileError) {
        self.file = file
        self.path = path
        place = node.place
        guard case .mapping(let list) = node.value else {
            throw FileError(
                file: file, line: node.place.line, column: node.place.column, path: path,
                problem: "expected a mapping, found \(node.value.kind)")
        }
        for entry in list { entries[entry.key] = entry }
    }

    /// The value under a key, or nil when the key is absent or has no value.
    package mutating func take(_ key: String) -> DocumentNode? {
        known.append(key)
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        if case .null = entry.value.value { return nil }
        return entry.value
    }

    /// Where the value under a key stands, nil when there is none; the value is not taken by this.
    package func peek(_ key: String) -> DocumentNode.Place? { entries[key]?.value.place }

    /// Refuses keys that nobody took.
    package func finish() throws(FileError) {
        let unknown = entries.values.min { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        guard let unknown else { return }
        throw error(
            unknown.place, nil,
            "expected one of the keys \(known.joined(separator: ", ")), found \(FileError.quoted(unknown.key))")
    }

    package func path(of key: String?) -> String {
        guard let key else { return path }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    package func error(_ place: DocumentNode.Place, _ key: String?, _ problem: String) -> FileError {
        FileError(file: file, line: place.line, column: place.column, path: path(of: key), problem: problem)
    }

    package func missing(_ key: String) -> FileError {
        error(place, nil, "expected the key \"\(key)\", found none")
    }
}

extension MappingReader {
    /// A value that `parse` understands.
    package mutating func value<T>(
        _ key: String, expected: String, _ parse: (String) -> T?
    ) throws(FileError) -> T? {
        guard let node = take(key) else { return nil }
        let text = try text(node, key)
        guard let value = parse(text) else {
            throw error(node.place, key, "expected \(expected), found \(FileError.quoted(text))")
        }
        return value
    }

    /// A text, white space at its ends removed; empty when absent.
    package mutating func text(_ key: String) throws(FileError) -> String {
        guard let node = take(key) else { return "" }
        return try text(node, key)
    }

    /// A text that must be there.
    package mutating func requiredText(_ key: String) throws(FileError) -> String {
        let text = try text(key)
        guard !text.isEmpty else { throw missing(key) }
        return text
    }

    package func text(_ node: DocumentNode, _ key: String) throws(FileError) -> String {
        guard case .scalar(let raw) = node.value else {
            throw error(node.place, key, "expected a text, found \(node.value.kind)")
        }
        guard raw.utf8.count <= Limits.text else {
            throw error(node.place, key, "expected at most \(Limits.text) bytes of text, found \(raw.utf8.count)")
        }
        var text = ""
        for scalar in raw.unicodeScalars {
            // The file may come from a system that ends its lines with CR LF.
            if scalar == "\r" { continue }
            if MappingReader.isRefused(scalar) {
                throw error(
                    node.place, key,
                    "expected printable text, found the character U+\(String(scalar.value, radix: 16, uppercase: true))"
                )
            }
            text.unicodeScalars.append(scalar)
        }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop { $0.isWhitespace })
    }

    /// Control characters would act on a terminal, and direction overrides make a text read as what it is not.
    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: false
        case 0x00..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    /// A list, or a single value as a list of one; empty when absent.
    package mutating func list(_ key: String) throws(FileError) -> [DocumentNode]? {
        guard let node = take(key) else { return nil }
        switch node.value {
        case .list(let list):
            guard list.count <= Limits.list else {
                throw error(node.place, key, "expected at most \(Limits.list) entries, found \(list.count)")
            }
            return list
        case .scalar: return [node]
        case .null, .mapping: throw error(node.place, key, "expected a list, found \(node.value.kind)")
        }
    }

    package mutating func texts(_ key: String) throws(FileError) -> [String]? {
        guard let list = try list(key) else { return nil }
        var texts: [String] = []
        for (index, node) in list.enumerated() {
            let text = try text(node, "\(key)[\(index)]")
            guard !text.isEmpty else {
                throw error(node.place, "\(key)[\(index)]", "expected a text, found an empty one")
            }
            texts.append(text)
        }
        return texts
    }

    /// A whole number within a range.
    package mutating func number(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int? {
        try value(key, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Checks the key `format`, with which every document says what it is.
    package mutating func expectFormat(_ format: String) throws(FileError) {
        guard let node = take("format") else { throw missing("format") }
        let found = try text(node, "format")
        guard found == format else {
            throw error(node.place, "format", "expected \(format), found \(FileError.quoted(found))")
        }
    }
}
