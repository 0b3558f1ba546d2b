import Assessment
import Model
import Reporting
import Wording

/// One asset with everything that was learnt of it, and from which frames.
struct AssetDetail {
    let asset: Asset
    let reading: StoreReading

    /// The assets that a name, IP address, MAC address or id means: all that bear it exactly, otherwise all whose name
    /// begins so.
    static func find(_ text: String, in assets: [Asset]) -> [Asset] {
        if let mac = MACAddress(text), assets.contains(where: { $0.macs.contains(mac) }) {
            return assets.filter { $0.macs.contains(mac) }
        }
        if let address = IPAddress(text) { return assets.filter { $0.addresses.contains(address) } }
        let wanted = text.lowercased()
        func names(_ asset: Asset) -> [String] {
            [asset.id, asset.name.raw, asset.name.visible, asset.hostname?.raw ?? ""].map { $0.lowercased() }
        }
        let exact = assets.filter { names($0).contains(wanted) }
        guard exact.isEmpty, !wanted.isEmpty else { return exact }
        return assets.filter { names($0).contains { $0.hasPrefix(wanted) } }
    }

    func text(_ style: TerminalStyle) -> String {
        var lines = [style.paint(asset.name.visible, .strong), ""]
        lines += facts(style)
        lines += section(style.say("インタフェース", "Interfaces"), style) + interfaces(style)
        if !asset.roles.isEmpty { lines += section(style.say("役割の根拠", "Roles"), style) + roles(style) }
        if !asset.attributes.isEmpty {
            lines += section(style.say("属性と出典", "Attributes and where they were read"), style) + attributes(style)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ style: TerminalStyle) -> [String] { ["", style.paint(title, .strong)] }

    private func facts(_ style: TerminalStyle) -> [String] {
        let kind =
            asset.isOT
            ? style.say("制御系(OT)", "OT") : asset.isIT ? style.say("事務系(IT)", "IT") : style.say("判別できず", "undecided")
        var facts = FactSheet()
        facts.add(style.say("役割", "Role"), asset.role.name(in: style.language))
        facts.add(style.say("区分", "Class"), kind)
        let said: [(String, WireText?)] = [
            (style.say("メーカー", "Vendor"), asset.vendor), (style.say("型式", "Model"), asset.model),
            (style.say("ファームウェア", "Firmware"), asset.firmware), (style.say("製造番号", "Serial"), asset.serial),
            ("OS", asset.os), (style.say("ホスト名", "Host name"), asset.hostname),
        ]
        for (title, value) in said { if let value { facts.add(title, value.visible) } }
        if !asset.services.isEmpty { facts.add(style.say("提供", "Serves"), asset.services, separator: ", ") }
        if !asset.uses.isEmpty { facts.add(style.say("利用", "Uses"), asset.uses, separator: ", ") }
        facts.add(style.say("観測", "Seen"), Figures.span(asset.seen.first.time, asset.seen.last.time))
        facts.add(style.say("フレーム", "Frames"), span(asset.seen, isShort: false))
        facts.add(
            style.say("送信 / 受信", "Sent / received"),
            "\(Figures.bytes(asset.sent.bytes)) / \(Figures.bytes(asset.received.bytes))")
        if asset.isBehindRouter {
            facts.add(
                style.say("注意", "Note"),
                style.say("ルータの先にあり、自身のMACアドレスは観測されていない", "behind a router; its own MAC was never seen"))
        }
        facts.add("ID", asset.id)
        return facts.lines(style, indent: 2)
    }

    private func interfaces(_ style: TerminalStyle) -> [String] {
        var rows: [[Cell]] = []
        for interface in asset.interfaces {
            let vlans = interface.vlans.map { $0 == 0 ? style.say("タグなし", "untagged") : String($0) }
            let head = [
                Cell(interface.mac?.description ?? "-"), Cell(interface.vendor.map { WireText($0).visible } ?? "-"),
                Cell(vlans.joined(separator: " ")),
            ]
            if interface.addresses.isEmpty { rows.append(head + [Cell("-"), Cell("")]) }
            for (index, use) in interface.addresses.enumerated() {
                let start = index == 0 ? head : head.map { _ in Cell("") }
                rows.append(start + [Cell(use.address.description), Cell(span(use.seen), .faint)])
            }
        }
        return indented(
            Table(
                columns: [
                    Table.Column(title: "MAC"),
                    Table.Column(title: style.say("メーカー", "VENDOR"), minimum: 8, importance: 2),
                    Table.Column(title: "VLAN", importance: 3),
                    Table.Column(title: style.say("IPアドレス", "IP ADDRESS"), minimum: 15),
                    Table.Column(title: style.say("フレーム", "FRAMES"), minimum: 12, importance: 1),
                ], rows: rows), style)
    }

    private func roles(_ style: TerminalStyle) -> [String] {
        indented(
            Table(
                columns: [
                    Table.Column(title: style.say("役割", "ROLE")),
                    Table.Column(title: style.say("確度", "CONFIDENCE")),
                    Table.Column(title: style.say("根拠", "GROUNDS"), minimum: 20),
                ],
                rows: asset.roles.map {
                    [
                        Cell($0.role.name(in: style.language)), Cell($0.confidence.name(in: style.language)),
                        Cell($0.grounds.map { WireText($0).visible }.joined(separator: ", ")),
                    ]
                }), style)
    }

    private func attributes(_ style: TerminalStyle) -> [String] {
        var rows: [[Cell]] = []
        for attribute in asset.attributes {
            for (index, source) in attribute.sources.enumerated() {
                rows.append([
                    Cell(index == 0 ? attribute.attribute.rawValue : ""),
                    Cell(index == 0 ? attribute.value.visible : "", .strong),
                    Cell(index == 0 ? attribute.confidence.name(in: style.language) : ""), Cell(source.name),
                    Cell("×\(Figures.count(source.sighting.count))"),
                    Cell(span(Seen(first: source.sighting.first, last: source.sighting.last)), .faint),
                ])
            }
        }
        return indented(
            Table(
                columns: [
                    Table.Column(title: style.say("属性", "ATTRIBUTE")),
                    Table.Column(title: style.say("値", "VALUE"), minimum: 16),
                    Table.Column(title: style.say("確度", "CONFIDENCE"), importance: 2),
                    Table.Column(title: style.say("出典", "SOURCE"), minimum: 12),
                    Table.Column(title: style.say("回数", "TIMES"), isNumber: true, importance: 1),
                    Table.Column(title: style.say("フレーム", "FRAMES"), minimum: 11),
                ], rows: rows), style)
    }

    private func indented(_ table: Table, _ style: TerminalStyle) -> [String] {
        let narrower = TerminalStyle(
            language: style.language, usesColor: style.usesColor, width: style.width.map { $0 - 2 })
        return table.lines(narrower).lines.map { "  " + $0 }
    }

    /// `factory.pcapng#12–#340`; without the name where the store holds one capture only, unless it is asked for.
    private func span(_ seen: Seen, isShort: Bool = true) -> String {
        let isShort = isShort && reading.captures.count == 1
        func label(_ frame: FrameRef) -> String { isShort ? "#\(frame.number)" : reading.label(frame) }
        let first = label(seen.first)
        if seen.first == seen.last { return first }
        if seen.first.capture == seen.last.capture { return "\(first)–#\(seen.last.number)" }
        return "\(first) – \(label(seen.last))"
    }
}
