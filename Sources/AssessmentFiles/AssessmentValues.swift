import Assessment
import Documents

/// Values that only checklists, policies and answers hold.
extension MappingReader {
    mutating func items(_ key: String) throws(FileError) -> [ItemID]? {
        guard let list = try list(key) else { return nil }
        var items: [ItemID] = []
        for (index, node) in list.enumerated() {
            let text = try text(node, "\(key)[\(index)]")
            guard let item = ItemID(text) else {
                throw error(
                    node.place, "\(key)[\(index)]",
                    "expected an item number such as 2-6, found \(FileError.quoted(text))")
            }
            items.append(item)
        }
        return items
    }

    /// A text in both languages.
    mutating func bilingual(_ key: String) throws(FileError) -> Bilingual? {
        guard let node = take(key) else { return nil }
        return try bilingual(node, key)
    }

    func bilingual(_ node: DocumentNode, _ key: String) throws(FileError) -> Bilingual {
        var reader = try MappingReader(node, file: file, path: path(of: key))
        let text = try reader.bilingual()
        try reader.finish()
        return text
    }

    /// The keys `ja` and `en` of this mapping itself.
    mutating func bilingual() throws(FileError) -> Bilingual {
        Bilingual(ja: try requiredText("ja"), en: try requiredText("en"))
    }

    mutating func bilinguals(_ key: String) throws(FileError) -> [Bilingual]? {
        guard let list = try list(key) else { return nil }
        var texts: [Bilingual] = []
        for (index, node) in list.enumerated() { texts.append(try bilingual(node, "\(key)[\(index)]")) }
        return texts
    }

    mutating func decimal(_ key: String) throws(FileError) -> Fraction? {
        try value(key, expected: "a number with at most three decimal places") { Fraction(decimal: $0) }
    }
}
