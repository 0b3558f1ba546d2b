import Model

/// Checklist 2-3: data that is sent in a fixed rhythm comes late, more often than a receiver puts up with.
struct CycleRule: FindingRule {
    static let id = "missed-cycles"
    static let leastIntervals: UInt64 = 1000
    static let leastMissed: UInt64 = 5

    var about: RuleDescription {
        RuleDescription(
            severity: "low", items: ["2-3"], techniques: [],
            takes:
                "of cyclic data (PROFINET, CIP I/O, EtherCAT, POWERLINK, SERCOS, CC-Link IE Field Basic, sampled values) of which \(Self.leastIntervals) intervals or more were seen, \(Self.leastMissed) or more and at least one in a thousand last three mean intervals or longer",
            limits:
                "what the capturing machine or the mirror dropped or held up looks alike, so that nothing is said of captures that report drops; pauses of a second or more are no late data"
        )
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        let counted = situation.results.filter { $0.capture.health != nil }
        guard !counted.isEmpty else { return .cannotTell(Phrase.notCounted) }
        let whole = counted.filter { ($0.capture.reportedDrops ?? 0) == 0 }
        guard !whole.isEmpty else {
            return .cannotTell(
                Phrase(ja: "取りこぼしのある記録のため判断できません。", en: "The captures report dropped frames."))
        }
        var evidence = SupportingEvidence(id, items: ["2-3"], severity: .low)
        var worst: CaptureHealth.Cycle?
        for result in whole {
            guard let number = result.number else { continue }
            for cycle in result.capture.health?.cycles ?? [] where Self.isLate(cycle) {
                let sender = Party(cycle.sender, situation)
                let receiver = Party(cycle.receiver, situation)
                evidence.add(
                    sender.asset, cycle.longestEnd.reference(in: number), "\(sender.name) → \(receiver.name)")
                evidence.add(receiver.asset, cycle.longestEnd.reference(in: number), Wording.service(cycle.service))
                if worst.map({ $0.missed < cycle.missed }) ?? true { worst = cycle }
            }
        }
        guard let worst, !evidence.isEmpty else { return .meets }
        let (mean, longest) = (Self.milliseconds(worst.mean), Self.milliseconds(worst.longest))
        return .fails([
            evidence.finding(
                Phrase(ja: "周期通信が遅れることがある", en: "Cyclic data comes late at times"),
                Phrase(
                    ja:
                        "周期通信（\(evidence.list)）で、平均の3倍以上の間隔がみられました。最も多いものは平均\(mean)ミリ秒に対し最長\(longest)ミリ秒、\(worst.intervals)回中\(worst.missed)回です。ネットワークの混雑か機器の負荷を確認してください。",
                    en:
                        "Intervals of cyclic data (\(evidence.list)) were three times the mean or longer. The worst has a mean of \(mean) ms and at most \(longest) ms, late \(worst.missed) times of \(worst.intervals). Look for congestion or an overloaded device."
                ), &exhibits)
        ])
    }

    private static func isLate(_ cycle: CaptureHealth.Cycle) -> Bool {
        cycle.intervals >= leastIntervals && cycle.missed >= leastMissed && cycle.missed &* 1000 >= cycle.intervals
    }

    private static func milliseconds(_ nanoseconds: Int64) -> String {
        let tenths = nanoseconds / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
