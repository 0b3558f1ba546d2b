package import Assessment
package import Evidence
package import Model
import Wording

/// What an earlier assessment of the plant came to.
package struct EarlierRun {
    package let card: ScoreCard
    package let assets: [Asset]
    package let segments: [Segment]
    package let findings: [Finding]
    /// When its last capture ended; nil without captures.
    package let observed: Timestamp?

    package init(_ store: Store, _ scorer: Scorer) throws {
        let proposals = Dictionary(
            try store.proposals().map { ($0.item, $0) }, uniquingKeysWith: { first, _ in first })
        card = scorer.score(try store.decisions(), proposals: proposals)
        assets = try store.assets()
        segments = try store.segments()
        findings = try store.findings()
        observed = try store.coverage()?.last
    }

    init(card: ScoreCard, assets: [Asset], segments: [Segment], findings: [Finding], observed: Timestamp?) {
        self.card = card
        self.assets = assets
        self.segments = segments
        self.findings = findings
        self.observed = observed
    }
}

/// What differs between two assessments of a plant. Something that the later one did not see is "not seen again": whether it is
/// gone, traffic cannot tell.
package struct PlantDifference {
    package struct AnswerChange {
        package let item: ItemID
        package let before: Answer
        package let now: Answer
    }

    package struct AssetChange {
        package let asset: Asset
        package let changes: [Change]

        /// One property: its name, and both values.
        package struct Change: Hashable {
            package enum Property: String, CaseIterable {
                case name, role, vendor, model, firmware, os, addresses, macs
            }
            package let property: Property
            package let before: String
            package let now: String
        }
    }

    package let before: ScoreCard
    package let now: ScoreCard
    package let answers: [AnswerChange]
    /// False when one of the two has no capture, so that only answers are compared.
    package let isObserved: Bool
    package let newAssets: [Asset]
    package let unseenAssets: [Asset]
    package let changedAssets: [AssetChange]
    package let newFindings: [Finding]
    package let resolvedFindings: [Finding]
    package let newSegments: [Segment]
    package let unseenSegments: [Segment]

    package init(before: EarlierRun, now: EarlierRun) {
        self.before = before.card
        self.now = now.card
        answers = now.card.items.compactMap { score in
            let old = before.card[score.item]?.declared ?? .unanswered
            return old == score.declared ? nil : AnswerChange(item: score.item, before: old, now: score.declared)
        }
        // Where one of them observed nothing, there is nothing to compare what was observed with.
        isObserved = before.observed != nil && now.observed != nil
        guard isObserved else {
            (newAssets, unseenAssets, changedAssets) = ([], [], [])
            (newFindings, resolvedFindings, newSegments, unseenSegments) = ([], [], [], [])
            return
        }
        let pairs = PlantDifference.pairs(before.assets, now.assets)
        newAssets = now.assets.enumerated().filter { pairs.byNow[$0.offset] == nil }.map(\.element)
        unseenAssets = before.assets.enumerated().filter { !pairs.matched.contains($0.offset) }.map(\.element)
        changedAssets = now.assets.enumerated().compactMap { index, asset in
            guard let old = pairs.byNow[index] else { return nil }
            let changes = PlantDifference.changes(before.assets[old], asset)
            return changes.isEmpty ? nil : AssetChange(asset: asset, changes: changes)
        }
        (newFindings, resolvedFindings) = PlantDifference.difference(before.findings, now.findings) { $0.id }
        (newSegments, unseenSegments) = PlantDifference.difference(before.segments, now.segments) {
            "\($0.vlan) \($0.prefix.map(\.description) ?? "")"
        }
    }

    package var isEmpty: Bool {
        answers.isEmpty && newAssets.isEmpty && unseenAssets.isEmpty && changedAssets.isEmpty && newFindings.isEmpty
            && resolvedFindings.isEmpty && newSegments.isEmpty && unseenSegments.isEmpty
    }

    private static func difference<Element>(
        _ before: [Element], _ now: [Element], key: (Element) -> String
    ) -> (new: [Element], gone: [Element]) {
        let (old, new) = (Set(before.map(key)), Set(now.map(key)))
        return (now.filter { !old.contains(key($0)) }, before.filter { !new.contains(key($0)) })
    }

    /// Which asset is which: by id, by a MAC address both have, by serial number, by an address both have; the first that fits,
    /// each asset once.
    private static func pairs(_ before: [Asset], _ now: [Asset]) -> (byNow: [Int: Int], matched: Set<Int>) {
        var (byNow, matched): ([Int: Int], Set<Int>) = ([:], [])
        func match(_ keys: (Asset) -> [String]) {
            var index: [String: Int] = [:]
            for (place, asset) in before.enumerated() where !matched.contains(place) {
                for key in keys(asset) where index[key] == nil { index[key] = place }
            }
            for (place, asset) in now.enumerated() where byNow[place] == nil {
                guard let old = keys(asset).lazy.compactMap({ index[$0] }).first(where: { !matched.contains($0) })
                else { continue }
                byNow[place] = old
                matched.insert(old)
            }
        }
        match { [$0.id] }
        match { $0.macs.map(\.description) }
        match { $0.serial.map { [$0.raw] } ?? [] }
        // An address alone names a host only where no MAC does.
        match { asset in asset.macs.isEmpty ? asset.addresses.map(\.description) : [] }
        return (byNow, matched)
    }

    private static func changes(_ before: Asset, _ now: Asset) -> [AssetChange.Change] {
        func text(_ property: AssetChange.Change.Property, _ asset: Asset) -> String {
            switch property {
            case .name: asset.name.visible
            case .role: asset.role.rawValue
            case .vendor: asset.vendor?.visible ?? ""
            case .model: asset.model?.visible ?? ""
            case .firmware: asset.firmware?.visible ?? ""
            case .os: asset.os?.visible ?? ""
            case .addresses: Set(asset.addresses).map(\.description).sorted().joined(separator: ", ")
            case .macs: Set(asset.macs).map(\.description).sorted().joined(separator: ", ")
            }
        }
        return AssetChange.Change.Property.allCases.compactMap { property in
            let (old, new) = (text(property, before), text(property, now))
            if property == .name, let from = before.addresses.first, let to = now.addresses.first,
                old.replacing(from.description, with: to.description) == new
            {
                // The name holds the address, whose change is told anyway.
                return nil
            }
            return old == new ? nil : AssetChange.Change(property: property, before: old, now: new)
        }
    }
}

extension PlantDifference.AssetChange.Change.Property {
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.name, .japanese): "名前"
        case (.role, .japanese): "役割"
        case (.vendor, .japanese): "メーカー"
        case (.model, .japanese): "型式"
        case (.firmware, .japanese): "ファームウェア"
        case (.addresses, .japanese): "アドレス"
        case (.macs, .japanese): "MACアドレス"
        case (.os, _): "OS"
        case (.addresses, .english): "addresses"
        case (.macs, .english): "MAC addresses"
        case (_, .english): rawValue
        }
    }
}
