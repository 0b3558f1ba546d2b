import Foundation
import Glibc
import TestSupport
import Testing

/// Which extent the tests have: short in `make test`, whole in `make test-live`.
enum Extent {
    static let isWhole = ProcessInfo.processInfo.environment["OTSCAN_LIVE"] == "whole"

    static func choose<Value>(short: Value, whole: Value) -> Value { isWhole ? whole : short }
}

/// Whether this machine lets a test do what it needs; says so when not.
enum Machine {
    static func has(_ tools: [String], root: Bool) -> Bool {
        if root, geteuid() != 0 {
            print("skipped: needs root for network namespaces")
            return false
        }
        for tool in tools {
            guard let found = try? Shell.run("command -v \(tool)"), found.status == 0 else {
                print("skipped: needs \(tool)")
                return false
            }
        }
        return true
    }
}

enum Shell {
    struct Result {
        var output: String
        var status: Int32
    }

    /// Runs a script of Bash to its end; both streams together.
    @discardableResult
    static func run(_ script: String, environment: [String: String] = [:]) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-shell-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Result(
            output: String(decoding: try Data(contentsOf: file), as: UTF8.self), status: process.terminationStatus)
    }
}

/// The built programs: those in the folder `OTSCAN_PROGRAMS`, else those built with the tests.
enum Built {
    private static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["OTSCAN_PROGRAMS"], !named.isEmpty {
            return URL(fileURLWithPath: named, relativeTo: CaptureCorpus.repository).absoluteURL
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = URL(fileURLWithPath: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
        let beside = own.deletingLastPathComponent()
        return FileManager.default.isExecutableFile(atPath: beside.appendingPathComponent("otscan").path)
            ? beside : CaptureCorpus.repository.appendingPathComponent(".build/debug")
    }()
    static var otscan: String { folder.appendingPathComponent("otscan").path }
    static var helper: String { folder.appendingPathComponent("live-helper").path }
}

/// A folder of one test's own, gone with it.
final class Folder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-live-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

/// `otscan capture`, running.
final class Capture {
    let process = Process()
    let folder: Folder
    private let output: String
    private let errors: String

    /// Starts it. `stand`: what the collector makes up instead of listening; `namespace`: where it runs.
    init(
        _ arguments: [String], in folder: Folder, store: String = "plant.otscan", stand: String? = nil,
        trapping: Bool = false, namespace: String? = nil
    ) throws {
        self.folder = folder
        let id = UUID().uuidString
        output = folder.file(".out-\(id)")
        errors = folder.file(".err-\(id)")
        for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
        var words = [Built.otscan, "capture", "--json", "-o", folder.file(store)] + arguments
        if let namespace { words = ["ip", "netns", "exec", namespace] + words }
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        var environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"]
        if let stand {
            environment["OTSCAN_COLLECTOR"] = Built.helper
            environment["OTSCAN_STAND_IN"] = stand
        }
        if trapping { environment["OTSCAN_ANALYSER"] = Built.helper }
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        try process.run()
    }

    var messages: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }
    var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

    /// Waits until the collector listens, at most ten seconds.
    func waitUntilListening() throws { try wait(10) { self.messages.contains("listening on") } }

    func wait(_ seconds: Double, _ condition: () throws -> Bool) throws {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if try condition() { return }
            usleep(50_000)
        }
        Issue.record("waited \(seconds) s in vain; messages: \(messages)")
    }

    /// Ends it as Ctrl-C does, and answers its summary.
    @discardableResult
    func finish(_ signal: Int32 = SIGINT) throws -> Summary {
        if process.isRunning { kill(process.processIdentifier, signal) }
        return try summary()
    }

    /// The summary at its end.
    func summary() throws -> Summary {
        process.waitUntilExit()
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            Issue.record("no summary; status \(process.terminationStatus), messages: \(messages)")
            return Summary([:], process.terminationStatus)
        }
        return Summary(object, process.terminationStatus)
    }

    /// Ends it and all that it started at once.
    func killAll() {
        for pid in children.map(\.pid) + [process.processIdentifier] { kill(pid, SIGKILL) }
        process.waitUntilExit()
    }

    /// The processes that it started, with the program each is.
    var children: [(pid: pid_t, name: String)] {
        Capture.children(of: process.processIdentifier)
    }

    static func children(of pid: pid_t) -> [(pid: pid_t, name: String)] {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)) ?? ""
        return text.split(separator: " ").compactMap { pid_t($0.trimmingPrefix(" ").prefix { $0.isNumber }) }.map {
            pid in
            let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            if words.contains("live-analyser") { return (pid, "analyser") }
            if words.contains("live-deriver") { return (pid, "deriver") }
            return (pid, "collector")
        }
    }
}

/// What `otscan capture --json` said at its end.
struct Summary {
    private let object: [String: Any]
    let status: Int32

    init(_ object: [String: Any], _ status: Int32) {
        self.object = object
        self.status = status
    }

    func number(_ name: String) -> Int { object[name] as? Int ?? -1 }
    var received: Int { number("received") }
    var analysed: Int { number("analysed") }
    var drops: [String: Int] { object["drops"] as? [String: Int] ?? [:] }
    var notAnalysed: [String: Int] { object["not_analysed"] as? [String: Int] ?? [:] }
    var gaps: [[String: Any]] { object["gaps"] as? [[String: Any]] ?? [] }
    var captures: [[String: Any]] { object["captures"] as? [[String: Any]] ?? [] }
    var assets: Int { (object["counts"] as? [String: Int])?["assets"] ?? -1 }

    /// received = analysed + each class.
    func expectBalance(_ place: SourceLocation = #_sourceLocation) {
        let sum = analysed + drops.values.reduce(0, +) + notAnalysed.values.reduce(0, +)
        #expect(received == sum, "\(object)", sourceLocation: place)
    }
}
