import Model
import Wire

/// Names that a client asked for: each once per client and at most so many, on the conversation in which it came first.
enum DNSQueries {
    /// Most distinct names kept of one client, over all its conversations and DNS-like protocols of one kind.
    static let limit = 256

    /// Two bytes for each place, to claim one by.
    private static let places: [UInt8] = (0..<limit).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }

    private static let placeField: StaticString = "query_place"

    static func note(_ name: [UInt8], _ d: inout Dissection) {
        guard !name.isEmpty, d.isNew(name.span.bytes, field: "queried", about: .source) else { return }
        // Places are claimed from the first on: look for the first free one by halves.
        var low = 0
        var high = limit
        while low < high {
            let middle = (low &+ high) / 2
            if d.isKnown(places.span.bytes.slice(middle &* 2, 2), field: placeField, about: .source) {
                low = middle &+ 1
            } else {
                high = middle
            }
        }
        guard low < limit, d.isNew(places.span.bytes.slice(low &* 2, 2), field: placeField, about: .source)
        else { return }
        d.observe("query", text: name.span.bytes, field: "query", about: .conversation)
    }
}
