import Model
import Wire

/// Names that a client asked for: each once per client and at most so many, on the conversation in which it came first.
enum DNSQueries {
    /// Most distinct names kept of one client, over all its conversations and DNS-like protocols of one kind.
    static let limit = 256

    /// Two bytes for each place, to claim one by.
    private static let places: [UInt8] = (0..<limit).flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }

    static func note(_ name: [UInt8], _ d: inout Dissection) {
        guard !name.isEmpty, d.isNew(name.span.bytes, field: "queried", about: .source) else { return }
        var place = 0
        while place < limit {
            if d.isNew(places.span.bytes.slice(place &* 2, 2), field: "query_place", about: .source) {
                d.observe("query", text: name.span.bytes, field: "query", about: .conversation)
                return
            }
            place &+= 1
        }
    }
}
