import Analysis
import ArgumentParser
import Evidence
import Model

/// Lists broadcast domains and the traffic between them, or proposes a division.
struct SegmentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segments", abstract: "Lists segments (VLAN, subnet, members) and the traffic between them.",
        discussion: """
            With --propose, zones by role and by who talks with whom, the conduits that keep what was seen to be needed, \
            and how far a worm would get now and then. With --declared, the zones of zones.yaml with who was seen in each, \
            and what crosses between them, what the declaration forbids first.
            """)

    @Argument(help: "Store made by analyze.")
    var store: String

    @Flag(help: "List only the traffic between segments, or the proposed conduits, in any format.")
    var conduits = false

    @Flag(help: "Propose zones and conduits instead.")
    var propose = false

    @Flag(help: "List the declared zones instead, and what crosses between them.")
    var declared = false

    @Option(
        help: ArgumentHelp(
            "With --propose, write the conduits as an nftables list; - is standard output.", valueName: "file"))
    var nftables: String?

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if declared, propose { throw ValidationError("--declared and --propose list different things: give one") }
        if nftables != nil, !propose { throw ValidationError("--nftables needs --propose") }
    }

    func run() throws {
        let reading = try StoreReading(path: store)
        if declared { return try declaredZones(reading) }
        if propose { return try proposed(reading) }
        if !conduits { try SegmentList.segments(reading).write(output) }
        guard conduits || output.chosenFormat == .table else { return }
        if !conduits { try StandardOutput.write("\n") }
        try SegmentList.conduits(reading).write(output)
    }

    private func declaredZones(_ reading: StoreReading) throws {
        guard let division = try reading.store.declaredDivision() else {
            throw CommandError(
                "\(WireText(store).visible): no zones are declared; otscan declare zones.yaml \(WireText(store).visible)"
            )
        }
        if !conduits { try DeclaredZoneList.zones(division, try reading.store.assets()).write(output) }
        guard conduits || output.chosenFormat == .table else { return }
        if !conduits { try StandardOutput.write("\n") }
        try DeclaredZoneList.crossings(division, reading).write(output)
    }

    private func proposed(_ reading: StoreReading) throws {
        let assets = try reading.store.assets()
        guard let plan = try reading.store.segmentationPlan() else {
            throw CommandError("\(store): holds no proposal yet; otscan analyze derives one")
        }
        if let nftables {
            let text = NftablesList.text(plan, assets, ownPrefixes: try knowledge.ownPrefixes(reading.store))
            try OutputFile.write(text, to: nftables)
            if nftables == "-" { return }
        }
        if !conduits { try ZoneList.zones(plan, assets).write(output) }
        let isTable = output.chosenFormat == .table
        guard conduits || isTable else { return }
        if !conduits { try StandardOutput.write("\n") }
        try ZoneList.conduits(plan).write(output)
        if isTable { try StandardOutput.write("\n" + ZoneList.summary(plan, output.style)) }
    }
}
