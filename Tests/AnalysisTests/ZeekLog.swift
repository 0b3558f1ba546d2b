import Foundation

/// A tab-separated log as Zeek writes it (or as its test baselines keep it, with times blanked).
struct ZeekLog {
    private let names: [String: Int]
    let rows: [[String]]

    init(_ file: URL) throws {
        var names: [String: Int] = [:]
        var rows: [[String]] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if columns.first == "#fields" {
                for (index, name) in columns.dropFirst().enumerated() { names[name] = index }
            } else if !line.hasPrefix("#") {
                rows.append(columns)
            }
        }
        self.names = names
        self.rows = rows
    }

    /// A column by its name; `(empty)` is the empty text and `-` is no value.
    func value(_ name: String, in row: [String]) -> String? { names[name].flatMap { ZeekLog.value($0, in: row) } }

    /// A column by its place, for logs whose header was taken off.
    static func value(_ index: Int, in row: [String]) -> String? {
        guard index < row.count, row[index] != "-" else { return nil }
        return row[index] == "(empty)" ? "" : row[index]
    }
}
