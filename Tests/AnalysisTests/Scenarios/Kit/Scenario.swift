import Analysis
import Assessment
import Captures
import Model

/// A plant told in a few lines, and what is true of it. One file each under Plants.
struct Scenario: Sendable {
    /// What the network is.
    enum Division: String, Sendable {
        case flat, segmented
        /// Too little to see to say either.
        case undetermined
    }

    /// A use of remote access, by the stations' names.
    struct Session: Hashable, Sendable, CustomStringConvertible {
        var client: String
        var server: String
        var service: String
        var description: String { "\(client)→\(server) \(service)" }
    }

    struct Truth: Sendable {
        var division: Division = .undetermined
        var sessions: [Session] = []
        /// Stations in the ledger; nil when there is no ledger.
        var listed: [String]?
        /// The ledger where it says other things than the stations' MACs.
        var ledger: [LedgerEntry]?
        /// Stations on the plant's wire that the ledger lacks.
        var unlisted: [String] = []
        /// By rule, the stations that its findings have to name; an empty list for a finding that names none.
        var findings: [String: Set<String>] = [:]
        /// By item of the checklist, the levels that may be proposed at most.
        var levels: [String: ClosedRange<Int>] = [:]
    }

    var name: String
    /// What it shows, in one sentence.
    var about: String
    var truth: Truth
    /// What the plant declares of its zones and of its remote access.
    var declared = Declarations()
    var build: @Sendable (inout MadeNetwork) -> Void

    init(
        _ name: String, _ about: String, truth: Truth, declared: Declarations = Declarations(),
        _ build: @escaping @Sendable (inout MadeNetwork) -> Void
    ) {
        self.name = name
        self.about = about
        self.truth = truth
        self.declared = declared
        self.build = build
    }

    /// Everything that follows from the capture.
    struct Outcome {
        var stations: [MadeNetwork.Station]
        var picture: PlantPicture
        var proposals: [Proposal]
        var ledger: LedgerMatch?
        var result: CaptureResult

        /// The station that an asset is, by MAC or address.
        func station(_ asset: String) -> String? {
            guard let asset = picture.assets.first(where: { $0.id == asset }) else { return nil }
            let ours = stations.filter { $0.vlan != nil }
            return
                (ours.first { asset.macs.contains($0.mac) } ?? stations.first { asset.addresses.contains($0.ip) })?.name
        }
    }

    /// Every station of the plant is on one link.
    var isOneSubnet: Bool {
        let inside = network().stations.filter { $0.vlan != nil }
        return Set(inside.map { "\($0.vlan ?? 0) \($0.prefix?.description ?? "")" }).count == 1
    }

    private static let knowledge = (try? Knowledge.load()) ?? Knowledge()

    func network() -> MadeNetwork {
        var network = MadeNetwork()
        build(&network)
        return network
    }

    func run() -> Outcome { run(network()) }

    /// What follows from these frames, whatever the scenario's own are.
    func run(_ network: MadeNetwork) -> Outcome {
        var analyzer = CaptureAnalyzer(capture: 1)
        for (index, frame) in network.frames.enumerated() {
            analyzer.read(
                frame.bytes.span.bytes,
                Frame(
                    number: UInt64(index + 1), time: Timestamp(nanoseconds: frame.time),
                    originalLength: UInt32(frame.bytes.count), capturedLength: UInt32(frame.bytes.count),
                    linkType: .ethernet))
        }
        let result = analyzer.finish(CaptureSummary(name: "\(name).pcap", sha256: name, format: "made"))
        let ledger =
            truth.ledger
            ?? truth.listed.map { names in
                names.enumerated().map { index, name in
                    LedgerEntry(
                        line: index + 2, macs: Array(Set(network.stations.filter { $0.name == name }.map(\.mac))))
                }
            }
        let derived = PlantAnalysis.derive(
            [result], ledger: ledger, knowledge: Scenario.knowledge, declarations: declared)
        return Outcome(
            stations: network.stations, picture: derived.picture, proposals: derived.proposals, ledger: derived.ledger,
            result: result)
    }
}
