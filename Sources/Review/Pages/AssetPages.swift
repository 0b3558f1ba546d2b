import Assessment
import Evidence
import Model
import Reporting
import Wording

/// The devices: to find one, to correct what is said of it, and to confirm it.
extension Desk {
    private static let pageSize = 100

    func assetsPage(_ visit: Visit) -> Page {
        let report = visit.report
        let text = visit.query("q").trimmed.lowercased()
        let role = Role(rawValue: visit.query("role"))
        let state = visit.query("state")
        let unlisted = Set(report.ledgerMatch?.unlisted ?? [])
        let found = report.assets.filter { asset in
            if let role, asset.role != role { return false }
            switch state {
            case "unlisted" where !unlisted.contains(asset.id): return false
            case "unconfirmed" where report.notes[asset.id]?.isConfirmed == true: return false
            case "confirmed" where report.notes[asset.id]?.isConfirmed != true: return false
            case "ot" where !asset.isOT: return false
            case "it" where !asset.isIT: return false
            default: break
            }
            return text.isEmpty || Desk.matches(asset, text)
                || (report.notes[asset.id]?.owner.lowercased().contains(text) ?? false)
        }
        let shown = found.dropFirst((visit.pageNumber - 1) * Desk.pageSize).prefix(Desk.pageSize)
        let rows = shown.map { row($0, isUnlisted: unlisted.contains($0.id), report) }
        let roles = Set(report.assets.map(\.role)).sorted { $0.name(in: visit.language) < $1.name(in: visit.language) }
        let roleOptions = roles.map { option($0.rawValue, $0.name(in: visit.language), visit.query("role")) }
        let states: [(String, String)] = [
            ("", report.words("全て", "all")), ("unconfirmed", report.words("未確認", "not confirmed")),
            ("confirmed", report.words("確認済み", "confirmed")), ("unlisted", report.words("台帳外", "not in the ledger")),
            ("ot", report.words("制御系", "OT")), ("it", report.words("情報系", "IT")),
        ]
        let confirmed = report.assets.count { report.notes[$0.id]?.isConfirmed == true }
        return Page(
            section: .assets, title: report.words("資産", "Assets"),
            body: """
                <h1>\(report.t("資産一覧", "Asset inventory"))</h1>
                <p class="note">\(report.t("観測された\(report.assets.count)台のうち\(confirmed)台を確認済み。空欄は「通信からは分からない」を意味する。", "\(confirmed) of \(report.assets.count) observed devices are confirmed. A blank means the traffic does not tell."))</p>
                <form class="finder" method="get" action="/assets" role="search"><label>\(report.t("探す", "Search")) <input type="search" name="q" value="\(visit.query("q"))" data-key="/" /></label><label>\(report.t("役割", "Role")) <select name="role"><option value="">\(report.t("全て", "all"))</option>\(roleOptions)</select></label><label>\(report.t("状態", "State")) <select name="state">\(states.map { option($0.0, $0.1, state) })</select></label><button type="submit">\(report.t("絞り込む", "Show"))</button></form>
                <p class="count" role="status">\(report.t("\(found.count)台", "\(found.count) devices"))</p>
                <div class="scroll" tabindex="0"><table class="data assets"><thead><tr><th scope="col">\(report.t("名前", "Name"))</th><th scope="col">\(report.t("役割", "Role"))</th><th scope="col">\(report.t("アドレス", "Addresses"))</th><th scope="col">\(report.t("メーカーと型式", "Vendor and model"))</th><th scope="col">\(report.t("提供・利用", "Serves · uses"))</th><th scope="col" class="num">\(report.t("送受信", "Traffic"))</th><th scope="col">\(report.t("最後に観測", "Last seen"))</th></tr></thead><tbody>\(rows)</tbody></table></div>
                \(rows.isEmpty ? "<p>\(report.t("該当する機器はない。", "No device matches."))</p>" : .empty)
                \(pager(visit, count: found.count, size: Desk.pageSize, at: visit.pageNumber, keeping: ["q", "role", "state"]))
                """, isWide: true)
    }

    func option(_ value: String, _ name: String, _ chosen: String) -> HTML {
        let mark: HTML = value == chosen ? " selected=\"selected\"" : .empty
        return "<option value=\"\(value)\"\(mark)>\(name)</option>"
    }

    private static func matches(_ asset: Asset, _ text: String) -> Bool {
        func holds(_ value: WireText?) -> Bool { value?.raw.lowercased().contains(text) ?? false }
        return holds(asset.name) || holds(asset.hostname) || holds(asset.vendor) || holds(asset.model)
            || holds(asset.firmware) || holds(asset.serial) || holds(asset.os)
            || asset.addresses.contains { $0.description.contains(text) }
            || asset.macs.contains { $0.description.contains(text) }
            || asset.services.contains { $0.contains(text) } || asset.uses.contains { $0.contains(text) }
    }

    private func row(_ asset: Asset, isUnlisted: Bool, _ report: Report) -> HTML {
        let addresses = asset.addresses.prefix(3).map { "\($0.description)" as HTML }
        let macs = asset.macs.prefix(1).map { "<span class=\"note\">\($0.description)</span>" as HTML }
        let rest: HTML = asset.addresses.count > 3 ? " +\(asset.addresses.count - 3)" : .empty
        let uses = asset.uses.prefix(4).joined(separator: ", ")
        return """
            <tr><td><a href="\(Report.page("assets", asset.id))"><b>\(asset.name)</b></a>\(isUnlisted ? "<span class=\"mark\">\(report.t("台帳外", "unlisted"))</span>" : .empty)\(report.noteText(asset.id))</td><td>\(asset.role == .unknown ? "" : asset.role.name(in: report.language))</td><td class="mono">\(.joined(addresses, separator: "<br />"))\(rest)\(Array(macs))</td><td>\(report.show(asset.vendor))<br />\(report.show(asset.model))\(asset.firmware.map { "<span class=\"note\">\($0)</span>" } ?? .empty)</td><td>\(asset.services.prefix(5).joined(separator: ", "))\(uses.isEmpty ? .empty : "<span class=\"note\">→ \(uses)</span>")</td><td class="num">\(report.bytes(asset.sent.bytes &+ asset.received.bytes))</td><td>\(report.moment(asset.seen.last.time))<span class="note mono">\(report.frameText(asset.seen.last))</span></td></tr>

            """
    }

    // MARK: One asset

    func assetPage(_ visit: Visit, message: HTML = .empty, status: Int = 200) throws -> WebResponse {
        let report = visit.report
        guard visit.path.count == 2, let asset = report.assets.first(where: { $0.id == visit.path[1] }) else {
            return notFound(visit)
        }
        let note = report.notes[asset.id] ?? AssetNote()
        let attributes = asset.attributes.prefix(200).map { attribute -> HTML in
            let sources = attribute.sources.prefix(6).map { source -> HTML in
                "<li>\(source.name) <span class=\"note mono\">\(report.frameText(source.sighting.first)) – \(report.frameText(source.sighting.last)) ×\(report.grouped(source.sighting.count))</span></li>"
            }
            return
                "<tr><th scope=\"row\">\(attribute.attribute.rawValue)</th><td>\(attribute.value)</td><td>\(attribute.confidence.name(in: visit.language))</td><td><ul class=\"plainlist\">\(Array(sources))</ul></td></tr>"
        }
        let interfaces = asset.interfaces.prefix(40).map { interface -> HTML in
            let addresses = interface.addresses.prefix(20).map { use -> HTML in
                "<li class=\"mono\">\(use.address.description) <span class=\"note\">\(report.moments.period(use.seen.first.time, use.seen.last.time))</span></li>"
            }
            let vlans = interface.vlans.filter { $0 != 0 }.map(String.init).joined(separator: ", ")
            return
                "<tr><td class=\"mono\">\(interface.mac.map(\.description) ?? report.words("ルータの先", "behind a router"))<span class=\"note\">\(interface.vendor ?? "")</span></td><td><ul class=\"plainlist\">\(Array(addresses))</ul></td><td>\(vlans)</td></tr>"
        }
        let findings = report.findings.filter { $0.assets.contains(asset.id) }
        let roles = asset.roles.map { claim -> HTML in
            "<li>\(claim.role.name(in: visit.language)) <span class=\"note\">\(report.t("確度", "confidence")) \(claim.confidence.name(in: visit.language)) · \(claim.grounds.prefix(5).joined(separator: ", "))</span></li>"
        }
        let saved: HTML = visit.query("saved").isEmpty ? message : notice("saved", report.t("記録した。", "Recorded."))
        let body: HTML = """
            \(saved)<p class="crumb"><a href="/assets">\(report.t("資産一覧", "Asset inventory"))</a></p>
            <h1>\(asset.name)</h1>
            <div class="assetcols"><div>
            <dl><dt>\(report.t("役割", "Role"))</dt><dd><ul class="plainlist">\(roles)</ul></dd><dt>\(report.t("メーカー", "Vendor"))</dt><dd>\(report.show(asset.vendor))</dd><dt>\(report.t("型式", "Model"))</dt><dd>\(report.show(asset.model))</dd><dt>\(report.t("ファームウェア", "Firmware"))</dt><dd>\(report.show(asset.firmware))</dd><dt>\(report.t("製造番号", "Serial"))</dt><dd>\(report.show(asset.serial))</dd><dt>OS</dt><dd>\(report.show(asset.os))</dd><dt>\(report.t("提供", "Serves"))</dt><dd>\(asset.services.joined(separator: ", "))</dd><dt>\(report.t("利用", "Uses"))</dt><dd>\(asset.uses.joined(separator: ", "))</dd><dt>\(report.t("観測", "Seen"))</dt><dd>\(report.moments.period(asset.seen.first.time, asset.seen.last.time)) <span class="note mono">\(report.frameText(asset.seen.first)) – \(report.frameText(asset.seen.last))</span></dd><dt>\(report.t("送信 · 受信", "Sent · received"))</dt><dd>\(report.bytes(asset.sent.bytes)) · \(report.bytes(asset.received.bytes))</dd></dl>
            <p><a class="button" href="/conversations?asset=\(Visit.encoded(asset.id))">\(report.t("この機器の通信", "Its conversations"))</a></p>
            </div>
            \(noteForm(visit, asset, note))</div>
            \(findings.isEmpty ? .empty : "<h2>\(report.t("検出事項", "Findings"))</h2><ul class=\"plainlist\">\(findings.prefix(30).map { "<li>\(report.severity($0.severity)) \(report.findingLink($0)) \(report.say($0.title))</li>" as HTML })</ul>")
            <h2>\(report.t("インタフェース", "Interfaces"))</h2><div class="scroll" tabindex="0"><table class="data"><thead><tr><th scope="col">MAC</th><th scope="col">\(report.t("アドレスと時期", "Addresses and when"))</th><th scope="col">VLAN</th></tr></thead><tbody>\(Array(interfaces))</tbody></table></div>
            <h2>\(report.t("読み取った事実", "What was read"))</h2><div class="scroll" tabindex="0"><table class="data"><thead><tr><th scope="col">\(report.t("属性", "Attribute"))</th><th scope="col">\(report.t("値", "Value"))</th><th scope="col">\(report.t("確度", "Confidence"))</th><th scope="col">\(report.t("出所とフレーム", "Source and frames"))</th></tr></thead><tbody>\(Array(attributes))</tbody></table></div>
            """
        return page(visit, Page(section: .assets, title: asset.name.visible, body: body), status: status)
    }

    private func noteForm(_ visit: Visit, _ asset: Asset, _ note: AssetNote) -> HTML {
        let report = visit.report
        let roles = Role.allCases.map { option($0.rawValue, $0.name(in: visit.language), note.role?.rawValue ?? "") }
        let levels = AssetNote.Criticality.allCases.map {
            option($0.rawValue, $0.name(in: visit.language), note.criticality?.rawValue ?? "")
        }
        let checked: HTML = note.isConfirmed ? " checked=\"checked\"" : .empty
        return """
            <form class="notes" method="post" action="\(Report.page("assets", asset.id))">\(secret(visit))
            <h2>\(report.t("人が確かめたこと", "What people know"))</h2>
            <label class="field"><span>\(report.t("役割", "Role"))</span><select name="role"><option value="">\(report.t("通信からの推定のまま", "as inferred from traffic"))</option>\(roles)</select></label>
            <label class="field"><span>\(report.t("管理者・部署", "Owner"))</span><input type="text" name="owner" value="\(note.owner)" maxlength="200" /></label>
            <label class="field"><span>\(report.t("重要度", "Criticality"))</span><select name="criticality"><option value="">–</option>\(levels)</select></label>
            <label class="field"><span>\(report.t("備考", "Remark"))</span><textarea name="remark" rows="2">\(note.remark)</textarea></label>
            <label class="tick"><input type="checkbox" name="confirmed" value="yes"\(checked) /> \(report.t("実物と照らして確認した", "Confirmed on site"))</label>
            <button class="primary" type="submit">\(report.t("記録", "Record"))</button>
            \(note.reviewer.isEmpty ? .empty : "<p class=\"note\">\(note.reviewer) · \(report.moment(Timestamp(nanoseconds: note.time)))</p>")</form>
            """
    }

    func noteAsset(_ web: WebForm, _ visit: Visit) throws -> WebResponse {
        let report = visit.report
        guard visit.path.count == 2, report.assets.contains(where: { $0.id == visit.path[1] }) else {
            return notFound(visit)
        }
        var note = AssetNote()
        if !web["role"].isEmpty {
            guard let role = Role(rawValue: web["role"]) else {
                return try assetPage(
                    visit, message: notice("error", report.t("その役割はない。", "There is no such role.")), status: 422)
            }
            note.role = role
        }
        note.criticality = AssetNote.Criticality(rawValue: web["criticality"])
        note.owner = String(web["owner"].trimmed.prefix(200))
        note.remark = String(web["remark"].trimmed.prefix(2000))
        note.isConfirmed = web["confirmed"] == "yes"
        try store.append(
            AuditEntry(
                kind: .asset, subject: visit.path[1], values: note.values, reviewer: visit.session.reviewer,
                time: Desk.now()))
        return .redirect("\(Report.page("assets", visit.path[1]))?saved=1")
    }

    // MARK: Conversations

    func conversationsPage(_ visit: Visit) throws -> Page {
        let report = visit.report
        var filter = ConversationFilter()
        filter.text = visit.query("q").trimmed
        filter.service = visit.query("service")
        filter.order = ConversationFilter.Order(rawValue: visit.query("order")) ?? .bytes
        let asset = report.assets.first { $0.id == visit.query("asset") }
        if let asset {
            filter.ends = asset.addresses.isEmpty ? asset.macs.map(\.description) : asset.addresses.map(\.description)
        }
        let count = try store.conversationCount(filter)
        let conversations = try store.conversations(
            filter, limit: Desk.pageSize, offset: (visit.pageNumber - 1) * Desk.pageSize)
        let owners = owners(report)
        func end(_ end: Endpoint, _ port: UInt16, _ hasPorts: Bool) -> HTML {
            let place = end.ip.map(\.description) ?? end.mac.map(\.description) ?? "–"
            let id = owners.asset(of: end)
            return
                "\(id.map { report.assetLink($0) } ?? .empty)<span class=\"note mono\">\(place)\(hasPorts ? " :\(port)" : "")</span>"
        }
        let rows = conversations.map { conversation -> HTML in
            let hasPorts = conversation.key.transport == .tcp || conversation.key.transport == .udp
            let messages = conversation.messages.sorted { $1.count < $0.count }.prefix(3).map {
                "\($0.name) ×\(report.grouped($0.count))"
            }
            return """
                <tr><td>\(end(conversation.client, conversation.clientPort, hasPorts))</td><td>\(end(conversation.server, conversation.serverPort, hasPorts))</td><td>\(conversation.service ?? "")<span class="note">\(conversation.key.transport.word)\(conversation.key.vlan == 0 ? "" : " · VLAN \(conversation.key.vlan)")</span></td><td class="num">\(report.bytes(conversation.fromClient.bytes))<span class="note">\(report.bytes(conversation.fromServer.bytes))</span></td><td>\(report.moments.period(conversation.first.time, conversation.last.time))<span class="note mono">\(report.frameText(conversation.first)) – \(report.frameText(conversation.last))</span></td><td class="note">\(messages.joined(separator: ", "))</td></tr>

                """
        }
        let services = try knownServices().prefix(200).map {
            option($0.name, "\($0.name) (\(report.grouped(UInt64(clamping: $0.count))))", filter.service)
        }
        let orders: [(String, String)] = [
            ("bytes", report.words("バイト数", "bytes")), ("first", report.words("始まり", "start time")),
            ("last", report.words("終わりが新しい順", "latest end time first")),
        ]
        let chosen: HTML =
            asset.map {
                "<input type=\"hidden\" name=\"asset\" value=\"\($0.id)\" /><p>\(report.t("機器: ", "Device: "))\(report.assetLink($0.id)) <a href=\"/conversations\">\(report.t("全ての通信", "all conversations"))</a></p>"
            } ?? .empty
        return Page(
            section: .conversations, title: report.words("通信", "Conversations"),
            body: """
                <h1>\(report.t("通信", "Conversations"))</h1>
                <form class="finder" method="get" action="/conversations" role="search">\(chosen)<label>\(report.t("アドレスかサービス", "Address or service")) <input type="search" name="q" value="\(visit.query("q"))" data-key="/" /></label><label>\(report.t("サービス", "Service")) <select name="service"><option value="">\(report.t("全て", "all"))</option>\(Array(services))</select></label><label>\(report.t("並び", "Order")) <select name="order">\(orders.map { option($0.0, $0.1, filter.order.rawValue) })</select></label><button type="submit">\(report.t("絞り込む", "Show"))</button></form>
                <p class="count" role="status">\(report.t("\(report.grouped(UInt64(clamping: count)))件", "\(report.grouped(UInt64(clamping: count))) conversations"))</p>
                <div class="scroll" tabindex="0"><table class="data"><thead><tr><th scope="col">\(report.t("開始側", "Client"))</th><th scope="col">\(report.t("応答側", "Server"))</th><th scope="col">\(report.t("サービス", "Service"))</th><th scope="col" class="num">\(report.t("送信 · 応答", "Sent · received"))</th><th scope="col">\(report.t("時間とフレーム", "When, and frames"))</th><th scope="col">\(report.t("主なメッセージ", "Main messages"))</th></tr></thead><tbody>\(rows)</tbody></table></div>
                \(pager(visit, count: count, size: Desk.pageSize, at: visit.pageNumber, keeping: ["q", "service", "order", "asset"]))
                """, isWide: true)
    }
}
