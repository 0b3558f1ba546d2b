import Assessment
import Evidence
import Model
import Wording

/// How long and how well the network was watched, in sentences.
enum CoverageText {
    /// The captures, and what all of them together cover.
    static func text(
        _ captures: Listing<CaptureLine>, _ reading: StoreReading, _ style: TerminalStyle
    ) throws -> String {
        guard !captures.records.isEmpty else { return captures.whenEmpty[style.language] + "\n" }
        var lines = captures.table(style).lines(style).lines
        for line in captures.records {
            var remarks = remarks(line.capture, style)
            if let twin = captures.records.first(where: { $0.capture.repeats(line.capture) })?.capture {
                let name = WireText(twin.name).visible
                remarks.append(
                    style.say(
                        "\(name) と同じフレームを収めている。判定では一度だけ数える",
                        "holds the same frames as \(name); judgements count them once"))
            }
            if remarks.isEmpty { continue }
            lines += ["", style.paint(WireText(line.capture.name).visible, .strong)]
            for remark in remarks {
                lines += TextWidth.wrap(remark, to: style.textWidth - 2).map { "  " + style.paint($0, .yellow) }
            }
        }
        if let coverage = try reading.store.coverage() { lines += [""] + CoverageText.lines(coverage, style) }
        if let health = try reading.store.health(), health.frames > 0 { lines += CoverageText.lines(health, style) }
        lines += try enoughLines(captures, reading, style)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Was enough captured? Hours of the week, new devices, what is likely still unseen, and when nobody watched.
    private static func enoughLines(
        _ captures: Listing<CaptureLine>, _ reading: StoreReading, _ style: TerminalStyle
    ) throws -> [String] {
        var facts = FactSheet()
        if let estimate = try reading.store.coverage()?.estimate {
            facts.add(style.say("未観測の機器", "Likely unseen"), EstimateWords.line(estimate, in: style.language))
        }
        let new = NewDevices(try reading.store.assets()).hours
        if new.count > 1 {
            let parts = new.suffix(8).map { "\(Figures.timeOfDay($0.start).prefix(5)) +\($0.count)" }
            facts.add(style.say("新しい機器", "New devices"), parts, separator: style.say("、", ", "))
        }
        for gap in try reading.store.gaps().suffix(20) {
            let length = Figures.duration(Double(gap.end.elapsed(since: gap.start)) / 1e9, in: style.language)
            facts.add(
                style.say("欠測", "Gap"), "\(Figures.span(gap.start, gap.end)) (\(length)): \(reason(gap, style))",
                .yellow)
        }
        var lines = facts.lines(style)
        let days = style.say("月 火 水 木 金 土 日", "Mon Tue Wed Thu Fri Sat Sun").split(separator: " ").map(String.init)
        var rows: [String] = []
        for row in WatchedHours(captures.records.map(\.capture)).rows(days) { rows.append("  " + row) }
        if !rows.isEmpty {
            lines += ["", style.say("観測した時間帯 (0時〜23時)", "Hours watched (0 to 23 o'clock)")] + rows
        }
        return lines
    }

    private static func reason(_ gap: CaptureGap, _ style: TerminalStyle) -> String {
        let interface = WireText(gap.interface).visible
        return switch gap.reason {
        case .stopped: style.say("\(interface) の採取が止まっていた", "the capture on \(interface) had stopped")
        case .collector: style.say("\(interface) の収集プロセスを再起動した", "the collector on \(interface) was started again")
        case .link: style.say("\(interface) のリンクダウン", "\(interface) was down")
        }
    }

    static func lines(_ coverage: Coverage, _ style: TerminalStyle) -> [String] {
        var facts = FactSheet()
        let length = Figures.duration(coverage.seconds, in: style.language)
        facts.add(style.say("期間", "Period"), Figures.span(coverage.first, coverage.last))
        if coverage.isFullShift {
            facts.add(style.say("観測時間", "Watched"), length)
        } else {
            facts.add(
                style.say("観測時間", "Watched"),
                length
                    + style.say(
                        " (1勤務(8時間)に満たないため、提案はすべて暫定)", " (less than a full shift of 8 h: every proposal is provisional)"
                    ),
                .yellow)
        }
        facts.add(style.say("フレーム", "Frames"), Figures.count(coverage.frames))
        facts.add(
            style.say("方向", "Directions"),
            coverage.isTwoWay
                ? style.say("双方向", "both") : style.say("片方向のみ、または判別できない", "one way only, or undecided"),
            coverage.isTwoWay ? .plain : .yellow)
        facts.add(
            style.say("採取点", "Seen from"),
            coverage.isMirror
                ? style.say("ミラーポートまたはタップ(第三者間の通信が見える)", "a mirror port or tap (traffic between third parties)")
                : style.say("1台分の通信のみ", "one station's own traffic"))
        facts.add(
            style.say("VLANタグ", "VLAN tags"),
            coverage.hasVLANTags
                ? style.say("あり", "present") : style.say("なし(採取の経路で外れることもある)", "none (some capture paths strip them)"))
        let drops = coverage.reportedDrops
        facts.add(
            style.say("取りこぼし", "Drops"),
            drops.map { Figures.count($0) } ?? style.say("キャプチャに記録がない", "the captures do not tell"),
            (drops ?? 0) > 0 ? .yellow : .plain)
        return facts.lines(style)
    }

    /// How the network bears its traffic.
    private static func lines(_ health: NetworkHealth, _ style: TerminalStyle) -> [String] {
        var facts = FactSheet()
        if let rate = health.meanBitsPerSecond {
            let kilobits = (rate / 100).rounded() / 10
            facts.add(style.say("平均の通信量", "Mean load"), "\(kilobits) kbit/s")
        }
        for (peak, title) in [
            (health.busiestSecond, style.say("最も混んだ1秒", "Busiest second")),
            (health.busiestMinute, style.say("最も混んだ1分", "Busiest minute")),
        ] {
            guard let peak else { continue }
            facts.add(
                title,
                "\(Figures.bitRate(peak.bitsPerSecond)) (\(Figures.time(peak.begin))\(style.say("から", "")))")
        }
        if let percent = health.busiestMinutePercent {
            facts.add(
                style.say("回線の使用率", "Use of the line"),
                style.say(
                    "最も混んだ1分間で \(Figures.tenths(min(percent, 1e6))) %",
                    "\(Figures.tenths(min(percent, 1e6))) % in the busiest minute"),
                percent > 70 ? .yellow : .plain)
        }
        if let repeated = health.repeatedPerMille {
            facts.add(
                style.say("再送", "Sent again"),
                style.say(
                    "データのあるTCPセグメントの \(Figures.tenths(repeated / 10)) %",
                    "\(Figures.tenths(repeated / 10)) % of TCP segments with data"),
                repeated > 30 ? .yellow : .plain)
        }
        if let cycle = health.cycles?.first {
            let (mean, deviation, longest) = (
                Figures.milliseconds(cycle.mean), Figures.milliseconds(cycle.deviation),
                Figures.milliseconds(cycle.longest)
            )
            facts.add(
                style.say("周期通信", "Cyclic data"),
                style.say(
                    "\(health.cycles?.count ?? 0)本。最も乱れたもの(\(cycle.service))は平均 \(mean) ms、標準偏差 \(deviation) ms、最長 \(longest) ms",
                    "\(Figures.count(health.cycles?.count ?? 0, "stream")); the least steady (\(cycle.service)) has a mean of \(mean) ms, a deviation of \(deviation) ms, and \(longest) ms at most"
                ), cycle.missed > 0 ? .yellow : .plain)
        }
        facts.add(
            style.say("同報の割合", "Broadcast share"),
            style.say(
                "フレームの \(Double(health.groupPerMille) / 10) %(ブロードキャストとマルチキャスト)",
                "\(Double(health.groupPerMille) / 10) % of frames (broadcast and multicast)"))
        facts.add(
            style.say("重複アドレス", "Duplicate addresses"),
            health.duplicateAddresses.isEmpty
                ? style.say("見られない", "none seen") : health.duplicateAddresses.prefix(8).joined(separator: ", "),
            health.duplicateAddresses.isEmpty ? .plain : .yellow)
        return facts.lines(style)
    }

    /// Where the frames of a capture went that were not analysed, damage, and limits that were reached.
    static func remarks(_ capture: CaptureRecord, _ style: TerminalStyle) -> [String] {
        var remarks: [String] = []
        let classes = capture.accounting.filter { $0.key != "analysed" && $0.value > 0 }
            .sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
        if !classes.isEmpty {
            let total = classes.reduce(UInt64(0)) { $0 &+ $1.value }
            let parts = classes.map {
                "\(AccountWords.frameClass($0.key, in: style.language)) \(Figures.count($0.value))"
            }
            remarks.append(
                style.say(
                    "解析しなかったフレーム \(Figures.count(total)): \(parts.joined(separator: "、"))",
                    "\(Figures.count(total, "frame")) not analysed: \(parts.joined(separator: ", "))"))
        }
        if capture.malformedMessages > 0 {
            remarks.append(
                style.say(
                    "読み取れなかったメッセージ \(Figures.count(capture.malformedMessages))",
                    "\(Figures.count(capture.malformedMessages)) messages that no dissector could read"))
        }
        if let cut = capture.limitsReached[CaptureRecord.snapLength] {
            remarks.append(
                style.say(
                    "採取時の長さの上限(スナップ長)で切り詰められたフレーム \(Figures.count(cut))。その先の内容は読めていない",
                    "\(Figures.count(cut, "frame")) cut by the capture's snap length; what came after was not read"))
        }
        for (name, count) in capture.limitsReached.sorted(by: { $0.key < $1.key })
        where name != CaptureRecord.snapLength {
            remarks.append(
                style.say(
                    "上限に達した: \(AccountWords.limit(name, in: .japanese))(\(Figures.count(count))件を省いた)",
                    "limit reached: \(AccountWords.limit(name, in: .english)) (\(Figures.count(count)) left out)"))
        }
        if let drops = capture.reportedDrops, drops > 0 {
            remarks.append(
                style.say(
                    "採取時の取りこぼし \(Figures.count(drops))フレーム(キャプチャの記録による)",
                    "\(Figures.count(drops, "frame")) dropped while capturing, as the capture says"))
        }
        if let damage = capture.damage {
            remarks.append(
                style.say(
                    "ファイルが途中で壊れている。それまでの内容は採用した: \(damage)",
                    "damaged; everything before the damage was kept: \(damage)"))
        }
        return remarks
    }
}
