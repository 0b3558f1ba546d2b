/// Where a capture comes from and how it is written down.
package struct CaptureSource: Hashable, Sendable {
    /// The path as given, or "standard input".
    package let name: String
    package var format: CaptureFormat
    package var compression: CaptureCompression
}

extension CaptureSource: CustomStringConvertible {
    /// For example "pcap, little-endian, microseconds, gzip".
    package var description: String {
        compression == .none ? format.description : "\(format), \(compression.rawValue)"
    }
}

package enum CaptureByteOrder: String, Hashable, Sendable {
    case little = "little-endian"
    case big = "big-endian"
}

package enum CaptureFormat: Hashable, Sendable {
    case pcap(PcapVariant, CaptureByteOrder)
    /// The byte order is the first section's; later sections may differ.
    case pcapng(CaptureByteOrder)
}

extension CaptureFormat: CustomStringConvertible {
    package var description: String {
        switch self {
        case .pcap(let variant, let order): "pcap, \(order.rawValue), \(variant.rawValue)"
        case .pcapng(let order): "pcapng, \(order.rawValue)"
        }
    }
}

/// The kinds of pcap file, told apart by their magic number (draft-ietf-opsawg-pcap; libpcap sf-pcap.c;
/// Wireshark wiretap/libpcap.h).
package enum PcapVariant: String, Hashable, Sendable {
    case microseconds
    case nanoseconds
    /// Alexey Kuznetzov's patch of 1999: eight more bytes in each record header.
    case modified = "modified (Kuznetzov)"
    /// Ixia hardware and software captures: four more bytes in the file header, nanoseconds.
    case ixia = "Ixia lcap"

    init?(magic: UInt32) {
        switch magic {
        case 0xa1b2_c3d4: self = .microseconds
        case 0xa1b2_3c4d: self = .nanoseconds
        case 0xa1b2_cd34: self = .modified
        case 0x1c00_01ac, 0x1c00_01ab: self = .ixia
        default: return nil
        }
    }
}

package enum CaptureCompression: String, Hashable, Sendable {
    case none
    case gzip
    case zstd

    /// By the stream's first four bytes, little-endian (RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2).
    init(magic: UInt32) {
        if magic & 0xffff == 0x8b1f {
            self = .gzip
        } else if magic == 0xfd2f_b528 || magic & 0xffff_fff0 == 0x184d_2a50 {
            self = .zstd
        } else {
            self = .none
        }
    }
}

/// Names what a file is that is no pcap, so that the error can say what to do about it.
enum ForeignFormat {
    private static let editcap = "convert it with: editcap -F pcapng IN OUT"
    private static let decompress = "decompress it first"

    private static let known: [(magic: [UInt8], name: String, advice: String?)] = [
        ([0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0], "a snoop capture", editcap),
        (Array("btsnoop\0".utf8), "a Bluetooth btsnoop log", nil),
        (Array("GMBU".utf8), "a Microsoft Network Monitor 2 capture", editcap),
        (Array("RTSS".utf8), "a Microsoft Network Monitor 1 capture", editcap),
        (Array("TRSNIFF data".utf8), "a DOS Sniffer capture", editcap),
        (Array("XCP\0".utf8), "a NetXRay or Windows Sniffer capture", editcap),
        (Array("iptrace ".utf8), "an AIX iptrace capture", editcap),
        ([0x7f, 0x76, 0x65, 0x72], "an OmniPeek capture", editcap),
        ([0x4d, 0x3c, 0x2b, 0xa1], "a Navtel capture", nil),
        ([0xa1, 0x2b, 0x3c, 0x4d], "a Navtel capture", nil),
        (Array("LOGG".utf8), "a Vector BLF log", editcap),
        ([0x05, 0x56, 0x4e, 0x46], "a Visual Networks capture", editcap),
        ([0xaa, 0xaa, 0xaa, 0xaa], "an InfoVista 5View capture", editcap),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz data", decompress),
        (Array("BZh".utf8), "bzip2 data", decompress),
        ([0x04, 0x22, 0x4d, 0x18], "lz4 data", decompress),
        ([0x1f, 0x9d], "compress (.Z) data", decompress),
        ([0x1f, 0x8b], "gzip data within compressed data", decompress),
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd data within compressed data", decompress),
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive", "extract the capture from it first"),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7-Zip archive", "extract the capture from it first"),
        (Array("SQLite format 3\0".utf8), "an SQLite database", nil),
        (Array("<?xml".utf8), "an XML document", nil),
        ([0x7f, 0x45, 0x4c, 0x46], "an ELF program", nil),
    ]

    static func problem(firstBytes: [UInt8]) -> CaptureError.Problem {
        for format in known where firstBytes.starts(with: format.magic) {
            return .notACapture(found: format.name, advice: format.advice)
        }
        if !firstBytes.isEmpty, firstBytes.allSatisfy({ ($0 >= 0x20 && $0 < 0x7f) || $0 == 9 || $0 == 10 || $0 == 13 })
        {
            return .notACapture(found: "text", advice: nil)
        }
        let bytes = firstBytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
        return .notACapture(found: "the bytes \(bytes)", advice: nil)
    }
}
