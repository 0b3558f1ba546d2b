import Model
import TestSupport
import Testing

@testable import Captures

/// Captures with bytes changed, cut, doubled and swapped, always the same ones: whatever they say, reading them ends,
/// delivers no more bytes than there are, and takes no more memory than the bytes that came.
@Suite struct MutationTests {
    static let seeds: [[UInt8]] = {
        let samples = Sample.series(8)
        let rich =
            Pcapng.section(options: Pcapng.option(4, "test") + Pcapng.option(1, "comment"))
            + Pcapng.interface(
                options: Pcapng.option(2, "eth0") + Pcapng.option(9, [0x8a]) + Pcapng.option(14, number: Int64(5)))
            + Pcapng.packet(samples[1], options: Pcapng.option(2, number: UInt32(1)) + Pcapng.option(1, "frame"))
            + Pcapng.block(4, Pcapng.option(1, [10, 0, 0, 1] + Array("plc\0".utf8)) + [0, 0, 0, 0])
            + Pcapng.obsoletePacket(samples[2]) + Pcapng.simplePacket([1, 2, 3], original: 3)
            + Pcapng.block(5, [UInt8](repeating: 0, count: 12), options: Pcapng.option(5, number: UInt64(3)))
            + Pcapng.block(0xbad, [0, 0, 0, 1, 2, 3]) + Pcapng.section(.big) + Pcapng.interface(order: .big)
            + Pcapng.packet(samples[3], order: .big)
        let pcap = Pcap.file(samples)
        let modified = Pcap.header(0xa1b2_cd34) + Pcap.record(samples[1], extra: [UInt8](repeating: 0, count: 8))
        let compressed = [try? Compressed.gzip(rich), try? Compressed.zstd(rich), try? Compressed.gzip(pcap)].compactMap
        { $0 }
        return [rich, pcap, Pcap.file(samples, order: .big), modified] + compressed
    }()

    @Test(arguments: seeds.indices)
    func mutatedCapturesEndInOrder(index: Int) throws {
        let seed = Self.seeds[index]
        var random = SplitMix(seed: 1000 + UInt64(index))
        var refused = 0
        var delivered = 0
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
            do throws(CaptureError) {
                var reader = try CaptureReader(
                    MemorySource(bytes), name: "mutation", bufferSize: Int.random(in: 16...600, using: &random),
                    hashing: false)
                var total = 0
                while reader.next() {
                    total += reader.bytes.byteCount
                    #expect(reader.bytes.byteCount == Int(reader.frame.capturedLength))
                    delivered += 1
                }
                #expect(reader.ending != .unfinished)
                if reader.source.compression == .none {
                    #expect(total <= bytes.count)
                    #expect(reader.stream.capacity <= max(600, bytes.count * 2))
                }
                if let error = reader.ending.error { #expect(!error.description.contains("\n")) }
            } catch {
                refused += 1
                #expect(!error.description.contains("\n"))
            }
        }
        // The mutations must reach past the header, or this tests nothing. Compressed data mostly break at once.
        #expect(delivered > (index < 4 ? 500 : 100))
        #expect(refused < (index < 4 ? 2500 : 2950))
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard bytes.count > 8 else { return }
        let place = Int.random(in: 0..<bytes.count - 4, using: &random)
        switch random.next() % 8 {
        case 0: bytes[place] ^= 1 << UInt8(random.next() % 8)
        case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeLast(Int.random(in: 1...min(40, bytes.count - 8), using: &random))
        case 3: bytes.replaceSubrange(place..<place + 4, with: [0xff, 0xff, 0xff, 0xff])
        case 4: bytes.replaceSubrange(place & ~3..<place & ~3 + 4, with: [UInt8(random.next() % 64), 0, 0, 0])
        case 5:
            let length = min(Int.random(in: 1...64, using: &random), bytes.count - place)
            bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0...bytes.count, using: &random))
        case 6: bytes.removeSubrange(place..<place + Int.random(in: 1...4, using: &random))
        default: bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0x80])
        }
    }
}
