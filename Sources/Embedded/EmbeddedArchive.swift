/// The files that travel inside the binary: `Signatures/…` (signatures, checklist, policy) and `Review/…` (style sheet and
/// script of the review pages).
package enum EmbeddedArchive {
    /// All names, sorted by their UTF-8 bytes.
    package static let names: [String] = {
        let archive = EmbeddedBytes.archive
        return (0..<count(of: archive)).compactMap { entry(at: $0, of: archive)?.name }
    }()

    /// Names below a folder (`Signatures/checklist`), sorted; a file's own name gives nothing.
    package static func names(under folder: String) -> [String] {
        let prefix = folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/"
        return names.filter { $0.hasPrefix(prefix) }
    }

    /// A copy of a file's content; nil when there is none of that name.
    package static func bytes(named name: String) -> [UInt8]? {
        let archive = EmbeddedBytes.archive
        guard let range = range(named: name, in: archive) else { return nil }
        return range.map { archive[$0] }
    }

    /// A text file's content; nil when there is none of that name or it is not UTF-8.
    package static func text(named name: String) -> String? {
        bytes(named: name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    // The packer sorts by name, so a name is found by halving.
    private static func range(named name: String, in archive: Span<UInt8>) -> Range<Int>? {
        var low = 0
        var high = count(of: archive)
        while low < high {
            let middle = (low + high) / 2
            guard let entry = entry(at: middle, of: archive) else { return nil }
            if entry.name == name { return entry.content }
            if entry.name.utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static let headerSize = 12
    private static let entrySize = 16

    private static func count(of archive: Span<UInt8>) -> Int {
        integer(at: 8, of: archive) ?? 0
    }

    private static func entry(at index: Int, of archive: Span<UInt8>) -> (name: String, content: Range<Int>)? {
        let place = headerSize + index * entrySize
        guard let nameStart = integer(at: place, of: archive), let nameSize = integer(at: place + 4, of: archive),
            let start = integer(at: place + 8, of: archive), let size = integer(at: place + 12, of: archive),
            nameStart + nameSize <= archive.count, start + size <= archive.count
        else { return nil }
        let name = (nameStart..<nameStart + nameSize).map { archive[$0] }
        return (String(decoding: name, as: UTF8.self), start..<start + size)
    }

    /// A little-endian 32-bit integer.
    private static func integer(at offset: Int, of archive: Span<UInt8>) -> Int? {
        guard offset >= 0, offset + 4 <= archive.count else { return nil }
        return (0..<4).reduce(0) { $0 | Int(archive[offset + $1]) << (8 * $1) }
    }
}
