import Foundation

/// The text of a file together with the name under which errors mention it.
public struct FileText: Hashable, Sendable {
    /// Largest file that is read, in bytes.
    public static let limit = 1 << 20

    /// How a document is written.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        case yaml
        case json
    }

    public let name: String
    public let text: String

    /// Takes a text as it is; a byte order mark is dropped.
    public init(name: String, text: String) throws(FileError) {
        guard text.utf8.count <= FileText.limit else { throw FileText.tooLong(name) }
        self.name = name
        self.text = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Takes bytes, which must be UTF-8.
    public init(name: String, bytes: some Collection<UInt8>) throws(FileError) {
        guard bytes.count <= FileText.limit else { throw FileText.tooLong(name) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = bytes.prefix(FileText.validPrefix(of: bytes)).reduce(1) { $1 == 0x0a ? $0 + 1 : $0 }
            throw FileError(
                file: name, line: line, problem: "expected UTF-8 text, found a byte that is not; save the file as UTF-8"
            )
        }
        try self.init(name: name, text: text)
    }

    /// Reads a file, of which at most `limit` bytes are taken into memory.
    public init(path: String) throws(FileError) {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            var read = Data()
            // A pipe hands out its content piece by piece.
            while read.count <= FileText.limit, let piece = try handle.read(upToCount: FileText.limit + 1 - read.count),
                !piece.isEmpty
            {
                read.append(piece)
            }
            data = read
        } catch {
            throw FileError(file: path, problem: "cannot be read: \(error.localizedDescription)")
        }
        try self.init(name: path, bytes: data)
    }

    /// Told by the name's ending, or else by the first character: a JSON document here is always an object.
    package var format: Format {
        let name = name.lowercased()
        if name.hasSuffix(".json") { return .json }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .yaml }
        return text.unicodeScalars.first { !$0.properties.isWhitespace } == "{" ? .json : .yaml
    }

    private static func tooLong(_ name: String) -> FileError {
        FileError(file: name, problem: "expected at most \(limit) bytes, found more")
    }

    /// Number of leading bytes that are whole UTF-8 sequences.
    private static func validPrefix(of bytes: some Collection<UInt8>) -> Int {
        var iterator = bytes.makeIterator()
        var codec = UTF8()
        var count = 0
        while case .scalarValue(let scalar) = codec.decode(&iterator) { count += UTF8.width(scalar) }
        return count
    }
}
