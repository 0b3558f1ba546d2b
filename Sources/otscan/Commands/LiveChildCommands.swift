import Analysis
import ArgumentParser
import Evidence
import Foundation
import Glibc
import LiveAnalysis
import Model

/// The analyser of `capture`, a process of its own that has no privilege: not for people to start.
struct LiveAnalyserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live-analyser", abstract: "Part of capture.", shouldDisplay: false)

    @Option var store: String
    @Option var interface: String
    @Option var capture: String
    /// The interface's own address.
    @Option var address: String?
    @OptionGroup var knowledge: KnowledgeOptions

    /// Descriptors that the supervisor gives, beside the stream on standard input.
    private static let status: Int32 = 3
    private static let page: Int32 = 4

    func run() throws {
        do {
            try work()
        } catch {
            StandardError.write("error: \(ErrorText.line(error))\n")
            throw ExitCode.failure
        }
    }

    private func work() throws {
        let known = try knowledge.knowledge(prefixes: [])
        // The list of vendors is read when first asked, which is too late once the file system is closed off.
        _ = known.vendor(MACAddress(bits: 1))
        let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, LiveAnalyserCommand.page, 0)
        guard let memory, memory != MAP_FAILED else { throw CommandError("this command is started by otscan capture") }
        _ = try AnalyserConfinement.enter(store: store)
        let status = StatusLine(descriptor: LiveAnalyserCommand.status)
        var analysis = try LiveAnalyzer(
            store: try Store(path: store, create: true), interface: interface, capture: capture, knowledge: known,
            own: address.flatMap { MACAddress($0) }, stream: STDIN_FILENO, status: status,
            page: memory.assumingMemoryBound(to: UInt64.self))
        try analysis.closeAbandoned()
        // Frames have to leave the kernel's buffer in time; those that did can wait in memory for being analysed.
        _ = nice(5)
        status.write("ready")
        try analysis.run()
        status.write("done")
    }
}

/// Derives assets, findings and proposals from a store that is being captured into: not for people to start.
struct LiveDeriverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live-deriver", abstract: "Part of capture.", shouldDisplay: false)

    @Option var store: String
    @OptionGroup var knowledge: KnowledgeOptions

    func run() throws {
        do {
            _ = nice(10)
            let prefixes = try knowledge.ownPrefixes(try Store(path: store, create: false))
            let known = try knowledge.knowledge(prefixes: prefixes)
            _ = known.vendor(MACAddress(bits: 1))
            _ = try AnalyserConfinement.enter(store: store)
            try PlantStudy(store: try Store(path: store, create: false), knowledge: known).derive()
        } catch {
            StandardError.write("error: \(ErrorText.line(error))\n")
            throw ExitCode.failure
        }
    }
}
