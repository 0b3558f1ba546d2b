import Foundation
import Model

/// A picture for the report's cover, as the store keeps it.
enum LogoFile {
    private static let limit = 512 << 10

    /// The file as a `data:` URI (RFC 2397).
    static func read(_ path: String) throws -> String {
        try InputFile.expect(path)
        let name = WireText(path).visible
        guard let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size <= limit else {
            throw CommandError("\(name): expected a picture of up to \(limit >> 10) kB, found a larger file")
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let type: String
        if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            type = "image/png"
        } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
            type = "image/jpeg"
        } else {
            throw CommandError("\(name): expected a PNG or JPEG picture, found something else")
        }
        return "data:\(type);base64,\(bytes.base64EncodedString())"
    }
}
