import Protocols
import Wire

/// Which dissectors to ask, by binding. Built once from the registry, and never copied.
struct Dispatch: ~Copyable, Sendable {
    let entries: [ProtocolEntry]
    /// The entries' dissectors: metatypes, which cost no reference counting to call.
    let types: [any Dissector.Type]
    /// Their names, as observations carry them.
    let names: [Dissection.ProtocolName]
    /// Candidates for TCP and UDP, as registry indices in registry order.
    let tcp: [Int16]
    let udp: [Int16]
    let tcpByPort: [UInt16: [Int16]]
    let udpByPort: [UInt16: [Int16]]
    let etherType: [UInt16: Int16]
    let llc: [UInt16: Int16]
    let snap: [UInt64: Int16]
    let ipProtocol: [UInt8: Int16]
    let wirelessManagement: Int16?
    /// By registry index, whether the protocol sends in a fixed rhythm.
    let isCyclic: [Bool]

    init(_ entries: [ProtocolEntry]) {
        self.entries = entries
        types = entries.map(\.type)
        names = entries.map { Dissection.ProtocolName($0.description.name) }
        isCyclic = entries.map { CaptureAnalyzer.cyclicServices.contains($0.description.name) }
        var tcp: [Int16] = []
        var udp: [Int16] = []
        var tcpByPort: [UInt16: [Int16]] = [:]
        var udpByPort: [UInt16: [Int16]] = [:]
        var etherType: [UInt16: Int16] = [:]
        var llc: [UInt16: Int16] = [:]
        var snap: [UInt64: Int16] = [:]
        var ipProtocol: [UInt8: Int16] = [:]
        var wireless: Int16?
        for (position, entry) in entries.enumerated() {
            let index = Int16(truncatingIfNeeded: position)
            for binding in entry.description.bindings {
                switch binding {
                case .tcp(let ports):
                    if tcp.last != index { tcp.append(index) }
                    for port in ports { tcpByPort[port, default: []].append(index) }
                case .udp(let ports):
                    if udp.last != index { udp.append(index) }
                    for port in ports { udpByPort[port, default: []].append(index) }
                case .etherType(let type): etherType[type] = etherType[type] ?? index
                case .llc(let sap): llc[UInt16(sap)] = llc[UInt16(sap)] ?? index
                case .snap(let oui, let pid): snap[UInt64(oui) << 16 | UInt64(pid)] = index
                case .ipProtocol(let number): ipProtocol[number] = ipProtocol[number] ?? index
                case .wirelessManagement: wireless = wireless ?? index
                }
            }
        }
        self.tcp = tcp
        self.udp = udp
        self.tcpByPort = tcpByPort
        self.udpByPort = udpByPort
        self.etherType = etherType
        self.llc = llc
        self.snap = snap
        self.ipProtocol = ipProtocol
        wirelessManagement = wireless
    }

    func linkProtocol(_ layers: borrowing FrameLayers) -> Int16? {
        switch layers.kind {
        case .etherType: etherType[layers.etherType]
        case .llc: llc[layers.code]
        case .snap: snap[UInt64(layers.snapOUI) << 16 | UInt64(layers.code)]
        case .wirelessManagement: wirelessManagement
        case .none, .network: nil
        }
    }

    /// How much a port looks like a server's: registered with a dissector, then well-known (RFC 6335), then neither.
    func serverLikeness(_ port: UInt16, isTCP: Bool) -> Int {
        if (isTCP ? tcpByPort : udpByPort)[port] != nil { return 3 }
        if port != 0, port < 1024 { return 2 }
        return port < 32_768 ? 1 : 0
    }

    /// The best answer of all candidates to a payload: the certain one, or the most likely on its port.
    func recognise(_ bytes: RawSpan, _ hint: ProbeHint, excluding excluded: Int16) -> Recognition {
        var search = Search()
        let ports = hint.isTCP ? tcpByPort : udpByPort
        let toPort = ports[hint.destinationPort]
        let fromPort = ports[hint.sourcePort]
        if let toPort {
            for index in toPort where index != excluded {
                if ask(index, bytes, hint, isRegistered: true, &search) { return search.best }
            }
        }
        if let fromPort {
            for index in fromPort where index != excluded {
                if ask(index, bytes, hint, isRegistered: true, &search) { return search.best }
            }
        }
        for index in hint.isTCP ? tcp : udp where index != excluded {
            if toPort?.contains(index) ?? false || fromPort?.contains(index) ?? false { continue }
            if ask(index, bytes, hint, isRegistered: false, &search) { return search.best }
        }
        if search.best.service < 0, search.waits { search.best.verdict = .wait }
        return search.best
    }

    private struct Search {
        var best = Recognition(service: -1, verdict: .no, isRegistered: false)
        var waits = false
    }

    /// Asks one dissector; true when its answer ends the search.
    private func ask(
        _ index: Int16, _ bytes: RawSpan, _ hint: ProbeHint, isRegistered: Bool, _ search: inout Search
    ) -> Bool {
        let verdict = types[Int(index)].probe(bytes, hint)
        switch verdict.certainty {
        case .certain:
            search.best = Recognition(service: index, verdict: verdict, isRegistered: isRegistered)
            return true
        case .possible where search.best.service < 0:
            search.best = Recognition(service: index, verdict: verdict, isRegistered: isRegistered)
        case .wait: search.waits = true
        default: break
        }
        return false
    }

    struct Recognition {
        var service: Int16
        var verdict: Verdict
        /// True when the protocol is registered for one of the ports.
        var isRegistered: Bool
    }
}
