/// A sentence in the product's two languages.
package struct Phrase: Hashable, Sendable, Codable {
    package var ja: String
    package var en: String
    package init(ja: String, en: String) {
        self.ja = ja
        self.en = en
    }
}

/// A judgement from observations and conversations.
package struct Finding: Hashable, Sendable, Codable {
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        case info, low, medium, high
        private var rank: Int {
            switch self {
            case .info: 0
            case .low: 1
            case .medium: 2
            case .high: 3
            }
        }
        package static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    }

    /// Rule and subject: the same finding has the same id in every analysis.
    package var id: String
    /// The rule that made it, `flat-network` and the like.
    package var rule: String
    package var severity: Severity
    package var title: Phrase
    package var text: Phrase
    /// Checklist items it bears on, such as `3-5`.
    package var items: [String]
    /// MITRE ATT&CK for ICS technique ids.
    package var techniques: [String]
    /// Asset ids.
    package var assets: [String]
    package var exhibits: [String]

    package init(
        id: String, rule: String, severity: Severity, title: Phrase, text: Phrase, items: [String],
        techniques: [String] = [],
        assets: [String] = [], exhibits: [String] = []
    ) {
        self.id = id
        self.rule = rule
        self.severity = severity
        self.title = title
        self.text = text
        self.items = items
        self.techniques = techniques
        self.assets = assets
        self.exhibits = exhibits
    }
}

/// Frames that show something: by reference, and up to 20 of them kept.
package struct Exhibit: Hashable, Sendable, Codable {
    /// Most frames kept of one exhibit.
    package static let frameLimit = 20
    /// Bytes kept of a frame.
    package static let snapLength = 512

    package var id: String
    package var title: Phrase
    /// Frames that show it, at most `frameLimit`, in order.
    package var frames: [FrameRef]
    /// A Wireshark display filter that shows the whole of it.
    package var displayFilter: String

    package init(id: String, title: Phrase, frames: [FrameRef], displayFilter: String) {
        self.id = id
        self.title = title
        self.frames = frames
        self.displayFilter = displayFilter
    }
}

/// One frame kept as proof.
package struct KeptFrame: Hashable, Sendable, Codable {
    package var frame: FrameRef
    package var linkType: UInt16
    package var originalLength: UInt32
    /// At most `Exhibit.snapLength` bytes, payload that may hold secrets overwritten.
    package var bytes: [UInt8]
    package var isRedacted: Bool
    /// SHA-256 of the captured frame as it was, and of `bytes` as kept; lower-case hexadecimal.
    package var sha256Original: String
    package var sha256Kept: String

    package init(
        frame: FrameRef, linkType: UInt16, originalLength: UInt32, bytes: [UInt8], isRedacted: Bool,
        sha256Original: String,
        sha256Kept: String
    ) {
        self.frame = frame
        self.linkType = linkType
        self.originalLength = originalLength
        self.bytes = bytes
        self.isRedacted = isRedacted
        self.sha256Original = sha256Original
        self.sha256Kept = sha256Kept
    }
}
