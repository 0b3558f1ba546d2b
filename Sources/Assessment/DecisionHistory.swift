/// A set of decisions, from any number of stores and reviewers. It only grows; what stands follows from the set alone,
/// so it is the same in whatever order, and however often, the decisions were merged.
public struct DecisionHistory: Hashable, Sendable {
    /// What stands for one item.
    public enum Standing: Hashable, Sendable {
        case undecided
        /// The decision that stands; when several that agree stand side by side, the best supported, latest one.
        case settled(Decision)
        /// Different answers, none of which was made in sight of the other. A person settles it with a decision that
        /// supersedes them all.
        case conflict([Decision])
    }

    private let decisions: [ItemID: Set<Decision>]

    public init(_ decisions: some Sequence<Decision>) {
        var byItem: [ItemID: Set<Decision>] = [:]
        for decision in decisions { byItem[decision.item, default: []].insert(decision) }
        self.decisions = byItem
    }

    /// The items that have at least one decision, in order of number.
    public var items: [ItemID] { decisions.keys.sorted() }

    /// Every decision on the item, oldest first.
    public func decisions(on item: ItemID) -> [Decision] {
        (decisions[item] ?? []).sorted(by: DecisionHistory.precedes)
    }

    /// The decisions on the item that no other supersedes, oldest first.
    ///
    /// A decision supersedes those whose ids it names. Ids are hashes, so a cycle cannot come about honestly; the
    /// members of a forged one all stand, so that none can hide another.
    public func undominated(on item: ItemID) -> [Decision] {
        let all = decisions(on: item)
        var byID: [String: [Decision]] = [:]
        for decision in all where !decision.id.isEmpty { byID[decision.id, default: []].append(decision) }
        var named: Set<String> = []
        for decision in all { named.formUnion(decision.supersedes.filter { $0 != decision.id }) }
        let heads = all.filter { !named.contains($0.id) || $0.id.isEmpty }

        var reached: Set<String> = []
        var pending = heads.flatMap(\.supersedes)
        while let id = pending.popLast() {
            guard let targets = byID[id], reached.insert(id).inserted else { continue }
            for target in targets { pending.append(contentsOf: target.supersedes) }
        }
        let beyondAnyHead = all.filter { named.contains($0.id) && !reached.contains($0.id) && !$0.id.isEmpty }
        return (heads + beyondAnyHead).sorted(by: DecisionHistory.precedes)
    }

    public func standing(of item: ItemID) -> Standing {
        let undominated = undominated(on: item)
        guard let last = undominated.last else { return .undecided }
        guard undominated.allSatisfy({ $0.answer == last.answer }) else { return .conflict(undominated) }
        if last.answer == .unanswered { return .undecided }
        return .settled(undominated.last(where: \.isSupported) ?? last)
    }

    /// A total order by time, then content, that does not depend on how the set was put together.
    private static func precedes(_ a: Decision, _ b: Decision) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.id != b.id { return a.id < b.id }
        return a.canonicalBytes.lexicographicallyPrecedes(b.canonicalBytes)
    }
}
