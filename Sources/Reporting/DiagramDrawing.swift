import Assessment
import Foundation
package import Model
import Wording

/// The network diagram, and the same content as tables.
extension Report {
    package var diagramPart: HTML {
        guard !assets.isEmpty else { return t("<p>描くものがない。</p>", "<p>There is nothing to draw.</p>") }
        let layout = DiagramLayout(assets: assets, segments: segments, conduits: conduits)
        let links = DiagramLinks(layout, segments: segments, conduits: conduits)
        let collapsed: HTML =
            layout.isCollapsed ? t("台数が多い役割は一つの図形にまとめた。", " Roles with many devices are drawn as one symbol.") : .empty
        return """
            <figure class="network">
            <svg class="diagram" viewBox="0 0 \(DiagramLayout.width) \(layout.height)" aria-label="\(t("ネットワーク構成図", "Network diagram"))">
            \(laneBoxes(layout))
            \(links.draw(layout))
            \(outsideBand(layout))
            \(sessionLines(layout))
            \(layout.gateways.map(nodeMark))
            \(layout.lanes.flatMap(\.nodes).map(nodeMark))
            </svg>
            <figcaption>\(t("通信から描いた図であり、物理的な配線ではない。線の太さは通信量を表す。", "Drawn from traffic; it is not the cabling. The width of a line stands for the volume of traffic."))\(collapsed) \(legend)</figcaption>
            </figure>
            \(segmentTable(layout))
            \(conduitTable)
            """
    }

    private var legend: HTML {
        """
        <span class="key"><i class="swatch ot"></i>\(t("制御系", "OT"))</span><span class="key"><i class="swatch it"></i>\(t("情報系", "IT"))</span><span class="key"><i class="swatch net"></i>\(t("通信機器", "network"))</span><span class="key"><i class="swatch none"></i>\(t("その他", "other"))</span><span class="key"><i class="swatch remote"></i>\(t("外部とのリモート接続", "remote session with the outside"))</span><span class="key"><i class="swatch tunnel"></i>\(t("トンネル(VPN)", "tunnel (VPN)"))</span><span class="key"><i class="swatch jump"></i>\(t("内部から制御系への接続", "inside session into OT"))</span>\(ledgerMatch == nil ? .empty : "<span class=\"key\"><i class=\"swatch unlisted\"></i>\(t("台帳外", "not in the ledger"))</span>")
        """
    }

    private func laneBoxes(_ layout: DiagramLayout) -> HTML {
        .joined(
            layout.lanes.map { lane in
                let x = DiagramLayout.gutter
                let title: HTML =
                    lane.segment.map { "\(segmentName($0))" }
                    ?? (lane.isRest ? t("そのほかの区画", "Further segments") : t("区画に属さない機器", "Devices in no segment"))
                let counts: HTML =
                    lane.segment.map { segment in
                        "<text class=\"lane-count\" x=\"\(DiagramLayout.width - 10)\" y=\"\(lane.y + 15)\" text-anchor=\"end\">\(t("制御系", "OT")) \(segment.otCount)\(t("・", " · "))\(t("情報系", "IT")) \(segment.itCount)</text>"
                    } ?? .empty
                let labels = lane.labels.map { label -> HTML in
                    "<text class=\"tier\" x=\"\(label.x)\" y=\"\(label.y)\">\(label.tier.name(in: language))</text>"
                }
                return """
                    <rect class="lane" x="\(x)" y="\(lane.y)" width="\(DiagramLayout.width - x - 1)" height="\(lane.height)" rx="4" />
                    <text class="lane-name" x="\(x + 8)" y="\(lane.y + 15)">\(title)</text>\(counts)\(labels)

                    """
            })
    }

    package func segmentName(_ segment: Segment, isShort: Bool = false) -> String {
        var parts: [String] = []
        if segment.vlan != 0 { parts.append("VLAN \(segment.vlan)") }
        if let prefix = segment.prefix {
            parts.append(
                masker.show(prefix) + (segment.prefixIsDeclared || isShort ? "" : words("(推定)", " (inferred)")))
        }
        return parts.isEmpty ? words("タグなし", "untagged") : parts.joined(separator: " · ")
    }

    // MARK: Nodes

    private func nodeMark(_ node: DiagramLayout.Node) -> HTML {
        let asset = node.isGroup ? nil : node.assets.first.flatMap(asset)
        let unlisted = Set(ledgerMatch?.unlisted ?? [])
        let kind: HTML =
            switch node.tier {
            case .control, .field, .supervision: "ot"
            case .network: "net"
            case .server, .office: asset.map { $0.isOT && !$0.isIT ? "ot" : "it" } ?? "it"
            case .unknown: "none"
            }
        let ring: HTML =
            node.assets.contains(where: unlisted.contains)
            ? "<circle class=\"unlisted\" cx=\"\(node.x)\" cy=\"\(node.y)\" r=\"17\" />" : .empty
        let (first, second) = labels(node, asset)
        let count: HTML =
            node.isGroup
            ? "<rect class=\"count\" x=\"\(node.x + 8)\" y=\"\(node.y - 18)\" width=\"\(14 + 6 * Double(String(node.assets.count).count))\" height=\"14\" rx=\"7\" /><text class=\"count-text\" x=\"\(node.x + 15 + 3 * Double(String(node.assets.count).count))\" y=\"\(node.y - 7.5)\">×\(node.assets.count)</text>"
            : .empty
        let drawing: HTML = """
            <g class="node \(kind)">\(ring)<circle class="plate" cx="\(node.x)" cy="\(node.y)" r="15" /><use href="#\(RoleIcon(node.role).anchor)" x="\(node.x - 11)" y="\(node.y - 11)" width="22" height="22" />\(count)<text class="label" x="\(node.x)" y="\(node.y + 26)">\(first)</text><text class="sub" x="\(node.x)" y="\(node.y + 36)">\(second)</text></g>

            """
        guard let asset, let number = places.assets[asset.id] else { return drawing }
        if options.links == .pages { return "<a href=\"\(Report.page("assets", asset.id))\">\(drawing)</a>" }
        guard number <= Limits.assets else { return drawing }
        return "<a href=\"#asset-\(number)\">\(drawing)</a>"
    }

    private func asset(_ id: String) -> Asset? {
        places.assets[id].flatMap { assets.indices.contains($0 - 1) ? assets[$0 - 1] : nil }
    }

    /// A name and an address; the role where a device has not told its name.
    private func labels(_ node: DiagramLayout.Node, _ asset: Asset?) -> (String, String) {
        let role = node.role.name(in: language)
        guard let asset else {
            return (Report.clipped(role, 15), words("\(node.assets.count)台", "\(node.assets.count) devices"))
        }
        let address =
            (asset.addresses.first { $0.isV4 } ?? asset.addresses.first).map { masker.show($0) } ?? asset.macs.first.map
        { masker.show($0) } ?? ""
        let title: String
        if let hostname = asset.hostname {
            title = masker.pseudonym(.host, hostname.visible.trimmed)
        } else if let model = asset.model {
            title = show(model)
        } else {
            title = role
        }
        return (Report.clipped(title, 15), Report.clipped(address, 17))
    }

    /// The text cut to a width in half-width characters, with an ellipsis.
    package static func clipped(_ text: String, _ width: Int) -> String {
        func size(_ character: Character) -> Int { character.unicodeScalars.allSatisfy { $0.value < 0x1100 } ? 1 : 2 }
        var total = 0
        for character in text { total += size(character) }
        guard total > width else { return text }
        var (kept, used) = ("", 1)
        for character in text {
            used += size(character)
            if used > width { break }
            kept.append(character)
        }
        return kept + "…"
    }

    // MARK: Outside and remote sessions

    /// Sessions that cross the boundary, one line per service and pair, the ones that reach the process first.
    private var crossing: [RemoteSession] {
        var seen: Set<String> = []
        return sessions.filter { $0.origin != .inside }.sorted {
            ($0.origin == .outside ? 0 : 1, $0.reachesOT ? 0 : 1, $0.seen.first.time) < (
                $1.origin == .outside ? 0 : 1, $1.reachesOT ? 0 : 1, $1.seen.first.time
            )
        }.filter {
            seen.insert(
                "\($0.service) \($0.client.ip.map(\.description) ?? "") \($0.server.ip.map(\.description) ?? "")"
            ).inserted
        }
    }

    private static let peerLimit = 5

    private static func peerEdge(_ index: Int) -> Double { DiagramLayout.gutter + 6 + Double(index) * 121 }

    /// Where the line leaves a peer's box: between two columns, so that it runs beside the symbols below.
    private static func peerFoot(_ index: Int) -> Double {
        let column = ((peerEdge(index) + 8 - DiagramLayout.gutter) / DiagramLayout.cell.width).rounded(.up)
        return DiagramLayout.gutter + column * DiagramLayout.cell.width
    }

    private func outsideBand(_ layout: DiagramLayout) -> HTML {
        let isUsed =
            outside.conversations > 0 || conduits.contains { $0.from == "outside" || $0.to == "outside" }
            || !crossing.isEmpty
        guard isUsed else { return .empty }
        let middle = DiagramLayout.gutter / 2
        let peers = crossing.prefix(Report.peerLimit).enumerated().map { index, session -> HTML in
            let x = Report.peerEdge(index)
            let peer = session.origin == .outside ? session.client : session.server
            return """
                <g class="peer\(session.isTunnel ? " tunnel" : "")"><rect x="\(x)" y="14" width="115" height="32" rx="3" /><text class="label" x="\(x + 57.5)" y="27">\(sessionLabel(session)) \(Report.clipped(session.service.uppercased(), 10))</text><text class="sub" x="\(x + 57.5)" y="39">\(Report.clipped(endText(peer), 20))</text></g>

                """
        }
        let rest = crossing.count - peers.count
        let more: HTML =
            rest > 0
            ? "<text class=\"sub\" x=\"\(DiagramLayout.width - 6)\" y=\"60\" text-anchor=\"end\">\(t("ほか\(rest)件", "and \(rest) more"))</text>"
            : .empty
        return """
            <g class="outside"><use href="#\(RoleIcon.cloud.anchor)" x="\(middle - 30)" y="2" width="60" height="60" /><text class="label" x="\(middle)" y="41">\(t("外部", "outside"))</text><text class="sub" x="\(middle + 7)" y="72">\(bytes(outside.bytes))</text></g>
            \(peers)\(more)
            """
    }

    private func sessionLines(_ layout: DiagramLayout) -> HTML {
        var lines: [HTML] = []
        let busTop = (layout.lanes.first?.y ?? DiagramLayout.top) - 12
        for (index, session) in crossing.prefix(Report.peerLimit).enumerated() {
            guard let inside = session.origin == .outside ? session.serverAsset : session.clientAsset,
                let target = layout.place(of: inside)
            else { continue }
            let from = Report.peerFoot(index)
            let bus = busTop + Double(index) * 2.4
            let channel = target.x - DiagramLayout.cell.width / 2 + 2 + Double(index) * 2.4
            let kind: HTML = session.isTunnel ? "session tunnel" : "session"
            let toGateway = target.y < busTop
            let path: HTML =
                toGateway
                ? "M\(from) 46V\(DiagramLayout.top - 8)H\(target.x)V\(target.y - 16)"
                : "M\(from) 46V\(bus)H\(channel)V\(target.y)H\(target.x - 17)"
            lines.append("<path class=\"\(kind)\" d=\"\(path)\" />")
            lines.append(
                toGateway
                    ? "<path class=\"\(kind) head\" d=\"M\(target.x - 3.5) \(target.y - 21)L\(target.x) \(target.y - 16)L\(target.x + 3.5) \(target.y - 21)z\" />"
                    : "<path class=\"\(kind) head\" d=\"M\(target.x - 22) \(target.y - 3.5)L\(target.x - 16) \(target.y)L\(target.x - 22) \(target.y + 3.5)z\" />"
            )
        }
        var drawn: Set<String> = []
        for session in sessions where session.origin == .inside && session.reachesOT && drawn.count < 6 {
            guard let a = session.clientAsset, let b = session.serverAsset, a != b, drawn.insert("\(a) \(b)").inserted,
                let from = layout.place(of: a), let to = layout.place(of: b)
            else { continue }
            let bend = (from.y + to.y) / 2
            lines.append(
                "<path class=\"session jump\" d=\"M\(from.x) \(from.y)C\(from.x) \(bend) \(to.x) \(bend) \(to.x) \(to.y)\" />"
            )
        }
        return .joined(lines)
    }

    // MARK: The same as tables

    private func segmentTable(_ layout: DiagramLayout) -> HTML {
        let shown = segments.filter { layout.homes.contains($0.id) }
        let rows = shown.prefix(Limits.segments).map { segment -> HTML in
            "<tr><td>\(segmentName(segment))</td><td class=\"num\">\(segment.members.count)</td><td class=\"num\">\(segment.otCount)</td><td class=\"num\">\(segment.itCount)</td><td>\(list(segment.gateways.map(assetLink)))</td></tr>"
        }
        guard !rows.isEmpty else { return .empty }
        let far: HTML =
            segments.count > shown.count
            ? t(
                "<p class=\"more\">ルータの先としてだけ見えた区画\(segments.count - shown.count)件は省いた。</p>",
                "<p class=\"more\">\(segments.count - shown.count) segments that were seen only as the far side of a router are left out.</p>"
            )
            : .empty
        return """
            <table class="data\(rows.count < 16 ? " keep" : "")"><caption>\(t("区画", "Segments"))</caption><thead><tr><th scope="col">\(t("区画", "Segment"))</th><th scope="col" class="num">\(t("機器", "Devices"))</th><th scope="col" class="num">\(t("制御系", "OT"))</th><th scope="col" class="num">\(t("情報系", "IT"))</th><th scope="col">\(t("ゲートウェイ", "Gateways"))</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(more(shown.count - Limits.segments))\(far)
            """
    }

    private var conduitTable: HTML {
        guard !conduits.isEmpty else { return .empty }
        let names = Dictionary(
            segments.map { ($0.id, segmentName($0, isShort: true)) }, uniquingKeysWith: { first, _ in first })
        func end(_ id: String) -> String { id == "outside" ? words("外部", "outside") : names[id] ?? masker.text(id) }
        let sorted = conduits.sorted { ($1.bytes, $0.from, $0.to) < ($0.bytes, $1.from, $1.to) }
        let rows = sorted.prefix(Limits.conduits).map { conduit -> HTML in
            "<tr><td>\(end(conduit.from))</td><td>\(end(conduit.to))</td><td>\(conduit.services.prefix(8).joined(separator: ", "))</td><td>\(list(conduit.via.prefix(4).map(assetLink)))</td><td class=\"num\">\(conduit.conversations)</td><td class=\"num\">\(bytes(conduit.bytes))</td></tr>"
        }
        return """
            <table class="data\(rows.count < 16 ? " keep" : "")"><caption>\(t("区画をまたぐ通信", "Traffic between segments"))</caption><thead><tr><th scope="col">\(t("から", "From"))</th><th scope="col">\(t("へ", "To"))</th><th scope="col">\(t("サービス", "Services"))</th><th scope="col">\(t("経由", "Via"))</th><th scope="col" class="num">\(t("会話", "Conversations"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(more(conduits.count - Limits.conduits))
            """
    }
}
