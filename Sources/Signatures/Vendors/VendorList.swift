package import Documents
import Foundation
import Model

/// A user's own list of MAC address blocks: the IEEE's `oui.csv` (also `mam.csv`, `oui36.csv`) or `oui.txt`, or
/// Wireshark's `manuf`.
///
///     MA-L,58528A,Mitsubishi Electric Corporation,"…"        oui.csv, below a line of headings
///     58-52-8A   (hex)		Mitsubishi Electric Corporation       oui.txt, other lines are remarks
///     58:52:8A	MitsubishiEl	Mitsubishi Electric Corporation   manuf, a block may end in /28 or /36
package struct VendorList: Sendable {
    /// Largest file that is read, in bytes; the IEEE's largest has 6 MB.
    package static let sizeLimit = 32 << 20
    /// Lengths of the blocks that the IEEE gives out, longest first, in bits.
    static let blockLengths = [36, 28, 24]

    /// Names by prefix, for each block length.
    private var holders: [Int: [UInt64: String]] = [:]

    /// Blocks of all lengths together.
    package var count: Int { holders.values.reduce(0) { $0 + $1.count } }

    func holder(of mac: MACAddress, length: Int) -> String? {
        holders[length]?[mac.bits >> UInt64(48 - length)]
    }

    /// Reads a file of any of the three forms, told by its content.
    package init(path: String) throws(FileError) {
        try self.init(name: path, bytes: try VendorList.read(path))
    }

    /// Takes the content of a file; bytes that are no UTF-8 are only accepted within names.
    package init(name: String, bytes: [UInt8]) throws(FileError) {
        guard bytes.count <= VendorList.sizeLimit else { throw VendorList.tooLong(name) }
        guard !bytes.contains(0) else { throw VendorList.unreadable(name, nil, "a byte 0, so this is no text file") }
        var form = Form.unknown
        var line = 0
        for row in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            line += 1
            let text = String(decoding: row, as: UTF8.self).trimmingSpace()
            if text.isEmpty || text.hasPrefix("#") { continue }
            if form == .unknown { form = Form(firstLine: text) }
            switch form {
            case .csv where text.hasPrefix("Registry,"): continue
            case .csv:
                // An address in quotation marks may run over several lines.
                guard text.hasPrefix("MA-") || text.hasPrefix("IAB,") || text.hasPrefix("CID,") else { continue }
                try add(csv: text, name, line)
            case .listing: add(listing: text)
            case .manuf: try add(manuf: text, name, line)
            case .unknown:
                throw VendorList.unreadable(name, line, "\(FileError.quoted(String(text.prefix(60))))")
            }
        }
        guard count > 0 else { throw VendorList.unreadable(name, nil, "no block of MAC addresses") }
    }

    private enum Form {
        case csv, listing, manuf, unknown

        init(firstLine: String) {
            if firstLine.hasPrefix("Registry,") {
                self = .csv
            } else if firstLine.contains("(hex)") || firstLine.hasPrefix("OUI/") {
                self = .listing
            } else if VendorList.block(firstLine.prefix { !$0.isWhitespace }) != nil {
                self = .manuf
            } else {
                self = .unknown
            }
        }
    }

    private mutating func add(csv line: String, _ name: String, _ number: Int) throws(FileError) {
        let fields = VendorList.fields(line)
        guard fields.count >= 3, let block = VendorList.block(Substring(fields[1])) else {
            throw VendorList.unreadable(name, number, "\(FileError.quoted(line))")
        }
        add(block, fields[2])
    }

    private mutating func add(listing line: String) {
        guard let mark = line.range(of: "(hex)") else { return }
        let digits = line[..<mark.lowerBound].prefix { !$0.isWhitespace }
        if let block = VendorList.block(digits) { add(block, String(line[mark.upperBound...])) }
    }

    private mutating func add(manuf line: String, _ name: String, _ number: Int) throws(FileError) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmingSpace() }
        guard fields.count >= 2, let block = VendorList.block(Substring(fields[0])) else {
            throw VendorList.unreadable(name, number, "\(FileError.quoted(line))")
        }
        // A remark after a number sign is no name.
        let full = fields.count > 2 && !fields[2].hasPrefix("#") ? fields[2] : ""
        add(block, full.isEmpty ? fields[1] : full)
    }

    private mutating func add(_ block: (prefix: UInt64, length: Int), _ name: String) {
        let organisation = OrganisationName.shortened(name)
        // A block that the IEEE gave out again in smaller ones names nobody.
        guard VendorList.blockLengths.contains(block.length), !organisation.isEmpty,
            !organisation.lowercased().hasPrefix("ieee registration authority")
        else { return }
        holders[block.length, default: [:]][block.prefix] = organisation
    }

    /// `58-52-8A`, `58:52:8A:00:00:00/28` or `58528A`, as prefix and its length in bits.
    static func block(_ text: Substring) -> (prefix: UInt64, length: Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let digits = parts.first, parts.count <= 2 else { return nil }
        var value: UInt64 = 0
        var count = 0
        for character in digits where character != ":" && character != "-" && character != "." {
            guard character.isASCII, let digit = character.hexDigitValue, count < 12 else { return nil }
            value = value << 4 | UInt64(digit)
            count += 1
        }
        guard count >= 6 else { return nil }
        var length = 4 * count
        if parts.count == 2 {
            guard let given = Int(parts[1]), given >= 1, given <= length else { return nil }
            value >>= UInt64(length - given)
            length = given
        }
        return (value, length)
    }

    /// The fields of one line of comma-separated values; a quotation mark within quotation marks is doubled.
    private static func fields(_ line: String) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var previous: Character = ","
        for character in line {
            switch character {
            case "\"":
                if previous == "\"", !isQuoted { field.append("\"") }
                isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            default: field.append(character)
            }
            previous = character
        }
        return fields + [field]
    }

    private static func read(_ path: String) throws(FileError) -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            var bytes: [UInt8] = []
            while bytes.count <= sizeLimit, let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
                bytes.append(contentsOf: piece)
            }
            return bytes
        } catch {
            throw FileError(file: path, problem: "cannot be read: \(error.localizedDescription)")
        }
    }

    private static func tooLong(_ name: String) -> FileError {
        FileError(
            file: name, problem: "expected a list of MAC address blocks of at most \(sizeLimit) bytes, found more")
    }

    private static func unreadable(_ name: String, _ line: Int?, _ found: String) -> FileError {
        FileError(
            file: name, line: line,
            problem: "expected the IEEE's oui.csv or oui.txt or Wireshark's manuf, found \(found)")
    }
}

extension String {
    fileprivate func trimmingSpace() -> String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text.drop { $0.isWhitespace || $0 == "\u{feff}" })
    }
}
