import Foundation
import Glibc
import TestSupport
import Testing

/// Processes killed at random moments, the supervisor started again as systemd does.
@Suite(.serialized) struct KillTests {
    @Test func noKillHarmsTheStoreOrGoesUnrecorded() throws {
        let kills = Extent.choose(short: 30, whole: 1000)
        let folder = try Folder()
        var random = SplitMix(seed: UInt64(Date().timeIntervalSince1970 * 1000))
        var worst = 0.0
        var killed: [String: Int] = [:]
        let log = try KillLog()
        var capture = try KillTests.start(folder)
        for number in 0..<kills {
            usleep(UInt32(200_000 + random.next() % 1_500_000))
            let victim = ["collector", "analyser", "supervisor", "all"][number % 4]
            let moment = Date().timeIntervalSince1970
            if victim == "supervisor" || victim == "all" {
                // At once, as when the power fails; or the supervisor alone, and the others notice by their pipes.
                if victim == "all" {
                    capture.killAll()
                } else {
                    kill(capture.process.processIdentifier, SIGKILL)
                    capture.process.waitUntilExit()
                }
                killed[victim, default: 0] += 1
                try KillTests.waitForEnd(of: capture)
                let unrecorded = moment - (try KillTests.lastCommit(folder) ?? moment)
                if unrecorded > worst {
                    worst = unrecorded
                    log.note("messages of the longest so far: \(capture.messages)")
                }
                log.note("\(number) \(victim) at \(moment): unrecorded \(unrecorded)")
                capture = try KillTests.start(folder)
                log.note("\(number) listening again after \(Date().timeIntervalSince1970 - moment)")
            } else if let child = capture.children.first(where: { $0.name == victim }) {
                kill(child.pid, SIGKILL)
                killed[victim, default: 0] += 1
                log.note("\(number) \(victim) at \(moment)")
            }
            if number % 10 == 9 {
                let check = try Shell.run("sqlite3 plant.otscan 'PRAGMA integrity_check'", in: folder)
                if check.status == 127 {
                    print("skipped: integrity check needs sqlite3")
                } else {
                    #expect(check.output == "ok\n")
                }
            }
        }
        usleep(1_500_000)
        let summary = try capture.finish()
        #expect(summary.status == 0, "\(capture.messages)")
        summary.expectBalance()
        print("kills: \(killed), longest from the last commit to a kill of the supervisor: \(worst) s")
        // The promise is 2 s; the short run shares two cores with all other tests.
        #expect(worst <= Extent.choose(short: 5, whole: 2))
        // Each time without a supervisor is a gap of its own.
        let stops = killed["supervisor", default: 0] + killed["all", default: 0]
        #expect(summary.gaps.count { $0["reason"] as? String == "stopped" } == stops)
        #expect(summary.gaps.contains { $0["reason"] as? String == "collector" })
        let coverage = try Shell.run("'\(Built.otscan)' coverage --json plant.otscan", in: folder)
        #expect(coverage.status == 0)
    }

    private static func start(_ folder: Folder) throws -> Capture {
        let capture = try Capture(["-i", "made"], in: folder, stand: "plain:100000000:2000")
        try capture.waitUntilListening()
        return capture
    }

    private static func waitForEnd(of capture: Capture) throws {
        let end = Date().addingTimeInterval(10)
        while Date() < end {
            let running = try Shell.run("pgrep -f -- '--store \(capture.folder.file("plant.otscan"))'")
            if running.status != 0 { return }
            usleep(20_000)
        }
        Issue.record("the analyser outlives its supervisor")
    }

    /// When the newest segment was last committed, in seconds since 1970.
    private static func lastCommit(_ folder: Folder) throws -> Double? {
        let coverage = try Shell.run("'\(Built.otscan)' coverage --json plant.otscan", in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(coverage.output.utf8)) as? [String: Any]
        let captures = object?["captures"] as? [[String: Any]] ?? []
        return captures.compactMap { $0["committed"] as? String }.compactMap(Times.seconds).max()
    }
}

/// What was killed when, in the file that `OTSCAN_KILL_LOG` names; none otherwise.
struct KillLog {
    private let file: FileHandle?

    init() throws {
        guard let path = ProcessInfo.processInfo.environment["OTSCAN_KILL_LOG"], !path.isEmpty else {
            file = nil
            return
        }
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    func note(_ line: String) { file?.write(Data("\(line)\n".utf8)) }
}

enum Times {
    /// Seconds since 1970 of an RFC 3339 time in UTC.
    static func seconds(_ text: String) -> Double? {
        guard let whole = try? Date(String(text.prefix(19)) + "Z", strategy: .iso8601) else { return nil }
        let fraction = Double("0" + text.dropFirst(19).prefix { $0 != "Z" }) ?? 0
        return whole.timeIntervalSince1970 + fraction
    }
}
