import Model

/// Collects exhibits under stable ids.
struct ExhibitBook {
    private(set) var exhibits: [Exhibit] = []
    private var places: [String: Int] = [:]

    /// Adds an exhibit and answers its id; frames are sorted, made unique and cut to the limit.
    mutating func add(_ id: String, title: Phrase, frames: [FrameRef], filter: String) -> String {
        var kept: [FrameRef] = []
        for frame in frames.sorted() where kept.last != frame { kept.append(frame) }
        let exhibit = Exhibit(
            id: id, title: title, frames: Array(kept.prefix(Exhibit.frameLimit)), displayFilter: filter)
        if let known = places[id] {
            exhibits[known] = exhibit
        } else {
            places[id] = exhibits.count
            exhibits.append(exhibit)
        }
        return id
    }
}
