import Assessment
import Documents

/// A checklist while it is put together from files: any part may still be missing.
struct ChecklistDraft {
    var id: String?
    var title: Bilingual?
    var levels: [Level: Bilingual] = [:]
    /// In the order of first mention.
    var categories: [Category] = []

    struct Category {
        let id: String
        var name: Bilingual?
        var risks: [Checklist.Risk] = []
        var items: [Item] = []
        let source: Source
    }

    struct Item {
        let id: ItemID
        var subcategory: Bilingual?
        var title: Bilingual?
        var question: Bilingual?
        var levels: [Level: Bilingual] = [:]
        var weight: Int?
        var countermeasures: [Bilingual]?
        var questions: [Bilingual]?
        var mappings: [Mapping: [String]] = [:]
        var isAutoFilled: Bool?
        let source: Source
    }

    enum Mapping: String, CaseIterable {
        case iec62443part2_1 = "iec62443-2-1"
        case iec62443part3_3 = "iec62443-3-3"
        case nistCSF2 = "nist-csf-2.0"
        case attackICS = "attack-ics"
    }

    /// Where a part was written, for errors about what it lacks.
    struct Source {
        let file: String
        let place: DocumentNode.Place
        let path: String

        func error(_ problem: String) -> FileError {
            FileError(file: file, line: place.line, column: place.column, path: path, problem: problem)
        }
    }
}

extension ChecklistDraft {
    /// A finished checklist as a draft, to lay something over it.
    init(_ checklist: Checklist) {
        let source = Source(file: checklist.id, place: DocumentNode.Place(line: 1, column: 1), path: "")
        id = checklist.id
        title = checklist.title
        levels = ChecklistDraft.dictionary(checklist.levelTexts)
        categories = checklist.categories.map { category in
            Category(
                id: category.id, name: category.name, risks: category.risks,
                items: category.items.map { item in
                    Item(
                        id: item.id, subcategory: item.subcategory, title: item.title, question: item.question,
                        levels: ChecklistDraft.dictionary(item.levelTexts), weight: item.weight,
                        countermeasures: item.countermeasures, questions: item.questions,
                        mappings: [
                            .iec62443part2_1: item.mappings.iec62443part2_1,
                            .iec62443part3_3: item.mappings.iec62443part3_3,
                            .nistCSF2: item.mappings.nistCSF2, .attackICS: item.mappings.attackICS,
                        ], isAutoFilled: item.isAutoFilled, source: source)
                }, source: source)
        }
    }

    private static func dictionary(_ texts: Checklist.LevelTexts) -> [Level: Bilingual] {
        var levels: [Level: Bilingual] = [:]
        for level in Level.allCases { levels[level] = texts[level] }
        return levels
    }

    /// Adds another file's part of the same checklist; nothing may be said twice.
    mutating func add(_ part: ChecklistDraft, file: String) throws(FileError) {
        if part.id != nil || part.title != nil || !part.levels.isEmpty {
            guard id == nil, title == nil, levels.isEmpty else {
                throw FileError(
                    file: file, path: "id", problem: "expected id, title and levels in one file only, found them again")
            }
            id = part.id
            title = part.title
            levels = part.levels
        }
        for category in part.categories {
            guard !categories.contains(where: { $0.id == category.id }) else {
                throw category.source.error("expected each category once, found \(FileError.quoted(category.id)) again")
            }
            categories.append(category)
        }
    }

    /// Lays a part over this draft: what it says replaces, item by item and key by key; what is new is added.
    mutating func overlay(_ part: ChecklistDraft) throws(FileError) {
        id = part.id ?? id
        title = part.title ?? title
        levels.merge(part.levels) { $1 }
        for category in part.categories {
            for item in category.items {
                let owner = categories.first { $0.items.contains { $0.id == item.id } }
                if let owner, owner.id != category.id {
                    throw item.source.error("expected item \(item.id) in its category \(FileError.quoted(owner.id))")
                }
            }
            guard let index = categories.firstIndex(where: { $0.id == category.id }) else {
                categories.append(category)
                continue
            }
            categories[index].overlay(category)
        }
    }

    /// The checklist, when nothing is missing.
    func checklist(file: String) throws(FileError) -> Checklist {
        guard let id else { throw FileError(file: file, problem: "expected the key \"id\", found none") }
        guard let title else { throw FileError(file: file, problem: "expected the key \"title\", found none") }
        let source = Source(file: file, place: DocumentNode.Place(line: 1, column: 1), path: "levels")
        let shared = try ChecklistDraft.texts(levels, fallback: nil, source)
        var finished: [Checklist.Category] = []
        for category in categories {
            guard let name = category.name else { throw category.source.error("expected the key \"name\", found none") }
            var items: [Checklist.Item] = []
            for item in category.items { items.append(try item.finished(shared: shared)) }
            finished.append(Checklist.Category(id: category.id, name: name, risks: category.risks, items: items))
        }
        do {
            return try Checklist(id: id, title: title, levelTexts: shared, categories: finished)
        } catch {
            throw FileError(file: file, problem: error.description)
        }
    }

    fileprivate static func texts(
        _ levels: [Level: Bilingual], fallback: Checklist.LevelTexts?, _ source: Source
    ) throws(FileError) -> Checklist.LevelTexts {
        func text(_ level: Level) throws(FileError) -> Bilingual {
            guard let text = levels[level] ?? fallback?[level] else {
                throw source.error("expected a text for level \(level.rawValue), found none")
            }
            return text
        }
        return Checklist.LevelTexts(
            notDone: try text(.notDone), partly: try text(.partly), done: try text(.done), managed: try text(.managed))
    }
}

extension ChecklistDraft.Category {
    mutating func overlay(_ other: ChecklistDraft.Category) {
        name = other.name ?? name
        for risk in other.risks {
            if let index = risks.firstIndex(where: { $0.id == risk.id }) {
                risks[index] = risk
            } else {
                risks.append(risk)
            }
        }
        for item in other.items {
            if let index = items.firstIndex(where: { $0.id == item.id }) {
                items[index].overlay(item)
            } else {
                items.append(item)
            }
        }
    }
}

extension ChecklistDraft.Item {
    mutating func overlay(_ other: ChecklistDraft.Item) {
        subcategory = other.subcategory ?? subcategory
        title = other.title ?? title
        question = other.question ?? question
        levels.merge(other.levels) { $1 }
        weight = other.weight ?? weight
        countermeasures = other.countermeasures ?? countermeasures
        questions = other.questions ?? questions
        mappings.merge(other.mappings) { $1 }
        isAutoFilled = other.isAutoFilled ?? isAutoFilled
    }

    /// The item; weight is 1, lists are empty and level texts are the shared ones where nothing is said.
    func finished(shared: Checklist.LevelTexts) throws(FileError) -> Checklist.Item {
        func required(_ text: Bilingual?, _ key: String) throws(FileError) -> Bilingual {
            guard let text else { throw source.error("expected the key \"\(key)\" of item \(id), found none") }
            return text
        }
        return Checklist.Item(
            id: id, subcategory: try required(subcategory, "subcategory"), title: try required(title, "title"),
            question: try required(question, "question"),
            levelTexts: try ChecklistDraft.texts(levels, fallback: shared, source), weight: weight ?? 1,
            countermeasures: countermeasures ?? [], questions: questions ?? [],
            mappings: Checklist.Mappings(
                iec62443part2_1: mappings[.iec62443part2_1] ?? [], iec62443part3_3: mappings[.iec62443part3_3] ?? [],
                nistCSF2: mappings[.nistCSF2] ?? [], attackICS: mappings[.attackICS] ?? []),
            isAutoFilled: isAutoFilled ?? false)
    }
}
