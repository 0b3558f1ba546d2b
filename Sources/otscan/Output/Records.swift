/// Records that are made one by one as they are asked for, so that a list of a million takes the room of one.
struct Records<Record: Sendable>: Sequence, Sendable {
    let count: Int
    private let make: @Sendable (Int) -> Record

    init(_ records: [Record]) {
        count = records.count
        make = { records[$0] }
    }

    init<Source: Sendable>(_ sources: [Source], _ record: @escaping @Sendable (Source) -> Record) {
        count = sources.count
        make = { record(sources[$0]) }
    }

    var isEmpty: Bool { count == 0 }

    func makeIterator() -> some IteratorProtocol<Record> { (0..<count).lazy.map(make).makeIterator() }
}
