/// What two spellings of a host's name have in common: `PLC-1` and `plc-1.line.local` are one host.
enum HostLabel {
    /// The first label in lower case; the whole name where it has none.
    static func first(of name: String) -> String {
        let label = name.utf8.drop { $0 == UInt8(ascii: ".") }.prefix { $0 != UInt8(ascii: ".") }
        return label.isEmpty ? name.lowercased() : String(Substring(label)).lowercased()
    }
}
