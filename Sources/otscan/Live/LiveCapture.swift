import ArgumentParser
import Assessment
import Evidence
import Foundation
import Glibc
import LiveAnalysis
import Model
import Supervision

/// One run of `capture`, seen from the process that supervises it.
struct LiveCapture {
    private let command: CaptureCommand
    private let style: TerminalStyle
    private let options: SupervisionOptions

    init(_ command: CaptureCommand) throws {
        self.command = command
        style = command.styleOptions.style
        let program = try LiveCapture.ownPath()
        let collector = try LiveCapture.collectorPath(beside: program)
        let store = URL(fileURLWithPath: command.output).path
        try LiveCapture.expectFolder(of: store, named: command.output)
        let capture = UUID().uuidString.lowercased()
        let address = LiveCapture.address(of: command.i).map { ["--address", $0] } ?? []
        let knowledge = command.knowledge.arguments
        var options = SupervisionOptions(
            interface: command.i, collector: [collector] + (try LiveCapture.collectorArguments(command)),
            analyser: [
                LiveCapture.named("OTSCAN_ANALYSER") ?? program, "live-analyser", "--store", store, "--interface",
                command.i, "--capture", capture,
            ]
                + address + knowledge,
            deriver: [program, "live-deriver", "--store", store] + knowledge, capture: capture,
            quarantine: store + ".quarantine.pcapng")
        options.ring.path = command.w
        options.ring.size = UInt64((command.fileSize ?? 0) * 1e6)
        options.ring.seconds = command.fileSeconds ?? 0
        options.ring.count = command.fileCount ?? 0
        options.count = command.c ?? 0
        options.duration = command.duration?.seconds ?? 0
        options.backlog = command.backlog << 20
        self.options = options
    }

    func run() throws {
        if command.plant != nil || !command.knowledge.own.isEmpty { try rememberFacts() }
        let view = CaptureView(style, command: command)
        let supervisor = try Supervisor(options) { view.take($0) }
        view.supervisor = supervisor
        do {
            try supervisor.run { view.tick() }
        } catch {
            view.end()
            throw CommandError(LiveCapture.advice(error.description, interface: command.i))
        }
        view.end()
        let summary = try CaptureSummaryText(
            storePath: command.output, captures: supervisor.captures, counters: supervisor.counters,
            seconds: supervisor.elapsed, problem: view.storeProblem)
        try StandardOutput.write(command.json ? try JSONText.document(summary.document) : summary.text(style))
        if !supervisor.isComplete || view.storeProblem != nil { throw ExitCode.failure }
    }

    private func rememberFacts() throws {
        let store = try Store(path: command.output, create: true)
        if let plant = command.plant { try store.setFact(StoreFact.plant, plant) }
        if !command.knowledge.own.isEmpty { _ = try command.knowledge.knowledge(store) }
    }

    // MARK: Programs

    private static func ownPath() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw CommandError("cannot tell where this program is") }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `$OTSCAN_COLLECTOR`, or beside this program, or where distributions put programs that people do not start.
    static func collectorPath(beside program: String) throws -> String {
        let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
        var candidates = [
            folder.appendingPathComponent("otscan-collector").path,
            folder.deletingLastPathComponent().appendingPathComponent("libexec/otscan/otscan-collector").path,
        ]
        if let named = named("OTSCAN_COLLECTOR") { candidates = [named] }
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw CommandError("\(candidates[0]): not found; it comes with otscan and is the part that listens")
        }
        return found
    }

    /// A program that the environment names in place of the ordinary one.
    private static func named(_ variable: String) -> String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func collectorArguments(_ command: CaptureCommand) throws -> [String] {
        var arguments = [
            "--interface", command.i, "--snap", String(command.s == 0 ? 262_144 : command.s), "--buffer",
            String(command.bufferSize << 10),
        ]
        if command.isNotPromiscuous { arguments.append("--no-promiscuous") }
        if let type = command.y { arguments += ["--link-type", type] }
        let words = command.filter.joined(separator: " ")
        let filter = command.f ?? (words.isEmpty ? command.standingFilter ?? "" : words)
        if !filter.isEmpty { arguments += ["--filter", filter] }
        if geteuid() == 0 {
            guard let entry = getpwnam(command.user), entry.pointee.pw_uid != 0 else {
                throw CommandError("--user \(command.user): no such user, or one with root's privileges")
            }
            arguments += ["--user", String(entry.pointee.pw_uid), "--group", String(entry.pointee.pw_gid)]
        }
        return arguments
    }

    private static func address(of interface: String) -> String? {
        guard !interface.contains("/") else { return nil }
        let text = try? String(contentsOfFile: "/sys/class/net/\(interface)/address", encoding: .utf8)
        return text.flatMap { MACAddress($0.prefix { !$0.isWhitespace }) }.map(\.description)
    }

    private static func expectFolder(of store: String, named name: String) throws {
        let folder = AnalyserConfinement.folder(of: store)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandError("\(name): the folder \(folder) does not exist")
        }
    }

    private static func advice(_ problem: String, interface: String) -> String {
        if problem.contains("no permission") {
            return problem
                + "; run as root, or once: sudo setcap cap_net_raw+ep \((try? collectorPath(beside: ownPath())) ?? "otscan-collector")"
        }
        if problem.contains("no such interface") { return problem + "; otscan interfaces lists them" }
        if problem.contains("interface is down") { return problem + "; bring it up: ip link set \(interface) up" }
        return problem
    }
}
