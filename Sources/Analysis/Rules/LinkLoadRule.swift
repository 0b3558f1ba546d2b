import Model

/// Checklist 2-3: at its busiest the network is nearly full.
struct LinkLoadRule: FindingRule {
    static let id = "link-load"
    static let percent = 70.0

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-3"], techniques: [],
            takes:
                "in the busiest minute more than \(Int(Self.percent)) % of the captured interface's speed passed, where the capture tells the speed",
            limits:
                "a mirror sends both directions of several ports through one, so that no single line need be as full; most capture files do not tell the speed"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let health = situation.results.compactMap(\.capture.health)
        let known = health.filter { $0.linkSpeed != nil && $0.busiestMinute != nil }
        guard !known.isEmpty else {
            return .cannotTell(Phrase(ja: "回線の速度が記録されていません。", en: "The captures do not tell the link's speed."))
        }
        func share(_ health: CaptureHealth) -> Double {
            guard let peak = health.busiestMinute, let speed = health.linkSpeed, speed > 0 else { return 0 }
            return Double(peak.bytes) * 8 / 60 / Double(speed) * 100
        }
        guard let fullest = known.max(by: { share($0) < share($1) }), share(fullest) > Self.percent,
            let peak = fullest.busiestMinute
        else { return .meets }
        let percent = Int(share(fullest))
        let frames = situation.results.filter { $0.capture.health == fullest }.flatMap(\.conversations)
            .filter { $0.first.time >= peak.begin && $0.first.time.elapsed(since: peak.begin) < 60_000_000_000 }
            .prefix(Exhibit.frameLimit).map(\.first)
        let exhibit = exhibits.add(
            id, title: Phrase(ja: "最も混んだ1分", en: "The busiest minute"), frames: frames,
            filter: DisplayFilter.frames(frames))
        return .fails([
            Finding(
                id: id, rule: id, severity: .low,
                title: Phrase(ja: "回線が混んでいる（最大\(percent)％）", en: "The line is nearly full (\(percent) % at most)"),
                text: Phrase(
                    ja:
                        "最も混んだ1分間に、採取した回線の速度の\(percent)％が使われました。制御の通信が遅れるおそれがあります（ミラーポートには複数の回線の通信が重なることがあります）。",
                    en:
                        "In the busiest minute \(percent) % of the captured line's speed was used, so that control traffic may be late (a mirror port may carry several lines' traffic)."
                ),
                items: ["2-3"], techniques: [], assets: [], exhibits: [exhibit])
        ])
    }
}
