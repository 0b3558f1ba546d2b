import Analysis
import Assessment
import Evidence
import LedgerFiles
import Model
import Spreadsheets
import Wording

/// Brings the plant's own list into a store and out of it again.
struct LedgerKeeping {
    let store: Store
    /// The store as the user named it.
    let path: String

    struct Outcome {
        var file: String
        var ledger: LedgerFile
        var match: LedgerMatch?
        var path: String

        func text(_ style: TerminalStyle) -> String {
            let name = WireText(file).visible
            let delimiter =
                switch ledger.delimiter {
                case "\t": style.say("タブ区切り", "tabs")
                case ";": style.say("セミコロン区切り", "semicolons")
                case nil: style.say("Excelブック", "Excel workbook")
                default: style.say("コンマ区切り", "commas")
                }
            let count = Figures.count(ledger.entries.count)
            var lines = [
                "\(name): " + style.say("\(count)件", "\(count) entries")
                    + (ledger.delimiter == nil
                        ? " (\(delimiter))" : " (\(ledger.encoding.rawValue)\(style.say("、", ", "))\(delimiter))")
            ]
            let mapped = ledger.columns.compactMap { column in
                column.field.map {
                    "\(WireText(column.heading).visible) → \(LedgerWords.field($0, in: style.language))"
                }
            }
            let kept = ledger.columns.filter { $0.field == nil && !$0.heading.isEmpty }.map {
                WireText($0.heading).visible
            }
            lines += TextWidth.wrap(
                style.say("列の対応: ", "columns: ") + mapped.joined(separator: style.say("、", ", ")), to: style.textWidth)
            if !kept.isEmpty {
                lines += TextWidth.wrap(
                    style.say("そのまま保存した列: ", "kept as they are: ") + kept.joined(separator: style.say("、", ", ")),
                    to: style.textWidth)
            }
            if let match {
                lines.append(
                    style.say(
                        "照合: 一致 \(match.seenLines)、台帳にない機器 \(match.unlisted.count)、通信が見えない機器 \(match.notSeen.count)",
                        "matched \(match.seenLines), seen but not listed \(match.unlisted.count), listed but not seen \(match.notSeen.count)"
                    ))
            }
            let store = WireText(path).visible
            lines.append(
                style.say("次は: ", "next: ")
                    + (match == nil
                        ? "otscan analyze CAPTURE… -o \(store)"
                        : "otscan ledger match \(store) · otscan answers \(store)"))
            return lines.joined(separator: "\n") + "\n"
        }
    }

    /// Puts the list in place of the one before, and derives everything anew.
    func importList(_ file: String, knowledge: KnowledgeOptions) throws -> Outcome {
        let ledger = try LedgerFile(path: file)
        guard !ledger.entries.isEmpty else {
            throw CommandError("\(WireText(file).visible): expected entries below the headings, found none")
        }
        let study = PlantStudy(store: store, knowledge: try knowledge.knowledge(store))
        try store.replaceLedger(ledger.entries)
        try study.derive()
        for warning in ledger.warnings.prefix(10) { StandardError.say("\(warning); kept as text") }
        if ledger.warnings.count > 10 {
            StandardError.say("\(WireText(file).visible): \(ledger.warnings.count - 10) more cells like these")
        }
        return Outcome(file: file, ledger: ledger, match: try store.ledgerMatch(), path: path)
    }

    /// Puts what an earlier assessment saw in the place of the list, and derives everything anew.
    func importBaseline(_ earlier: String, knowledge: KnowledgeOptions, language: Language) throws -> String {
        let entries = LedgerBaseline.entries(of: try StoreReading.open(earlier).assets())
        guard !entries.isEmpty else {
            throw CommandError("\(WireText(earlier).visible): holds no device with a MAC of its own to compare with")
        }
        let study = PlantStudy(store: store, knowledge: try knowledge.knowledge(store))
        try store.replaceLedger(entries)
        try study.derive()
        let name = WireText(earlier).visible
        let count = Figures.count(entries.count)
        let match = try store.ledgerMatch()
        let changed = match?.pairs.count { !$0.changes.isEmpty } ?? 0
        let (again, new, gone) = (match?.seenLines ?? 0, match?.unlisted.count ?? 0, match?.notSeen.count ?? 0)
        return language == .japanese
            ? "\(name): 前回の機器 \(count)台を台帳として取り込んだ\n照合: 前回と同じ \(again)、新しい機器 \(new)、今回見えない機器 \(gone)、変化あり \(changed)\n"
            : "\(name): \(count) devices seen before, taken as the ledger\nseen again \(again), new \(new), not seen this time \(gone), changed \(changed)\n"
    }

    /// Writes the list with how each line compares; `-` is standard output.
    func exportList(to file: String, withUnlisted: Bool, language: Language) throws {
        var lines = try LedgerList.lines(store)
        if withUnlisted, lines.isEmpty {
            lines = AssetList.sorted(try store.assets()).filter { !$0.isBehindRouter }.map {
                LedgerLine(state: .notListed, entry: nil, asset: $0, pair: nil)
            }
        }
        guard !lines.isEmpty else {
            throw CommandError(
                "\(WireText(path).visible): no ledger was imported; import one, or give --unlisted to begin one from what was seen"
            )
        }
        // A device with several interfaces was seen as several assets: its line is written once.
        var written: Set<Int> = []
        let listed = lines.filter { $0.entry.map { written.insert($0.line).inserted } ?? false }
        let unlisted = withUnlisted ? lines.filter { $0.entry == nil } : []
        try OutputFile.write(LedgerSheet(language: language, lines: listed + unlisted).text, to: file)
    }
}

/// A list as CSV that spreadsheets open in Japanese and that `ledger import` reads again.
struct LedgerSheet {
    let language: Language
    let lines: [LedgerLine]

    var text: String {
        let extra = Set(lines.flatMap { $0.entry?.extra.keys.map(\.self) ?? [] }).sorted()
        let headings = LedgerField.allCases.map { LedgerWords.heading($0, in: language) }
        let state = language == .japanese ? ["照合", "照合の根拠", "相違"] : ["Comparison", "Matched by", "Differs"]
        let added = extra.filter { !state.contains($0) }
        var text = "\u{feff}" + CSVText.record(headings + added + state)
        let style = TerminalStyle(language: language, usesColor: false, width: nil)
        for line in lines {
            let fields = line.entry.map(LedgerSheet.fields) ?? line.asset.map(LedgerSheet.fields) ?? []
            text += CSVText.record(
                fields + added.map { line.entry?.extra[$0] ?? "" } + [
                    line.state.cell(style).text, line.pair?.ground.name(in: language) ?? "",
                    (line.pair?.changes ?? []).joined(separator: " "),
                ])
        }
        return text
    }

    private static func fields(_ entry: LedgerEntry) -> [String] {
        LedgerField.allCases.map { field in
            switch field {
            case .key: entry.key
            case .name: entry.name
            case .address: entry.addresses.map(\.description).joined(separator: " ")
            case .mac: entry.macs.map(\.description).joined(separator: " ")
            case .vendor: entry.vendor
            case .model: entry.model
            case .serial: entry.serial
            case .hostname: entry.hostname
            case .location: entry.location
            case .owner: entry.owner
            }
        }
    }

    private static func fields(_ asset: Asset) -> [String] {
        LedgerField.allCases.map { field in
            switch field {
            case .key, .location, .owner: ""
            case .name: asset.name.visible
            case .address: asset.addresses.filter { !$0.isLinkLocal }.map(\.description).joined(separator: " ")
            case .mac: asset.macs.map(\.description).joined(separator: " ")
            case .vendor: asset.vendor?.visible ?? ""
            case .model: asset.model?.visible ?? ""
            case .serial: asset.serial?.visible ?? ""
            case .hostname: asset.hostname?.visible ?? ""
            }
        }
    }
}

enum LedgerWords {
    /// The heading under which a field is exported.
    static func heading(_ field: LedgerField, in language: Language) -> String {
        switch (field, language) {
        case (.key, .japanese): "管理番号"
        case (.key, .english): "Asset ID"
        case (.name, .japanese): "機器名"
        case (.name, .english): "Name"
        case (.address, .japanese): "IPアドレス"
        case (.address, .english): "IP address"
        case (.mac, .japanese): "MACアドレス"
        case (.mac, .english): "MAC address"
        case (.vendor, .japanese): "メーカー"
        case (.vendor, .english): "Vendor"
        case (.model, .japanese): "型番"
        case (.model, .english): "Model"
        case (.serial, .japanese): "シリアル番号"
        case (.serial, .english): "Serial number"
        case (.hostname, .japanese): "ホスト名"
        case (.hostname, .english): "Host name"
        case (.location, .japanese): "設置場所"
        case (.location, .english): "Location"
        case (.owner, .japanese): "担当"
        case (.owner, .english): "Owner"
        }
    }

    static func field(_ field: LedgerField, in language: Language) -> String {
        language == .japanese
            ? heading(field, in: language)
            : heading(field, in: language).lowercased()
                .replacing("ip ", with: "IP ").replacing("mac ", with: "MAC ").replacing("asset id", with: "key")
    }
}
