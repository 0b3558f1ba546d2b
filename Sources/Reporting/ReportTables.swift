import Assessment
package import Evidence
import Model
package import Spreadsheets
import Wording

/// The report as tables: sheets of a workbook, or CSV files.
package struct ReportTables {
    /// Names as on the command line.
    package enum Name: String, CaseIterable, Sendable {
        case checksheet, inventory, conversations, remote, findings, plan, about
    }

    let report: Report
    let store: Store

    /// Most conversations that are listed, those with the most bytes first.
    private static let mostConversations = 100_000

    package init(_ report: Report, _ store: Store) {
        self.report = report
        self.store = store
    }

    package func all() throws -> [SheetTable] { try Name.allCases.map(table) }

    package func table(_ name: Name) throws -> SheetTable {
        switch name {
        case .checksheet: checkSheet
        case .inventory: inventory
        case .conversations: try conversations()
        case .remote: remote
        case .findings: findings
        case .plan: plan
        case .about: report.aboutTable
        }
    }

    private func table(
        _ name: Name, _ ja: String, _ en: String, _ columns: [(String, String, Double)], _ rows: [[SheetTable.Cell]]
    ) -> SheetTable {
        SheetTable(
            name: name.rawValue, title: report.words(ja, en),
            columns: columns.map { SheetTable.Column(report.words($0.0, $0.1), width: $0.2) }, rows: rows)
    }

    /// The columns of the check sheet as users of it know them, and behind them what a decision holds beside.
    private var checkSheet: SheetTable {
        let columns =
            CheckSheetColumn.allCases.map { SheetTable.Column($0.title(in: report.language), width: $0.width) } + [
                SheetTable.Column(report.words("通信による提案", "Proposal from traffic"), width: 14),
                SheetTable.Column(report.words("注意", "Marks"), width: 16),
                SheetTable.Column(report.words("添付資料", "Attached documents"), width: 30),
            ]
        let rows = report.checklist.categories.flatMap { category in
            category.items.map { item -> [SheetTable.Cell] in
                let score = report.card[item.id]
                let decision = score?.decision
                let level: SheetTable.Cell =
                    switch score?.declared {
                    case .level(let level)?: .number(Double(level.rawValue))
                    case .notApplicable?: .text("na")
                    default: .text("")
                    }
                let measures =
                    decision.map { report.say($0.measure) }.flatMap { $0.isEmpty ? nil : $0 }
                    ?? item.countermeasures.map { report.say($0) }.joined(separator: "\n")
                let evidence = (decision?.evidence ?? []).map { report.say($0) }.joined(separator: "\n")
                return [
                    .text(report.say(category.name)), .text(report.say(item.subcategory)), .text(item.id.description),
                    .text(report.say(item.question)), level, .text(report.say(decision?.status ?? "")),
                    .text(report.checklist.risks(of: item.id).map { report.say($0.text) }.joined(separator: "\n")),
                    .text(measures), .text(report.say(decision?.reason ?? "")), .text(evidence),
                    .text(report.say(decision?.document ?? "")), .text(decision?.reviewDate?.description ?? ""),
                    .text(report.masker.pseudonym(.user, decision?.reviewer ?? "")),
                    .text(score?.proposal.map { report.levels($0.levels) } ?? ""),
                    .text(
                        (score?.marks.sorted() ?? []).map { $0.name(in: report.language) }.joined(
                            separator: report.words("、", ", "))),
                    .text(report.attachedTexts(item.id).joined(separator: "\n")),
                ]
            }
        }
        return SheetTable(
            name: Name.checksheet.rawValue, title: report.words("チェックシート", "Check sheet"),
            columns: columns,
            rows: rows)
    }

    private var inventory: SheetTable {
        let unlisted = Set(report.ledgerMatch?.unlisted ?? [])
        let rows = report.assets.map { asset -> [SheetTable.Cell] in
            let note = report.notes[asset.id]
            return [
                .text(report.name(asset)), .text(asset.role == .unknown ? "" : asset.role.name(in: report.language)),
                .text(asset.addresses.map { report.masker.show($0) }.joined(separator: "\n")),
                .text(asset.macs.map { report.masker.show($0) }.joined(separator: "\n")),
                .text(
                    Set(asset.interfaces.flatMap(\.vlans)).subtracting([0]).sorted().map(String.init).joined(
                        separator: ", ")),
                .text(report.show(asset.vendor)), .text(report.show(asset.model)), .text(report.show(asset.firmware)),
                .text(report.masker.isActive ? "" : report.show(asset.serial)), .text(report.show(asset.os)),
                .text(asset.services.joined(separator: ", ")), .text(asset.uses.joined(separator: ", ")),
                .text(asset.seen.first.time.rfc3339), .text(asset.seen.last.time.rfc3339),
                .number(Double(asset.sent.bytes)), .number(Double(asset.received.bytes)),
                .text(
                    report.ledgerMatch == nil
                        ? "" : unlisted.contains(asset.id) ? report.words("なし", "no") : report.words("あり", "yes")),
                .text(report.masker.pseudonym(.user, note?.owner ?? "")),
                .text(note?.criticality?.name(in: report.language) ?? ""),
                .text(note?.isConfirmed == true ? report.words("確認済み", "confirmed") : ""),
                .text(report.say(note?.remark ?? "")),
            ]
        }
        return table(
            .inventory, "資産一覧", "Inventory",
            [
                ("名前", "Name", 26), ("役割", "Role", 18), ("IPアドレス", "IP addresses", 18),
                ("MACアドレス", "MAC addresses", 19),
                ("VLAN", "VLAN", 8), ("メーカー", "Vendor", 20), ("型式", "Model", 22), ("ファームウェア", "Firmware", 14),
                ("製造番号", "Serial", 16), ("OS", "OS", 16), ("提供", "Serves", 22), ("利用", "Uses", 22),
                ("最初に観測", "First seen", 24), ("最後に観測", "Last seen", 24), ("送信バイト", "Bytes sent", 13),
                ("受信バイト", "Bytes received", 13), ("台帳", "In the ledger", 9), ("管理者", "Owner", 16),
                ("重要度", "Criticality", 9), ("確認", "Confirmed", 11), ("備考", "Remark", 30),
            ], rows)
    }

    private func conversations() throws -> SheetTable {
        let found = try store.conversations(ConversationFilter(), limit: ReportTables.mostConversations, offset: 0)
        let rows = found.map { conversation -> [SheetTable.Cell] in
            let hasPorts = conversation.key.transport == .tcp || conversation.key.transport == .udp
            return [
                .text(report.endText(conversation.client)),
                hasPorts ? .number(Double(conversation.clientPort)) : .text(""),
                .text(report.endText(conversation.server)),
                hasPorts ? .number(Double(conversation.serverPort)) : .text(""),
                .text(conversation.key.transport.word), .number(Double(conversation.key.vlan)),
                .text(conversation.service ?? ""), .number(Double(conversation.fromClient.frames)),
                .number(Double(conversation.fromClient.bytes)), .number(Double(conversation.fromServer.frames)),
                .number(Double(conversation.fromServer.bytes)), .text(conversation.first.time.rfc3339),
                .text(conversation.last.time.rfc3339), .text(report.frameText(conversation.first)),
                .text(report.frameText(conversation.last)),
            ]
        }
        return table(
            .conversations, "通信", "Conversations",
            [
                ("開始側", "Client", 20), ("ポート", "Port", 8), ("応答側", "Server", 20), ("ポート", "Port", 8),
                ("種別", "Transport", 10), ("VLAN", "VLAN", 7), ("サービス", "Service", 14), ("送信フレーム", "Frames sent", 12),
                ("送信バイト", "Bytes sent", 13), ("応答フレーム", "Frames answered", 12), ("応答バイト", "Bytes answered", 13),
                ("始まり", "First seen", 30), ("終わり", "Last seen", 30), ("最初のフレーム", "First frame", 14),
                ("最後のフレーム", "Last frame", 14),
            ], rows)
    }

    private var remote: SheetTable {
        let rows = report.sessions.map { session -> [SheetTable.Cell] in
            [
                .text(report.sessionLabel(session)), .text(session.service),
                .text(session.origin.name(in: report.language)),
                .text(report.endText(session.client)), .text(report.endText(session.server)),
                .number(Double(session.serverPort)),
                .text(session.user.map { report.masker.pseudonym(.user, $0.visible) } ?? ""),
                .text(session.isTunnel ? report.words("はい", "yes") : report.words("いいえ", "no")),
                .text(session.reachesOT ? report.words("はい", "yes") : report.words("いいえ", "no")),
                .text(session.isEstablished ? report.words("はい", "yes") : report.words("いいえ", "no")),
                .text(session.seen.first.time.rfc3339), .text(session.seen.last.time.rfc3339),
                .number(Double(session.fromClient.bytes)), .number(Double(session.fromServer.bytes)),
                .text(report.frameText(session.seen.first)), .text(report.frameText(session.seen.last)),
            ]
        }
        return table(
            .remote, "リモート接続", "Remote sessions",
            [
                ("番号", "No.", 7), ("方式", "Service", 12), ("向き", "Direction", 14), ("接続元", "From", 20),
                ("接続先", "To", 20),
                ("ポート", "Port", 8), ("利用者", "User", 16), ("トンネル", "Tunnel", 9), ("制御系に到達", "Reaches OT", 11),
                ("応答あり", "Answered", 9), ("始まり", "First seen", 30), ("終わり", "Last seen", 30),
                ("送信バイト", "Bytes sent", 13),
                ("応答バイト", "Bytes answered", 13), ("最初のフレーム", "First frame", 14), ("最後のフレーム", "Last frame", 14),
            ], rows)
    }

    private var findings: SheetTable {
        let rows = report.findings.enumerated().map { index, finding -> [SheetTable.Cell] in
            let devices = finding.assets.prefix(50).compactMap { id in report.assets.first { $0.id == id } }.map {
                report.name($0)
            }
            return [
                .text(Report.findingLabel(index + 1)), .text(finding.severity.name(in: report.language)),
                .text(report.say(finding.title)), .text(report.say(finding.text)),
                .text(devices.joined(separator: "\n")),
                .text(finding.items.joined(separator: ", ")), .text(finding.techniques.joined(separator: ", ")),
            ]
        }
        return table(
            .findings, "検出事項", "Findings",
            [
                ("番号", "No.", 7), ("重大度", "Severity", 9), ("検出事項", "Finding", 36), ("説明", "Description", 70),
                ("機器", "Devices", 28), ("項目", "Items", 12), ("ATT&CK for ICS", "ATT&CK for ICS", 16),
            ], rows)
    }

    /// What to do, by when to begin; owner and dates are for the plant to fill in.
    private var plan: SheetTable {
        let rows = Roadmap.Span.allCases.flatMap { span in
            report.roadmap.steps.filter { $0.span == span }.map { step -> [SheetTable.Cell] in
                [
                    .text(report.spanName(span)), .text(step.item.description),
                    .text(report.checklist[step.item].map { report.say($0.title) } ?? ""),
                    .text(report.measure(for: step.item) ?? ""), .number(Double(step.from.rawValue)),
                    .number(Double(Roadmap.target.rawValue)), .text(step.effort.name(in: report.language)),
                    .text(step.isUrgent ? report.words("重大な検出事項", "serious finding") : ""), .text(""), .text(""),
                    .text(""),
                ]
            }
        }
        return table(
            .plan, "対策計画", "Action plan",
            [
                ("時期", "When", 28), ("番号", "Number", 9), ("項目", "Item", 24), ("対策", "Measure", 60),
                ("現在", "Level now", 8),
                ("目標", "Target", 8), ("労力", "Effort", 8), ("優先の理由", "Why first", 16), ("担当", "Owner", 14),
                ("期限", "Due", 12), ("状況", "Progress", 14),
            ], rows)
    }
}

extension CheckSheetColumn {
    /// In characters.
    fileprivate var width: Double {
        switch self {
        case .number, .level: 8
        case .category, .reviewDate, .reviewer: 14
        case .subcategory: 18
        case .document: 24
        default: 46
        }
    }
}
