import Assessment
import Model
import Wording

/// How the assessment was made, and what it could not see.
extension Report {
    package var method: HTML {
        """
        <p>\(approach)</p>
        <table class="facts">
        <tr><th scope="row">\(t("目的", "Purpose"))</th><td>\(t("\(say(checklist.title))による現状の把握と、改善の優先順位付け", "To establish the current state by \(say(checklist.title)) and to rank what to improve"))</td></tr>
        <tr><th scope="row">\(t("対象範囲", "Scope"))</th><td>\(facts[.scope].map { "\(say($0))" } ?? Report.fill)</td></tr>
        <tr><th scope="row">\(t("進め方", "Steps"))</th><td>\(captures.isEmpty ? t("聞き取り、現状の把握、リスクの抽出と分析、優先順位付けと対策の提案", "Interview; current state; risks found and analysed; priorities and measures") : t("通信の観測と聞き取り、現状の把握、リスクの抽出と分析、優先順位付けと対策の提案", "Capture and interview; current state; risks found and analysed; priorities and measures"))</td></tr>
        <tr><th scope="row">\(t("採点の規則", "Scoring policy"))</th><td>\(policy.id)</td></tr>
        </table>
        \(captures.isEmpty ? noCaptures : observation)
        """
    }

    private var approach: HTML {
        captures.isEmpty
            ? t(
                "この診断は、チェックリストの各項目への回答を聞き取り、同じ規則で採点して行った。",
                "Answers to every item of the checklist were gathered in an interview and scored by one rule.")
            : t(
                "この診断は、工場のネットワークを流れる通信を聴くだけで行い、機器に触れず、何も送信していない。チェックリストの各項目について通信から分かることを「提案」として示し、最終的な判定は人が行う。",
                "The plant network was only listened to: no device was touched and nothing was sent. What traffic tells about an item is shown as a proposal; people settle every answer."
            )
    }

    private var noCaptures: HTML {
        t(
            "<p class=\"callout\">通信の観測は行っていない。この報告書は聞き取りの回答だけによるもので、資産一覧、構成図、検出事項、通信に基づく提案を含まない。</p>",
            "<p class=\"callout\">No traffic was captured. This report rests on interview answers alone: it has no inventory, no diagram, no findings and no proposals from traffic.</p>"
        )
    }

    private var observation: HTML {
        let rows = captures.prefix(Limits.captures).map(captureRow)
        return """
            <h3>\(t("観測", "Observation"))</h3>
            \(coverageTable)
            <div class="scroll" tabindex="0"><table class="data">
            <thead><tr><th scope="col">\(t("記録", "Capture"))</th><th scope="col">\(t("期間", "Period"))</th><th scope="col" class="num">\(t("フレーム", "Frames"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th><th scope="col" class="num">\(t("取りこぼし", "Drops"))</th><th scope="col">\(t("フレームの行き先", "Where the frames went"))</th></tr></thead>
            <tbody>\(rows)</tbody>
            </table></div>
            \(more(captures.count - Limits.captures))
            <h3>\(t("この観測の限界", "Limits of this observation"))</h3>
            <ul class="limits">\(limits.map { "<li>\($0)</li>" })</ul>
            """
    }

    private var coverageTable: HTML {
        guard let coverage else { return .empty }
        return """
            <table class="facts">
            <tr><th scope="row">\(t("期間", "Period"))</th><td>\(periodText(coverage.first, coverage.last))(\(zoneName))</td></tr>
            <tr><th scope="row">\(t("観測した時間", "Time watched"))</th><td>\(duration(coverage.seconds))(\(t("重なりは一度だけ数える", "overlaps counted once")))</td></tr>
            \(healthRows)
            <tr><th scope="row">\(t("記録の方法", "Capture mode"))</th><td>\(facts[.captureMode].map { "\(say($0))" } ?? Report.fill) \(t("通信から見た様子", "as the traffic looks")): \(modeText(coverage))</td></tr>
            <tr><th scope="row">\(t("記録した場所", "Capture point"))</th><td>\(facts[.capturePoint].map { "\(say($0))" } ?? Report.fill)</td></tr>
            <tr><th scope="row">\(t("取りこぼし", "Drops"))</th><td>\(dropsText(coverage.reportedDrops))</td></tr>
            \(estimateRow(coverage.estimate))
            </table>
            """
    }

    private func modeText(_ coverage: Coverage) -> HTML {
        let place =
            coverage.isMirror
            ? t("ミラーポートまたはタップ(第三者どうしの通信が見える)", "mirror port or tap (third parties' unicast is visible)")
            : t("一台の機器または通常のポート(第三者どうしの通信が見えない)", "one host or an access port (no third parties' unicast)") as HTML
        let ways = coverage.isTwoWay ? t("双方向", "both directions") : t("片方向が主", "mostly one direction") as HTML
        let tags = coverage.hasVLANTags ? t("VLANタグあり", "VLAN tags present") : t("VLANタグなし", "no VLAN tags") as HTML
        return .joined([place, ways, tags], separator: isJapanese ? "、" : "; ")
    }

    func dropsText(_ drops: UInt64?) -> String {
        guard let drops else { return words("記録に情報がなく不明", "unknown: the capture does not tell") }
        return drops == 0
            ? words("記録の統計では0", "0 by the capture's own statistics")
            : words("記録の統計で\(grouped(drops))フレーム", "\(grouped(drops)) frames by the capture's own statistics")
    }

    private func captureRow(_ capture: (id: UInt32, record: CaptureRecord)) -> HTML {
        let record = capture.record
        let number = places.captures[capture.id] ?? 0
        let name = record.name.split(separator: "/").last.map(String.init) ?? record.name
        let account = record.accounting.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
            "\(accountName($0.key)) \(grouped($0.value))"
        }.joined(separator: words("、", ", "))
        // A live capture that kept no file has a name of its own in place of a hash.
        let hash: HTML =
            record.sha256.hasPrefix(LiveRecord.namePrefix)
            ? "<span class=\"note\">\(words("生フレームのファイルなし", "no file of raw frames"))</span>"
            : "<span class=\"hash\">SHA-256 \(record.sha256)</span>"
        let damage: HTML = record.damage.map { "<span class=\"note warn\">\(say($0))</span>" } ?? .empty
        return """
            <tr id="capture-\(number)"><td>C-\(number) \(say(name))<span class="note">\(record.format)</span>\(hash)\(damage)</td>
            <td>\(periodText(record.first, record.last))</td><td class="num">\(grouped(record.frames))</td><td class="num">\(bytes(record.bytes))</td><td class="num">\(record.reportedDrops.map { grouped($0) } ?? words("不明", "unknown"))</td><td>\(account)</td></tr>
            """
    }

    private func estimateRow(_ estimate: AssetEstimate?) -> HTML {
        guard let estimate else { return .empty }
        return
            """
            <tr><th scope="row">\(t("未観測の機器(推定)", "Devices likely unseen"))</th><td>\(EstimateWords.line(estimate, in: language))</td></tr>
            """
    }

    package func accountName(_ name: String) -> String { AccountWords.frameClass(name, in: language) }

    /// What this capture cannot show, from what is known about it.
    private var limits: [HTML] {
        var limits: [HTML] = []
        if let coverage {
            if !coverage.isFullShift {
                limits.append(
                    t(
                        "観測は\(duration(coverage.seconds))で、一つの勤務帯(8時間)に満たない。通信に基づく提案は全て暫定である。",
                        "The network was watched for \(duration(coverage.seconds)), less than one shift (8 hours): every proposal from traffic is provisional."
                    ))
            }
            if !coverage.isMirror {
                limits.append(
                    t(
                        "第三者どうしの通信が見えていない。見えた機器は工場の一部である可能性が高い。",
                        "Third parties' unicast traffic was not visible; the devices seen are probably only a part of the plant."
                    ))
            }
            if !coverage.isTwoWay {
                limits.append(
                    t(
                        "多くの会話で片方向しか見えておらず、応答の有無を確かめられない。",
                        "Most conversations were seen in one direction only, so answers could not be checked."))
            }
            if !coverage.hasVLANTags {
                limits.append(
                    t(
                        "VLANタグがない。ミラーの設定やネットワークカードがタグを外した場合、VLANの分割は通信からは見えない。",
                        "No VLAN tags: where the mirror or the network card strips them, a division by VLAN does not show."
                    ))
            }
            if coverage.reportedDrops ?? 0 > 0 {
                limits.append(
                    t(
                        "取りこぼしがある。見えるはずのものが欠けている可能性がある。",
                        "Frames were lost, so something that was there may be missing."))
            }
        }
        var reached: [String: UInt64] = [:]
        for capture in captures {
            for (name, count) in capture.record.limitsReached { reached[name, default: 0] &+= count }
        }
        if !reached.isEmpty {
            let text = reached.sorted { $0.key < $1.key }.map { "\($0.key) \(grouped($0.value))" }.joined(
                separator: ", ")
            limits.append(t("解析の上限に達したものがある(\(text))。", "Limits of the analysis were reached (\(text))."))
        }
        let malformed = captures.reduce(UInt64(0)) { $0 &+ $1.record.malformedMessages }
        if malformed > 0 {
            limits.append(
                t(
                    "読み取れなかったメッセージが\(grouped(malformed))件ある。",
                    "\(grouped(malformed)) messages could not be read."))
        }
        limits.append(
            t(
                "見えなかったことは、ないことの証拠にならない。電源の切れた機器、通信しない機器、ミラーの外のVLAN、携帯回線による接続は、この方法では見えない。",
                "Not seen is not the same as not there: devices that were off or silent, VLANs outside the mirror and cellular links do not show by this method."
            ))
        limits.append(
            t(
                "暗号化された通信の中身、手順書や契約、二要素認証の有無は通信からは分からない。",
                "What encrypted traffic carries, written procedures, contracts and second factors do not show in traffic."
            ))
        return limits
    }
}
