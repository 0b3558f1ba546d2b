import Model
import Testing

@testable import Captures

@Suite struct PcapngTests {
    let samples = Sample.series(12)

    @Test(arguments: [CaptureByteOrder.little, .big])
    func enhancedPackets(order: CaptureByteOrder) throws {
        var file = Pcapng.section(order) + Pcapng.interface(order: order)
        for sample in samples { file += Pcapng.packet(sample, order: order) }
        let reading = try Reading(file)
        #expect(reading.samples == samples)
        #expect(reading.ending == .complete)
        #expect(reading.source.format == .pcapng(order))
        #expect(reading.frames.map(\.number) == Array(1...12))
        #expect(reading.statistics.interfaces.first?.frames == 12)
    }

    @Test(arguments: [16, 29, 64, 1 << 18])
    func sectionsOfEitherByteOrderAndInterfacesOfManyLinkTypes(bufferSize: Int) throws {
        var file = Pcapng.section(.little)
        file += Pcapng.interface(1, snapLength: 100) + Pcapng.interface(127, options: Pcapng.option(2, "wlan0mon"))
        file += Pcapng.packet(samples[0], interface: 1) + Pcapng.packet(samples[1], interface: 0)
        file += Pcapng.section(.big) + Pcapng.interface(113, order: .big)
        file += Pcapng.packet(samples[2], order: .big)
        file += Pcapng.section(.little) + Pcapng.interface(101) + Pcapng.packet(samples[3])
        let reading = try Reading(file, bufferSize: bufferSize)
        #expect(reading.ending == .complete)
        #expect(reading.samples == Array(samples[0..<4]))
        #expect(reading.frames.map(\.linkType) == [.radiotap, .ethernet, .linuxCooked, .raw])
        #expect(reading.frames.map(\.interface) == [1, 0, 2, 3])
        #expect(reading.statistics.interfaces.map(\.frames) == [1, 1, 1, 1])
        #expect(reading.statistics.interfaces[1].name.raw == "wlan0mon")
        #expect(reading.statistics.sections.map(\.byteOrder) == [.little, .big, .little])
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func whatSectionsAndInterfacesTell(order: CaptureByteOrder) throws {
        let section =
            Pcapng.option(2, "Xeon", order) + Pcapng.option(3, "Linux 6", order) + Pcapng.option(4, "dumpcap", order)
            + Pcapng.option(1, "line 3, press shop", order)
        let interface =
            Pcapng.option(2, "eth0", order) + Pcapng.option(3, "mirror port\0rest", order)
            + Pcapng.option(6, [0, 0x1b, 0x1b, 1, 2, 3], order) + Pcapng.option(8, number: UInt64(1_000_000_000), order)
            + Pcapng.option(11, [0] + Array("not port 22".utf8), order) + Pcapng.option(12, "Linux", order)
            + Pcapng.option(13, [4], order) + Pcapng.option(15, "I210", order) + Pcapng.option(1, "tap 7", order)
        let file =
            Pcapng.section(order, options: section)
            + Pcapng.interface(snapLength: 512, options: interface, order: order)
            + Pcapng.packet(samples[0], order: order)
        let statistics = try Reading(file).statistics
        #expect(
            statistics.sections == [
                CaptureSection(
                    byteOrder: order, hardware: WireText("Xeon"), operatingSystem: WireText("Linux 6"),
                    application: WireText("dumpcap"))
            ])
        let told = try #require(statistics.interfaces.first)
        #expect(told.name.raw == "eth0")
        #expect(told.description.raw == "mirror port")
        #expect(told.filter.raw == "not port 22")
        #expect(told.operatingSystem.raw == "Linux")
        #expect(told.hardware.raw == "I210")
        #expect(told.macAddress?.description == "00:1b:1b:01:02:03")
        #expect(told.speed == 1_000_000_000)
        #expect(told.snapLength == 512)
        #expect(told.fcsLength == 4)
        #expect(
            statistics.comments == [
                CaptureComment(place: .section, text: WireText("line 3, press shop")),
                CaptureComment(place: .interface(0), text: WireText("tap 7")),
            ])
    }

    @Test func frameCheckSequenceLengthInBitsIsUnderstoodToo() throws {
        let file = Pcapng.section() + Pcapng.interface(options: Pcapng.option(13, [32])) + Pcapng.packet(samples[0])
        #expect(try Reading(file).frames.first?.fcsLength == 4)
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func packetOptions(order: CaptureByteOrder) throws {
        let options =
            Pcapng.option(2, number: UInt32(2 | 4 << 5), order) + Pcapng.option(1, "first", order)
            + Pcapng.option(4, number: UInt64(7), order) + Pcapng.option(1, "second", order)
        let file =
            Pcapng.section(order) + Pcapng.interface(order: order)
            + Pcapng.packet(samples[5], options: options, order: order) + Pcapng.packet(samples[6], order: order)
        let reading = try Reading(file)
        #expect(reading.samples == [samples[5], samples[6]])
        #expect(reading.frames.map(\.direction) == [.outbound, .unknown])
        #expect(reading.frames.map(\.fcsLength) == [4, 0])
        #expect(reading.statistics.dropsReported == 7)
        #expect(reading.statistics.comments.map(\.text.raw) == ["first", "second"])
        #expect(reading.statistics.comments.map(\.place) == [.frame(1), .frame(1)])
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func obsoletePackets(order: CaptureByteOrder) throws {
        let file =
            Pcapng.section(order) + Pcapng.interface(1, order: order) + Pcapng.interface(101, order: order)
            + Pcapng.obsoletePacket(samples[0], interface: 1, drops: 3, order: order)
            + Pcapng.obsoletePacket(samples[1], interface: 0, order: order)
        let reading = try Reading(file)
        #expect(reading.samples == [samples[0], samples[1]])
        #expect(reading.frames.map(\.linkType) == [.raw, .ethernet])
        #expect(reading.statistics.dropsReported == 3)
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func simplePacketsAreCutAtTheSnapLengthAndHaveNoTime(order: CaptureByteOrder) throws {
        let bytes = [UInt8](0..<10)
        let file =
            Pcapng.section(order) + Pcapng.interface(snapLength: 10, order: order)
            + Pcapng.simplePacket(bytes, original: 60, order: order)
            + Pcapng.simplePacket([1, 2, 3], original: 3, order: order) + Pcapng.packet(samples[0], order: order)
        let reading = try Reading(file)
        #expect(reading.samples == [Sample(bytes, at: 0, original: 60), Sample([1, 2, 3], at: 0), samples[0]])
        #expect(reading.frames.map(\.hasTime) == [false, false, true])
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func interfaceStatistics(order: CaptureByteOrder) throws {
        var body = CaptureBytes(order)
        body.add(UInt32(0))
        body.add(UInt64(0))
        var time = CaptureBytes(order)
        time.add(UInt32(1))
        time.add(UInt32(5))
        let options =
            Pcapng.option(2, time.bytes, order) + Pcapng.option(4, number: UInt64(100), order)
            + Pcapng.option(5, number: UInt64(3), order) + Pcapng.option(6, number: UInt64(90), order)
            + Pcapng.option(7, number: UInt64(2), order) + Pcapng.option(8, number: UInt64(88), order)
        let file =
            Pcapng.section(order) + Pcapng.interface(order: order)
            + Pcapng.block(5, body.bytes, options: options, order: order)
        let counters = try #require(try Reading(file).statistics.interfaces.first?.counters)
        #expect(
            counters
                == CaptureCounters(
                    start: Timestamp(nanoseconds: ((1 << 32) + 5) * 1000), end: nil, received: 100,
                    droppedByInterface: 3,
                    accepted: 90, droppedBySystem: 2, delivered: 88))
    }

    @Test(arguments: [CaptureByteOrder.little, .big])
    func nameResolution(order: CaptureByteOrder) throws {
        let v6 = [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]
        let records =
            Pcapng.option(1, [192, 0, 2, 7] + Array("plc7\0plc7.line3.example\0".utf8), order)
            + Pcapng.option(2, v6 + Array("hmi\0".utf8), order) + Pcapng.option(9, [1, 2], order)
        let file =
            Pcapng.section(order) + Pcapng.interface(order: order)
            + Pcapng.block(4, records + [0, 0, 0, 0], order: order)
            + Pcapng.packet(samples[0], order: order)
        let reading = try Reading(file)
        #expect(
            reading.statistics.names.map { "\($0.address) \($0.name)" } == [
                "192.0.2.7 plc7", "192.0.2.7 plc7.line3.example", "2001:db8::1 hmi",
            ])
        #expect(reading.samples == [samples[0]])
    }

    @Test func otherBlocksAreSteppedOverAndNumberedAsWiresharkDoes() throws {
        let head = Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0])
        let secrets = Pcapng.block(10, Array("CLIENT_RANDOM 00 00".utf8))
        let unknown = Pcapng.block(0x1234_5678, [UInt8](repeating: 7, count: 40))
        let reading = try Reading(head + secrets + unknown + Pcapng.packet(samples[1]))
        #expect(reading.frames.map(\.number) == [1, 2])
        #expect(reading.statistics.secretsBlocks == 1)
        #expect(reading.statistics.skippedBlocks == 1)
        for type: UInt32 in [9, 0xbad, 0x4000_0bad, 0x204] {
            let reading = try Reading(head + Pcapng.block(type, [0, 0, 0, 1, 2, 3, 4, 5]) + Pcapng.packet(samples[1]))
            #expect(reading.frames.map(\.number) == [1, 3])
            #expect(reading.statistics.frames == 2)
            #expect(reading.statistics.recordsWithoutFrame == 1)
        }
    }

    @Test(arguments: [64, 1 << 18])
    func hugeBlocksWithoutFramesAreNotBuffered(bufferSize: Int) throws {
        let huge = Pcapng.block(0x1234_5678, [UInt8](repeating: 7, count: 3_000_000))
        let names = Pcapng.block(4, [UInt8](repeating: 0, count: 3_000_000))
        let file = Pcapng.section() + Pcapng.interface() + huge + names + Pcapng.packet(samples[0])
        let reading = try Reading(file, bufferSize: bufferSize)
        #expect(reading.samples == [samples[0]])
        #expect(reading.ending == .complete)
        #expect(reading.bufferSize <= max(bufferSize, 131_072))
    }

    @Test func listsAreBounded() throws {
        var file = Pcapng.section() + Pcapng.interface()
        let comment = Pcapng.option(1, "again")
        for sample in Sample.series(400) { file += Pcapng.packet(sample, options: comment) }
        var names: [UInt8] = []
        for index in 0..<1500 { names += Pcapng.option(1, [10, 0, 0, 1] + Array("h\(index)\0g\0".utf8)) }
        for _ in 0..<3 { file += Pcapng.block(4, names) }
        for _ in 0..<300 { file += Pcapng.section() }
        let statistics = try Reading(file).statistics
        #expect(statistics.comments.count == CaptureStatistics.keptComments)
        #expect(statistics.commentCount == 400)
        #expect(statistics.names.count == CaptureStatistics.keptNames)
        #expect(statistics.nameCount == 9000)
        #expect(statistics.sections.count == CaptureStatistics.keptSections)
        #expect(statistics.sectionCount == 301)
    }

    @Test func textsOfManyInterfacesAreBounded() throws {
        let text =
            Pcapng.option(2, String(repeating: "é", count: 300)) + Pcapng.option(3, String(repeating: "x", count: 600))
        var file = Pcapng.section()
        for _ in 0..<6000 { file += Pcapng.interface(options: text) }
        let statistics = try Reading(file).statistics
        #expect(statistics.interfaces.count == 6000)
        #expect(statistics.interfaces[0].name.raw.utf8.count == WireText.limit)
        let kept = statistics.interfaces.reduce(0) { $0 + $1.name.raw.utf8.count + $1.description.raw.utf8.count }
        #expect(kept <= 4 * 1024 * 1024)
        var more = Pcapng.section()
        for _ in 0...CaptureStatistics.interfaceLimit { more += Pcapng.interface() }
        #expect(try Reading(more).ending.error?.description.contains("at most 65536 interfaces") == true)
    }
}

@Suite struct TimeResolutionTests {
    @Test(
        arguments: [
            (0, 1_700_000_000, 1_700_000_000_000_000_000), (3, 1_700_000_000_123, 1_700_000_000_123_000_000),
            (6, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
            (9, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
            (12, 1_700_000_000_123_456_789, 1_700_000_000_123_456), (19, 12_345_678_901, 1),
            (0x80, 1_700_000_000, 1_700_000_000_000_000_000),
            (0x8a, 1_700_000_000 << 10 | 512, 1_700_000_000_500_000_000),
            (0xa0, 1_700_000_000 << 32 | 1 << 31, 1_700_000_000_500_000_000), (0xbf, 1 << 62, 500_000_000),
        ] as [(UInt8, UInt64, Int64)])
    func units(exponent: UInt8, ticks: UInt64, nanoseconds: Int64) throws {
        let interface = Pcapng.interface(options: Pcapng.option(9, [exponent]))
        let sample = Sample([1, 2], at: 0)
        let reading = try Reading(Pcapng.section() + interface + Pcapng.packet(sample, ticks: ticks))
        #expect(reading.frames.first?.time.nanoseconds == nanoseconds)
    }

    @Test(arguments: [20, 64, 127, 0x80 | 64, 0xff] as [UInt8])
    func absurdUnitsAreAnError(exponent: UInt8) throws {
        let file =
            Pcapng.section() + Pcapng.interface() + Pcapng.packet(Sample([1], at: 0))
            + Pcapng.interface(options: Pcapng.option(9, [exponent])) + Pcapng.packet(Sample([2], at: 0))
        let reading = try Reading(file)
        #expect(reading.frames.count == 1)
        #expect(reading.ending.error?.description.contains("a time resolution no finer than") == true)
    }

    @Test func offsetsMoveTheClock() throws {
        for (offset, nanoseconds) in [(3600, 3_601_000_000_000), (-1, 0)] as [(Int64, Int64)] {
            let interface = Pcapng.interface(options: Pcapng.option(14, number: offset))
            let reading = try Reading(Pcapng.section() + interface + Pcapng.packet(Sample([1], at: 1_000_000_000)))
            #expect(reading.frames.first?.time.nanoseconds == nanoseconds)
        }
    }

    @Test func nothingOverflows() throws {
        for exponent in (0...19).map({ UInt8($0) }) + (0...63).map({ UInt8($0) | 0x80 }) {
            let resolution = try #require(TimeResolution(exponent: exponent))
            for ticks: UInt64 in [0, 1, 1 << 31, 1 << 62, 1 << 63, .max] {
                let plain = resolution.time(ticks: ticks)
                #expect(plain.nanoseconds >= 0)
                for offset: Int64 in [.min, -1, 1, 9_223_372_036, 9_223_372_037, .max] {
                    let moved = resolution.with(offset: offset).time(ticks: ticks)
                    #expect(offset < 0 ? moved <= plain : moved >= plain)
                }
            }
        }
    }
}
