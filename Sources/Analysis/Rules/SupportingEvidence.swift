import Model

/// One finding that shows what the traffic tells beside an item that traffic cannot judge.
struct SupportingEvidence {
    var rule: String
    var severity: Finding.Severity = .info
    var items: [String]
    var techniques: [String] = []
    private(set) var assets: [String] = []
    private(set) var frames: [FrameRef] = []
    private(set) var words: Set<String> = []
    private var seen: Set<String> = []

    init(_ rule: String, items: [String], techniques: [String] = [], severity: Finding.Severity = .info) {
        self.rule = rule
        self.items = items
        self.techniques = techniques
        self.severity = severity
    }

    mutating func add(_ asset: String?, _ frame: FrameRef, _ word: String) {
        if frames.count < 200 { frames.append(frame) }
        if words.count < 100 { words.insert(word) }
        if let asset, seen.insert(asset).inserted { assets.append(asset) }
    }

    var isEmpty: Bool { frames.isEmpty }
    var count: Int { assets.count }
    /// As many words as a sentence bears.
    var list: String {
        let sorted = words.sorted()
        return sorted.prefix(6).joined(separator: ", ") + (sorted.count > 6 ? " …" : "")
    }

    func finding(_ title: Phrase, _ text: Phrase, _ exhibits: inout ExhibitBook) -> Finding {
        let exhibit = exhibits.add(rule, title: title, frames: frames, filter: DisplayFilter.frames(frames.sorted()))
        return Finding(
            id: rule, rule: rule, severity: severity, title: title, text: text, items: items, techniques: techniques,
            assets: assets.sorted(), exhibits: [exhibit])
    }
}
