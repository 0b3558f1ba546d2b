import Assessment
import Foundation
import Model

/// How sections speak: in the report's language, masked where asked.
extension Report {
    var language: Language { options.language }
    var isJapanese: Bool { options.language == .japanese }

    /// The report's own words.
    func t(_ ja: HTML, _ en: HTML) -> HTML { isJapanese ? ja : en }
    func words(_ ja: String, _ en: String) -> String { isJapanese ? ja : en }

    // Words of others: checklist, analysis, people. Names inside them are masked.
    func say(_ text: Bilingual) -> String { plain(masker.text(text[language])) }
    func say(_ phrase: Phrase) -> String { plain(masker.text(isJapanese ? phrase.ja : phrase.en)) }
    func say(_ text: String) -> String { masker.text(text) }

    /// A report is written in the plain style; what the analysis says politely elsewhere is put into that style here.
    private func plain(_ text: String) -> String { isJapanese ? PlainStyle.plain(text) : text }

    /// A value that a device told about its kind; only known names inside it are masked, for versions look like addresses.
    func show(_ value: WireText?) -> String { value.map { masker.text($0.visible, patterns: false) } ?? "" }

    /// What to call an asset.
    func name(_ asset: Asset) -> String {
        guard masker.isActive else { return asset.name.visible }
        if let hostname = asset.hostname, hostname == asset.name {
            return masker.pseudonym(.host, hostname.visible.trimmed)
        }
        return masker.text(asset.name.visible)
    }

    /// An asset by id, as a link where its row is printed.
    func assetLink(_ id: String) -> HTML {
        guard let number = places.assets[id], assets.indices.contains(number - 1) else { return "\(masker.text(id))" }
        let name = name(assets[number - 1])
        return number <= Limits.assets ? "<a href=\"#asset-\(number)\">\(name)</a>" : "\(name)"
    }

    func exhibitLink(_ id: String) -> HTML? {
        guard let number = places.exhibits[id] else { return nil }
        let label = "E-\(number < 10 ? "0" : "")\(number)"
        return number <= Limits.exhibits ? "<a class=\"ref\" href=\"#exhibit-\(number)\">\(label)</a>" : "\(label)"
    }

    func findingLink(_ finding: Finding) -> HTML {
        guard let number = places.findings[finding.id] else { return .empty }
        let label = Report.findingLabel(number)
        return number <= Limits.findings ? "<a class=\"ref\" href=\"#finding-\(number)\">\(label)</a>" : "\(label)"
    }

    static func findingLabel(_ number: Int) -> String { "F-\(number < 10 ? "0" : "")\(number)" }

    func itemLink(_ id: ItemID) -> HTML {
        checklist[id] == nil
            ? "\(id.description)" : "<a class=\"ref\" href=\"#item-\(id.description)\">\(id.description)</a>"
    }

    /// Links in a row, or a dash.
    func list(_ parts: [HTML]) -> HTML { parts.isEmpty ? "–" : .joined(parts, separator: isJapanese ? "、" : ", ") }

    func exhibitLinks(_ ids: [String]) -> [HTML] { ids.compactMap(exhibitLink) }

    /// `<p class="more">` that says how many lines were left out and where they are.
    func more(_ count: Int, command: HTML? = nil) -> HTML {
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

    // MARK: Quantities

    /// `4,997`.
    func grouped(_ number: UInt64) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `182 kB`: decimal units, three digits.
    func bytes(_ count: UInt64) -> String {
        if count < 1000 { return "\(count) B" }
        var value = Double(count)
        var unit = "B"
        for next in ["kB", "MB", "GB", "TB", "PB"] where value >= 1000 {
            value /= 1000
            unit = next
        }
        let digits = value < 10 ? 2 : value < 100 ? 1 : 0
        return String(format: "%.\(digits)f", value) + " " + unit
    }

    func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "–" }
        let total = Int(min(seconds, 1e12).rounded())
        let (days, hours, minutes, rest) = (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60)
        switch total {
        case ..<60: return words("\(rest)秒", "\(rest) s")
        case ..<3600: return words("\(minutes)分\(rest)秒", "\(minutes) min \(rest) s")
        case ..<86_400: return words("\(hours)時間\(minutes)分", "\(hours) h \(minutes) min")
        default: return words("\(days)日\(hours)時間", "\(days) d \(hours) h")
        }
    }

    // MARK: Dates

    private func parts(_ time: Timestamp) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = options.timeZone
        return calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: time.seconds))
    }

    /// `2026年4月15日`, `15 April 2026`.
    func date(_ time: Timestamp) -> String {
        let parts = parts(time)
        guard let day = CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0) else {
            return "–"
        }
        return day.text(in: language)
    }

    /// `9:04:23`.
    func clock(_ time: Timestamp, seconds: Bool = true) -> String {
        let parts = parts(time)
        let text = String(format: "%d:%02d", parts.hour ?? 0, parts.minute ?? 0)
        return seconds ? text + String(format: ":%02d", parts.second ?? 0) : text
    }

    func moment(_ time: Timestamp) -> String { "\(date(time)) \(clock(time))" }

    /// `UTC+9`.
    var zoneName: String {
        let minutes =
            options.timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: options.generatedAt.seconds)) / 60
        if minutes == 0 { return "UTC" }
        let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
        return "UTC\(minutes < 0 ? "−" : "+")\(hours)" + (rest == 0 ? "" : String(format: ":%02d", rest))
    }
}

extension Finding.Severity {
    func name(in language: Language) -> String {
        switch (self, language) {
        case (.high, .japanese): "高"
        case (.high, .english): "high"
        case (.medium, .japanese): "中"
        case (.medium, .english): "medium"
        case (.low, .japanese): "低"
        case (.low, .english): "low"
        case (.info, .japanese): "参考"
        case (.info, .english): "info"
        }
    }
}

extension RemoteSession.Origin {
    func name(in language: Language) -> String {
        switch (self, language) {
        case (.outside, .japanese): "外部から"
        case (.outside, .english): "from outside"
        case (.outbound, .japanese): "外部へ"
        case (.outbound, .english): "to outside"
        case (.inside, .japanese): "内部どうし"
        case (.inside, .english): "inside"
        }
    }
}
