import Foundation
import Glibc
import TestSupport
import Testing

/// systemd as the first process of a little machine of its own: this machine's files under a layer that keeps what is
/// changed, its own processes and mounts, and the network of a given namespace.
final class SystemdMachine {
    private let folder: Folder
    private let group = "ots\(Int.random(in: 10_000..<99_999))"
    private let process = Process()
    private var first: pid_t = 0

    /// Nil, after saying so, where there can be no such machine. `setUp`: a script that is run in its files, before the first
    /// process, with the folder of the built programs as `$1`.
    init?(network: String, units: [String: String], setUp: String) throws {
        guard Machine.has(["ip", "unshare", "nsenter", "systemctl", "pivot_root"], root: true) else {
            return nil
        }
        folder = try Folder()
        // What the unit wants to be there, and no other service.
        var units = units
        for target in ["sysinit", "basic", "network", "shutdown", "umount", "final", "multi-user"] {
            units[target + ".target"] = "[Unit]\nDefaultDependencies=no\n"
        }
        try FileManager.default.createDirectory(atPath: folder.file("units"), withIntermediateDirectories: true)
        for (name, text) in units {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file("units/" + name)))
        }
        let inside = """
            set -e
            mount --make-rprivate /
            mkdir layer files
            mount -t tmpfs none layer
            mkdir layer/upper layer/work
            mount -t overlay overlay -o lowerdir=/,upperdir=layer/upper,workdir=layer/work files
            mkdir -p files/tmp/units files/usr/bin
            for made in otscan otscan-collector; do cp -L "$1/$made" files/usr/bin/; done
            mount -t proc proc files/proc
            mount --rbind /sys files/sys
            mount --rbind /dev files/dev
            mount -t tmpfs tmpfs files/run
            mount -t tmpfs tmpfs files/tmp
            mkdir files/tmp/units
            cp units/* files/tmp/units/
            # As a container has it: control groups below one of its own.
            mount -t tmpfs tmpfs files/sys/fs/cgroup
            mkdir files/sys/fs/cgroup/systemd
            mount -t cgroup -o none,name=systemd cgroup files/sys/fs/cgroup/systemd
            cd files
            mkdir -p before
            pivot_root . before
            \(setUp)
            umount -l /before
            exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test SYSTEMD_UNIT_PATH=/tmp/units \\
                /lib/systemd/systemd --system --unit=multi-user.target --log-target=console
            """
        try Data(inside.utf8).write(to: URL(fileURLWithPath: folder.file("inside.sh")))
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "-c",
            """
            for hierarchy in /sys/fs/cgroup/ /sys/fs/cgroup/*/; do
                [ -e $hierarchy/cgroup.procs ] && mkdir $hierarchy/\(group) && echo $$ > $hierarchy/\(group)/cgroup.procs
            done 2>/dev/null
            exec ip netns exec \(network) unshare --mount --pid --uts --ipc --cgroup --fork --kill-child \\
                bash inside.sh '\(URL(fileURLWithPath: Built.otscan).deletingLastPathComponent().path)'
            """,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let log = folder.file("log")
        try Data().write(to: URL(fileURLWithPath: log))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardError = process.standardOutput
        try process.run()
        let end = Date().addingTimeInterval(20)
        while Date() < end, process.isRunning {
            usleep(200_000)
            first = Capture.children(of: process.processIdentifier).first?.pid ?? 0
            guard first > 0 else { continue }
            let state = try run("systemctl is-system-running").output
            if state.hasPrefix("running") || state.hasPrefix("degraded") { return }
        }
        print("skipped: systemd does not run here: \((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")")
        self.end()
        return nil
    }

    deinit { end() }

    private func end() {
        // With the first process of a namespace all others end.
        if first > 0 { kill(first, SIGKILL) } else { process.terminate() }
        if process.isRunning { process.waitUntilExit() }
        _ = try? Shell.run("find /sys/fs/cgroup -depth -type d -path '*/\(group)*' -exec rmdir {} \\;")
    }

    /// Runs a script of Bash among its processes and files.
    @discardableResult
    func run(_ script: String) throws -> Shell.Result {
        try Shell.run("nsenter -t \(first) -a -r bash -c \"$SCRIPT\"", environment: ["SCRIPT": script])
    }
}
