/// Makes an organisation's registered name short enough to read in a table, by the rule of Scripts/embed.py.
enum OrganisationName {
    /// Longest name, in bytes of UTF-8.
    static let limit = 64

    /// Words at the end that say how a company is constituted, not who it is; without dots, in lower case.
    private static let legalForms: Set<String> = [
        "inc", "incorporated", "corp", "corporation", "corporate", "co", "company", "ltd", "ltda", "limited", "llc",
        "lp", "llp", "plc", "gmbh", "mbh", "ag", "kg", "kgaa", "ek", "ohg", "sa", "sas", "sau", "sarl", "sl", "slu",
        "spa", "srl", "bv", "nv", "bvba", "ab", "a/s", "aps", "as", "oy", "oyj", "kk", "pty", "pte", "pvt", "sdn",
        "bhd", "sro", "doo", "kft", "zrt", "jsc", "ooo", "&",
    ]

    static func shortened(_ name: String) -> String {
        let printable = name.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: " "
            default: scalar
            }
        }
        var text = String(String.UnicodeScalarView(printable))
        if text.lowercased().hasPrefix("officially "), let comma = text.firstIndex(of: ",") {
            text = String(text[text.index(text.startIndex, offsetBy: 11)..<comma])
        }
        // "Co.,Ltd." and "Moxa.Inc" hide the boundary between words.
        text = text.reduce(into: "") { $0 += $1 == "," || $1 == ";" ? "\($1) " : String($1) }
        var words = text.split { $0.isWhitespace }.flatMap(separated)
        while words.count > 1, let last = words.last, legalForms.contains(plain(last)) || plain(last).isEmpty {
            words.removeLast()
        }
        var short = words.joined(separator: " ")
        while let last = short.last, " ,.;&-".contains(last) { short.removeLast() }
        while short.utf8.count > limit { short.removeLast() }
        return short
    }

    private static func plain(_ word: Substring) -> String {
        word.filter { $0 != "." && $0 != "," && $0 != ";" }.lowercased()
    }

    private static func separated(_ word: Substring) -> [Substring] {
        guard let dot = word.dropLast().lastIndex(of: "."), dot != word.startIndex else { return [word] }
        let tail = word[word.index(after: dot)...]
        return ["ltd", "limited", "inc", "kg"].contains(plain(tail)) ? [word[..<dot], tail] : [word]
    }
}
