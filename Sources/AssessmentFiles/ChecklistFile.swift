public import Assessment
public import Documents

/// A checklist as one file or several, for instance one per category, and files that overlay a checklist.
///
/// ```yaml
/// format: otscan-checklist/1
/// id: my-checklist/1               # id, title and levels stand in one of the files
/// title: {ja: …, en: …}
/// levels: {1: {ja: …, en: …}, 2: …, 3: …, 4: …}
/// categories:
///   - id: operation
///     name: {ja: …, en: …}
///     risks:
///       - {id: unknown-devices, items: [2-6, 2-7], ja: …, en: …}
///     items:
///       - id: 2-6
///         subcategory: {ja: …, en: …}
///         title: {ja: …, en: …}
///         question: {ja: …, en: …}
///         levels: {2: {ja: …, en: …}}        # where absent, the shared text stands
///         weight: 1
///         autofill: true
///         countermeasures: [{ja: …, en: …}]
///         questions: [{ja: …, en: …}]        # for the assessor to ask
///         mappings: {iec62443-2-1: [CM1.1], iec62443-3-3: ["7.8"], nist-csf-2.0: [ID.AM-01], attack-ics: [M0947]}
/// ```
///
/// An overlay has the format `otscan-checklist-overlay/1`, names its `base` and an `id` of its own, and holds only what
/// it changes or adds: whatever it says replaces, item by item and key by key.
public enum ChecklistFile {
    /// What `format` says in a checklist's file.
    public static let format = "otscan-checklist/1"
    /// What `format` says in an overlay's file.
    public static let overlayFormat = "otscan-checklist-overlay/1"

    /// Reads a checklist from all of its files, in any order.
    public static func read(_ files: [FileText]) throws(FileError) -> Checklist {
        var draft = ChecklistDraft()
        var header: String?
        for file in files {
            var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
            try reader.expectFormat(format)
            let part = try body(&reader)
            try reader.finish()
            if part.id != nil { header = file.name }
            try draft.add(part, file: file.name)
        }
        return try draft.checklist(file: header ?? files.first?.name ?? "checklist")
    }

    /// Reads an overlay and lays it over `base`.
    public static func overlay(_ file: FileText, on base: Checklist) throws(FileError) -> Checklist {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(overlayFormat)
        let place = reader.place
        let named = try reader.requiredText("base")
        guard named == base.id else {
            throw reader.error(
                place, "base",
                "expected the checklist in use, \(FileError.quoted(base.id)), found \(FileError.quoted(named))")
        }
        let part = try body(&reader)
        try reader.finish()
        guard let id = part.id, id != base.id else {
            throw reader.error(
                place, "id", "expected an id of the overlay's own, so that reports can tell what was asked")
        }
        var draft = ChecklistDraft(base)
        try draft.overlay(part)
        return try draft.checklist(file: file.name)
    }

    private static func body(_ reader: inout MappingReader) throws(FileError) -> ChecklistDraft {
        var draft = ChecklistDraft()
        let id = try reader.text("id")
        draft.id = id.isEmpty ? nil : id
        draft.title = try reader.bilingual("title")
        draft.levels = try levels(&reader)
        for (index, node) in (try reader.list("categories") ?? []).enumerated() {
            let category = try category(node, file: reader.file, path: "categories[\(index)]")
            guard !draft.categories.contains(where: { $0.id == category.id }) else {
                throw category.source.error("expected each category once, found \(FileError.quoted(category.id)) again")
            }
            draft.categories.append(category)
        }
        return draft
    }

    private static func levels(_ reader: inout MappingReader) throws(FileError) -> [Level: Bilingual] {
        guard let node = reader.take("levels") else { return [:] }
        var inner = try MappingReader(node, file: reader.file, path: reader.path(of: "levels"))
        var levels: [Level: Bilingual] = [:]
        for level in Level.allCases { levels[level] = try inner.bilingual(String(level.rawValue)) }
        try inner.finish()
        return levels
    }

    private static func category(
        _ node: DocumentNode, file: String, path: String
    ) throws(FileError) -> ChecklistDraft.Category {
        var reader = try MappingReader(node, file: file, path: path)
        var category = ChecklistDraft.Category(
            id: try reader.requiredText("id"),
            source: ChecklistDraft.Source(file: file, place: node.place, path: path))
        category.name = try reader.bilingual("name")
        for (index, node) in (try reader.list("risks") ?? []).enumerated() {
            var inner = try MappingReader(node, file: file, path: "\(path).risks[\(index)]")
            let id = try inner.requiredText("id")
            let items = try inner.items("items") ?? []
            category.risks.append(Checklist.Risk(id: id, text: try inner.bilingual(), items: items))
            try inner.finish()
        }
        for (index, node) in (try reader.list("items") ?? []).enumerated() {
            let item = try item(node, file: file, path: "\(path).items[\(index)]")
            guard !category.items.contains(where: { $0.id == item.id }) else {
                throw item.source.error("expected each item once, found \(item.id) again")
            }
            category.items.append(item)
        }
        try reader.finish()
        return category
    }

    private static func item(
        _ node: DocumentNode, file: String, path: String
    ) throws(FileError) -> ChecklistDraft.Item {
        var reader = try MappingReader(node, file: file, path: path)
        guard let id = try reader.value("id", expected: "an item number such as 2-6", { ItemID($0) }) else {
            throw reader.missing("id")
        }
        var item = ChecklistDraft.Item(
            id: id, source: ChecklistDraft.Source(file: file, place: node.place, path: path))
        item.subcategory = try reader.bilingual("subcategory")
        item.title = try reader.bilingual("title")
        item.question = try reader.bilingual("question")
        item.levels = try levels(&reader)
        item.weight = try reader.number("weight", in: Checklist.Limits.itemWeight)
        item.isAutoFilled = try reader.value("autofill", expected: "true or false") { Bool($0) }
        item.countermeasures = try reader.bilinguals("countermeasures")
        item.questions = try reader.bilinguals("questions")
        if let node = reader.take("mappings") {
            var inner = try MappingReader(node, file: file, path: reader.path(of: "mappings"))
            for mapping in ChecklistDraft.Mapping.allCases {
                item.mappings[mapping] = try inner.texts(mapping.rawValue)
            }
            try inner.finish()
        }
        try reader.finish()
        return item
    }
}

extension ChecklistFile {
    /// The text of one file that reads back as the same checklist.
    public static func write(_ checklist: Checklist, as format: FileText.Format) -> String {
        Document.mapping([
            ("format", .word(ChecklistFile.format)), ("id", .word(checklist.id)),
            ("title", .bilingual(checklist.title)),
            ("levels", levels(checklist.levelTexts)),
            ("categories", .list(checklist.categories.map(document))),
        ]).written(as: format)
    }

    private static func levels(_ texts: Checklist.LevelTexts) -> Document {
        .mapping(Level.allCases.map { (key: String($0.rawValue), value: Document.bilingual(texts[$0])) })
    }

    private static func document(_ category: Checklist.Category) -> Document {
        let risks = category.risks.map { risk in
            Document.mapping([
                ("id", .word(risk.id)), ("items", .list(risk.items.map { .word($0.description) })),
                ("ja", .text(risk.text.ja)), ("en", .text(risk.text.en)),
            ])
        }
        return .mapping([
            ("id", .word(category.id)), ("name", .bilingual(category.name)), ("risks", .list(risks)),
            ("items", .list(category.items.map(document))),
        ])
    }

    private static func document(_ item: Checklist.Item) -> Document {
        func words(_ list: [String]) -> Document { .list(list.map(Document.word)) }
        return .mapping([
            ("id", .word(item.id.description)), ("subcategory", .bilingual(item.subcategory)),
            ("title", .bilingual(item.title)), ("question", .bilingual(item.question)),
            ("levels", levels(item.levelTexts)), ("weight", .number(String(item.weight))),
            ("autofill", .number(item.isAutoFilled ? "true" : "false")),
            ("countermeasures", .list(item.countermeasures.map(Document.bilingual))),
            ("questions", .list(item.questions.map(Document.bilingual))),
            (
                "mappings",
                .mapping([
                    (ChecklistDraft.Mapping.iec62443part2_1.rawValue, words(item.mappings.iec62443part2_1)),
                    (ChecklistDraft.Mapping.iec62443part3_3.rawValue, words(item.mappings.iec62443part3_3)),
                    (ChecklistDraft.Mapping.nistCSF2.rawValue, words(item.mappings.nistCSF2)),
                    (ChecklistDraft.Mapping.attackICS.rawValue, words(item.mappings.attackICS)),
                ])
            ),
        ])
    }
}
