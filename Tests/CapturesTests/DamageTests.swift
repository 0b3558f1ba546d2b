import Foundation
import Model
import Testing

@testable import Captures

@Suite struct DamageTests {
    let samples = Sample.series(6)

    @Test func emptyFile() {
        #expect(refusal(of: [])?.description == "test: the file is empty; expected a pcap or pcapng capture")
    }

    @Test func headersCutShort() {
        #expect(
            refusal(of: Array(Pcap.header().prefix(23)))?.description
                == "test: offset 0: the capture ends within the file header: expected 24 bytes, found 23")
        #expect(
            refusal(of: Array(Pcapng.section().prefix(11)))?.description
                == "test: offset 0: the capture ends within the file header: expected 28 bytes, found 11")
        #expect(refusal(of: [0xd4, 0xc3])?.description.contains("expected 24 bytes, found 2") == true)
    }

    @Test(
        arguments: [
            (
                [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0, 0, 0, 0, 0, 0, 2],
                "a snoop capture; convert it with: editcap -F pcapng IN OUT"
            ),
            (Array("GMBU____".utf8), "a Microsoft Network Monitor 2 capture"),
            (Array("PK\u{3}\u{4}....".utf8), "a ZIP archive; extract the capture from it first"),
            (Array("time,source,destination\n".utf8), "found text"),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2], "xz data; decompress it first"),
            ([0xa1, 0x2b, 0x3c, 0x4d, 0, 0, 0, 0], "a Navtel capture"),
            ([0, 1, 2, 3, 0xff], "the bytes 00 01 02 03 ff"),
            // A section header block whose byte-order magic is none.
            ([0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 1, 2, 3, 4], "the bytes 0a 0d 0d 0a 1c 00 00 00"),
        ] as [([UInt8], String)])
    func otherFilesAreNamed(bytes: [UInt8], expected: String) {
        #expect(refusal(of: bytes)?.description.contains(expected) == true)
    }

    @Test func versionsThatAreNotRead() throws {
        #expect(
            refusal(of: Pcap.header(major: 3))?.description
                == "test: offset 4: the file header: expected pcap version 2.x, found version 3.4")
        let reading = try Reading(Pcapng.section(major: 2) + Pcapng.interface() + Pcapng.packet(samples[0]))
        #expect(reading.ending.error?.description.contains("expected pcapng version 1.x, found version 2.0") == true)
    }

    @Test func namesAreShownEscaped() {
        let error = CaptureError(file: "a\u{1b}[2Jb", problem: .empty)
        #expect(!error.description.contains("\u{1b}"))
    }

    @Test func missingFilesAndFoldersAreNamed() {
        let missing = #expect(throws: CaptureError.self) { _ = try frameCount(path: "/nonexistent/x.pcap") }
        #expect(missing?.description == "/nonexistent/x.pcap: cannot open: No such file or directory")
        let folder = #expect(throws: CaptureError.self) { _ = try frameCount(path: "/") }
        #expect(folder?.description == "/: cannot read: Is a directory")
    }

    /// Cutting a capture anywhere keeps every frame that is whole, and says what is missing unless the cut lies between
    /// two records.
    @Test(arguments: [16, 1 << 18])
    func cutAnywhere(bufferSize: Int) throws {
        var pcap = Pcap.header()
        var ends = [pcap.count]
        for sample in samples {
            pcap += Pcap.record(sample)
            ends.append(pcap.count)
        }
        for length in 24...pcap.count {
            let reading = try Reading(Array(pcap.prefix(length)), bufferSize: bufferSize)
            let whole = ends.count { $0 <= length } - 1
            #expect(reading.samples == Array(samples.prefix(whole)))
            if ends.contains(length) {
                #expect(reading.ending == .complete)
            } else if case .cut(let part, let needed, let present)? = reading.ending.error?.problem {
                #expect(part == .frame(UInt64(whole + 1)))
                #expect(present == UInt64(length - ends[whole]))
                #expect(needed > present)
                #expect(reading.ending.error?.offset == UInt64(ends[whole]))
            } else {
                Issue.record("cut at \(length): \(reading.ending)")
            }
        }
    }

    @Test(arguments: [16, 1 << 18])
    func cutAnywherePcapng(bufferSize: Int) throws {
        var file = Pcapng.section()
        var ends = [0, file.count]
        for block in [Pcapng.interface(), Pcapng.block(0x99, [UInt8](repeating: 1, count: 50))] {
            file += block
            ends.append(file.count)
        }
        let first = ends.count
        for sample in samples {
            file += Pcapng.packet(sample)
            ends.append(file.count)
        }
        for length in 12...file.count {
            let reading = try Reading(Array(file.prefix(length)), bufferSize: bufferSize)
            let frames = ends.dropFirst(first).count { $0 <= length }
            #expect(reading.samples == Array(samples.prefix(frames)))
            if ends.contains(length) {
                #expect(reading.ending == .complete)
            } else if case .cut(_, let needed, let present)? = reading.ending.error?.problem {
                let start = ends.last { $0 <= length } ?? 0
                #expect(present == UInt64(length - start))
                #expect(needed > present)
                #expect(reading.ending.error?.offset == UInt64(start))
            } else {
                Issue.record("cut at \(length): \(reading.ending)")
            }
        }
    }

    @Test(arguments: [0, 4, 8, 11, 13, 30, 33] as [UInt32])
    func absurdBlockLengths(length: UInt32) throws {
        var bad = CaptureBytes()
        bad.add(UInt32(6))
        bad.add(length)
        let file =
            Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0]) + bad.bytes
            + [UInt8](repeating: 0, count: 100)
        let reading = try Reading(file)
        #expect(reading.samples == [samples[0]])
        let offset = file.count - 108
        #expect(reading.ending.error?.offset == UInt64(offset))
        #expect(reading.ending.error?.description.hasSuffix("found \(length)") == true)
    }

    @Test func lengthsThatDisagree() throws {
        let good = Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0])
        for block in [Pcapng.packet(samples[1]), Pcapng.block(0x77, [1, 2, 3, 4])] {
            var bad = block
            bad[bad.count - 4] ^= 0x40
            let reading = try Reading(good + bad)
            #expect(reading.samples == [samples[0]])
            #expect(reading.ending.error?.description.contains("the length \(block.count) again at its end") == true)
            #expect(reading.ending.error?.offset == UInt64(good.count))
        }
    }

    @Test func capturedLengthsBeyondTheBlock() throws {
        var packet = Pcapng.packet(samples[1])
        packet[20] = 0xff
        let reading = try Reading(Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0]) + packet)
        #expect(reading.samples == [samples[0]])
        #expect(reading.ending.error?.description.contains("frame 2: expected a captured length of at most") == true)
    }

    @Test func interfacesThatAreNotDeclared() throws {
        let none = try Reading(Pcapng.section() + Pcapng.packet(samples[0]))
        #expect(
            none.ending.error?.description.contains("expected an interface description block before the first frame")
                == true)
        // A new section forgets the interfaces of the one before.
        let forgotten = try Reading(
            Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0]) + Pcapng.section()
                + Pcapng.packet(samples[1]))
        #expect(forgotten.samples == [samples[0]])
        #expect(forgotten.ending.error != nil)
        let beyond = try Reading(Pcapng.section() + Pcapng.interface() + Pcapng.packet(samples[0], interface: .max))
        #expect(beyond.ending.error?.description.contains("found interface 4294967295") == true)
    }

    @Test func claimedLengthsAllocateNothing() throws {
        var record = CaptureBytes()
        for value: UInt32 in [0, 0, 16_000_000, 16_000_000] { record.add(value) }
        let pcap = try Reading(Pcap.header(snapLength: .max) + record.bytes + [1, 2, 3], bufferSize: 64)
        #expect(pcap.ending.error?.description.contains("expected 16000016 bytes, found 19") == true)
        #expect(pcap.bufferSize == 64)
        var block = CaptureBytes()
        for value: UInt32 in [6, 16_000_000, 0, 0] { block.add(value) }
        let pcapng = try Reading(Pcapng.section() + Pcapng.interface() + block.bytes, bufferSize: 64)
        #expect(pcapng.ending.error?.description.contains("expected 16000000 bytes, found 16") == true)
        #expect(pcapng.bufferSize == 64)
    }

    @Test func optionsThatClaimTooMuchAreLeftAlone() throws {
        let overlong: [UInt8] = [1, 0, 0xff, 0xff, 0x61, 0x62, 0x63, 0x64]
        let file =
            Pcapng.section(options: overlong) + Pcapng.interface(options: overlong)
            + Pcapng.packet(samples[0], options: overlong) + Pcapng.packet(samples[1])
        let reading = try Reading(file)
        #expect(reading.samples == [samples[0], samples[1]])
        #expect(reading.statistics.commentCount == 0)
    }
}

/// Frames in a file, through the public way in.
func frameCount(path: String) throws(CaptureError) -> UInt64 {
    var reader = try CaptureReader(path: path, hashing: false)
    while reader.next() {}
    if let error = reader.ending.error { throw error }
    return reader.statistics.frames
}
