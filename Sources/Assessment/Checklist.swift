/// A checklist: categories of items, each item answered with a level. The checklist is data; nothing here knows any
/// particular item.
public struct Checklist: Hashable, Sendable {
    /// Names the checklist and its edition; printed on reports.
    public let id: String
    public let title: Bilingual
    /// What the four levels mean for any item; an item's own texts make it concrete.
    public let levelTexts: LevelTexts
    /// In order of their items' numbers.
    public let categories: [Category]
    /// Every item of every category, in order of number.
    public let items: [Item]

    private let indexOfItem: [ItemID: Int]

    /// The four texts that describe levels 1 to 4.
    public struct LevelTexts: Hashable, Sendable {
        public let notDone: Bilingual
        public let partly: Bilingual
        public let done: Bilingual
        public let managed: Bilingual

        public init(notDone: Bilingual, partly: Bilingual, done: Bilingual, managed: Bilingual) {
            self.notDone = notDone
            self.partly = partly
            self.done = done
            self.managed = managed
        }

        public subscript(level: Level) -> Bilingual {
            switch level {
            case .notDone: notDone
            case .partly: partly
            case .done: done
            case .managed: managed
            }
        }
    }

    /// One of the parts that get a grade of their own.
    public struct Category: Hashable, Sendable {
        /// `organization`, `operation`, `technology`, `supply_chain` in the checklist that otscan carries.
        public let id: String
        public let name: Bilingual
        public let risks: [Risk]
        /// In order of number.
        public let items: [Item]

        public init(id: String, name: Bilingual, risks: [Risk], items: [Item]) {
            self.id = id
            self.name = name
            self.risks = risks
            self.items = items.sorted { $0.id < $1.id }
        }
    }

    /// What may happen while items of a category are open.
    public struct Risk: Hashable, Sendable {
        public let id: String
        public let text: Bilingual
        /// The items whose measures lower this risk.
        public let items: [ItemID]

        public init(id: String, text: Bilingual, items: [ItemID]) {
            self.id = id
            self.text = text
            self.items = items
        }
    }

    /// One question of the checklist.
    public struct Item: Hashable, Sendable {
        public let id: ItemID
        /// The heading under which the item stands within its category.
        public let subcategory: Bilingual
        /// A few words for tables.
        public let title: Bilingual
        public let question: Bilingual
        /// What each level looks like for this item.
        public let levelTexts: LevelTexts
        /// Weight within the category, from 1 to 100.
        public let weight: Int
        public let countermeasures: [Bilingual]
        /// What the assessor asks on site.
        public let questions: [Bilingual]
        public let mappings: Mappings
        /// True when traffic may propose a level for this item.
        public let isAutoFilled: Bool

        public init(
            id: ItemID, subcategory: Bilingual, title: Bilingual, question: Bilingual, levelTexts: LevelTexts,
            weight: Int, countermeasures: [Bilingual], questions: [Bilingual], mappings: Mappings, isAutoFilled: Bool
        ) {
            self.id = id
            self.subcategory = subcategory
            self.title = title
            self.question = question
            self.levelTexts = levelTexts
            self.weight = weight
            self.countermeasures = countermeasures
            self.questions = questions
            self.mappings = mappings
            self.isAutoFilled = isAutoFilled
        }
    }

    /// Identifiers of related requirements elsewhere. A pairing says "about the same matter", not "meets this clause".
    public struct Mappings: Hashable, Sendable {
        /// IEC 62443-2-1:2024 requirement ids, `CM1.1`.
        public let iec62443part2_1: [String]
        /// IEC 62443-3-3 system requirements, `5.1` for SR 5.1.
        public let iec62443part3_3: [String]
        /// NIST CSF 2.0 subcategories, `ID.AM-01`.
        public let nistCSF2: [String]
        /// MITRE ATT&CK for ICS: mitigations `M0930` and techniques `T0886`.
        public let attackICS: [String]

        public init(
            iec62443part2_1: [String] = [], iec62443part3_3: [String] = [], nistCSF2: [String] = [],
            attackICS: [String] = []
        ) {
            self.iec62443part2_1 = iec62443part2_1
            self.iec62443part3_3 = iec62443part3_3
            self.nistCSF2 = nistCSF2
            self.attackICS = attackICS
        }
    }

    /// Bounds that keep scores exact (see `Fraction`).
    public enum Limits {
        public static let categories = 6
        public static let itemsPerCategory = 256
        public static let itemWeight = 1...100
    }

    /// Checks that ids are unique, counts and weights are within `Limits`, and risks name items that exist.
    public init(
        id: String, title: Bilingual, levelTexts: LevelTexts, categories: [Category]
    ) throws(ChecklistError) {
        guard !id.isEmpty else { throw .missingID }
        guard (1...Limits.categories).contains(categories.count) else { throw .categoryCount(categories.count) }
        var names: Set<String> = []
        for category in categories {
            guard names.insert(category.id).inserted else { throw .duplicateCategory(category.id) }
            guard (1...Limits.itemsPerCategory).contains(category.items.count) else {
                throw .itemCount(category: category.id, count: category.items.count)
            }
        }
        self.id = id
        self.title = title
        self.levelTexts = levelTexts
        // A category holds at least one item here, so the order is that of the first items' numbers.
        self.categories = categories.sorted { a, b in
            guard let left = a.items.first, let right = b.items.first else { return false }
            return left.id < right.id
        }
        items = self.categories.flatMap(\.items).sorted { $0.id < $1.id }
        var indexOfItem: [ItemID: Int] = [:]
        for (index, item) in items.enumerated() {
            guard indexOfItem.updateValue(index, forKey: item.id) == nil else { throw .duplicateItem(item.id) }
            guard Limits.itemWeight.contains(item.weight) else { throw .itemWeight(item.id, item.weight) }
        }
        self.indexOfItem = indexOfItem
        for risk in categories.flatMap(\.risks) {
            for item in risk.items where indexOfItem[item] == nil { throw .riskOfUnknownItem(risk.id, item) }
        }
    }

    public subscript(id: ItemID) -> Item? {
        indexOfItem[id].map { items[$0] }
    }

    public func category(of item: ItemID) -> Category? {
        categories.first { category in category.items.contains { $0.id == item } }
    }

    /// The risks that the item's measures lower.
    public func risks(of item: ItemID) -> [Risk] {
        categories.flatMap(\.risks).filter { $0.items.contains(item) }
    }
}

/// Why a checklist cannot be used.
public enum ChecklistError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingID
    case categoryCount(Int)
    case duplicateCategory(String)
    case itemCount(category: String, count: Int)
    case duplicateItem(ItemID)
    case itemWeight(ItemID, Int)
    case riskOfUnknownItem(String, ItemID)

    public var description: String {
        switch self {
        case .missingID: "the checklist has no id"
        case .categoryCount(let count):
            "a checklist has 1 to \(Checklist.Limits.categories) categories, this one has \(count)"
        case .duplicateCategory(let id): "category \"\(id)\" occurs twice"
        case .itemCount(let category, let count):
            "a category has 1 to \(Checklist.Limits.itemsPerCategory) items, \"\(category)\" has \(count)"
        case .duplicateItem(let id): "item \(id) occurs twice"
        case .itemWeight(let id, let weight):
            "an item's weight is \(Checklist.Limits.itemWeight.lowerBound) to \(Checklist.Limits.itemWeight.upperBound), "
                + "item \(id) has \(weight)"
        case .riskOfUnknownItem(let risk, let item):
            "risk \"\(risk)\" names item \(item), which the checklist does not have"
        }
    }
}
