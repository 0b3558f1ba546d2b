package import Documents
import Model

/// Signatures as a YAML (or JSON) file.
///
/// ```yaml
/// format: otscan-signatures/1
/// defaults: {licence: CC0-1.0, status: stable, attribute: model, references: [https://…]}  # may stand for all below
/// signatures:
///   - id: model-melsec-iq-r
///     title: MELSEC iQ-R CPU                          # may be left out
///     rev: 1
///     attribute: [model, description]                 # one or several, where the defaults do not say
///     match: {pattern: 'R\d{2,3}(EN|P|SF)?CPU'}     # or equals, begins, words, domain; one text or a list
///     asserts: {vendor: Mitsubishi Electric, role: plc}
///     confidence: high                              # low, medium (where absent) or high
///     tests:
///       match: [R04ENCPU, {value: R120PCPU, gives: {role: plc}}]
///       miss: [R04]
/// ```
package enum SignatureFile {
    /// What `format` says in the file.
    package static let format = "otscan-signatures/1"

    /// Bounds on what one signature may hold.
    private enum Limits {
        static let id = 64
        static let value = 200
        static let assertions = 8
    }

    package static func read(_ file: FileText) throws(FileError) -> [Signature] {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(format)
        var defaults = Defaults()
        if let node = reader.take("defaults") {
            var inner = try MappingReader(node, file: file.name, path: "defaults")
            try defaults.read(&inner)
            try inner.finish()
        }
        var signatures: [Signature] = []
        for (index, node) in (try reader.list("signatures") ?? []).enumerated() {
            var inner = try MappingReader(node, file: file.name, path: "signatures[\(index)]")
            signatures.append(try signature(&inner, defaults))
            try inner.finish()
        }
        try reader.finish()
        return signatures
    }

    /// What a file says once for all of its signatures.
    private struct Defaults {
        var licence: String?
        var status: Signature.Status?
        var attributes: [Attribute]?
        var confidence: Confidence?
        var references: [String]?

        mutating func read(_ reader: inout MappingReader) throws(FileError) {
            if let text = try reader.value("licence", expected: "an SPDX licence id", SignatureFile.licence) {
                licence = text
            }
            status =
                try reader.value("status", expected: SignatureFile.statuses) { Signature.Status(rawValue: $0) }
                ?? status
            if let place = reader.peek("attribute"), let names = try reader.texts("attribute") {
                let known = names.compactMap(SignatureFile.attribute)
                guard known.count == names.count, !known.isEmpty, known.count <= Limits.assertions else {
                    throw reader.error(place, "attribute", "expected attribute names such as model")
                }
                attributes = known
            }
            confidence =
                try reader.value("confidence", expected: "low, medium or high", SignatureFile.confidence) ?? confidence
            if let place = reader.peek("references"), let texts = try reader.texts("references") {
                guard texts.allSatisfy({ $0.hasPrefix("https://") || $0.hasPrefix("http://") }) else {
                    throw reader.error(place, "references", "expected web addresses (https://…)")
                }
                references = texts
            }
        }
    }

    private static func signature(
        _ reader: inout MappingReader, _ fileDefaults: Defaults
    ) throws(FileError) -> Signature {
        let place = reader.place
        guard let id = try reader.value("id", expected: "lower-case words joined by hyphens", identifier) else {
            throw reader.missing("id")
        }
        let title = try reader.value("title", expected: "a name of at most \(Limits.value) bytes") {
            $0.isEmpty || $0.utf8.count > Limits.value ? nil : $0
        }
        guard let revision = try reader.number("rev", in: 1...9999) else { throw reader.missing("rev") }
        var settled = fileDefaults
        try settled.read(&reader)
        guard let attributes = settled.attributes else { throw reader.missing("attribute") }
        guard let licence = settled.licence else { throw reader.missing("licence") }
        guard let references = settled.references, !references.isEmpty else { throw reader.missing("references") }
        let matcher = try matcher(&reader)
        let asserts = try assertions(&reader, matcher)
        let tests = try samples(&reader)
        return Signature(
            id: id, title: title, revision: revision, status: settled.status ?? .stable, references: references,
            licence: licence,
            attributes: attributes, matcher: matcher, asserts: asserts, confidence: settled.confidence ?? .medium,
            matching: tests.matching, notMatching: tests.notMatching, file: reader.file, line: place.line)
    }

    // MARK: What it looks for

    private static func matcher(_ reader: inout MappingReader) throws(FileError) -> Matcher {
        guard let node = reader.take("match") else { throw reader.missing("match") }
        var inner = try MappingReader(node, file: reader.file, path: reader.path(of: "match"))
        var found: [Matcher] = []
        if let texts = try texts("equals", &inner) { found.append(.equals(texts)) }
        if let texts = try texts("begins", &inner) { found.append(.begins(texts)) }
        if let texts = try texts("words", &inner) { found.append(.words(texts)) }
        if let texts = try texts("domain", &inner) { found.append(.domain(texts)) }
        let patternPlace = inner.peek("pattern")
        if let texts = try inner.texts("pattern"), let patternPlace {
            var patterns: [Pattern] = []
            for text in texts {
                do throws(Pattern.Problem) {
                    patterns.append(try Pattern(text))
                } catch {
                    throw inner.error(
                        patternPlace, "pattern",
                        "in \(FileError.quoted(text)) at byte \(error.position): expected \(error.expected)")
                }
            }
            found.append(.pattern(patterns))
        }
        try inner.finish()
        guard found.count == 1, let only = found.first else {
            throw inner.error(
                node.place, nil, "expected one of equals, begins, words, domain and pattern, found \(found.count)")
        }
        return only
    }

    private static func texts(_ key: String, _ reader: inout MappingReader) throws(FileError) -> [String]? {
        guard let place = reader.peek(key), let texts = try reader.texts(key) else { return nil }
        guard !texts.isEmpty, texts.count <= Matcher.limit, texts.allSatisfy({ $0.utf8.count <= Limits.value }) else {
            throw reader.error(
                place, key, "expected 1 to \(Matcher.limit) texts of at most \(Limits.value) bytes")
        }
        return texts.map(\.asciiLowered)
    }

    // MARK: What it says

    private static func assertions(
        _ reader: inout MappingReader, _ matcher: Matcher
    ) throws(FileError) -> [Signature.Assertion] {
        guard let node = reader.take("asserts") else { throw reader.missing("asserts") }
        var inner = try MappingReader(node, file: reader.file, path: reader.path(of: "asserts"))
        guard case .mapping(let entries) = node.value, !entries.isEmpty, entries.count <= Limits.assertions else {
            throw inner.error(node.place, nil, "expected 1 to \(Limits.assertions) attributes")
        }
        var assertions: [Signature.Assertion] = []
        for entry in entries {
            guard let attribute = attribute(entry.key) else {
                throw inner.error(entry.place, nil, "expected an attribute name, found \(FileError.quoted(entry.key))")
            }
            let value = try inner.requiredText(entry.key)
            guard value.utf8.count <= Limits.value else {
                throw inner.error(entry.value.place, entry.key, "expected at most \(Limits.value) bytes")
            }
            if attribute == .role, Role(rawValue: value) == nil {
                throw inner.error(
                    entry.value.place, entry.key,
                    "expected one of \(Role.allCases.map(\.rawValue).joined(separator: ", ")), found \(FileError.quoted(value))"
                )
            }
            guard reference(in: value) <= groups(matcher) else {
                throw inner.error(
                    entry.value.place, entry.key,
                    "expected at most $\(groups(matcher)), as the pattern has no more groups, found \(FileError.quoted(value))"
                )
            }
            assertions.append(Signature.Assertion(attribute: attribute, value: value))
        }
        try inner.finish()
        return assertions
    }

    /// The highest group that a value names.
    private static func reference(in value: String) -> Int {
        var highest = 0
        var previous: Character = " "
        for character in value {
            if previous == "$", let number = character.wholeNumberValue { highest = max(highest, number) }
            previous = character
        }
        return highest
    }

    private static func groups(_ matcher: Matcher) -> Int {
        guard case .pattern(let patterns) = matcher else { return 0 }
        return patterns.map(\.groups).min() ?? 0
    }

    // MARK: Its samples

    private static func samples(
        _ reader: inout MappingReader
    ) throws(FileError) -> (matching: [Signature.Sample], notMatching: [Signature.Sample]) {
        guard let node = reader.take("tests") else { throw reader.missing("tests") }
        var inner = try MappingReader(node, file: reader.file, path: reader.path(of: "tests"))
        let matching = try samples("match", &inner)
        let notMatching = try samples("miss", &inner)
        try inner.finish()
        guard !matching.isEmpty else {
            throw inner.error(node.place, "match", "expected at least one sample that matches")
        }
        guard !notMatching.isEmpty else {
            throw inner.error(node.place, "miss", "expected at least one sample that does not match")
        }
        return (matching, notMatching)
    }

    private static func samples(_ key: String, _ reader: inout MappingReader) throws(FileError) -> [Signature.Sample] {
        var samples: [Signature.Sample] = []
        for (index, node) in (try reader.list(key) ?? []).enumerated() {
            guard case .mapping = node.value else {
                samples.append(Signature.Sample(value: try reader.text(node, "\(key)[\(index)]"), gives: [:]))
                continue
            }
            var inner = try MappingReader(node, file: reader.file, path: reader.path(of: "\(key)[\(index)]"))
            let value = try inner.requiredText("value")
            var gives: [Attribute: String] = [:]
            if let node = inner.take("gives") {
                var expected = try MappingReader(node, file: reader.file, path: inner.path(of: "gives"))
                if case .mapping(let entries) = node.value {
                    for entry in entries { gives[Attribute(rawValue: entry.key)] = try expected.text(entry.key) }
                }
                try expected.finish()
            }
            try inner.finish()
            samples.append(Signature.Sample(value: value, gives: gives))
        }
        return samples
    }

    // MARK: Words

    private static let statuses = Signature.Status.allCases.map(\.rawValue).joined(separator: ", ")

    private static func identifier(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2d }
        return isWord && !text.isEmpty && text.utf8.count <= Limits.id && !text.hasPrefix("-") ? text : nil
    }

    private static func attribute(_ text: String) -> Attribute? {
        let isWord = text.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f }
        return isWord && !text.isEmpty && text.utf8.count <= Limits.id ? Attribute(rawValue: text) : nil
    }

    private static func licence(_ text: String) -> String? {
        let isWord = text.utf8.allSatisfy { $0.isWord && $0 < 0x80 || $0 == 0x2d || $0 == 0x2e || $0 == 0x2b }
        return isWord && !text.isEmpty && text.utf8.count <= Limits.id ? text : nil
    }

    private static func confidence(_ text: String) -> Confidence? {
        switch text {
        case "low": .low
        case "medium": .medium
        case "high": .high
        default: nil
        }
    }
}
