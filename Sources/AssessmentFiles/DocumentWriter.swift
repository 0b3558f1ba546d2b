import Assessment
import Documents

/// A document to be written, as YAML or JSON.
indirect enum Document {
    /// A text, always written in quotation marks.
    case text(String)
    /// A number, id or word that needs none in YAML: ASCII letters, digits, `.`, `-`, `_`, `/`, no leading sign.
    case word(String)
    /// As `word`; in JSON, too, it goes without quotation marks.
    case number(String)
    case list([Document])
    /// Keys in the order of writing. Empty values are left out by whoever builds it.
    case mapping([(key: String, value: Document)])

    static func bilingual(_ text: Bilingual) -> Document {
        .mapping([("ja", .text(text.ja)), ("en", .text(text.en))])
    }

    static func texts(_ list: [String]) -> Document { .list(list.map(Document.text)) }

    func written(as format: FileText.Format) -> String {
        var output = ""
        switch format {
        case .yaml: writeYAML(to: &output, indent: 0)
        case .json:
            writeJSON(to: &output, indent: 0)
            output += "\n"
        }
        return output
    }
}

extension Document {
    private static func quoted(_ text: String, json: Bool) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if isPrintable(scalar) {
                    quoted.unicodeScalars.append(scalar)
                } else if json {
                    for unit in String(scalar).utf16 { quoted += "\\u" + hexadecimal(UInt32(unit), width: 4) }
                } else {
                    quoted += scalar.value > 0xffff ? "\\U" : "\\u"
                    quoted += hexadecimal(scalar.value, width: scalar.value > 0xffff ? 8 : 4)
                }
            }
        }
        return quoted + "\""
    }

    /// Whether both formats, and every editor, take the character as it is.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }

    private static func hexadecimal(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/".utf8)

    /// A word in YAML, in quotation marks where it would read as something else.
    private static func yamlWord(_ word: String) -> String {
        let isPlain =
            word.utf8.allSatisfy { plainBytes.contains($0) } && word.utf8.first.map { $0 >= 0x30 } == true
            && word.lowercased() != "null"
        return isPlain ? word : quoted(word, json: false)
    }

    private var inline: String? {
        switch self {
        case .text(let text): Document.quoted(text, json: false)
        case .word(let word), .number(let word): Document.yamlWord(word)
        case .list(let list) where list.isEmpty: "[]"
        case .list(let list):
            list.allSatisfy(\.isWord) ? "[" + list.compactMap(\.inline).joined(separator: ", ") + "]" : nil
        case .mapping(let entries): entries.isEmpty ? "{}" : nil
        }
    }

    private var isWord: Bool {
        switch self {
        case .word, .number: true
        case .text, .list, .mapping: false
        }
    }

    private func writeYAML(to output: inout String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .mapping(let entries) where !entries.isEmpty:
            for (index, entry) in entries.enumerated() {
                // The first line of a list's entry stands behind its hyphen.
                if index > 0 || output.isEmpty || output.hasSuffix("\n") { output += margin }
                output += "\(Document.yamlWord(entry.key)):"
                entry.value.writeYAMLValue(to: &output, indent: indent + 2)
            }
        case .list(let list) where inline == nil:
            for element in list {
                output += "\(margin)-"
                if let inline = element.inline {
                    output += " \(inline)\n"
                } else if case .mapping = element {
                    output += " "
                    element.writeYAML(to: &output, indent: indent + 2)
                } else {
                    output += "\n"
                    element.writeYAML(to: &output, indent: indent + 2)
                }
            }
        default:
            output += margin + (inline ?? "") + "\n"
        }
    }

    private func writeYAMLValue(to output: inout String, indent: Int) {
        if let inline {
            output += " \(inline)\n"
        } else {
            output += "\n"
            writeYAML(to: &output, indent: indent)
        }
    }

    private func writeJSON(to output: inout String, indent: Int) {
        let margin = String(repeating: " ", count: indent)
        switch self {
        case .text(let text), .word(let text): output += Document.quoted(text, json: true)
        case .number(let number): output += number
        case .list(let list):
            output += "["
            for (index, element) in list.enumerated() {
                output += "\(index == 0 ? "" : ",")\n\(margin)  "
                element.writeJSON(to: &output, indent: indent + 2)
            }
            output += list.isEmpty ? "]" : "\n\(margin)]"
        case .mapping(let entries):
            output += "{"
            for (index, entry) in entries.enumerated() {
                output += "\(index == 0 ? "" : ",")\n\(margin)  \(Document.quoted(entry.key, json: true)): "
                entry.value.writeJSON(to: &output, indent: indent + 2)
            }
            output += entries.isEmpty ? "}" : "\n\(margin)}"
        }
    }
}
