import Foundation
import Glibc
import Testing

/// A live capture on a wire of its own, with everything real.
@Suite(.serialized) struct WireTests {
    @Test func theFarEndHearsNothingAndEveryFrameIsAccountedFor() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let tapped = folder.file("tapped")
        // The tap listens where the collector would be heard, and for longer than the collector runs.
        let tap = Process()
        tap.executableURL = URL(fileURLWithPath: "/bin/bash")
        tap.arguments = ["-c", "ip netns exec \(wire.sender) '\(Built.helper)' tap \(wire.a) 9 > '\(tapped)'"]
        try tap.run()
        usleep(500_000)
        let capture = try Capture(["-i", wire.b, "--duration", "5"], in: folder, namespace: wire.watcher)
        try capture.waitUntilListening()
        try wire.send(2000, rate: 4000)
        try wire.send(500, "vlan", rate: 4000)
        let summary = try capture.summary()
        #expect(summary.status == 0, "\(capture.messages)")
        #expect(summary.received == 2500)
        #expect(summary.analysed == 2500)
        summary.expectBalance()
        tap.waitUntilExit()
        #expect(try String(contentsOfFile: tapped, encoding: .utf8) == "ready\nseen 0\n")
        // The kernel takes VLAN tags off frames; they are put back.
        let conversations = try Shell.run("'\(Built.otscan)' conversations --json plant.otscan", in: folder).output
        #expect(conversations.contains("\"vlan\":10"))
        #expect(conversations.contains("\"vlan\":0"))
    }

    @Test func theTapHearsWhoDoesSend() throws {
        guard let wire = try Wire() else { return }
        let result = try Shell.run(
            """
            ip netns exec \(wire.sender) '\(Built.helper)' tap \(wire.a) 3 &
            sleep 0.5
            ip netns exec \(wire.watcher) '\(Built.helper)' send \(wire.b) 7 >/dev/null
            wait
            """)
        #expect(result.output.contains("seen 7"), "\(result.output)")
    }

    @Test func processesHaveWhatTheyNeedAndNothingElse() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let capture = try Capture(["-i", wire.b], in: folder, namespace: wire.watcher)
        try capture.waitUntilListening()
        let children = capture.children
        #expect(Set(children.map(\.name)).isSuperset(of: ["collector", "analyser"]))
        for child in children where child.name != "deriver" {
            let status = Status(child.pid)
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                #expect(status[set] == "0000000000000000", "\(child.name) \(set)")
            }
            #expect(status["NoNewPrivs"] == "1", "\(child.name)")
            #expect(status["Seccomp"] == "2", "\(child.name)")
            if child.name == "collector" {
                // The real, effective, saved and file system user.
                #expect(status["Uid"]?.split(whereSeparator: \.isWhitespace).allSatisfy { $0 == "65534" } == true)
                #expect(status["Groups"]?.isEmpty != false)
            }
        }
        // Of root's capabilities the supervisor has those for files, and for ending its children.
        #expect(Status(capture.process.processIdentifier)["CapEff"] == "000000000000002b")
        try capture.finish()
    }

    @Test func insideTheCollectorNothingCanBeSentOpenedOrStarted() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let attempts = [
            "send", "sendmsg", "write", "writev", "pwrite", "write-other", "dup2", "dup", "fcntl-dup", "splice",
            "sendfile", "io_uring", "openat2", "socket", "connect", "open", "open-read", "unlink", "fork", "exec",
            "kill", "ptrace", "exec-memory", "ring",
        ]
        func attempt(_ words: String) throws -> String {
            try Shell.run(
                "ip netns exec \(wire.watcher) '\(Built.helper)' attempt \(words) \(wire.b) file", in: folder
            ).output
        }
        #expect(try attempt("none") == "done\n")
        for name in attempts { #expect(try attempt(name) == "refused Operation not permitted\n", "\(name)") }
        // Every one of them does succeed where nothing forbids it, so it is the confinement that refused.
        for name in attempts {
            let free = try attempt("free \(name)")
            if name == "io_uring", free.contains("not implemented") || free.contains("not permitted") {
                print("skipped: this kernel has no io_uring, or not for anybody")
                continue
            }
            #expect(free.contains("done"), "\(name): \(free)")
        }
    }

    @Test func aLinkThatGoesAndComesBackIsTakenUpAgain() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let capture = try Capture(["-i", wire.b], in: folder, namespace: wire.watcher)
        try capture.waitUntilListening()
        var sent = 0
        let times = Extent.choose(short: 3, whole: 100)
        for number in 0..<times {
            // Every third time the interface itself goes, as an adapter that is pulled out does.
            if number % 3 == 2 { try wire.disconnect() } else { try wire.setLink(up: false) }
            usleep(900_000)
            if number % 3 == 2 { try wire.connect() } else { try wire.setLink(up: true) }
            usleep(1_800_000)
            try wire.send(100)
            sent += 100
        }
        usleep(500_000)
        let summary = try capture.finish()
        // Within two seconds of being up again every frame is seen.
        #expect(summary.received == sent, "\(capture.messages)")
        #expect(summary.analysed == sent)
        summary.expectBalance()
        #expect(summary.gaps.count { $0["reason"] as? String == "link" } >= times)
        #expect(
            capture.messages.split(separator: "\n").count { $0.contains("link down") || $0.contains("ended") } >= times)
    }

    @Test func anInterfaceThatIsNotThereIsToldInOneLine() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let capture = try Capture(["-i", "nosuch"], in: folder, namespace: wire.watcher)
        capture.process.waitUntilExit()
        #expect(capture.process.terminationStatus == 1)
        #expect(capture.messages == "otscan: nosuch: no such interface; otscan interfaces lists them\n")
        let filter = try Capture(["-i", wire.b, "tcp", "prot", "5"], in: folder, namespace: wire.watcher)
        filter.process.waitUntilExit()
        #expect(filter.process.terminationStatus == 1)
        #expect(filter.messages.hasPrefix("otscan: filter: "))
    }

    @Test func theLinkTypeIsAsAskedFor() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let wrong = try Capture(["-i", wire.b, "-y", "NOSUCH"], in: folder, namespace: wire.watcher)
        wrong.process.waitUntilExit()
        #expect(wrong.process.terminationStatus == 1)
        #expect(
            wrong.messages.hasPrefix("otscan: \(wire.b) has no link type NOSUCH; it has EN10MB"), "\(wrong.messages)")
        // All interfaces together have a link type of Linux's own, of which there are two to choose from.
        for (type, number) in [("LINUX_SLL", 113), ("LINUX_SLL2", 276)] {
            let capture = try Capture(
                ["-i", "any", "-y", type, "-c", "200", "-w", "\(type).pcapng"], in: folder, store: "\(type).otscan",
                namespace: wire.watcher)
            try capture.waitUntilListening()
            try wire.send(200, rate: 4000)
            let summary = try capture.summary()
            #expect(summary.status == 0 && summary.analysed == 200, "\(capture.messages)")
            #expect(summary.assets == 8)
            summary.expectBalance()
            let raw = try Data(contentsOf: URL(fileURLWithPath: folder.file("\(type).pcapng")))
            // The interface description follows the section header, whose length is its second word.
            let header = raw.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            #expect(raw.dropFirst(header + 8).prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) } == number)
        }
    }

    @Test func theFilterAndTheCountAreTcpdumps() throws {
        guard let wire = try Wire() else { return }
        let folder = try Folder()
        let capture = try Capture(
            ["-i", wire.b, "-c", "50", "-s", "60", "host", "10.0.0.1"], in: folder, namespace: wire.watcher)
        try capture.waitUntilListening()
        try wire.send(1000, rate: 4000)
        let summary = try capture.summary()
        #expect(summary.analysed == 50)
        summary.expectBalance()
        let assets = try Shell.run("'\(Built.otscan)' assets --json plant.otscan", in: folder).output
        #expect(assets.contains("\"10.0.0.1\"") && !assets.contains("\"10.0.0.3\""))
    }
}

/// A process as /proc shows it.
struct Status {
    private var fields: [String: String] = [:]

    init(_ pid: pid_t) {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
    }

    subscript(name: String) -> String? { fields[name] }
}
