import Assessment
import Model
import Wording

/// A division of the network that would do, and what it would change.
extension Report {
    package var plannedPart: HTML {
        guard let plan, !plan.zones.isEmpty else {
            return t("<p>区分けの案はまだ示せない。</p>", "<p>There is no segmentation to propose yet.</p>")
        }
        return """
            <p>\(t("観測した通信を妨げない区分けの案。見えなかった通信は考えに入っていないため、実施の前に現場で確かめること。", "A segmentation that lets through what was seen to be needed. Traffic that was not seen is not in it, so check with the shop floor first."))</p>
            \(reachFigure(plan))
            \(zoneTable(plan))
            \(plannedConduits(plan))
            """
    }

    /// Before and after, as numbers and bars.
    private func reachFigure(_ plan: SegmentationPlan) -> HTML {
        let most = Double(max(plan.reach.now.values.max() ?? 1, 1))
        func row(_ label: HTML, _ reach: [String: Int], _ kind: HTML) -> HTML {
            let mean = SegmentationPlan.Reach.mean(reach)
            return """
                <tr><th scope="row">\(label)</th><td class="num">\(mean)</td><td class="num">\(reach.values.max() ?? 0)</td><td class="wide"><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" x="0" y="3" width="100" height="4" /><rect class="\(kind)" x="0" y="3" width="\(min(mean / most * 100, 100))" height="4" /></svg></td></tr>
                """
        }
        let (before, after) = (
            SegmentationPlan.Reach.mean(plan.reach.now), SegmentationPlan.Reach.mean(plan.reach.planned)
        )
        let change: HTML
        if before > 0, after < before {
            let percent = Int((1 - after / before) * 100)
            change = t(
                "平均で\(percent)％減る。到達は、応答が観測されたサービスだけで数えた。",
                "\(percent) % less in the mean, counted over services that were seen to answer.")
        } else {
            change = .empty
        }
        let replay = plan.replay
        let examples: HTML =
            replay.examples.isEmpty
            ? .empty
            : t(" 止まる例: ", " Refused, for example: ")
                + "\(replay.examples.prefix(4).map { say($0) }.joined(separator: words("、", "; ")))"
        return """
            <table class="data narrow keep"><caption>\(t("一台の感染が届く機器の数", "How many devices an infection reaches from one"))</caption><thead><tr><th scope="col"></th><th scope="col" class="num">\(t("平均", "Mean"))</th><th scope="col" class="num">\(t("最大", "Most"))</th><th scope="col" class="wide"></th></tr></thead><tbody>\(row(t("現在", "Now"), plan.reach.now, "fill-d"))\(row(t("案の後", "As proposed"), plan.reach.planned, "fill-b"))</tbody></table>
            \(before > 0 ? "<p>\(change)</p>" : .empty)
            <p class="note">\(t("観測した会話のうち、区画内 \(replay.within)件、区画をまたいで通る \(replay.kept)件、止まる \(replay.cut)件。ルータとの会話、グループ宛て、IPでない通信は数えていない。ルータはゾーンの間に立ち、どのゾーンにも属さない。", "Of the conversations seen, \(replay.within) stay within a zone, \(replay.kept) cross and pass, \(replay.cut) would be refused. Conversations with routers, to groups and without IP are not counted; a router stands between the zones and belongs to none."))\(examples)</p>
            """
    }

    private func zoneTable(_ plan: SegmentationPlan) -> HTML {
        let rows = plan.zones.prefix(Limits.segments).map { zone -> HTML in
            "<tr><td><b>\(say(zone.title))</b><span class=\"note mono\">\(zone.id)</span></td><td class=\"center\">\(zone.level.rawValue)</td>\(memberCells(zone.members))</tr>"
        }
        return """
            <table class="data"><caption>\(t("ゾーンの案", "Proposed zones"))</caption><thead><tr><th scope="col">\(t("ゾーン", "Zone"))</th><th scope="col" class="center">\(t("Purdueレベル", "Purdue level"))</th><th scope="col" class="num">\(t("機器", "Devices"))</th><th scope="col">\(t("属する機器", "Members"))</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            """
    }

    /// How many devices a zone has, and which, as far as a row bears them.
    private func memberCells(_ members: [String]) -> HTML {
        let rest: HTML = members.count > 30 ? " +\(members.count - 30)" : .empty
        return
            "<td class=\"num\">\(members.count)</td><td>\(list(members.prefix(30).map { assetLink($0) }))\(rest)</td>"
    }

    private func plannedConduits(_ plan: SegmentationPlan) -> HTML {
        guard !plan.conduits.isEmpty else { return .empty }
        let names = Dictionary(plan.zones.map { ($0.id, say($0.title)) }, uniquingKeysWith: { first, _ in first })
        func zone(_ id: String) -> String { id == "outside" ? words("外部", "outside") : names[id] ?? id }
        func ends(_ addresses: [IPAddress]) -> HTML {
            if addresses.isEmpty { return t("外部の任意", "anybody outside") }
            let shown = addresses.prefix(4).map { masker.show($0) }.joined(separator: ", ")
            return addresses.count > 4 ? "\(shown) +\(addresses.count - 4)" : "\(shown)"
        }
        let rows = plan.conduits.prefix(Limits.conduits).map { conduit -> HTML in
            "<tr><td>\(zone(conduit.from)) → \(zone(conduit.to))</td><td>\(conduit.service)<span class=\"note\">\(conduit.transport.word)/\(conduit.port == 0 ? "1024-65535" : "\(conduit.port)")</span></td><td class=\"mono\">\(ends(conduit.clients))</td><td class=\"mono\">\(ends(conduit.servers))</td><td class=\"num\">\(conduit.conversations)</td></tr>"
        }
        return """
            <table class="data"><caption>\(t("ゾーンの間で通すもの", "What passes between them"))</caption><thead><tr><th scope="col">\(t("ゾーン", "Zones"))</th><th scope="col">\(t("サービス", "Service"))</th><th scope="col">\(t("接続元", "Clients"))</th><th scope="col">\(t("接続先", "Servers"))</th><th scope="col" class="num">\(t("会話", "Conversations"))</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(more(plan.conduits.count - Limits.conduits))
            """
    }

    // MARK: As declared

    /// The declared zones, and what crosses between them.
    var declaredPart: HTML {
        guard let division = evidence.declaredDivision else { return .empty }
        let zones = division.zones.map { zone -> HTML in
            "<tr><td><b>\(declaredName(zone.name))</b></td><td class=\"center\">\(zone.level?.rawValue ?? "–")</td>\(memberCells(zone.members))</tr>"
        }
        let crossings = division.crossings.prefix(Limits.conduits).map { crossing -> HTML in
            let verdict: HTML =
                crossing.isPermitted ? t("許可", "allowed") : "<span class=\"mark\">\(t("不許可", "forbidden"))</span>"
            return
                "<tr\(crossing.isPermitted ? .empty : " class=\"alert\"")><td>\(verdict)</td><td>\(declaredName(crossing.from)) → \(declaredName(crossing.to))</td><td>\(say(crossing.service))</td><td class=\"num\">\(grouped(UInt64(crossing.conversations)))</td><td class=\"num\">\(bytes(crossing.bytes))</td><td>\(frameText(crossing.first))</td></tr>"
        }
        let unplaced: HTML =
            division.unplaced.isEmpty
            ? .empty
            : "<p class=\"note\">\(t("どのゾーンにもない機器が\(division.unplaced.count)台ある。", "\(division.unplaced.count) devices are in no declared zone."))</p>"
        let table: HTML =
            crossings.isEmpty
            ? t("<p>登録したゾーンの間の通信は見えなかった。</p>", "<p>No traffic between declared zones was seen.</p>")
            : """
            <table class="data"><caption>\(t("ゾーンをまたぐ通信", "What crosses between them"))</caption><thead><tr><th scope="col">\(t("判定", "Verdict"))</th><th scope="col">\(t("ゾーン", "Zones"))</th><th scope="col">\(t("サービス", "Service"))</th><th scope="col" class="num">\(t("会話", "Conversations"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th><th scope="col">\(t("最初のフレーム", "First frame"))</th></tr></thead><tbody>\(Array(crossings))</tbody></table>
            \(more(division.crossings.count - Limits.conduits))
            """
        return """
            <h3 id="declared-zones">\(t("登録した区分け", "Zones as declared"))</h3>
            <table class="data"><caption>\(t("登録したゾーン", "Declared zones"))</caption><thead><tr><th scope="col">\(t("ゾーン", "Zone"))</th><th scope="col" class="center">\(t("Purdueレベル", "Purdue level"))</th><th scope="col" class="num">\(t("機器", "Devices"))</th><th scope="col">\(t("属する機器", "Members"))</th></tr></thead><tbody>\(zones)</tbody></table>
            \(unplaced)
            \(table)
            """
    }

    private func declaredName(_ name: String) -> HTML {
        name == "outside" ? t("外部", "outside") : "\(say(name))"
    }

    // MARK: What the rules made of it

    /// Which rules looked, and which could not: so that "no finding" is not read as "no problem".
    package var verdictPart: HTML {
        guard !verdicts.isEmpty else { return .empty }
        func rows(_ outcome: RuleVerdict.Outcome) -> [RuleVerdict] { verdicts.filter { $0.outcome == outcome } }
        let clean = rows(.meets).map { "<code>\($0.rule)</code>" as HTML }
        let unknown = rows(.cannotTell).map { verdict -> HTML in
            "<li><code>\(verdict.rule)</code> \(verdict.why.map { say($0) } ?? "")</li>"
        }
        return """
            <h3>\(t("調べたこと", "What was looked for"))</h3>
            <p>\(t("規則\(verdicts.count)件のうち、指摘あり\(rows(.fails).count)件、指摘なし\(clean.count)件、判断できない\(unknown.count)件。", "Of \(verdicts.count) rules, \(rows(.fails).count) found something, \(clean.count) nothing, and \(unknown.count) cannot tell."))</p>
            \(clean.isEmpty ? .empty : "<p><span class=\"note\">\(t("調べて指摘がなかった規則", "Looked, and found nothing"))</span> \(HTML.joined(clean, separator: " "))</p>")
            \(unknown.isEmpty ? .empty : "<p class=\"note\">\(t("判断できなかった規則と理由", "Could not tell, and why"))</p><ul class=\"cannot\">\(unknown)</ul>")
            """
    }

    /// How the network bears its traffic.
    var healthRows: HTML {
        guard let health, health.frames > 0 else { return .empty }
        let mean: HTML =
            health.meanBitsPerSecond.map { rate in
                "<tr><th scope=\"row\">\(t("平均の通信量", "Mean load"))</th><td>\(Figures.bitRate(rate))</td></tr>"
            } ?? .empty
        let doubles: HTML =
            health.duplicateAddresses.isEmpty
            ? .empty
            : "<tr><th scope=\"row\">\(t("重なったアドレス", "Addresses used twice"))</th><td class=\"mono\">\(health.duplicateAddresses.prefix(12).map { say($0) }.joined(separator: ", "))</td></tr>"
        return """
            \(mean)\(peakRows(health))<tr><th scope="row">\(t("同報の割合", "Broadcast and multicast"))</th><td>\(t("フレームの\(Double(health.groupPerMille) / 10)％", "\(Double(health.groupPerMille) / 10) % of the frames"))(\(bytes(health.groupBytes)))</td></tr>\(repeatedRow(health))\(cycleRow(health))\(doubles)
            """
    }

    private func healthRow(_ title: HTML, _ text: HTML) -> HTML {
        "<tr><th scope=\"row\">\(title)</th><td>\(text)</td></tr>"
    }

    private func peakRows(_ health: NetworkHealth) -> HTML {
        let peaks = [
            (health.busiestSecond, t("最も混んだ1秒", "Busiest second")),
            (health.busiestMinute, t("最も混んだ1分", "Busiest minute")),
        ].map { peak, title -> HTML in
            guard let peak else { return .empty }
            return healthRow(title, "\(Figures.bitRate(peak.bitsPerSecond)) (\(date(peak.begin)) \(clock(peak.begin)))")
        }
        let use: HTML =
            health.busiestMinutePercent.map { percent in
                healthRow(
                    t("回線の使用率", "Use of the line"),
                    t(
                        "最も混んだ1分間で\(Figures.tenths(min(percent, 1e6)))％",
                        "\(Figures.tenths(min(percent, 1e6))) % in the busiest minute"))
            } ?? .empty
        return HTML.joined(peaks + [use], separator: "")
    }

    private func repeatedRow(_ health: NetworkHealth) -> HTML {
        guard let repeated = health.repeatedPerMille else { return .empty }
        return healthRow(
            t("再送", "Sent again"),
            t(
                "データのあるTCPセグメントの\(Figures.tenths(repeated / 10))％",
                "\(Figures.tenths(repeated / 10)) % of the TCP segments with data"))
    }

    private func cycleRow(_ health: NetworkHealth) -> HTML {
        guard let cycle = health.cycles?.first, let count = health.cycles?.count else { return .empty }
        let (mean, longest) = (Figures.milliseconds(cycle.mean), Figures.milliseconds(cycle.longest))
        return healthRow(
            t("周期通信", "Cyclic data"),
            t(
                "\(count)本を観測した。最も乱れたもの(\(cycle.service))は平均\(mean)ミリ秒、最長\(longest)ミリ秒",
                "\(Figures.count(count, "stream")) seen; the least steady (\(cycle.service)) has a mean of \(mean) ms and \(longest) ms at most"
            ))
    }
}
