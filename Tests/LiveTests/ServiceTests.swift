import Foundation
import TestSupport
import Testing

/// The systemd unit, as systemd itself reads it, and run by systemd.
@Suite(.serialized) struct ServiceTests {
    @Test func systemdUnderstandsTheUnit() throws {
        guard Machine.has(["systemd-analyze"], root: false) else { return }
        let folder = try Folder()
        let unit = CaptureCorpus.repository.appendingPathComponent("packaging/otscan-capture.service")
        let text = try String(contentsOf: unit, encoding: .utf8)
        func judge(_ text: String) throws -> Shell.Result {
            // The program is not installed here, and systemd looks whether it is.
            try Data(text.replacingOccurrences(of: "/usr/bin/otscan", with: "/bin/true").utf8)
                .write(to: URL(fileURLWithPath: folder.file("otscan-capture.service")))
            return try Shell.run("systemd-analyze verify ./otscan-capture.service", in: folder)
        }
        let result = try judge(text)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
        // It does notice what is wrong.
        let wrong = try judge(text.replacingOccurrences(of: "KillMode=mixed", with: "KillMode=whatever"))
        #expect(wrong.output.contains("kill mode"), "\(wrong.output)")
    }

    @Test func systemdRunsItAndStartsItAgain() throws {
        guard let wire = try Wire() else { return }
        let unit = CaptureCorpus.repository.appendingPathComponent("packaging/otscan-capture.service")
        // The settings alone are this test's.
        let settings = "capture:\n  interface: \(wire.b)\n  output: /var/lib/otscan/plant.otscan\n"
        guard
            let machine = try SystemdMachine(
                network: wire.watcher,
                units: ["otscan-capture.service": try String(contentsOf: unit, encoding: .utf8)],
                setUp: "mkdir -p /etc/otscan; printf '%s' '\(settings)' > /etc/otscan/otscan.yaml")
        else { return }
        func ask(_ property: String) throws -> String {
            try machine.run("systemctl show -P \(property) otscan-capture").output
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        func waitUntilListening(_ since: String = "") throws {
            let end = Date().addingTimeInterval(20)
            while Date() < end {
                // A packet socket of every protocol (0003) is bound.
                let isBound = try machine.run("grep -q ' 0003 ' /proc/net/packet").status == 0
                if isBound, try ask("MainPID") != since { return }
                usleep(100_000)
            }
            Issue.record("\(try machine.run("systemctl status --no-pager otscan-capture").output)")
        }
        #expect(try machine.run("systemctl start otscan-capture").status == 0)
        try waitUntilListening()
        let first = try ask("MainPID")
        // Nobody is root, and of privileges there is none but the one that the supervisor may hand on.
        let status = try machine.run(
            "for p in $(cat /proc/\(first)/task/*/children) \(first); do grep -hE '^(Uid|CapEff|NoNewPrivs):' /proc/$p/status; done"
        ).output.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
        #expect(status.count >= 9)
        for field in status {
            switch field.first {
            case "Uid:": #expect(field.dropFirst().allSatisfy { $0 != "0" })
            case "CapEff:": #expect(field.last == "0000000000000000")
            default: #expect(field.last == "1")
            }
        }
        try wire.send(2000, rate: 4000)
        usleep(2_500_000)
        #expect(try machine.run("kill -KILL \(first)").status == 0)
        try waitUntilListening(first)
        #expect(try ask("NRestarts") == "1")
        try wire.send(1000, rate: 4000)
        usleep(500_000)
        #expect(try machine.run("systemctl reload otscan-capture").status == 0)
        usleep(500_000)
        try wire.send(500, rate: 4000)
        usleep(500_000)
        #expect(try machine.run("systemctl stop otscan-capture").status == 0)
        #expect(try ask("Result") == "success")
        let text = try machine.run("otscan coverage --json /var/lib/otscan/plant.otscan").output
        let store = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
        let captures = store["captures"] as? [[String: Any]] ?? []
        // One until the kill, one until the reload, one until the end.
        #expect(captures.map { $0["frames"] as? Int } == [2000, 1000, 500], "\(text)")
        let gaps = store["gaps"] as? [[String: Any]] ?? []
        // The kernel may tell the new cable's link as down for a moment longer.
        #expect(gaps.compactMap { $0["reason"] as? String }.filter { $0 != "link" } == ["stopped"], "\(text)")
    }
}
