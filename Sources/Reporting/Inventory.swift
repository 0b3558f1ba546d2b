import Assessment
import Evidence
import Model
import Wording

/// The devices, and the network around them.
extension Report {
    var network: HTML {
        guard !captures.isEmpty else {
            return t(
                "<p class=\"callout\">通信の観測がないため、構成図、資産一覧、外部との通信、リモート接続は示せない。</p>",
                "<p class=\"callout\">Without captures there is no diagram, no inventory, and nothing to say of outside traffic or remote sessions.</p>"
            )
                + ["diagram", "inventory", "outside", "remote", "zones"].map { "<span id=\"\($0)\"></span>" as HTML }
                .reduce(
                    .empty, +)
                + ledgerPart
        }
        return """
            <h3 id="diagram">\(t("構成図(観測)", "Diagram (as observed)"))</h3>
            \(diagramPart)
            <h3 id="inventory">\(t("資産一覧", "Asset inventory"))</h3>
            \(inventory)
            <h3 id="outside">\(t("外部との通信", "Traffic with the outside"))</h3>
            \(outsidePart)
            <h3 id="remote">\(t("リモート接続", "Remote sessions"))</h3>
            \(remotePart)
            <h3 id="zones">\(t("区分けの案", "A workable segmentation"))</h3>
            \(plannedPart)
            \(declaredPart)
            \(ledgerPart)
            """
    }

    private var inventory: HTML {
        guard !assets.isEmpty else { return t("<p>通信から読み取れた機器はない。</p>", "<p>No device was read from the traffic.</p>") }
        let counts = Dictionary(grouping: assets, by: \.tier).mapValues(\.count)
        let summary = Tier.topToBottom.compactMap { tier in counts[tier].map { "\(tier.name(in: language)) \($0)" } }
        let unlisted = Set(ledgerMatch?.unlisted ?? [])
        let rows = assets.prefix(Limits.assets).map { row($0, isUnlisted: unlisted.contains($0.id)) }
        return """
            <p>\(t("通信していた機器は\(assets.count)台である。内訳: \(summary.joined(separator: "、"))。役割は通信から推定したもので、空欄は「通信からは分からない」ことを示す。", "\(assets.count) devices talked: \(summary.joined(separator: ", ")). Roles are inferred from traffic; a blank means the traffic does not tell."))</p>
            <table class="data inventory">
            <thead><tr><th scope="col">\(t("名前", "Name"))</th><th scope="col">\(t("役割", "Role"))</th><th scope="col">\(t("アドレス", "Addresses"))</th><th scope="col">\(t("メーカーと型式", "Vendor and model"))</th><th scope="col">\(t("提供・利用", "Serves · uses"))</th><th scope="col" class="num">\(t("送受信", "Traffic"))</th></tr></thead>
            <tbody>\(Array(rows))</tbody>
            </table>
            \(more(assets.count - Limits.assets, command: "otscan assets"))
            """
    }

    private func row(_ asset: Asset, isUnlisted: Bool) -> HTML {
        let number = places.assets[asset.id] ?? 0
        let ips = asset.addresses
        let macs = asset.macs
        var addresses = ips.prefix(3).map { "\(masker.show($0))" as HTML }
        if ips.count > 3 { addresses.append(t("ほか\(ips.count - 3)", "+\(ips.count - 3)")) }
        var addressNotes: [HTML] = []
        for mac in macs.prefix(2) { addressNotes.append("<span class=\"note\">\(masker.show(mac))</span>") }
        if macs.count > 2 {
            addressNotes.append("<span class=\"note\">\(t("ほか\(macs.count - 2)", "+\(macs.count - 2)"))</span>")
        }
        let vlans = Set(asset.interfaces.flatMap(\.vlans)).subtracting([0]).sorted()
        if !vlans.isEmpty {
            addressNotes.append(
                "<span class=\"note\">VLAN \(vlans.prefix(6).map(String.init).joined(separator: ", "))</span>")
        }
        let maker: [HTML] = [show(asset.vendor), show(asset.model)].filter { !$0.isEmpty }.map { "\($0)" }
        var makerNotes: [HTML] = []
        if let firmware = asset.firmware {
            makerNotes.append("<span class=\"note\">\(t("ファームウェア", "firmware")) \(show(firmware))</span>")
        }
        if let os = asset.os { makerNotes.append("<span class=\"note\">\(show(os))</span>") }
        if let serial = asset.serial, !masker.isActive {
            makerNotes.append("<span class=\"note\">\(t("製造番号", "serial")) \(serial)</span>")
        }
        let role = asset.roles.first
        let others = asset.roles.dropFirst().prefix(2).map { $0.role.name(in: language) }
        let flags: HTML = asset.isBehindRouter ? "<span class=\"note\">\(t("ルータの先", "behind a router"))</span>" : .empty
        let note = noteText(asset.id)
        let services = Report.shortened(asset.services)
        let uses = Report.shortened(asset.uses)
        return """
            <tr id="asset-\(number)"><td><b>\(name(asset))</b>\(isUnlisted ? "<span class=\"mark\">\(t("台帳外", "unlisted"))</span>" : .empty)\(flags)</td>
            <td>\(role.map { "\($0.role.name(in: language))" } ?? "")\(others.isEmpty ? .empty : "<span class=\"note\">\(others.joined(separator: words("、", ", ")))</span>")\(note)</td>
            <td class="mono">\(.joined(addresses, separator: "<br />"))\(addressNotes)</td><td>\(.joined(maker, separator: "<br />"))\(makerNotes)</td>
            <td>\(services)\(uses.isEmpty ? .empty : "<span class=\"note\">→ \(uses)</span>")</td><td class="num">\(bytes(asset.sent.bytes &+ asset.received.bytes))</td></tr>
            """
    }

    /// What people said of an asset: that it is confirmed, how critical it is, whose it is.
    package func noteText(_ id: String) -> HTML {
        guard let note = notes[id] else { return .empty }
        var parts: [HTML] = []
        if note.isConfirmed { parts.append(t("確認済み", "confirmed")) }
        if let criticality = note.criticality {
            parts.append(t("重要度 \(criticality.name(in: language))", "criticality \(criticality.name(in: language))"))
        }
        if !note.owner.isEmpty {
            parts.append(
                t("管理者 \(masker.pseudonym(.user, note.owner))", "owner \(masker.pseudonym(.user, note.owner))"))
        }
        return parts.isEmpty
            ? .empty : "<span class=\"note\">\(.joined(parts, separator: isJapanese ? "、" : ", "))</span>"
    }

    private static func shortened(_ names: [String]) -> String {
        let shown = names.prefix(6).joined(separator: ", ")
        return names.count > 6 ? "\(shown), +\(names.count - 6)" : shown
    }

    // MARK: Ledger

    package var ledgerPart: HTML {
        """
        <h3 id="ledger">\(t("台帳との照合", "Compared with the ledger"))</h3>
        \(ledgerBody)
        """
    }

    private var ledgerBody: HTML {
        guard let ledger else {
            return t(
                "<p>台帳は取り込まれていない。取り込むと、台帳にない機器と、台帳にあって見えなかった機器が分かる。</p>",
                "<p>No ledger was imported. With one, devices missing from it, and listed devices that were not seen, would show here.</p>"
            )
        }
        guard let match = ledgerMatch else {
            return t(
                "<p>台帳(\(ledger.count)件)は取り込まれているが、通信との照合はまだ行っていない。</p>",
                "<p>A ledger of \(ledger.count) entries was imported, but not yet compared with traffic.</p>")
        }
        let lines = Dictionary(ledger.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
        let changed = match.pairs.filter { !$0.changes.isEmpty }
        let unlisted = match.unlisted.prefix(Limits.ledgerLines).map { id -> HTML in
            let asset = places.assets[id].flatMap { assets.indices.contains($0 - 1) ? assets[$0 - 1] : nil }
            return
                "<tr><td>\(assetLink(id))</td><td>\(asset?.role.name(in: language) ?? "")</td><td class=\"mono\">\(asset?.addresses.prefix(2).map { masker.show($0) }.joined(separator: ", ") ?? "")</td><td>\(show(asset?.vendor)) \(show(asset?.model))</td></tr>"
        }
        let notSeen = match.notSeen.prefix(Limits.ledgerLines).compactMap { lines[$0] }.map { entry -> HTML in
            "<tr><td class=\"num\">\(entry.line)</td><td>\(say(entry.key)) \(ledgerName(entry))</td><td class=\"mono\">\(entry.addresses.map { masker.show($0) }.joined(separator: ", "))</td><td>\(say(entry.vendor)) \(say(entry.model))</td><td>\(say(entry.location))</td></tr>"
        }
        let different = changed.prefix(Limits.ledgerLines).map { pair -> HTML in
            "<tr><td class=\"num\">\(pair.line)</td><td>\(lines[pair.line].map { ledgerName($0) } ?? "")</td><td>\(assetLink(pair.asset))</td><td>\(pair.changes.map { LedgerMatch.changeName($0, in: language) }.joined(separator: words("、", ", ")))</td></tr>"
        }
        return """
            <p>\(t("台帳\(ledger.count)件のうち\(match.seenLines)件を通信で確認した。台帳にない機器は\(match.unlisted.count)台、台帳にあって見えなかったものは\(match.notSeen.count)件、内容の異なるものは\(changed.count)件である。", "Of \(ledger.count) ledger entries \(match.seenLines) were confirmed by traffic; \(match.unlisted.count) devices are not in the ledger, \(match.notSeen.count) entries were not seen, \(changed.count) differ."))</p>
            \(ledgerTable(t("台帳にない機器", "Seen and not listed"), [t("機器", "Device"), t("役割", "Role"), t("アドレス", "Addresses"), t("メーカーと型式", "Vendor and model")], Array(unlisted), match.unlisted.count))
            \(ledgerTable(t("台帳にあって見えなかったもの(撤去されたとは限らない)", "Listed and not seen (which does not mean gone)"), [t("行", "Line"), t("台帳の名前", "Ledger entry"), t("アドレス", "Addresses"), t("メーカーと型式", "Vendor and model"), t("場所", "Location")], Array(notSeen), match.notSeen.count))
            \(ledgerTable(t("内容の異なるもの", "Listed differently"), [t("行", "Line"), t("台帳の名前", "Ledger entry"), t("通信で見えた機器", "Device seen"), t("異なる項目", "Differs in")], Array(different), changed.count))
            """
    }

    private func ledgerName(_ entry: LedgerEntry) -> String {
        guard masker.isActive else { return entry.name.isEmpty ? entry.hostname : entry.name }
        let name = entry.name.isEmpty ? entry.hostname : entry.name
        return name.isEmpty ? "" : masker.pseudonym(.host, name.trimmed)
    }

    private func ledgerTable(_ caption: HTML, _ heads: [HTML], _ rows: [HTML], _ count: Int) -> HTML {
        guard !rows.isEmpty else { return .empty }
        return """
            <table class="data"><caption>\(caption)</caption><thead><tr>\(heads.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead><tbody>\(rows)</tbody></table>
            \(more(count - rows.count))
            """
    }
}
