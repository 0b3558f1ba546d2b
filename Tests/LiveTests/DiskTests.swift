import Foundation
import Testing

/// A disk that fills up and has room again.
@Suite(.serialized) struct DiskTests {
    @Test func rawFramesStopFirstAndTheInventoryGoesOn() throws {
        guard Machine.has(["unshare", "mount"], root: true) else { return }
        let folder = try Folder()
        // The disk is the script's own: a mount that no other process sees.
        let script = """
            set -e
            mkdir disk
            mount -t tmpfs -o size=24m none disk || { echo "cannot mount"; exit 9; }
            cd disk
            '\(Built.otscan)' capture -i made -o plant.otscan -w raw.pcapng --json > ../summary 2> ../messages &
            capture=$!
            sleep 3
            dd if=/dev/zero of=filler bs=1k count=40000 2>/dev/null || true
            sync
            sleep 5
            ls -l > ../while-full
            cp ../messages ../messages-while-full
            rm filler
            sleep 6
            kill -INT $capture
            wait $capture && echo 0 > ../status || echo $? > ../status
            cp plant.otscan ../plant.otscan
            ls -l > ../at-end
            """
        let file = folder.file("script")
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        let run = try Shell.run(
            "cd '\(folder.path)' && exec unshare -m --propagation private bash script",
            environment: ["OTSCAN_COLLECTOR": Built.helper, "OTSCAN_STAND_IN": "plain:100000000:2000"])
        if run.status == 9 {
            print("skipped: a disk of its own cannot be mounted")
            return
        }
        func text(_ name: String) throws -> String { try String(contentsOfFile: folder.file(name), encoding: .utf8) }
        #expect(run.status == 0, "\(run.output)")
        // The alarm came while it was full, within five seconds, and nothing ended.
        let messages = try text("messages")
        #expect(try text("messages-while-full").contains("raw frames are not being written"), "\(messages)")
        #expect(messages.contains("raw frames are being written again"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(try text("summary").utf8)) as? [String: Any])
        let summary = Summary(object, 0)
        #expect(summary.received > 10_000)
        #expect(summary.received == summary.analysed)
        #expect(summary.number("unwritten") > 0)
        summary.expectBalance()
        #expect(summary.assets == 8)
        #expect(try text("status") == "0\n")
        let check = try Shell.run("'\(Built.otscan)' assets plant.otscan --json", in: folder)
        #expect(check.status == 0 && check.output.contains("10.0.0.8"))
    }
}
