import Model
import Testing

@testable import Captures

@Suite struct PcapTests {
    let samples = Sample.series(20)

    @Test(arguments: [CaptureByteOrder.little, .big])
    func microseconds(order: CaptureByteOrder) throws {
        let reading = try Reading(Pcap.file(samples, order: order))
        #expect(reading.samples == samples)
        #expect(reading.ending == .complete)
        #expect(reading.source.format == .pcap(.microseconds, order))
        #expect(reading.frames.map(\.number) == Array(1...20))
        #expect(reading.statistics.frames == 20)
        #expect(reading.statistics.capturedBytes == UInt64(samples.reduce(0) { $0 + $1.bytes.count }))
        #expect(reading.statistics.interfaces.count == 1)
        #expect(reading.statistics.interfaces.first?.snapLength == 65535)
        #expect(reading.statistics.interfaces.first?.frames == 20)
        #expect(reading.frames.allSatisfy { $0.linkType == .ethernet && $0.hasTime })
        #expect(reading.frames.map(\.isCut) == samples.map { $0.original > $0.bytes.count })
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func nanoseconds(order: CaptureByteOrder) throws {
        let sample = Sample([1, 2, 3], at: 1_700_000_000_123_456_789)
        let file = Pcap.header(0xa1b2_3c4d, order: order) + Pcap.record(sample, order: order, unit: 1)
        let reading = try Reading(file)
        #expect(reading.samples == [sample])
        #expect(reading.source.description == "pcap, \(order.rawValue), nanoseconds")
    }

    @Test func modifiedRecordsCarryEightMoreBytesAndADirection() throws {
        let extra: [UInt8] = [2, 0, 0, 0, 0x08, 0, 4, 0]
        let file =
            Pcap.header(0xa1b2_cd34) + Pcap.record(samples[3], extra: extra)
            + Pcap.record(samples[4], extra: [2, 0, 0, 0, 0x08, 0, 0, 0])
        let reading = try Reading(file)
        #expect(reading.samples == [samples[3], samples[4]])
        #expect(reading.frames.map(\.direction) == [.outbound, .inbound])
        #expect(reading.source.format == .pcap(.modified, .little))
    }

    @Test func ixiaHeadersAreFourBytesLongerAndCountNanoseconds() throws {
        let sample = Sample([9, 8, 7], at: 1_700_000_000_000_000_001)
        let record = Pcap.record(sample, unit: 1)
        for magic: UInt32 in [0x1c00_01ac, 0x1c00_01ab] {
            let reading = try Reading(Pcap.header(magic) + [UInt8(record.count), 0, 0, 0] + record)
            #expect(reading.samples == [sample])
        }
    }

    @Test func oldVersionsHoldTheLengthsTheOtherWayRound() throws {
        let sample = Sample([1, 2, 3, 4], at: 5_000_000, original: 90)
        #expect(try Reading(Pcap.header(minor: 2) + Pcap.record(sample, swapLengths: true)).samples == [sample])
        #expect(
            try Reading(Pcap.header(major: 543, minor: 0) + Pcap.record(sample, swapLengths: true)).samples == [sample])
        for swapped in [false, true] {
            let file = Pcap.header(minor: 3) + Pcap.record(sample, swapLengths: swapped)
            #expect(try Reading(file).samples == [sample])
        }
    }

    @Test func linkTypeFieldHoldsTheFrameCheckSequence() throws {
        let reading = try Reading(Pcap.header(network: 0x2400_0001) + Pcap.record(samples[0]))
        #expect(reading.frames.first?.linkType == .ethernet)
        #expect(reading.frames.first?.fcsLength == 4)
        // Without the bit that says the length is there, it is none.
        #expect(try Reading(Pcap.header(network: 0x2000_0001) + Pcap.record(samples[0])).frames.first?.fcsLength == 0)
        #expect(try Reading(Pcap.header(network: 12) + Pcap.record(samples[0])).frames.first?.linkType == .raw)
        #expect(
            try Reading(Pcap.header(network: 276) + Pcap.record(samples[0])).frames.first?.linkType == .linuxCooked2)
    }

    @Test func headerAloneIsAnEmptyCapture() throws {
        let reading = try Reading(Pcap.header())
        #expect(reading.ending == .complete)
        #expect(reading.statistics.frames == 0)
    }

    @Test func extremeTimesDoNotTrap() throws {
        var record = CaptureBytes()
        for value in [UInt32.max, UInt32.max, 0, 0] { record.add(value) }
        let reading = try Reading(Pcap.header() + record.bytes)
        let time = try #require(reading.frames.first?.time)
        #expect(time == Timestamp(nanoseconds: 4_294_971_589_967_295_000))
    }

    @Test(arguments: [16, 17, 31, 64, 1000])
    func recordsStraddleASmallBuffer(bufferSize: Int) throws {
        let many = Sample.series(300)
        let reading = try Reading(Pcap.file(many), bufferSize: bufferSize)
        #expect(reading.samples == many)
        #expect(reading.ending == .complete)
    }

    @Test func framesLongerThanTheBufferGrowIt() throws {
        let long = Sample([UInt8](repeating: 0xa5, count: 200_000), at: 0)
        let reading = try Reading(Pcap.file([samples[0], long, samples[1]]), bufferSize: 4096)
        #expect(reading.samples == [samples[0], long, samples[1]])
        #expect(reading.bufferSize <= 262_144 * 2)
    }

    @Test func snapLengthRaisesTheLimitButOnlySoFar() throws {
        let long = Sample([UInt8](repeating: 1, count: 300_000), at: 0)
        let refused = try Reading(Pcap.header(snapLength: 65535) + Pcap.record(long))
        #expect(refused.samples.isEmpty)
        #expect(
            refused.ending.error?.description
                == "test: offset 24: frame 1: expected a captured length of at most 262144, found 300000")
        #expect(try Reading(Pcap.header(snapLength: 300_000) + Pcap.record(long)).samples == [long])
        let reading = try Reading(
            Pcap.header(snapLength: .max) + Pcap.record(samples[0]) + [UInt8](repeating: 0xff, count: 16))
        #expect(reading.samples == [samples[0]])
        #expect(reading.ending.error?.description.contains("at most 16777216, found 4294967295") == true)
    }

    @Test func spansAreWholeAndStopAnywhere() throws {
        var reader = try CaptureReader(bytes: Pcap.file(samples), name: "test")
        let first = reader.next()
        #expect(first)
        let length = reader.bytes.byteCount
        #expect(length == samples[0].bytes.count)
        let before = (reader.ending, reader.sha256)
        #expect(before == (.unfinished, nil))
        while reader.next() {}
        #expect(reader.ending == .complete)
        #expect(reader.bytes.byteCount == 0)
        // Asking on changes nothing.
        let more = reader.next()
        #expect(!more)
        #expect(reader.frame.number == 20)
    }

    @Test func digestIsThatOfTheWholeFile() throws {
        #expect(
            try Reading(Pcap.header(), hashing: true).sha256
                == "acc530668c8bc60b2d229281130b1899bfc81d70fdada5c34b3236c628f739c8")
        // Damage ends the reading, not the digest.
        let damaged = Pcap.header() + [UInt8](repeating: 0xff, count: 16) + [UInt8](repeating: 0x78, count: 1000)
        for bufferSize in [16, 100, 4096] {
            let reading = try Reading(damaged, bufferSize: bufferSize, hashing: true)
            #expect(reading.ending.error != nil)
            #expect(reading.sha256 == "e935b4018b59816a06c51e44c3b8bf9b97529fcc3fe3b8f0b6558b1767af88d8")
        }
        #expect(try Reading(damaged).sha256 == nil)
    }
}
