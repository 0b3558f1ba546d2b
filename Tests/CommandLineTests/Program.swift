import Foundation
import Glibc
import TestSupport
import Testing

/// The built program, run as a user runs it.
enum Program {
    struct Result {
        var output: String
        var errors: String
        var status: Int32

        var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Beside the test bundle, where the build puts it.
    static let path: String = {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = URL(fileURLWithPath: String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
        let beside = own.deletingLastPathComponent().appendingPathComponent("otscan").path
        return FileManager.default.isExecutableFile(atPath: beside)
            ? beside : CaptureCorpus.repository.appendingPathComponent(".build/debug/otscan").path
    }()

    static func sample(_ name: String) -> String {
        CaptureCorpus.repository.appendingPathComponent("Samples/\(name)").path
    }

    /// Runs the program with standard output and standard error in files.
    @discardableResult
    static func run(
        _ arguments: [String], in folder: Folder, input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try launch(path, arguments, folder, input, environment)
    }

    /// Runs a line of Bash in which `otscan` is the program.
    static func shell(_ line: String, in folder: Folder, environment: [String: String] = [:]) throws -> Result {
        try launch("/bin/bash", ["-c", "otscan() { '\(path)' \"$@\"; }; \(line)"], folder, nil, environment)
    }

    /// Runs the program with standard output on a terminal of so many columns.
    static func onTerminal(
        _ arguments: [String], columns: UInt16, in folder: Folder, environment: [String: String] = [:]
    ) throws -> Result {
        // A pseudo-terminal as the kernel gives it (pts(4)): unlocked, and its other end found by its number.
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        defer { close(master) }
        var (lock, number): (Int32, Int32) = (0, 0)
        try #require(ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
        let process = Process()
        prepare(process, path, arguments, folder, environment)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(fileDescriptor: slave)
        process.standardError = FileHandle.nullDevice
        try process.run()
        close(slave)
        // The terminal takes no more than its buffer holds, so it is read while the program runs.
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(master, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer.prefix(count)
        }
        process.waitUntilExit()
        return Result(
            output: String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n"), errors: "",
            status: process.terminationStatus)
    }

    private static func launch(
        _ program: String, _ arguments: [String], _ folder: Folder, _ input: String?, _ environment: [String: String]
    ) throws -> Result {
        let process = Process()
        prepare(process, program, arguments, folder, environment)
        let id = UUID().uuidString
        let (output, errors) = (folder.file(".out-\(id)"), folder.file(".err-\(id)"))
        for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) } ?? FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Result(
            output: String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: errors)), as: UTF8.self),
            status: process.terminationStatus)
    }

    private static func prepare(
        _ process: Process, _ program: String, _ arguments: [String], _ folder: Folder, _ environment: [String: String]
    ) {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        let fixed = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.url.path,
            "LANG": "C.UTF-8", "TZ": "Asia/Tokyo", "TERM": "xterm-256color",
        ]
        process.environment = fixed.merging(environment) { $1 }
    }
}

/// A folder of one test's own, gone with it.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }

    /// A copy of a store in which the sample factory was analysed.
    static func withSample() throws -> Folder {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: try analysed.get(), toPath: folder.file("plant.otscan"))
        return folder
    }

    private static let analysed: Swift.Result<String, any Error> = Swift.Result {
        let folder = try Folder()
        kept = folder
        let run = try Program.run(["analyze", Program.sample("factory.pcapng"), "-o", "plant.otscan"], in: folder)
        try #require(run.status == 0, "\(run.errors)")
        return folder.file("plant.otscan")
    }
    nonisolated(unsafe) private static var kept: Folder?
}

/// JSON as a script reads it.
enum JSON {
    static func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}

/// Columns of a terminal, counted here independently of the program.
func terminalColumns(_ line: String) -> Int {
    line.unicodeScalars.reduce(0) { sum, scalar in
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60,
            0xffe0...0xffe6:
            sum + 2
        default: sum + 1
        }
    }
}
