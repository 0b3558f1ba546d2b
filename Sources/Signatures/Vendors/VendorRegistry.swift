import Embedded
package import Model

/// Who was given which block of MAC addresses: the copy of the IEEE registries that the binary carries, and over it,
/// when the user names one, a list of the user's own.
package struct VendorRegistry: Sendable {
    /// The user's list, asked first.
    package let own: VendorList?

    package init(own: VendorList? = nil) {
        self.own = own
    }

    /// Where the carried copy comes from and of which day it is.
    package static let note: (date: String, origin: String) = PackedVendors.note

    /// The organisation that the longest block holding `mac` was given to; nil for group addresses, for locally
    /// administered ones (randomised, virtual, made by hand), for placeholders, and for blocks that nobody registered.
    package func vendor(of mac: MACAddress) -> String? {
        // 00:00:00:00:xx:xx are placeholders of emulators, whoever once registered the block.
        guard mac.isUnicast, !mac.isLocallyAdministered, mac.bits > 0xffff else { return nil }
        for length in VendorList.blockLengths {
            if let name = own?.holder(of: mac, length: length) { return name }
            if let name = PackedVendors.holder(of: mac, length: length) { return name }
        }
        return nil
    }
}

/// The registry as it lies in the binary, searched where it lies. Sources/CEmbedded/README.md draws the layout.
enum PackedVendors {
    /// Where the parts of the packed registry begin, in bytes, and how many blocks each list holds.
    private struct Layout {
        var note: Range<Int>
        /// Offset and count of the 24-, 28- and 36-bit blocks.
        var blocks: [Int: (start: Int, count: Int)]
        var names: Range<Int>
    }

    private enum Offset {
        static let note = 8, blocks24 = 12, blocks28 = 16, blocks36 = 20, names = 24, header = 32
    }

    private static let blockSize = 8

    private static let layout: Layout? = {
        let bytes = EmbeddedBytes.vendorRegistry
        guard let noteSize = word(at: Offset.note, in: bytes), let count24 = word(at: Offset.blocks24, in: bytes),
            let count28 = word(at: Offset.blocks28, in: bytes), let count36 = word(at: Offset.blocks36, in: bytes),
            let nameSize = word(at: Offset.names, in: bytes)
        else { return nil }
        let start24 = Offset.header + noteSize
        let start28 = start24 + count24 * blockSize
        let start36 = start28 + count28 * blockSize
        let names = start36 + count36 * blockSize
        guard names + nameSize <= bytes.count else { return nil }
        return Layout(
            note: Offset.header..<start24,
            blocks: [24: (start24, count24), 28: (start28, count28), 36: (start36, count36)],
            names: names..<names + nameSize)
    }()

    static let note: (date: String, origin: String) = {
        guard let layout else { return ("", "") }
        let bytes = EmbeddedBytes.vendorRegistry
        let text = String(decoding: layout.note.map { bytes[$0] }.prefix { $0 != 0 }, as: UTF8.self)
        let parts = text.split(separator: "\t", maxSplits: 1)
        return (parts.first.map(String.init) ?? "", parts.dropFirst().first.map(String.init) ?? "")
    }()

    /// Halves the sorted list of blocks of one length.
    static func holder(of mac: MACAddress, length: Int) -> String? {
        guard let layout, let list = layout.blocks[length] else { return nil }
        let bytes = EmbeddedBytes.vendorRegistry
        let prefix = mac.bits >> UInt64(48 - length)
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            guard let block = block(at: list.start + middle * blockSize, in: bytes) else { return nil }
            let found = block >> 24
            if found == prefix { return name(at: layout.names, offset: Int(block & 0xff_ffff), in: bytes) }
            if found < prefix { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func name(at names: Range<Int>, offset: Int, in bytes: Span<UInt8>) -> String? {
        let place = names.lowerBound + offset
        guard place < names.upperBound else { return nil }
        let end = place + 1 + Int(bytes[place])
        guard end <= names.upperBound else { return nil }
        return String(decoding: (place + 1..<end).map { bytes[$0] }, as: UTF8.self)
    }

    private static func word(at offset: Int, in bytes: Span<UInt8>) -> Int? {
        guard offset + 4 <= bytes.count else { return nil }
        return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    private static func block(at offset: Int, in bytes: Span<UInt8>) -> UInt64? {
        guard offset >= 0, offset + blockSize <= bytes.count else { return nil }
        return (0..<blockSize).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
}
