/// The number of a checklist item as printed, `2-6`: the category's number, a hyphen, the number within the category.
///
/// Items sort by number, so 2-6 comes before 2-10.
public struct ItemID: Hashable, Sendable, Comparable {
    /// Number of the category, from 1 to 999.
    public let category: Int
    /// Number within the category, from 1 to 999.
    public let number: Int

    /// Reads `2-6`: ASCII digits without leading zeros, at most three on each side.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last,
            let category = ItemID.ordinal(first), let number = ItemID.ordinal(last)
        else { return nil }
        self.category = category
        self.number = number
    }

    private static func ordinal(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != 0x30
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    public static func < (a: ItemID, b: ItemID) -> Bool {
        a.category == b.category ? a.number < b.number : a.category < b.category
    }
}

extension ItemID: CustomStringConvertible {
    public var description: String { "\(category)-\(number)" }
}

extension ItemID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let item = ItemID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an item number such as 2-6, found \"\(text)\"")
        }
        self = item
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
