import Yams

/// Reads the part of YAML that data files need: mappings, lists and texts. Anchors, aliases, tags and complex keys are
/// refused, because nested aliases make a small file expand without end.
enum YAMLReader {
    /// libYAML expands aliases before any node can be looked at, so they must never reach it. The characters that can
    /// introduce one of the refused constructs are replaced by stand-ins that YAML takes for ordinary text. Inside a
    /// text they are put back; an unquoted text that begins with one was such a construct.
    private static let standIns: [(character: Unicode.Scalar, standIn: Unicode.Scalar, construct: String)] = [
        ("&", "\u{10fff0}", "an anchor (&)"),
        ("*", "\u{10fff1}", "an alias (*)"),
        ("!", "\u{10fff2}", "a tag (!)"),
        ("?", "\u{10fff3}", "a complex key (?)"),
    ]

    static func read(_ file: FileText) throws(FileError) -> DocumentNode {
        let text = try prepared(file)
        let root: Node?
        do {
            root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw describe(error, in: file)
        } catch {
            throw FileError(file: file.name, problem: "expected YAML: \(error)")
        }
        guard let root else { throw FileError(file: file.name, problem: "expected a document, found an empty file") }
        var conversion = Conversion(file: file.name)
        return try conversion.node(root, depth: 1)
    }

    /// The text with stand-ins; refuses a text that already contains them, and one with more values than allowed.
    private static func prepared(_ file: FileText) throws(FileError) -> String {
        var text = ""
        text.reserveCapacity(file.text.utf8.count)
        var line = 1
        var separators = 0
        var previous: Unicode.Scalar = "\n"
        for scalar in file.text.unicodeScalars {
            switch scalar {
            case "&", "*", "!", "?":
                for entry in standIns where entry.character == scalar { text.unicodeScalars.append(entry.standIn) }
            case "\u{10fff0}"..."\u{10fff3}":
                throw FileError(
                    file: file.name, line: line,
                    problem: "expected text, found the private-use character \(FileError.visible(String(scalar)))")
            default:
                text.unicodeScalars.append(scalar)
            }
            // Each value is set off from the one before by at least one of these, so their number bounds the values.
            switch scalar {
            case "\n":
                line += 1
                separators += 1
            case ",", ":", "[", "{", "\r", "\u{85}", "\u{2028}", "\u{2029}": separators += 1
            case " ", "\t": if previous == "-" { separators += 1 }
            default: break
            }
            guard separators < DocumentNode.Limits.nodes else {
                throw FileError(
                    file: file.name, line: line,
                    problem: "expected at most \(DocumentNode.Limits.nodes) values, found more")
            }
            previous = scalar
        }
        return text
    }

    /// The text as it was before `prepared`.
    private static func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value >= 0x10fff0 }) else { return text }
        var original = ""
        for scalar in text.unicodeScalars {
            original.unicodeScalars.append(standIns.first { $0.standIn == scalar }?.character ?? scalar)
        }
        return original
    }

    private struct Conversion {
        let file: String
        var count = 0

        mutating func node(_ node: Node, depth: Int) throws(FileError) -> DocumentNode {
            let place = DocumentNode.Place(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
            count += 1
            guard count <= DocumentNode.Limits.nodes else {
                throw error(place, "expected at most \(DocumentNode.Limits.nodes) values, found more")
            }
            guard depth <= DocumentNode.Limits.depth else {
                throw error(place, "expected at most \(DocumentNode.Limits.depth) levels within each other, found more")
            }
            switch node {
            case .scalar(let scalar):
                return DocumentNode(value: try value(of: scalar, at: place), place: place)
            case .sequence(let sequence):
                var list: [DocumentNode] = []
                for element in sequence { list.append(try self.node(element, depth: depth + 1)) }
                return DocumentNode(value: .list(list), place: place)
            case .mapping(let mapping):
                var entries: [DocumentNode.Entry] = []
                for (key, value) in mapping {
                    let keyNode = try self.node(key, depth: depth + 1)
                    guard case .scalar(let name) = keyNode.value else {
                        throw error(keyNode.place, "expected a text as key, found \(keyNode.value.kind)")
                    }
                    entries.append(
                        DocumentNode.Entry(
                            key: name, place: keyNode.place, value: try self.node(value, depth: depth + 1)))
                }
                return DocumentNode(value: .mapping(entries), place: place)
            case .alias:
                throw error(place, "expected a value, found an alias (*)")
            }
        }

        private func value(
            of scalar: Node.Scalar, at place: DocumentNode.Place
        ) throws(FileError) -> DocumentNode.Value {
            guard scalar.style == .plain || scalar.style == .any else { return .scalar(restored(scalar.string)) }
            if let first = scalar.string.unicodeScalars.first,
                let refused = standIns.first(where: { $0.standIn == first })
            {
                throw error(place, "expected a value, found \(refused.construct); put a text that begins so in quotes")
            }
            return ["", "~", "null", "Null", "NULL"].contains(scalar.string) ? .null : .scalar(restored(scalar.string))
        }

        private func error(_ place: DocumentNode.Place, _ problem: String) -> FileError {
            FileError(file: file, line: place.line, column: place.column, problem: problem)
        }
    }

    private static func describe(_ error: YamlError, in file: FileText) -> FileError {
        func at(_ mark: Mark, _ context: String?, _ problem: String) -> FileError {
            let text = [context, problem].compactMap(\.self).joined(separator: ", ")
            return FileError(
                file: file.name, line: mark.line, column: mark.column, problem: "expected YAML: \(restored(text))")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            return at(mark, context?.text, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.prefix(3).map { FileError.quoted(restored($0)) }.joined(separator: ", ")
            return FileError(
                file: file.name, line: context.mark.line, column: context.mark.column,
                problem: "expected each key once, found again: \(names)")
        case .reader(let problem, let offset, _, let text):
            // The offset counts characters of the prepared text, which has one for each of the original's.
            let line = offset.map { text.prefix($0).reduce(1) { $1.isNewline ? $0 + 1 : $0 } }
            return FileError(file: file.name, line: line, problem: "expected YAML: \(problem)")
        default:
            return FileError(file: file.name, problem: "expected YAML, found something that cannot be read")
        }
    }
}
