import Foundation
import Model
import TestSupport
import Testing

@testable import Captures

@Suite struct WriterTests {
    /// A file of its own in the temporary folder, removed afterwards.
    private func withFile<Result>(_ body: (String) throws -> Result) rethrows -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString).pcapng")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test(arguments: 0..<20)
    func pcapngRoundTrip(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let interfaces = (0..<Int.random(in: 1...4, using: &random)).map { index in
            CaptureInterface(
                linkType: [.ethernet, .radiotap, .raw, .linuxCooked2][index],
                snapLength: [0, 96, 512, 262_144].randomElement(using: &random) ?? 0,
                name: WireText(random.text()), description: WireText(random.text()), filter: WireText(random.text()),
                hardware: WireText(random.text()), operatingSystem: WireText(random.text()),
                macAddress: Bool.random(using: &random) ? MACAddress(bits: random.next()) : nil,
                speed: UInt64.random(in: 0...10_000_000_000, using: &random), timeResolution: .nanoseconds,
                fcsLength: [0, 2, 4].randomElement(using: &random) ?? 0)
        }
        var written: [(frame: Frame, bytes: [UInt8], comment: String?)] = []
        try withFile { path in
            var writer = try PcapngWriter(path: path, comment: "seed \(seed)")
            for number in 1...200 {
                let index = Int.random(in: 0..<interfaces.count, using: &random)
                let bytes = random.bytes(Int.random(in: 0...300, using: &random))
                let comment = Int.random(in: 0..<5, using: &random) == 0 ? random.text() : nil
                let handle = try writer.interface(interfaces[index])
                let frame = Frame(
                    number: UInt64(number), time: Timestamp(nanoseconds: Int64.random(in: 0 ... .max, using: &random)),
                    originalLength: UInt32(bytes.count) + UInt32.random(in: 0...9, using: &random),
                    capturedLength: UInt32(bytes.count), linkType: interfaces[index].linkType, interface: handle,
                    fcsLength: interfaces[index].fcsLength == 0
                        ? [0, 4].randomElement(using: &random) ?? 0 : interfaces[index].fcsLength,
                    direction: [.unknown, .inbound, .outbound].randomElement(using: &random) ?? .unknown)
                try writer.write(bytes.span.bytes, frame, on: handle, comment: comment)
                written.append((frame, bytes, comment))
            }
            let size = writer.size
            try writer.close()
            let file = try bytes(of: path)
            #expect(file.count == Int(size))
            let reading = try Reading(file)
            #expect(reading.ending == .complete)
            #expect(reading.frames == written.map(\.frame))
            #expect(reading.samples.map(\.bytes) == written.map(\.bytes))
            #expect(reading.statistics.sections.first?.application.raw == "otscan")
            let comments = ["seed \(seed)"] + written.compactMap(\.comment).filter { !$0.isEmpty }
            #expect(reading.statistics.comments.map(\.text.raw) == comments)
            let read = reading.statistics.interfaces.map { interface in
                var interface = interface
                interface.frames = 0
                return interface
            }
            #expect(Set(read) == Set(interfaces.filter { read.contains($0) }))
            #expect(read.count == Set(written.map(\.frame.interface)).count)
        }
    }

    @Test func pcapRoundTrip() throws {
        try withFile { path in
            let samples = Sample.series(500).map { Sample($0.bytes, at: $0.nanoseconds + 789, original: $0.original) }
            var writer = try PcapWriter(path: path, linkType: .ethernet)
            for (index, sample) in samples.enumerated() {
                let frame = Frame(
                    number: UInt64(index), time: Timestamp(nanoseconds: sample.nanoseconds),
                    originalLength: sample.original,
                    capturedLength: UInt32(sample.bytes.count), linkType: .ethernet)
                try writer.write(sample.bytes.span.bytes, frame)
            }
            try writer.close()
            let reading = try Reading(try bytes(of: path))
            #expect(reading.samples == samples)
            #expect(reading.ending == .complete)
        }
    }

    @Test func pcapHoldsOneLinkTypeAndItsEraOnly() throws {
        try withFile { path in
            var writer = try PcapWriter(path: path, linkType: .ethernet)
            var frame = Frame(
                number: 1, time: Timestamp(nanoseconds: .min), originalLength: 0, capturedLength: 0, linkType: .ethernet
            )
            try writer.write([UInt8]().span.bytes, frame)
            frame.time = Timestamp(nanoseconds: .max)
            try writer.write([UInt8]().span.bytes, frame)
            frame.linkType = .radiotap
            var refused = false
            do { try writer.write([UInt8]().span.bytes, frame) } catch { refused = true }
            #expect(refused)
            try writer.close()
            let reading = try Reading(try bytes(of: path))
            #expect(reading.frames.map(\.time.nanoseconds) == [0, 4_294_967_295_999_999_999])
        }
    }

    @Test func statisticsRoundTrip() throws {
        try withFile { path in
            let counters = CaptureCounters(
                start: Timestamp(nanoseconds: 5), end: Timestamp(nanoseconds: 1 << 40), received: 10,
                droppedByInterface: 1,
                accepted: nil, droppedBySystem: 2, delivered: 7)
            var writer = try PcapngWriter(path: path)
            let interface = try writer.interface(linkType: .ethernet, snapLength: 512)
            #expect(try writer.interface(linkType: .ethernet, snapLength: 512) == interface)
            #expect(try writer.interface(linkType: .ethernet, snapLength: 96) != interface)
            try writer.write(counters, of: interface, at: Timestamp(nanoseconds: 9))
            try writer.close()
            let reading = try Reading(try bytes(of: path))
            #expect(reading.statistics.interfaces.map(\.counters) == [counters, nil])
        }
    }

    @Test func longCommentsAreCutBetweenCharacters() throws {
        try withFile { path in
            var writer = try PcapngWriter(path: path)
            let interface = try writer.interface(linkType: .ethernet)
            let frame = Frame(number: 1, time: .zero, originalLength: 1, capturedLength: 1, linkType: .ethernet)
            try writer.write([1].span.bytes, frame, on: interface, comment: String(repeating: "証", count: 50_000))
            try writer.close()
            let reading = try Reading(try bytes(of: path))
            #expect(reading.frames.count == 1)
            #expect(reading.statistics.comments.first?.text.raw.allSatisfy { $0 == "証" } == true)
        }
    }

    @Test func whatReadersRefuseIsNotWritten() throws {
        try withFile { path in
            var writer = try PcapngWriter(path: path)
            let interface = try writer.interface(linkType: .ethernet, snapLength: 96)
            let frame = Frame(number: 1, time: .zero, originalLength: 1, capturedLength: 1, linkType: .ethernet)
            var refusals = 0
            do { try writer.write([UInt8](repeating: 0, count: 262_145).span.bytes, frame, on: interface) } catch {
                refusals += 1
            }
            do { try writer.write([1].span.bytes, frame, on: interface + 1) } catch { refusals += 1 }
            #expect(refusals == 2)
            try writer.write([1].span.bytes, frame, on: interface)
            try writer.close()
            #expect(try Reading(try bytes(of: path)).ending == .complete)
        }
    }

    @Test func fullDisksAreAnError() throws {
        // /dev/full answers every write as a full disk does.
        let error = #expect(throws: CaptureError.self) {
            var writer = try PcapngWriter(path: "/dev/full")
            let interface = try writer.interface(linkType: .ethernet)
            let frame = Frame(number: 1, time: .zero, originalLength: 1, capturedLength: 1, linkType: .ethernet)
            try writer.write([1].span.bytes, frame, on: interface)
            try writer.close()
        }
        #expect(error?.description == "/dev/full: offset 0: cannot write: No space left on device")
        let flooded = #expect(throws: CaptureError.self) {
            var writer = try PcapWriter(path: "/dev/full", linkType: .ethernet)
            let frame = Frame(number: 1, time: .zero, originalLength: 1, capturedLength: 1, linkType: .ethernet)
            for _ in 0..<10_000 { try writer.write([1].span.bytes, frame) }
            Issue.record("no write was refused")
        }
        #expect(flooded?.problem == .system(operation: "write", code: ENOSPC))
        let missing = #expect(throws: CaptureError.self) { _ = try PcapngWriter(path: "/nonexistent/x").size }
        #expect(missing?.description == "/nonexistent/x: cannot create: No such file or directory")
    }

    @Test func onlyTheOwnerCanReadTheFile() throws {
        try withFile { path in
            let writer = try PcapngWriter(path: path)
            try writer.close()
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }
}
