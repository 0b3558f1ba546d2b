public import Assessment
public import Documents

/// A scoring policy as a file.
///
/// ```yaml
/// format: otscan-policy/1
/// id: my-policy
/// title: {ja: …, en: …}
/// points: {1: 0, 2: 40, 3: 60, 4: 100}
/// bands: {A: 80, B: 60, C: 40}
/// category_weights: {organization: 3, operation: 3, technology: 3, supply_chain: 1}
/// decided_share: 0.8
/// not_applicable_share: 0.5
/// ```
public enum PolicyFile {
    /// What `format` says in the file.
    public static let format = "otscan-policy/1"

    public static func read(_ file: FileText) throws(FileError) -> ScoringPolicy {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(format)
        let id = try reader.requiredText("id")
        let title = try required(reader.bilingual("title"), "title", reader)
        var points = try mapping("points", &reader)
        var bands = try mapping("bands", &reader)
        let weights = try weights(&reader)
        let decidedShare = try required(reader.decimal("decided_share"), "decided_share", reader)
        let notApplicableShare = try required(reader.decimal("not_applicable_share"), "not_applicable_share", reader)
        try reader.finish()
        let levels = ScoringPolicy.Points(
            notDone: try number("1", &points), partly: try number("2", &points), done: try number("3", &points),
            managed: try number("4", &points))
        try points.finish()
        let grades = ScoringPolicy.Bands(
            a: try number("A", &bands), b: try number("B", &bands), c: try number("C", &bands))
        try bands.finish()
        do {
            return try ScoringPolicy(
                id: id, title: title, points: levels, bands: grades, categoryWeights: weights,
                decidedShare: decidedShare, notApplicableShare: notApplicableShare)
        } catch {
            throw FileError(file: file.name, problem: error.description)
        }
    }

    private static func required<T>(
        _ value: T?, _ key: String, _ reader: MappingReader
    ) throws(FileError) -> T {
        guard let value else { throw reader.missing(key) }
        return value
    }

    private static func mapping(_ key: String, _ reader: inout MappingReader) throws(FileError) -> MappingReader {
        let node = try required(reader.take(key), key, reader)
        return try MappingReader(node, file: reader.file, path: reader.path(of: key))
    }

    private static func number(_ key: String, _ reader: inout MappingReader) throws(FileError) -> Fraction {
        try required(reader.decimal(key), key, reader)
    }

    private static func weights(_ reader: inout MappingReader) throws(FileError) -> [String: Int] {
        let node = try required(reader.take("category_weights"), "category_weights", reader)
        var inner = try MappingReader(node, file: reader.file, path: "category_weights")
        guard case .mapping(let entries) = node.value else { return [:] }
        var weights: [String: Int] = [:]
        for entry in entries {
            let weight = try inner.number(entry.key, in: ScoringPolicy.Limits.categoryWeight)
            weights[entry.key] = try required(weight, entry.key, inner)
        }
        return weights
    }

    /// The text of a policy file that reads back as the same policy.
    public static func write(_ policy: ScoringPolicy, as format: FileText.Format) -> String {
        let points = Level.allCases.map { level in
            (key: String(level.rawValue), value: Document.number(policy.points[level].shortDecimal))
        }
        let weights = policy.categoryWeights.sorted { $0.key < $1.key }.map { entry in
            (key: entry.key, value: Document.number(String(entry.value)))
        }
        return Document.mapping([
            ("format", .word(PolicyFile.format)), ("id", .word(policy.id)), ("title", .bilingual(policy.title)),
            ("points", .mapping(points)),
            (
                "bands",
                .mapping([
                    ("A", .number(policy.bands.a.shortDecimal)), ("B", .number(policy.bands.b.shortDecimal)),
                    ("C", .number(policy.bands.c.shortDecimal)),
                ])
            ),
            ("category_weights", .mapping(weights)),
            ("decided_share", .number(policy.decidedShare.shortDecimal)),
            ("not_applicable_share", .number(policy.notApplicableShare.shortDecimal)),
        ]).written(as: format)
    }
}
