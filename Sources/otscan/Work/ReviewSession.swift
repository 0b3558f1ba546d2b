import Analysis
import Assessment
import Evidence
import Foundation
import Glibc
import Model
import Review

/// A review while it lasts: the server, the links that let browsers in, and the browser that is opened.
struct ReviewSession {
    let storePath: String
    let rulebook: Rulebook
    let language: Language
    let reviewer: String
    let port: UInt16?
    let opensBrowser: Bool
    let linkFile: String?
    let knowledge: KnowledgeOptions
    let style: TerminalStyle

    func run() async throws {
        let store = try StoreReading.open(storePath)
        let port = try port ?? FreePort.find()
        let desk = Desk(
            store: store, scorer: rulebook.scorer, tools: try tools(store), language: language, reviewer: reviewer,
            port: port,
            toolVersion: Otscan.version)
        let server = try ReviewServer(desk: desk, port: port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await server.run() } catch {
                    throw CommandError(
                        "127.0.0.1:\(port): cannot be listened on; another program may have that port, try another --port"
                    )
                }
            }
            try await server.waitUntilListening()
            try await announce(desk)
            group.addTask { await offerLinks(desk) }
            // The server ends only by failing, or with the program; reading from a closed terminal ends at once.
            while let _ = try await group.next() {}
        }
    }

    private func announce(_ desk: Desk) async throws {
        let name = WireText(storePath).visible
        try StandardOutput.write(
            style.say(
                "\(name) の確認画面。Enterで新しいリンク、Ctrl-Cで終了。\n", "Reviewing \(name). Enter shows another link, Ctrl-C ends.\n"
            ))
        try await show(desk)
        if opensBrowser { await openBrowser(desk) }
    }

    private func show(_ desk: Desk) async throws {
        let link = await desk.newLink()
        if let linkFile {
            try PrivateFile.write(link + "\n", to: linkFile)
            try StandardOutput.write(
                style.say(
                    "リンク: \(WireText(linkFile).visible) に書いた\n", "Link: written to \(WireText(linkFile).visible)\n"))
        } else {
            try StandardOutput.write(style.say("一度だけ使えるリンク: ", "Link, good once: ") + link + "\n")
        }
    }

    /// A new link for each line from the terminal.
    private func offerLinks(_ desk: Desk) async {
        let lines = AsyncStream<Void> { continuation in
            // Reading blocks, so it has a thread of its own.
            Thread.detachNewThread {
                while readLine() != nil { continuation.yield() }
                continuation.finish()
            }
        }
        for await _ in lines { try? await show(desk) }
    }

    /// The link goes to the browser through a file of our own, since arguments of a program can be read by everybody.
    private func openBrowser(_ desk: Desk) async {
        guard StandardError.isTerminal, let opener = Programs.find("xdg-open") else { return }
        let link = await desk.newLink()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString)")
        let page = folder.appendingPathComponent("review.html")
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try PrivateFile.write(
                "<!DOCTYPE html><meta http-equiv=\"refresh\" content=\"0; url=\(link)\"><a href=\"\(link)\">otscan</a>",
                to: page.path)
            let process = Process()
            process.executableURL = opener
            process.arguments = [page.path]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
        } catch {
            try? FileManager.default.removeItem(at: folder)
            return
        }
        // Long enough for a browser to start; the link in it is good once.
        Task {
            try? await Task.sleep(for: .seconds(30))
            try? FileManager.default.removeItem(at: folder)
        }
    }

    private func tools(_ store: Store) throws -> ReviewTools {
        let rulebook = rulebook
        let study = PlantStudy(store: store, knowledge: try knowledge.knowledge(store))
        return ReviewTools(
            decode: { FrameDecoding.layers(of: $0) },
            slice: { frames, captures in
                try PrivateFile.bytes(named: "slice.pcapng") {
                    try ExhibitSlice.write(frames: frames, captures: captures, to: $0)
                }
            },
            report: { order in
                try PrivateFile.bytes(named: "report.\(order.format.rawValue)") { path in
                    try ReportWriting(
                        store: store, rulebook: rulebook, language: order.language, isMasked: order.isMasked,
                        edition: order.edition
                    ).write(to: path)
                }
            }, derive: { try study.derive() })
    }
}

/// Files that only their owner can read.
enum PrivateFile {
    static func write(_ text: String, to path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandError(
                "\(WireText(path).visible): cannot be written; check that the folder exists and is writable")
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// What `make` writes to a file of its own that is gone afterwards.
    static func bytes(named name: String, _ make: (String) throws -> Void) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent(name).path
        try make(path)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// Programs of the system, found as a shell finds them.
enum Programs {
    static func find(_ name: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").lazy
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent(name) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}

/// A TCP port that nobody listens on at this moment.
enum FreePort {
    static func find() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else {
            throw CommandError("no TCP socket can be had: \(String(cString: strerror(errno)))")
        }
        defer { _ = close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
            }
        }
        guard result == 0 else { throw CommandError("no free TCP port on 127.0.0.1; name one with --port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
