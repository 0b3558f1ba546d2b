import Analysis
import Evidence
import Glibc
import LiveAnalysis
import Model
import Protocols
import Wire

/// Kills the program, as a fault in a parser does.
enum Trap: Dissector {
    static let description = ProtocolDescription(
        name: "trap", title: "Trap", family: .network, level: .recognised, reference: "none",
        bindings: [.etherType(MadeTraffic.trapEtherType)])

    static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        fatalError("a parser that died of a frame")
    }
}

/// The analyser as `otscan live-analyser` is, with a parser more.
enum TrappingAnalyser {
    static func run(_ arguments: [String]) throws {
        var options: [String: String] = [:]
        for index in stride(from: 0, to: arguments.count - 1, by: 2) {
            options[arguments[index]] = arguments[index + 1]
        }
        guard let store = options["--store"], let interface = options["--interface"], let capture = options["--capture"]
        else { LiveHelper.fail("live-analyser --store … --interface … --capture …") }
        let memory = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 4, 0)
        guard let memory, memory != MAP_FAILED else { LiveHelper.fail("no page") }
        _ = try AnalyserConfinement.enter(store: store)
        let status = StatusLine(descriptor: 3)
        var analyser = try LiveAnalyzer(
            store: try Store(path: store, create: true), interface: interface, capture: capture, knowledge: Knowledge(),
            own: nil, protocols: ProtocolRegistry.all + [ProtocolEntry(Trap.self)], stream: STDIN_FILENO,
            status: status,
            page: memory.assumingMemoryBound(to: UInt64.self))
        try analyser.closeAbandoned()
        status.write("ready")
        try analyser.run()
        status.write("done")
    }
}
