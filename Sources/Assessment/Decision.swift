/// What a person settled about one item, and on what grounds. Decisions are only ever added: to change one's mind is to
/// add a decision that supersedes the earlier ones.
///
/// `id` and `previous` are hashes that the keeper of the decisions computes over `canonicalBytes`; this type only
/// carries them.
public struct Decision: Hashable, Sendable, Codable {
    /// Hash of `canonicalBytes`, or empty while the decision is not recorded.
    public var id: String
    public let item: ItemID
    public let answer: Answer
    /// Why this answer. Never empty for "not applicable".
    public let reason: String
    /// The current state at the site, in the assessor's words.
    public let status: String
    /// What the site plans or is advised to do, in the assessor's words.
    public let measure: String
    /// References to evidence: documents shown, records, exhibits.
    public let evidence: [String]
    /// The written procedure; level 4 wants one.
    public let document: String
    /// When the procedure was last reviewed; level 4 wants it.
    public let reviewDate: CalendarDate?
    public let reviewer: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// `Proposal.evidenceHash` as it was when the person decided; empty when there was no proposal.
    public let evidenceHash: String
    /// Ids of the decisions on this item that the person saw and replaces.
    public let supersedes: [String]
    /// Id of the decision before this one in the chain of its store and reviewer; empty for the first.
    public var previous: String

    /// Throws when the answer is "not applicable" and the reason is blank.
    public init(
        id: String = "", item: ItemID, answer: Answer, reason: String, status: String = "", measure: String = "",
        evidence: [String] = [], document: String = "", reviewDate: CalendarDate? = nil, reviewer: String = "",
        time: Int64 = 0, evidenceHash: String = "", supersedes: [String] = [], previous: String = ""
    ) throws(DecisionError) {
        if answer == .notApplicable, reason.isBlank { throw .notApplicableWithoutReason(item) }
        self.id = id
        self.item = item
        self.answer = answer
        self.reason = reason
        self.status = status
        self.measure = measure
        self.evidence = evidence
        self.document = document
        self.reviewDate = reviewDate
        self.reviewer = reviewer
        self.time = time
        self.evidenceHash = evidenceHash
        self.supersedes = supersedes
        self.previous = previous
    }

    /// True when the answer has the backing that its level wants: level 3 at least one evidence reference, level 4 a
    /// document and its review date.
    public var isSupported: Bool {
        switch answer {
        case .level(.done): evidence.contains { !$0.isBlank }
        case .level(.managed): !document.isBlank && reviewDate != nil
        default: true
        }
    }

    /// The content as bytes, the same for the same content everywhere: each field in fixed order as a netstring
    /// (`length:bytes,`), lists preceded by their count. `id` is left out, `previous` is in, so hashes of these bytes
    /// form a chain.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String) {
            bytes.append(contentsOf: "\(text.utf8.count):".utf8)
            bytes.append(contentsOf: text.utf8)
            bytes.append(0x2c)
        }
        func add(_ list: [String]) {
            add(String(list.count))
            for text in list { add(text) }
        }
        add("otscan-decision/1")
        add(item.description)
        add(answer.description)
        add(reason)
        add(status)
        add(measure)
        add(evidence)
        add(document)
        add(reviewDate?.description ?? "")
        add(reviewer)
        add(String(time))
        add(evidenceHash)
        add(supersedes.sorted())
        add(previous)
        return bytes
    }
}

/// Why a decision cannot be made.
public enum DecisionError: Error, Hashable, Sendable, CustomStringConvertible {
    case notApplicableWithoutReason(ItemID)

    public var description: String {
        switch self {
        case .notApplicableWithoutReason(let item): "item \(item): \"not applicable\" needs a reason"
        }
    }
}

extension String {
    /// True when nothing but white space is there.
    var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
