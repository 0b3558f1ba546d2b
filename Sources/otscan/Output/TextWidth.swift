/// How many columns of a terminal a text takes, and texts cut or filled to a number of columns.
enum TextWidth {
    /// Columns that a text takes on a terminal.
    static func columns(_ text: some StringProtocol) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns($1) }
    }

    /// Columns of one grapheme: as wide as its widest scalar, so that marks on a letter take no room of their own.
    static func columns(_ character: Character) -> Int {
        character.unicodeScalars.reduce(0) { max($0, columns($1)) }
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: 0
        default: isWide(scalar) ? 2 : 1
        }
    }

    /// Wide and full-width characters (Unicode Standard Annex 11, classes W and F), by their blocks.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115f, 0x231a...0x231b, 0x2329...0x232a, 0x23e9...0x23ec, 0x2e80...0x303e, 0x3041...0x33ff,
            0x3400...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19,
            0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18cff, 0x1aff0...0x1b2ff, 0x1f300...0x1f64f,
            0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x2fffd, 0x30000...0x3fffd:
            true
        default: false
        }
    }

    /// The text in at most `width` columns, with `…` in place of what does not fit.
    static func cut(_ text: String, to width: Int) -> String {
        guard columns(text) > width else { return text }
        guard width > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in text {
            let next = columns(character)
            if used + next > width - 1 { break }
            kept.append(character)
            used += next
        }
        return kept + "…"
    }

    /// The text filled with spaces to `width` columns.
    static func fill(_ text: String, to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - columns(text)))
        return right ? space + text : text + space
    }

    /// The text in lines of at most `width` columns, broken at spaces, or between wide characters where Japanese breaks.
    static func wrap(_ text: String, to width: Int) -> [String] {
        let width = max(width, 10)
        var lines: [String] = []
        var line = ""
        var used = 0
        for piece in pieces(text) {
            let columns = columns(piece)
            if used > 0, used + TextWidth.columns(trimmed(piece)) > width {
                lines.append(trimmed(line))
                line = ""
                used = 0
            }
            if line.isEmpty, piece == " " { continue }
            if columns > width {
                // A word longer than a line is broken where the line ends.
                for character in piece {
                    let next = TextWidth.columns(character)
                    if used + next > width {
                        lines.append(line)
                        line = ""
                        used = 0
                    }
                    line.append(character)
                    used += next
                }
                continue
            }
            line += piece
            used += columns
        }
        if !trimmed(line).isEmpty || lines.isEmpty { lines.append(trimmed(line)) }
        return lines
    }

    /// Parts in a row with a separator between, in lines of at most `width` columns that break only after a separator.
    static func wrap(_ parts: [String], separator: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for (index, part) in parts.enumerated() {
            let piece = index + 1 < parts.count ? part + separator : part
            if !line.isEmpty, columns(line) + columns(trimmed(piece)) > width {
                lines.append(trimmed(line))
                line = ""
            }
            line += piece
        }
        return line.isEmpty ? lines : lines + [trimmed(line)]
    }

    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The text in parts that stay together: words with the space after them, single wide characters with the
    /// punctuation that must not begin a line, and runs of narrow characters.
    private static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        func flush() {
            if !current.isEmpty { pieces.append(current) }
            current = ""
        }
        for character in text {
            if character == " " || character == "\n" {
                current.append(" ")
                flush()
            } else if columns(character) == 2 {
                if noLineStart.contains(character), current.isEmpty, let last = pieces.popLast() {
                    pieces.append(last + String(character))
                    continue
                }
                if noLineStart.contains(character) {
                    current.append(character)
                    flush()
                    continue
                }
                if current.last.map({ noLineEnd.contains($0) }) != true { flush() }
                current.append(character)
                if !noLineEnd.contains(character) { flush() }
            } else {
                if noLineStart.contains(character), current.isEmpty, let last = pieces.last, last.last != " " {
                    pieces[pieces.count - 1].append(character)
                    continue
                }
                current.append(character)
            }
        }
        flush()
        return pieces
    }

    private static let noLineStart: Set<Character> = [
        "、", "。", "，", "．", "・", "：", "；", "？", "！", "）", "」", "』", "】", "〉", "》", "ー", "々", "ゃ", "ゅ", "ょ", "っ", "ャ",
        "ュ", "ョ", "ッ", "ァ", "ィ", "ゥ", "ェ", "ォ", "％", "〜", "～", ")", ",", ".", "%", ":", ";", "]",
    ]
    private static let noLineEnd: Set<Character> = ["（", "「", "『", "【", "〈", "《", "(", "["]
}
