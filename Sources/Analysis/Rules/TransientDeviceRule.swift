import Model

/// Checklist 2-12 and 2-6: a device that was there for a short while and asked control devices: a maintenance PC, perhaps.
struct TransientDeviceRule: FindingRule {
    static let id = "transient-device"
    /// Shortest observation that lets anybody be called transient, in seconds.
    static let shortest = 7_200.0
    static let share = 0.15

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-12", "2-6"], techniques: ["T0864"],
            takes:
                "in two hours or more of observation, a device with a MAC of its own appears after the beginning, is gone before the end, stays for at most \(Int(Self.share * 100)) % of the time and asks a control device; nothing is said where more than a quarter of all devices come and go",
            limits: "devices that were merely silent for the rest of the time")
    }

    /// Assets that came after the beginning, were gone before the end and stayed for a small part of the time.
    static func visitors(_ situation: Situation) -> [Asset] {
        let coverage = situation.coverage
        let whole = Double(coverage.last.elapsed(since: coverage.first)) / 1e9
        guard whole >= shortest else { return [] }
        return situation.assets.filter { asset in
            guard !asset.isBehindRouter, !asset.macs.isEmpty else { return false }
            let before = Double(asset.seen.first.time.elapsed(since: coverage.first)) / 1e9
            let after = Double(coverage.last.elapsed(since: asset.seen.last.time)) / 1e9
            let stay = Double(asset.seen.last.time.elapsed(since: asset.seen.first.time)) / 1e9
            return before > whole * 0.1 && after > whole * 0.1 && stay <= whole * share
        }
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let whole = Double(situation.coverage.last.elapsed(since: situation.coverage.first)) / 1e9
        guard whole >= Self.shortest else {
            return .cannotTell(
                Phrase(ja: "観測が2時間に満たないため判断できません。", en: "Less than two hours were observed."))
        }
        // Where a good part of all devices comes and goes, the capture is pieced together of several.
        guard situation.visitors.count * 4 <= situation.assets.count else {
            return .cannotTell(
                Phrase(
                    ja: "多くの機器が途中だけ現れる記録のため判断できません。",
                    en: "Too many devices come and go in this capture to call any of them a visitor."))
        }
        let findings = situation.visitors.compactMap { asset -> Finding? in
            guard asset.uses.contains(where: { ServiceKind.isIndustrial($0) }),
                !asset.services.contains(where: { ServiceKind.isIndustrial($0) })
            else { return nil }
            let stay = Double(asset.seen.last.time.elapsed(since: asset.seen.first.time)) / 1e9
            let name = asset.name.visible
            let minutes = max(1, Int(stay / 60))
            let exhibit = exhibits.add(
                "\(id)-\(asset.id)", title: Phrase(ja: "\(name)の通信", en: "Traffic of \(name)"),
                frames: [asset.seen.first, asset.seen.last],
                filter: asset.macs.first.map { "eth.addr == \($0)" } ?? "frame")
            let services = asset.uses.filter { ServiceKind.isIndustrial($0) }.map(Wording.service).joined(
                separator: ", ")
            return Finding(
                id: "\(id)-\(asset.id)", rule: id, severity: .low,
                title: Phrase(ja: "一時的に接続された機器: \(name)", en: "A device that was connected for a while: \(name)"),
                text: Phrase(
                    ja:
                        "\(name) は観測中の約\(minutes)分間だけ現れ、制御機器へ\(services)で通信しました。持ち込みの保守用パソコンなら、接続前にウイルスの検査を受けたかを確認してください。",
                    en:
                        "\(name) was there for about \(Wording.count(minutes, "minute")) only and talked to control devices by \(services). If it is a maintenance PC, find out whether it was checked for malware before."
                ),
                items: ["2-12", "2-6"], techniques: ["T0864"], assets: [asset.id], exhibits: [exhibit])
        }
        return .of(findings)
    }
}
