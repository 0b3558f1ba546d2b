import Assessment
import Evidence
import Model
import Reporting
import Wording

/// What `analyze` says at its end: for people as text, for scripts as JSON.
struct AnalysisSummary {
    let reading: StoreReading
    let additions: [PlantStudy.Addition]
    let assets: [Asset]
    let segments: [Segment]
    let sessions: [RemoteSession]
    let findings: [Finding]
    let proposals: [Proposal]
    let coverage: Coverage?
    let checklist: Checklist
    /// The store as the user named it.
    let storePath: String

    init(storePath: String, run: AnalysisRun, checklist: Checklist) throws {
        reading = try StoreReading(path: storePath)
        additions = run.additions
        self.checklist = checklist
        self.storePath = storePath
        assets = run.assets
        segments = try reading.store.segments()
        sessions = try reading.store.remoteSessions()
        findings = FindingList.sorted(try reading.store.findings())
        proposals = try reading.store.proposals().sorted { $0.item < $1.item }
        coverage = try reading.store.coverage()
    }

    /// True when a finding is at least this grave.
    func hasFinding(from severity: Finding.Severity) -> Bool { findings.contains { $0.severity >= severity } }

    // MARK: For people

    func text(_ style: TerminalStyle) -> String {
        var lines: [String] = []
        for addition in additions { lines += captureLines(addition, style) }
        lines += ["", style.paint(style.say("見つかったもの", "What was seen"), .strong)] + pictureLines(style)
        lines += ["", style.paint(style.say("指摘", "Findings"), .strong)] + findingLines(style)
        lines += [
            "",
            style.paint(style.say("チェック項目への提案", "Proposals for the checklist"), .strong)
                + style.say("(人が判定するまで採点には数えない)", " (none counts until a person decides)"),
        ]
        lines += proposalLines(style)
        lines += [""] + nextLines(style)
        return lines.joined(separator: "\n") + "\n"
    }

    private func captureLines(_ addition: PlantStudy.Addition, _ style: TerminalStyle) -> [String] {
        let capture = addition.capture
        var facts = [style.say("\(Figures.count(capture.frames))フレーム", Figures.count(capture.frames, "frame"))]
        facts.append(Figures.bytes(capture.bytes))
        if capture.last > .zero {
            facts.append(
                Figures.duration(Double(capture.last.elapsed(since: capture.first)) / 1e9, in: style.language))
            facts.append(Figures.span(capture.first, capture.last))
        }
        if addition.wasKnown { facts.append(style.say("読み込み済み", "already in the store")) }
        let name = WireText(capture.name).visible
        var lines = TextWidth.wrap(
            ["\(name): \(facts[0])"] + facts.dropFirst(), separator: style.say("、", ", "), to: style.textWidth)
        if let first = lines.first, first.hasPrefix(name) {
            lines[0] = style.paint(name, .strong) + first.dropFirst(name.count)
        }
        for remark in CoverageText.remarks(capture, style) {
            lines += TextWidth.wrap(remark, to: style.textWidth - 2).map { "  " + style.paint($0, .yellow) }
        }
        return lines
    }

    private func pictureLines(_ style: TerminalStyle) -> [String] {
        var facts = FactSheet()
        let comma = style.say("、", ", ")
        func list(_ title: String, _ count: Int, _ parts: [String]) {
            guard let first = parts.first else { return facts.add(title, "\(count)") }
            facts.add(title, ["\(count): \(first)"] + parts.dropFirst(), separator: comma)
        }
        let counts = Dictionary(grouping: assets, by: \.role).mapValues(\.count)
        let roles = counts.sorted {
            ($0.key == .unknown ? 1 : 0, -$0.value, $0.key.rawValue) < (
                $1.key == .unknown ? 1 : 0, -$1.value, $1.key.rawValue
            )
        }.map { "\($0.key.name(in: style.language)) \($0.value)" }
        list(style.say("機器", "Assets"), assets.count, roles)
        let more = segments.count > 6 ? [style.say("ほか\(segments.count - 6)", "\(segments.count - 6) more")] : []
        list(
            style.say("セグメント", "Segments"), segments.count,
            segments.prefix(6).map { "\(SegmentList.name($0)) (OT \($0.otCount), IT \($0.itCount))" } + more)
        facts.add(style.say("遠隔接続", "Remote sessions"), remoteText(style))
        if let coverage {
            let length = Figures.duration(coverage.seconds, in: style.language)
            facts.add(
                style.say("観測時間", "Watched for"),
                coverage.isFullShift
                    ? length
                    : length + style.say(" (1勤務に満たない: 提案は暫定)", " (less than a full shift: proposals are provisional)"))
        }
        return facts.lines(style, indent: 2)
    }

    private func remoteText(_ style: TerminalStyle) -> String {
        guard !sessions.isEmpty else { return style.say("観測されず", "none seen") }
        var parts: [String] = []
        for origin in RemoteSession.Origin.allCases {
            let count = sessions.count { $0.origin == origin }
            if count > 0 { parts.append("\(origin.name(in: style.language)) \(count)") }
        }
        let reaching = sessions.count { $0.reachesOT }
        if reaching > 0 { parts.append(style.say("OT到達 \(reaching)", "\(reaching) reaching OT")) }
        return "\(sessions.count): " + parts.joined(separator: style.say("、", ", "))
    }

    private func findingLines(_ style: TerminalStyle) -> [String] {
        guard !findings.isEmpty else { return ["  " + style.say("なし", "none")] }
        var lines: [String] = []
        for finding in findings {
            let name = TextWidth.fill(finding.severity.name(in: style.language).uppercased(), to: 6)
            let titles = TextWidth.wrap(finding.title.text(in: style.language), to: style.textWidth - 10)
            for (index, title) in titles.enumerated() {
                lines.append(
                    "  " + (index == 0 ? style.paint(name, finding.severity.paint) : "      ") + "  " + title)
            }
        }
        return lines
    }

    private func proposalLines(_ style: TerminalStyle) -> [String] {
        var lines: [String] = []
        for proposal in proposals {
            let title = checklist[proposal.item]?.title[style.language] ?? ""
            let level =
                style.say("レベル", "level ") + AnswerList.levels(proposal.levels)
            var notes = [proposal.verdict.name(in: style.language)]
            notes.append(style.say("確度", "confidence ") + proposal.confidence.name(in: style.language))
            if proposal.isProvisional { notes.append(style.say("暫定", "provisional")) }
            lines += TextWidth.wrap("\(proposal.item)  \(title)", to: style.textWidth - 2).map {
                "  " + style.paint($0, .strong)
            }
            let paint: TerminalStyle.Paint =
                switch proposal.verdict {
                case .supports: .green
                case .contradicts: .red
                case .undetermined: .plain
                }
            lines.append(
                "       " + style.paint(level, paint) + style.say("、", ", ")
                    + notes.joined(separator: style.say("、", ", ")))
            lines += TextWidth.wrap(proposal.reason[style.language], to: style.textWidth - 7).map { "       " + $0 }
        }
        return lines.isEmpty ? ["  " + style.say("なし", "none")] : lines
    }

    private func nextLines(_ style: TerminalStyle) -> [String] {
        let path = WireText(storePath).visible
        let commands = ["assets", "findings", "answers"].map { "otscan \($0) \(path)" }
        return TextWidth.wrap(
            [style.say("次は: ", "next: ") + commands[0]] + commands.dropFirst(), separator: " · ", to: style.textWidth)
    }

    // MARK: For scripts

    /// `otscan-analysis/1`
    struct Document: Encodable {
        var format = "otscan-analysis/1"
        var store: String
        var captures: [Capture]
        var counts: [String: Int]
        var assetsByRole: [String: Int]
        var coverage: CoverageEntry?
        var findings: [FindingRecord]
        var proposals: [Item]

        struct Capture: Encodable {
            var capture: CaptureEntry
            var wasKnown: Bool
        }

        struct Item: Encodable {
            var item: String
            var proposal: AnswerRecord.ProposalEntry
        }
    }

    var document: Document {
        Document(
            store: storePath,
            captures: additions.map { Document.Capture(capture: CaptureEntry($0.capture), wasKnown: $0.wasKnown) },
            counts: [
                "assets": assets.count, "segments": segments.count, "remote_sessions": sessions.count,
                "findings": findings.count,
            ],
            assetsByRole: Dictionary(grouping: assets, by: \.role.rawValue).mapValues(\.count),
            coverage: coverage.map(CoverageEntry.init), findings: findings.map(FindingRecord.init),
            proposals: proposals.map {
                Document.Item(item: $0.item.description, proposal: AnswerRecord.ProposalEntry($0))
            })
    }
}
