import Evidence
import Model

/// What a check of a store's record found.
struct Verification {
    let problems: [String]
    let heads: [DecisionHead]
    let editions: [Edition]
    let entries: Int
    /// Segments of live captures, whose chain is checked as well.
    let segments: Int
    /// True when heads recorded elsewhere were looked for.
    let wasCompared: Bool

    init(store: Store, heads recorded: [String]) throws {
        let captures = try store.captures().map(\.record)
        segments = captures.count { $0.live != nil }
        problems = try store.verifyDecisions(heads: recorded) + SegmentChain.problems(captures)
        heads = try store.decisionHeads()
        editions = try store.editions()
        entries = try store.auditEntries().count
        wasCompared = !recorded.isEmpty
    }

    func text(_ style: TerminalStyle, path: String) -> String {
        let name = WireText(path).visible
        let decisions = heads.reduce(0) { $0 + $1.count }
        var lines = problems.map { style.paint($0, .red) }
        if problems.isEmpty {
            lines.append(
                style.say(
                    "\(name): 判定\(decisions)件、監査記録\(entries)件、キャプチャ区間\(segments)件、全て整合している",
                    "\(name): \(decisions) decisions, \(entries) audit entries and \(segments) segments of captures, every hash fits"
                ))
        }
        for head in heads {
            lines.append(
                style.say("末尾 ", "head ") + "\(head.id)  \(WireText(head.reviewer).visible) (\(head.count))")
        }
        for edition in editions {
            lines.append(
                style.say("第\(edition.number)版 ", "edition \(edition.number) ")
                    + "\(edition.id)  \(WireText(edition.reviewer).visible)")
        }
        if !wasCompared {
            lines.append(
                style.paint(
                    style.say(
                        "末尾が取り除かれていないかは、報告書にある値を --head で示さないと分からない",
                        "whether anything was taken away from an end, only --head with a value from a report can tell"),
                    .faint)
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `otscan-verification/1`
    struct Document: Encodable {
        struct Head: Encodable {
            var reviewer: String
            var store: String
            var id: String
            var decisions: Int
        }
        var format = "otscan-verification/1"
        var isSound: Bool
        var comparedWithHeads: Bool
        var problems: [String]
        /// Segments of live captures.
        var segments: Int
        var heads: [Head]
    }

    var document: Document {
        Document(
            isSound: problems.isEmpty, comparedWithHeads: wasCompared, problems: problems, segments: segments,
            heads: heads.map { Document.Head(reviewer: $0.reviewer, store: $0.store, id: $0.id, decisions: $0.count) })
    }
}
