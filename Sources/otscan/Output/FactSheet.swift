/// Facts under titles: the titles in one column, the texts beside them.
struct FactSheet {
    private var facts: [(title: String, lines: (Int) -> [String], paint: TerminalStyle.Paint)] = []

    mutating func add(_ title: String, _ text: String, _ paint: TerminalStyle.Paint = .plain) {
        facts.append((title, { TextWidth.wrap(text, to: $0) }, paint))
    }

    /// Parts that are not broken over lines.
    mutating func add(_ title: String, _ parts: [String], separator: String) {
        facts.append((title, { TextWidth.wrap(parts, separator: separator, to: $0) }, .plain))
    }

    func lines(_ style: TerminalStyle, indent: Int = 0) -> [String] {
        let width = facts.reduce(0) { max($0, TextWidth.columns($1.title)) }
        let margin = String(repeating: " ", count: indent)
        return facts.flatMap { fact in
            fact.lines(style.textWidth - width - indent - 2).enumerated().map { index, line in
                margin + TextWidth.fill(index == 0 ? fact.title : "", to: width) + "  " + style.paint(line, fact.paint)
            }
        }
    }
}
