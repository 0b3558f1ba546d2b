/// How far an item is carried out.
public enum Level: Int, Hashable, Sendable, CaseIterable, Comparable, Codable {
    /// Nothing is done.
    case notDone = 1
    /// Done in part: some places, some devices, or by habit only.
    case partly = 2
    /// Done throughout.
    case done = 3
    /// Done throughout, with the procedure written down, automated where it can be, and reviewed regularly.
    case managed = 4

    public static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
}

/// What a person answered to an item.
public enum Answer: Hashable, Sendable {
    case level(Level)
    /// The item has no object at this site. The reason stands in the decision and is never empty.
    case notApplicable
    /// No answer, or an earlier answer taken back.
    case unanswered

    /// The level, when the answer is one.
    public var level: Level? {
        if case .level(let level) = self { level } else { nil }
    }
}

extension Answer: CustomStringConvertible {
    /// The answer as typed on the command line and written in files: `1` … `4`, `na`, `unanswered`.
    public var description: String {
        switch self {
        case .level(let level): String(level.rawValue)
        case .notApplicable: "na"
        case .unanswered: "unanswered"
        }
    }

    /// Reads `1` … `4`, `na` (also `n/a`) and `unanswered`, in any case.
    public init?(_ text: some StringProtocol) {
        switch text.lowercased() {
        case "1": self = .level(.notDone)
        case "2": self = .level(.partly)
        case "3": self = .level(.done)
        case "4": self = .level(.managed)
        case "na", "n/a": self = .notApplicable
        case "unanswered": self = .unanswered
        default: return nil
        }
    }
}

extension Answer: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let answer = Answer(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected 1, 2, 3, 4, na or unanswered, found \"\(text)\"")
        }
        self = answer
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
