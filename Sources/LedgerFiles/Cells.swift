import Foundation
import Model

/// What one cell says.
enum Cells {
    /// Words for "none", which are no mistakes where an address is expected.
    private static let nothing: Set<String> = [
        "-", "--", "―", "—", "ー", "なし", "無し", "無", "未設定", "未定", "不明", "未確認", "対象外", "未使用", "該当なし", "n/a", "na", "none",
        "null", "nil", "unknown", "tbd", "dhcp", "自動", "自動取得", "動的", "可変", "dynamic", "auto", "x", "×",
    ]

    /// Half-width letters and digits, no space at the ends. Katakana and kanji stay as they are written.
    static func text(_ cell: String) -> String {
        var text = ""
        for scalar in unneutralised(cell).unicodeScalars {
            switch scalar.value {
            case 0xff01...0xff5e: text.unicodeScalars.append(Unicode.Scalar(scalar.value - 0xfee0) ?? scalar)
            case 0x3000, 0xa0: text.append(" ")
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Spreadsheet exports put an apostrophe before what would be a formula.
    private static func unneutralised(_ cell: String) -> Substring {
        let rest = cell.dropFirst()
        guard cell.first == "'", let next = rest.first, "=+-@\t\r".contains(next) else { return cell[...] }
        return rest
    }

    /// The addresses in a cell, and the parts of it that are neither an address nor a word for none.
    static func addresses(_ cell: String) -> (addresses: [IPAddress], strange: [String]) {
        values(cell) { part in
            // A prefix length or a zone after the address says nothing about the device.
            let bare = part.prefix { $0 != "/" && $0 != "%" }
            return IPAddress(withoutLeadingZeros(bare))
        }
    }

    /// The MAC addresses in a cell, likewise. Groups may be set apart by `:`, `-`, `.` or spaces.
    static func macs(_ cell: String) -> (addresses: [MACAddress], strange: [String]) {
        let whole = text(cell)
        let joined = whole.filter { $0 != " " }
        if whole.contains(" "), let mac = mac(joined) { return ([mac], []) }
        return values(cell) { mac($0) }
    }

    private static func mac(_ text: String) -> MACAddress? {
        // Dashes of all kinds, as word processors make them of hyphens.
        let plain = String(text.map { "‐‑–—−".contains($0) ? "-" : $0 })
        guard plain.allSatisfy({ $0.isHexDigit || ":-.".contains($0) }) else { return nil }
        // `0:1b:…` with single digits, as some systems print it.
        let groups = plain.split { $0 == ":" || $0 == "-" }
        if groups.count == 6, groups.allSatisfy({ (1...2).contains($0.count) }) {
            return MACAddress(groups.map { $0.count == 1 ? "0\($0)" : String($0) }.joined(separator: ":"))
        }
        return MACAddress(plain)
    }

    private static func values<Value>(_ cell: String, _ read: (String) -> Value?) -> ([Value], [String]) {
        var values: [Value] = []
        var strange: [String] = []
        let parts = text(cell).split { " ,;/、，；・|\t\n\r".contains($0) || $0 == "\r\n" }
        // A slash parts two addresses, but also an address from its prefix length.
        var index = 0
        while index < parts.count {
            let part = String(parts[index])
            index += 1
            if let value = read(part) {
                values.append(value)
            } else if !nothing.contains(part.lowercased()), !isPrefixLength(part, after: values.isEmpty) {
                strange.append(part)
            }
        }
        return (values, strange)
    }

    private static func isPrefixLength(_ part: String, after isFirst: Bool) -> Bool {
        !isFirst && (Int(part).map { (0...128).contains($0) } ?? false)
    }

    /// `192.168.010.005` is how some lists fill up; nobody means octal.
    private static func withoutLeadingZeros(_ text: Substring) -> String {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return String(text) }
        return parts.map { part in
            let rest = part.drop { $0 == "0" }
            return rest.isEmpty && !part.isEmpty ? "0" : String(rest)
        }.joined(separator: ".")
    }
}
