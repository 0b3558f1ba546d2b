import Foundation
import Glibc
import Testing

/// A live capture whose collector makes its frames up: everything but the wire, on any machine.
@Suite(.serialized) struct StandInTests {
    @Test func everyFrameIsAnalysedAndTheStoreIsAsOfAFile() throws {
        let folder = try Folder()
        let capture = try Capture(
            ["-i", "made", "--duration", "3", "-w", "raw.pcapng"], in: folder, stand: "plain:5000")
        let summary = try capture.summary()
        #expect(summary.status == 0, "\(capture.messages)")
        #expect(summary.received == 5000)
        #expect(summary.analysed == 5000)
        #expect(summary.assets == 8)
        summary.expectBalance()
        // The raw file is the capture: read again it has the same hash, and gives the same conversations.
        let again = try Shell.run(
            "'\(Built.otscan)' analyze raw.pcapng -o again.otscan --json", in: folder)
        #expect(again.status == 0, "\(again.output)")
        let hash = try #require(summary.captures.first?["sha256"] as? String)
        #expect(hash.count == 64)
        #expect(again.output.contains(hash))
        for list in ["conversations", "assets"] {
            let live = try Shell.run("'\(Built.otscan)' \(list) --json plant.otscan", in: folder).output
            let file = try Shell.run("'\(Built.otscan)' \(list) --json again.otscan", in: folder).output
            #expect(live == file, "\(list)")
        }
    }

    @Test func countAndRingEndWhereTheySay() throws {
        let folder = try Folder()
        // 10,000 frames of 92 octets in files of 0.2 million bytes: a ring of three.
        let capture = try Capture(
            ["-i", "made", "--duration", "3", "-w", "ring.pcapng", "-C", "0.2", "-W", "3"], in: folder,
            stand: "plain:10000")
        let summary = try capture.summary()
        #expect(summary.analysed == 10_000)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("ring") }
        #expect(Set(names) == ["ring.pcapng0", "ring.pcapng1", "ring.pcapng2"])
        for name in names {
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: folder.file(name))[.size] as? Int)
            #expect(size <= 200_000)
        }
        let frames = summary.captures.compactMap { $0["frames"] as? Int }
        #expect(frames.count >= 4)
        #expect(frames.reduce(0, +) == 10_000)
        #expect(Set(summary.captures.compactMap { $0["sha256"] as? String }).count == frames.count)
    }

    @Test func signalsBeginAnotherFileAndPrintFigures() throws {
        let folder = try Folder()
        let capture = try Capture(
            ["-i", "made", "-w", "raw-%H%M%S.pcapng", "-G", "3600"], in: folder, stand: "plain:5000:2000")
        try capture.waitUntilListening()
        usleep(1_200_000)
        kill(capture.process.processIdentifier, SIGUSR1)
        kill(capture.process.processIdentifier, SIGHUP)
        usleep(1_500_000)
        #expect(capture.messages.contains(" frames ("), "\(capture.messages)")
        let summary = try capture.finish(SIGTERM)
        #expect(summary.status == 0)
        #expect(summary.captures.count == 2)
        summary.expectBalance()
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("raw-") }
        #expect(files.count == 2)
        for file in files {
            // Each file is a whole capture of its own.
            let run = try Shell.run("'\(Built.otscan)' analyze \(file) -o '\(file).otscan'", in: folder)
            #expect(run.status == 0, "\(run.output)")
        }
        try expectChain(in: folder, segments: 2)
    }

    /// The store's record of the segments hangs together, and does not when one is taken out of it.
    private func expectChain(in folder: Folder, segments: Int) throws {
        let verify = "'\(Built.otscan)' verify plant.otscan --json"
        let whole = try Shell.run(verify, in: folder)
        #expect(whole.status == 0 && whole.output.contains("\"segments\" : \(segments)"), "\(whole.output)")
        #expect(try Shell.run("sqlite3 plant.otscan 'DELETE FROM capture WHERE id = 1'", in: folder).status == 0)
        let cut = try Shell.run(verify, in: folder)
        #expect(cut.status == 1 && cut.output.contains("left out"), "\(cut.output)")
    }

    @Test func filesOfATimeEndAfterTheirCount() throws {
        let folder = try Folder()
        let capture = try Capture(
            ["-i", "made", "-w", "raw.pcapng", "-G", "1", "-W", "2"], in: folder, stand: "plain:100000:1000")
        let summary = try capture.summary()
        #expect(summary.status == 0)
        #expect(summary.captures.count == 2)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("raw-") }
        #expect(files.count == 2)
    }

    @Test func aFrameThatKillsTheAnalyserIsSetAsideAndNothingElseIsLost() throws {
        let folder = try Folder()
        let capture = try Capture(
            ["-i", "made", "--duration", "6"], in: folder, stand: "trap:600:600", trapping: true)
        let summary = try capture.summary()
        #expect(summary.status == 0, "\(capture.messages)")
        #expect(summary.received == 600)
        #expect(summary.drops["parser"] == 6)
        #expect(summary.analysed == 594)
        summary.expectBalance()
        let aside = try Shell.run(
            "'\(Built.otscan)' analyze plant.otscan.quarantine.pcapng -o aside.otscan --json", in: folder)
        #expect(aside.output.contains("\"frames\" : 6"), "\(aside.output)")
    }

    @Test func whatIsWrongWithTheMirrorIsTold() throws {
        let expected = [
            "twice": "mirror: frames come twice", "subnets": "mirror: 4 subnets but not one VLAN tag",
            "broadcast": "mirror: only broadcast and multicast is seen", "plain": nil, "vlan": nil,
        ]
        for (kind, words) in expected {
            let folder = try Folder()
            let capture = try Capture(
                ["-i", "made", "--duration", "5"], in: folder, stand: "\(kind):6000:4000")
            let summary = try capture.summary()
            summary.expectBalance()
            // No file is kept that a hash would be of.
            #expect((summary.captures.first?["sha256"] as? String)?.hasPrefix("live:") == true)
            let told = capture.messages.split(separator: "\n").filter { $0.contains("mirror:") }
            #expect(told.count == (words == nil ? 0 : 1), "\(kind): \(told)")
            if let words { #expect(told.first?.contains(words) == true, "\(kind): \(told)") }
        }
    }

    @Test func jumpsOfTheClockHarmNothing() throws {
        let folder = try Folder()
        let capture = try Capture(["-i", "made", "--duration", "5"], in: folder, stand: "clock")
        let summary = try capture.summary()
        #expect(summary.received == 4000)
        #expect(summary.analysed == 4000)
        #expect(summary.assets == 8)
        summary.expectBalance()
        let coverage = try Shell.run("'\(Built.otscan)' coverage --json plant.otscan", in: folder)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(coverage.output.utf8)) as? [String: Any])
        let seconds = (object["coverage"] as? [String: Any])?["seconds"] as? Double ?? -1
        // What was watched is what passed between the jumps, not the jumps.
        #expect(seconds >= 0 && seconds < 60, "\(seconds)")
    }

    @Test func aCollectorThatDiesIsStartedAgainWithAGapOnRecord() throws {
        let folder = try Folder()
        let capture = try Capture(["-i", "made", "--duration", "5"], in: folder, stand: "die:500:1000")
        let summary = try capture.summary()
        #expect(summary.received >= 1000)
        #expect(summary.received == summary.analysed)
        #expect(summary.gaps.contains { $0["reason"] as? String == "collector" })
        summary.expectBalance()
    }

    @Test func whatIsNoStreamIsNotBelieved() throws {
        let folder = try Folder()
        let capture = try Capture(["-i", "made", "--duration", "4"], in: folder, stand: "garbage")
        let summary = try capture.summary()
        #expect(summary.received >= 100)
        #expect(summary.received == summary.analysed)
        #expect(capture.messages.contains("no pcapng stream"))
        summary.expectBalance()
    }

    @Test func aFloodOfSendersFillsNeitherMemoryNorStore() throws {
        let folder = try Folder()
        let known = try Capture(["-i", "made", "--duration", "2"], in: folder, stand: "plain:400").summary()
        #expect(known.assets == 8)
        let frames = Extent.choose(short: 600_000, whole: 10_000_000)
        let capture = try Capture(["-i", "made"], in: folder, stand: "spoof:\(frames)")
        try capture.waitUntilListening()
        var peak: [String: Int] = [:]
        var last = -1
        var quietSince = Date()
        let end = Date().addingTimeInterval(Extent.choose(short: 90, whole: 900))
        while Date() < end, capture.process.isRunning {
            for child in capture.children + [(capture.process.processIdentifier, "supervisor")] {
                peak[child.name] = max(peak[child.name] ?? 0, Flood.peakMemory(child.pid))
            }
            // Done when the collector has nothing more to send; what waits then is analysed before the end.
            let used = Flood.processorTime(capture.children.first { $0.name == "collector" }?.pid ?? 0)
            if used != last {
                last = used
                quietSince = Date()
            }
            if Date().timeIntervalSince(quietSince) > 2 { break }
            usleep(100_000)
        }
        let summary = try capture.finish()
        print("flood of \(frames): peak memory in MiB \(peak.mapValues { $0 >> 10 })")
        #expect(summary.received == frames)
        summary.expectBalance()
        #expect(capture.messages.contains("state: flooded"))
        // All processes together.
        #expect(peak.values.reduce(0, +) >> 10 <= 768, "\(peak)")
        let assets = try Shell.run("'\(Built.otscan)' assets --json plant.otscan", in: folder).output
        for number in 1...8 { #expect(assets.contains("\"10.0.0.\(number)\"")) }
        let size = try FileManager.default.attributesOfItem(atPath: folder.file("plant.otscan"))[.size] as? Int ?? 0
        #expect(size < 200 << 20, "\(size)")
    }

    private enum Flood {
        /// In KiB.
        static func peakMemory(_ pid: pid_t) -> Int {
            let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
            guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? line.split(whereSeparator: {
                !$0.isNumber
            }).first.flatMap { Int($0) } ?? 0
        }

        /// In clock ticks.
        static func processorTime(_ pid: pid_t) -> Int {
            let stat = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 13 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
        }
    }
}

extension Shell {
    static func run(_ script: String, in folder: Folder) throws -> Result {
        try run("cd '\(folder.path)' && \(script)")
    }
}
