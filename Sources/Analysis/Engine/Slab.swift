// The unsafe memory of the engine's tables lives in this file.

import CPrefetch

/// A growing table of plain values in chunks that never move: growing copies nothing, and never needs old and new at once.
/// Indices are the engine's own, never from the wire; a wrong one stops the program as an array's would.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
    private static var shift: Int { 10 }
    private static var chunk: Int { 1 << shift }

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>
    private let chunkLimit: Int
    private(set) var count = 0
    let limit: Int

    /// A table for at most `limit` values; memory is taken as they come.
    init(limit: Int) {
        self.limit = max(limit, 0)
        chunkLimit = self.limit >> Slab.shift + 1
        chunks = .allocate(capacity: chunkLimit)
        chunks.initialize(repeating: nil, count: chunkLimit)
    }

    deinit {
        for index in 0..<chunkLimit { chunks[index]?.deallocate() }
        chunks.deallocate()
    }

    var isFull: Bool { count >= limit }

    /// Adds a value and answers its index; -1 when the table is full.
    mutating func append(_ element: Element) -> Int {
        guard count < limit else { return -1 }
        let place = count >> Slab.shift
        let base: UnsafeMutablePointer<Element>
        if let chunk = chunks[place] {
            base = chunk
        } else {
            base = .allocate(capacity: Slab.chunk)
            chunks[place] = base
        }
        (base + (count & (Slab.chunk &- 1))).initialize(to: element)
        count &+= 1
        return count &- 1
    }

    /// Gives the memory of all whole chunks before `index` back; their values may not be used any more.
    mutating func release(before index: Int) {
        for place in 0..<min(index >> Slab.shift, chunkLimit) {
            chunks[place]?.deallocate()
            chunks[place] = nil
        }
    }

    /// Brings the first two cache lines of a value near, wherever it starts in the first of them.
    @inline(__always)
    func prefetch(_ index: Int) {
        let place = UnsafeRawPointer(address(index))
        otscan_prefetch(place)
        otscan_prefetch(place + 64)
        otscan_prefetch(place + 128)
    }

    @inline(__always)
    private func address(_ index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count)
        guard let base = chunks[index >> Slab.shift] else { preconditionFailure("the chunk was given back") }
        return base + (index & (Slab.chunk &- 1))
    }

    subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress { UnsafePointer(address(index)) }
        @inline(__always) unsafeMutableAddress { address(index) }
    }
}
