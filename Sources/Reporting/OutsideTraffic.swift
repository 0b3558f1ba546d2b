import Assessment
package import Model
import Wording

/// What leaves the plant and comes in, how much of it is encrypted, and who is remotely at work.
extension Report {
    package var outsidePart: HTML {
        guard outside.conversations > 0 else {
            return t(
                "<p>外部(私設アドレスでない相手)との通信は見えなかった。見えないことは、ないことの証拠にならない。</p>",
                "<p>No traffic with outside addresses was seen, which does not prove that there is none.</p>")
        }
        let rest = outside.bytes &- min(outside.bytes, outside.encryptedWebBytes &+ outside.cleartextBytes)
        let restCount = max(
            0, outside.conversations - outside.encryptedWebConversations - outside.cleartextConversations)
        func row(_ label: HTML, _ conversations: Int, _ count: UInt64) -> HTML {
            let share = outside.bytes == 0 ? 0 : Double(count) / Double(outside.bytes) * 100
            return """
                <tr><th scope="row">\(label)</th><td class="num">\(grouped(UInt64(conversations)))</td><td class="num">\(bytes(count))</td><td class="wide">\(outside.isEnough ? shareBar(share) : "–")</td></tr>
                """
        }
        return """
            <table class="data narrow">
            <thead><tr><th scope="col">\(t("種類", "Kind"))</th><th scope="col" class="num">\(t("会話", "Conversations"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th><th scope="col" class="wide">\(t("割合(バイト)", "Share of bytes"))</th></tr></thead>
            <tbody>
            \(row(t("HTTPS(TLSとQUIC)", "HTTPS (TLS and QUIC)"), outside.encryptedWebConversations, outside.encryptedWebBytes))
            \(row(t("平文", "Cleartext"), outside.cleartextConversations, outside.cleartextBytes))
            \(row(t("その他(VPNを含む)", "Other, VPN included"), restCount, rest))
            </tbody>
            <tfoot><tr><th scope="row">\(t("合計", "Total"))</th><td class="num">\(grouped(UInt64(outside.conversations)))</td><td class="num">\(bytes(outside.bytes))</td><td></td></tr></tfoot>
            </table>
            <p>\(shareText)</p>
            \(directionRows)
            \(hostRows)
            """
    }

    private func shareCell(_ share: OutsideTraffic.Share) -> HTML {
        share.bytes == 0 ? "–" : "\(share.perMille / 10).\(share.perMille % 10) %"
    }

    /// The same by direction: what a plant sends out weighs other than what it fetches.
    private var directionRows: HTML {
        guard let sent = outside.sent, let received = outside.received else { return .empty }
        func row(_ label: HTML, _ share: OutsideTraffic.Share) -> HTML {
            "<tr><th scope=\"row\">\(label)</th><td class=\"num\">\(bytes(share.bytes))</td><td class=\"num\">\(bytes(share.encryptedWeb))</td><td class=\"num\">\(outside.isEnough ? shareCell(share) : "–")</td></tr>"
        }
        return """
            <table class="data narrow"><caption>\(t("向きごと", "By direction"))</caption><thead><tr><th scope="col">\(t("向き", "Direction"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th><th scope="col" class="num">HTTPS</th><th scope="col" class="num">\(t("割合", "Share"))</th></tr></thead><tbody>\(row(t("工場から外部へ", "From the plant to the outside"), sent))\(row(t("外部から工場へ", "From the outside to the plant"), received))</tbody></table>
            """
    }

    /// Who talks with the outside most.
    private var hostRows: HTML {
        let hosts = outside.hosts ?? []
        guard !hosts.isEmpty else { return .empty }
        let rows = hosts.prefix(Report.outsideHosts).map { host -> HTML in
            "<tr><td>\(assetLink(host.asset))</td><td class=\"num\">\(grouped(UInt64(host.conversations)))</td><td class=\"num\">\(bytes(host.sent.bytes))</td><td class=\"num\">\(bytes(host.received.bytes))</td><td class=\"num\">\(shareCell(host.both))</td></tr>"
        }
        return """
            <table class="data narrow"><caption>\(t("外部と通信した機器", "Devices that talk with the outside"))</caption><thead><tr><th scope="col">\(t("機器", "Device"))</th><th scope="col" class="num">\(t("会話", "Conversations"))</th><th scope="col" class="num">\(t("送信", "Sent"))</th><th scope="col" class="num">\(t("受信", "Received"))</th><th scope="col" class="num">\(t("HTTPSの割合", "HTTPS share"))</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(more(hosts.count - Report.outsideHosts))
            """
    }

    private static var outsideHosts: Int { 20 }

    private func shareBar(_ percent: Double) -> HTML {
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" x=\"0\" y=\"3\" width=\"100\" height=\"4\" /><rect class=\"share\" x=\"0\" y=\"3\" width=\"\(percent)\" height=\"4\" /><rect class=\"tick\" x=\"69.8\" y=\"1\" width=\"0.4\" height=\"8\" /></svg><span class=\"note\">\(percent) %</span>"
    }

    private var shareText: HTML {
        let enough = grouped(UInt64(OutsideTraffic.enoughConversations))
        guard outside.isEnough else {
            return t(
                "HTTPSの割合を言うには少なすぎる(\(enough)会話以上かつ\(bytes(OutsideTraffic.enoughBytes))以上で示す)。",
                "Too little to say what share is HTTPS: it is stated from \(enough) conversations and \(bytes(OutsideTraffic.enoughBytes))."
            )
        }
        let perMille = outside.encryptedWebPerMille
        let share = "\(perMille / 10).\(perMille % 10)"
        return outside.exceedsSeventyPercent
            ? t(
                "外部との通信の\(share)％がHTTPSで、70％を超える。暗号化された通信を検査する仕組み(SSLインスペクション)の導入を検討する対象である。これは対策の候補であり、レベルを上げる根拠にはならない。",
                "\(share) % of the bytes exchanged with the outside are HTTPS, more than 70 %: inspecting encrypted traffic (SSL inspection) should be considered. That is a possible measure and raises no level."
            )
            : t(
                "外部との通信の\(share)％がHTTPSで、70％を超えていない。",
                "\(share) % of the bytes exchanged with the outside are HTTPS, not more than 70 %.")
    }

    // MARK: Remote sessions

    package var remotePart: HTML {
        guard !sessions.isEmpty else {
            return t(
                "<p>リモート接続は見えなかった。見えないことは、ないことの証拠にならない。保守の時間帯に観測すると見える可能性がある。</p>",
                "<p>No remote session was seen, which does not prove that there is none; a capture during maintenance hours may show some.</p>"
            )
        }
        let rows = sessions.prefix(Limits.sessions).map(sessionRow)
        return """
            \(timeline)
            <div class="scroll" tabindex="0"><table class="data sessions">
            <thead><tr><th scope="col">\(t("番号", "No."))</th><th scope="col">\(t("方式", "Service"))</th><th scope="col">\(t("接続元", "From"))</th><th scope="col">\(t("接続先", "To"))</th><th scope="col">\(t("時間", "Time"))</th><th scope="col" class="num">\(t("送受信", "Traffic"))</th></tr></thead>
            <tbody>\(Array(rows))</tbody>
            </table></div>
            \(more(sessions.count - Limits.sessions))
            """
    }

    package func sessionLabel(_ session: RemoteSession) -> String { "R-\(places.sessions[session.id] ?? 0)" }

    package func endText(_ end: Endpoint) -> String {
        end.ip.map { masker.show($0) } ?? end.mac.map { masker.show($0) } ?? "–"
    }

    private func sessionRow(_ session: RemoteSession) -> HTML {
        let number = places.sessions[session.id] ?? 0
        let risky = session.origin == .outside && session.reachesOT && !session.isTunnel
        func end(_ end: Endpoint, _ port: UInt16?, _ asset: String?) -> HTML {
            let address: HTML = "\(endText(end))\(port.map { ":\($0)" } ?? "")"
            return asset.map { "\(assetLink($0))<span class=\"note mono\">\(address)</span>" }
                ?? "<span class=\"mono\">\(address)</span><span class=\"note\">\(t("外部", "outside"))</span>"
        }
        let user: HTML =
            session.user.map {
                "<span class=\"note\">\(t("利用者", "user")) \(masker.pseudonym(.user, $0.visible))</span>"
            } ?? .empty
        return """
            <tr id="session-\(number)"\(risky ? " class=\"alert\"" : .empty)><td>\(sessionLabel(session))</td>
            <td>\(session.service.uppercased())<span class="note">\(session.origin.name(in: language))\(session.isTunnel ? t("・トンネル", " · tunnel") : .empty)\(session.isEstablished ? .empty : t("・応答なし", " · not answered"))</span>\(session.reachesOT ? "<span class=\"mark\">\(t("制御系に到達", "reaches OT"))</span>" : .empty)\(sessionNotes(session))</td>
            <td>\(end(session.client, nil, session.clientAsset))\(user)</td><td>\(end(session.server, session.serverPort, session.serverAsset))</td>
            <td>\(periodText(session.seen.first.time, session.seen.last.time))<span class="note">\(frameText(session.seen.first)) – \(frameText(session.seen.last))</span></td><td class="num">\(bytes(session.fromClient.bytes &+ session.fromServer.bytes))</td></tr>
            """
    }

    /// Who is at it, what the plant's declaration says of it, and by which sessions its user came.
    private func sessionNotes(_ session: RemoteSession) -> HTML {
        var notes: HTML = .empty
        if let character = session.character {
            notes = notes + "<span class=\"note\">\(character.name(in: language))</span>"
        }
        if let permission = session.permission {
            notes =
                notes
                + (permission == .permitted
                    ? "<span class=\"note\">\(permission.name(in: language))</span>"
                    : "<span class=\"mark\">\(permission.name(in: language))</span>")
        }
        let way = (session.way ?? []).compactMap { id in places.sessions[id].map { "R-\($0)" } }
        if !way.isEmpty {
            notes = notes + "<span class=\"note\">\(t("経由", "by way of")) \(way.joined(separator: " → "))</span>"
        }
        return notes
    }

    /// `C-1 #1714`: capture and frame number as Wireshark counts.
    package func frameText(_ frame: FrameRef) -> String { "C-\(places.captures[frame.capture] ?? 0) #\(frame.number)" }

    /// Bars over the hours of the day in which sessions were open, outside ones in the alarming colour.
    private var timeline: HTML {
        let shown = sessions.prefix(24)
        guard let coverage, coverage.last > coverage.first else { return .empty }
        let (left, width, line) = (132.0, 560.0, 17.0)
        let height = 30 + line * Double(shown.count)
        let span = max(Double(coverage.last.elapsed(since: coverage.first)), 1)
        func x(_ time: Timestamp) -> Double {
            left + width * min(Double(time.elapsed(since: coverage.first)) / span, 1)
        }
        var parts: [HTML] = []
        for step in 0...4 {
            let time = Timestamp(nanoseconds: coverage.first.nanoseconds &+ Int64(min(span / 4 * Double(step), 9e18)))
            let place = x(time)
            parts.append("<line class=\"grid\" x1=\"\(place)\" y1=\"18\" x2=\"\(place)\" y2=\"\(height - 6)\" />")
            let anchor: HTML = step == 0 ? "start" : step == 4 ? "end" : "middle"
            parts.append(
                "<text class=\"when\" x=\"\(place)\" y=\"12\" text-anchor=\"\(anchor)\">\(timelineLabel(time, span / 1e9))</text>"
            )
        }
        for (index, session) in shown.enumerated() {
            let y = 22 + line * Double(index)
            let from = x(session.seen.first.time)
            let length = max(x(session.seen.last.time) - from, 2.5)
            let kind: HTML =
                session.origin == .outside && !session.isTunnel ? "outside" : session.isTunnel ? "tunnel" : "inside"
            parts.append(
                "<text class=\"what\" x=\"0\" y=\"\(y + 10)\">\(sessionLabel(session)) \(Report.clipped(session.service.uppercased(), 9))\(t("・", " · "))\(session.origin.name(in: language))</text>"
            )
            parts.append(
                "<rect class=\"\(kind)\" x=\"\(from)\" y=\"\(y + 2)\" width=\"\(length)\" height=\"9\" rx=\"2\" />")
        }
        return """
            <div class="scroll" tabindex="0"><svg class="timeline" viewBox="0 0 700 \(height)" role="img" aria-label="\(t("リモート接続の時間帯", "Remote sessions over time"))">\(parts)</svg></div>
            <p class="note">\(t("赤: 外部から直接、青: トンネル(VPN)、灰: 内部または外部へ。時刻は\(zoneName)。", "Red: straight from outside, blue: tunnels (VPN), grey: inside or to the outside. Times are \(zoneName)."))</p>
            """
    }

    private func timelineLabel(_ time: Timestamp, _ seconds: Double) -> String {
        seconds > 86_400 ? "\(date(time)) \(clock(time, seconds: false))" : clock(time, seconds: seconds < 3600)
    }
}
