// The unsafe memory of the collector lives in this file and in CaptureHandle.

import Glibc

/// The pcapng stream (draft-ietf-opsawg-pcapng) that goes to the supervisor: little-endian, one interface, nanoseconds.
/// Blocks gather in one buffer, which is written before it is full and whenever the ring has been emptied.
struct FrameStream: ~Copyable {
    private static let capacity = 1 << 20
    /// Written as soon as this much has gathered; what is left holds the longest frame there can be.
    private static let due = capacity - 300_000

    private let buffer: UnsafeMutableRawPointer
    private var used = 0
    private let descriptor: Int32
    /// Frames put into the stream.
    private(set) var frames: UInt64 = 0
    /// Octets written.
    private var written = 0
    /// Octets put into the stream.
    var octets: Int { written &+ used }
    /// True when the supervisor is gone or the pipe broke: nothing more can be written.
    private(set) var isBroken = false

    init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer = .allocate(byteCount: FrameStream.capacity, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// 0 type   4 length   8 byte-order magic   12 version   16 section length, not told   24 options
    mutating func begin(interface: String, linkType: UInt16, snapLength: UInt32, filter: String) {
        let application = Array("otscan-collector".utf8)
        put(0x0a0d_0d0a as UInt32)
        let section = 28 + FrameStream.optionSize(application.count) + 4
        put(UInt32(section))
        put(0x1a2b_3c4d as UInt32)
        put(1 as UInt16)
        put(0 as UInt16)
        put(UInt64.max)
        put(option: 4, application)
        put(0 as UInt32)
        put(UInt32(section))

        let name = Array(interface.utf8.prefix(64))
        // The first octet says that a filter in libpcap's language follows.
        let filter = filter.isEmpty ? [] : [0] + Array(filter.utf8.prefix(4096))
        var length = 20 + FrameStream.optionSize(name.count) + FrameStream.optionSize(1) + 4
        if !filter.isEmpty { length += FrameStream.optionSize(filter.count) }
        put(1 as UInt32)
        put(UInt32(length))
        put(linkType)
        put(0 as UInt16)
        put(snapLength)
        put(option: 2, name)
        put(option: 9, [9])
        if !filter.isEmpty { put(option: 11, filter) }
        put(0 as UInt32)
        put(UInt32(length))
        flush()
    }

    /// An enhanced packet block:
    /// 0 type 6   4 length   8 interface   12 time, high   16 time, low   20 captured   24 original   28 frame   length
    @inline(__always)
    mutating func add(_ bytes: UnsafePointer<UInt8>, captured: UInt32, original: UInt32, nanoseconds: UInt64) {
        // libpcap never gives more than the snap length, which is 262,144 at most.
        guard captured <= 262_144 else { return }
        let padded = (Int(captured) &+ 3) & ~3
        let length = 32 &+ padded
        let block = buffer + used
        block.storeBytes(of: 6, as: UInt32.self)
        block.storeBytes(of: UInt32(truncatingIfNeeded: length), toByteOffset: 4, as: UInt32.self)
        block.storeBytes(of: 0, toByteOffset: 8, as: UInt32.self)
        block.storeBytes(of: UInt32(truncatingIfNeeded: nanoseconds >> 32), toByteOffset: 12, as: UInt32.self)
        block.storeBytes(of: UInt32(truncatingIfNeeded: nanoseconds), toByteOffset: 16, as: UInt32.self)
        block.storeBytes(of: captured, toByteOffset: 20, as: UInt32.self)
        // Zeroes for the padding, of which the frame then covers what it needs.
        (block + (24 &+ padded)).storeBytes(of: 0, as: UInt32.self)
        block.storeBytes(of: original, toByteOffset: 24, as: UInt32.self)
        (block + 28).copyMemory(from: bytes, byteCount: Int(captured))
        (block + (28 &+ padded)).storeBytes(of: UInt32(truncatingIfNeeded: length), as: UInt32.self)
        used &+= length
        frames &+= 1
        if used >= FrameStream.due { flush() }
    }

    /// An interface statistics block, always of the same length:
    /// 0 type 5   4 length   8 interface   12 time   20 options 4 received, 5 dropped by the interface, 7 dropped by the
    /// system, 8 delivered, 32769 (for local use) the gauge's reading, each 4 + 8   80 end of options   84 length
    mutating func add(_ counters: CollectorCounters, nanoseconds: UInt64) {
        put(5 as UInt32)
        put(UInt32(CollectorCounters.blockLength))
        put(0 as UInt32)
        put(UInt32(truncatingIfNeeded: nanoseconds >> 32))
        put(UInt32(truncatingIfNeeded: nanoseconds))
        for (code, value) in [
            (4, counters.received), (5, counters.droppedByInterface), (7, counters.droppedBySystem), (8, frames),
            (0x8001, counters.fullest),
        ] as [(UInt16, UInt64)] {
            put(code)
            put(8 as UInt16)
            put(value)
        }
        put(0 as UInt32)
        put(UInt32(CollectorCounters.blockLength))
        flush()
    }

    /// Writes everything gathered; waits while the supervisor is behind.
    mutating func flush() {
        var done = 0
        while done < used, !isBroken {
            let count = write(descriptor, buffer + done, used &- done)
            if count > 0 { done &+= count } else if count < 0, errno != EINTR { isBroken = true }
        }
        written &+= used
        used = 0
    }

    private mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
        (buffer + used).storeBytes(of: value.littleEndian, as: Value.self)
        used &+= MemoryLayout<Value>.size
    }

    private mutating func put(option code: UInt16, _ value: [UInt8]) {
        put(code)
        put(UInt16(truncatingIfNeeded: value.count))
        for byte in value { put(byte) }
        for _ in 0..<(-value.count & 3) { put(0 as UInt8) }
    }

    private static func optionSize(_ count: Int) -> Int { 4 + (count + 3) & ~3 }
}

/// What the interface and the kernel count, since the capture began.
struct CollectorCounters {
    /// Length of the interface statistics block that tells them.
    static let blockLength = 88

    /// Frames that passed the filter, those dropped for lack of room among them.
    var received: UInt64 = 0
    var droppedBySystem: UInt64 = 0
    var droppedByInterface: UInt64 = 0
    /// How full the kernel's ring was at most since this was last told, in thousandths.
    var fullest: UInt64 = 0
}
