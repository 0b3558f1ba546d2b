package import Assessment
package import Model
package import Wording

/// How sections speak: in the report's language, masked where asked.
extension Report {
    package var language: Language { options.language }
    package var isJapanese: Bool { options.language == .japanese }

    /// The report's own words.
    package func t(_ ja: HTML, _ en: HTML) -> HTML { isJapanese ? ja : en }
    package func words(_ ja: String, _ en: String) -> String { isJapanese ? ja : en }

    // Words of others: checklist, analysis, people. Names inside them are masked.
    package func say(_ text: Bilingual) -> String { plain(masker.text(text[language])) }
    package func say(_ phrase: Phrase) -> String { plain(masker.text(phrase.text(in: language))) }
    package func say(_ text: String) -> String { masker.text(text) }

    /// A report is written in the plain style; what the analysis says politely elsewhere is put into that style here.
    private func plain(_ text: String) -> String { isJapanese ? PlainStyle.plain(text) : text }

    /// A value that a device told about its kind; only known names inside it are masked, for versions look like addresses.
    package func show(_ value: WireText?) -> String { value.map { masker.text($0.visible, patterns: false) } ?? "" }

    /// What to call an asset.
    package func name(_ asset: Asset) -> String {
        guard masker.isActive else { return asset.name.visible }
        if let hostname = asset.hostname, hostname == asset.name {
            return masker.pseudonym(.host, hostname.visible.trimmed)
        }
        return masker.text(asset.name.visible)
    }

    /// An asset by id, as a link where its row is printed.
    package func assetLink(_ id: String) -> HTML {
        guard let number = places.assets[id], assets.indices.contains(number - 1) else { return "\(masker.text(id))" }
        let name = name(assets[number - 1])
        if options.links == .pages { return "<a href=\"\(Report.page("assets", id))\">\(name)</a>" }
        return number <= Limits.assets ? "<a href=\"#asset-\(number)\">\(name)</a>" : "\(name)"
    }

    package func exhibitLink(_ id: String) -> HTML? {
        guard let number = places.exhibits[id] else { return nil }
        let label = Report.exhibitLabel(number)
        if options.links == .pages { return "<a class=\"ref\" href=\"\(Report.page("exhibits", id))\">\(label)</a>" }
        return number <= Limits.exhibits ? "<a class=\"ref\" href=\"#exhibit-\(number)\">\(label)</a>" : "\(label)"
    }

    package func findingLink(_ finding: Finding) -> HTML {
        guard let number = places.findings[finding.id] else { return .empty }
        let label = Report.findingLabel(number)
        if options.links == .pages { return "<a class=\"ref\" href=\"/findings#finding-\(number)\">\(label)</a>" }
        return number <= Limits.findings ? "<a class=\"ref\" href=\"#finding-\(number)\">\(label)</a>" : "\(label)"
    }

    package static func exhibitLabel(_ number: Int) -> String { "E-\(number < 10 ? "0" : "")\(number)" }

    /// Path of a page of the review: everything in `id` but letters, digits, `-`, `.` and `_` percent-encoded.
    package static func page(_ folder: String, _ id: String) -> String {
        var path = "/\(folder)/"
        for byte in id.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f:
                path.unicodeScalars.append(Unicode.Scalar(byte))
            default: path += "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
        return path
    }

    package static func findingLabel(_ number: Int) -> String { "F-\(number < 10 ? "0" : "")\(number)" }

    package func itemLink(_ id: ItemID) -> HTML {
        if checklist[id] == nil { return "\(id.description)" }
        return options.links == .pages
            ? "<a class=\"ref\" href=\"/items/\(id.description)\">\(id.description)</a>"
            : "<a class=\"ref\" href=\"#item-\(id.description)\">\(id.description)</a>"
    }

    /// Links in a row, or a dash.
    package func list(_ parts: [HTML]) -> HTML {
        parts.isEmpty ? "–" : .joined(parts, separator: isJapanese ? "、" : ", ")
    }

    package func exhibitLinks(_ ids: [String]) -> [HTML] { ids.compactMap(exhibitLink) }

    /// `<p class="more">` that says how many lines were left out and where they are.
    package func more(_ count: Int, command: HTML? = nil) -> HTML {
        guard count > 0 else { return .empty }
        let place =
            command.map { t("<code>\($0)</code> で表示できる", "see <code>\($0)</code>") }
            ?? t("JSON形式の報告書に収めた", "see the report in JSON")
        return t(
            "<p class=\"more\">ほか\(grouped(UInt64(count)))件は\(place)。</p>",
            "<p class=\"more\">… and \(grouped(UInt64(count))) more; \(place).</p>")
    }

    /// A line to write on, where the store does not tell.
    static let fill: HTML = "<span class=\"fill\"></span>"

    // MARK: Quantities and times

    package func grouped(_ number: UInt64) -> String { Figures.count(number) }
    package func bytes(_ count: UInt64) -> String { Figures.bytes(count) }
    package func duration(_ seconds: Double) -> String { Figures.duration(seconds, in: language) }
    package var moments: Moments { Moments(language: language, timeZone: options.timeZone) }
    package func date(_ time: Timestamp) -> String { moments.date(time) }
    package func clock(_ time: Timestamp, seconds: Bool = true) -> String { moments.clock(time, seconds: seconds) }
    package func moment(_ time: Timestamp) -> String { moments.moment(time) }

    /// `2026年11月24日 9:04:23～9:07:01`; the day is repeated only when it changes.
    package func periodText(_ first: Timestamp, _ last: Timestamp) -> String {
        first > .zero ? moments.period(first, last) : words("時刻の記録なし", "no times recorded")
    }
    package var zoneName: String { moments.zoneName(at: options.generatedAt) }
}
