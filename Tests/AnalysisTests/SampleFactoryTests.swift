import Analysis
import Assessment
import Foundation
import Model
import TestSupport
import Testing

/// The sample factories, scored against the truth beside them.
@Suite struct SampleFactoryTests {
    /// One sample as it was made and as it was understood.
    struct Sample {
        let truth: SampleTruth
        let picture: PlantPicture
        let proposals: [Proposal]

        init(_ name: String) throws {
            let samples = CaptureCorpus.repository.appendingPathComponent("Samples")
            let result = try CaptureReading.read(path: samples.appendingPathComponent("\(name).pcapng").path)
            let derived = PlantAnalysis.derive([result], knowledge: try Knowledge.load())
            truth = try SampleTruth(sample: name)
            picture = derived.picture
            proposals = derived.proposals
        }

        func asset(_ host: SampleTruth.Host) -> Asset? {
            picture.assets.first { !Set($0.macs).isDisjoint(with: host.macs) }
        }

        func asset(named name: String) throws -> Asset {
            let host = try #require(truth.hosts.first { $0.name == name })
            return try #require(asset(host))
        }

        func levels(_ item: String) throws -> ClosedRange<Level> {
            let id = try #require(ItemID(item))
            return try #require(proposals.first { $0.item == id }).levels
        }
    }

    static let names = ["factory", "factory-segmented"]

    /// Every interface of the truth is an asset's with its addresses, and no asset is invented.
    @Test(arguments: names) func everyHostIsFoundAndNoneInvented(_ name: String) throws {
        let sample = try Sample(name)
        let planted = Set(sample.truth.hosts.flatMap(\.macs))
        #expect(planted.count > 20)
        #expect(sample.picture.assets.count == sample.truth.hosts.count)
        let found = Set(sample.picture.assets.flatMap(\.macs))
        #expect(found.subtracting(planted).isEmpty, "invented: \(found.subtracting(planted))")
        for host in sample.truth.hosts {
            let asset = try #require(sample.asset(host), "\(host.name) was missed")
            let addresses = Set(host.interfaces.flatMap(\.addresses))
            #expect(Set(asset.addresses) == addresses, "\(host.name)")
        }
    }

    @Test(arguments: names) func rolesAndClassesAreRight(_ name: String) throws {
        let sample = try Sample(name)
        var right = 0
        for host in sample.truth.hosts {
            let asset = try #require(sample.asset(host))
            if asset.role.rawValue == host.role || host.alternatives.contains(asset.role.rawValue) {
                right += 1
            } else {
                print("\(name): \(host.name) is \(host.role), found \(asset.roles.map { "\($0.role) \($0.grounds)" })")
            }
            #expect(asset.isOT == host.isOT, "\(host.name) as OT")
            #expect(!(asset.isIT && host.isOT), "\(host.name) as IT")
        }
        print("\(name): roles \(right)/\(sample.truth.hosts.count)")
        #expect(right * 10 >= sample.truth.hosts.count * 9)
    }

    /// The makers, by address block or by what the device says; and every value that the truth says is on the wire.
    @Test(arguments: names) func identitiesAreRead(_ name: String) throws {
        let sample = try Sample(name)
        let knowledge = try Knowledge.load()
        var values = 0
        var unread = 0
        var leading = 0
        var all = 0
        for host in sample.truth.hosts {
            let asset = try #require(sample.asset(host))
            let vendor = asset.vendor?.raw ?? ""
            let isMaker =
                vendor.hasPrefix(host.vendor) || (vendor == "HP" && host.vendor == "Hewlett Packard")
                // Panasonic's cameras have borne this name since their business became a company of its own.
                || (vendor == "i-PRO" && host.vendor == "Panasonic")
            #expect(isMaker, "\(host.name): \(vendor) for \(host.vendor)")
            for identity in host.identity {
                all += 1
                let names: [Attribute] =
                    switch identity.attribute {
                    case "model": [.model, .productCode]
                    default: [Attribute(rawValue: identity.attribute)]
                    }
                let stated = asset.attributes.filter { names.contains($0.attribute) }.map(\.value.raw)
                func isSame(_ text: String) -> Bool {
                    SampleFactoryTests.plain(text, knowledge) == SampleFactoryTests.plain(identity.value, knowledge)
                }
                if stated.contains(where: isSame) {
                    values += 1
                } else {
                    if host.name == "OPC01" { unread += 1 }
                    print(
                        "\(name): \(host.name) \(identity.attribute) \(identity.value) (\(identity.from)), found \(stated)"
                    )
                }
                let shown =
                    switch identity.attribute {
                    case "model": asset.model
                    case "firmware": asset.firmware
                    case "serial": asset.serial
                    case "vendor": asset.vendor
                    default: asset.hostname
                    }
                if let shown, isSame(shown.raw) { leading += 1 }
            }
        }
        print("\(name): identity values \(values)/\(all), leading \(leading)/\(all)")
        // The build information that an OPC UA server keeps in its address space is not read yet.
        #expect(values + unread == all)
        #expect(leading * 10 >= all * 7)
    }

    /// A maker as the catalogue spells it; a version may be written with a V before it.
    private static func plain(_ text: String, _ knowledge: Knowledge) -> String {
        let lower = (knowledge.assertions(.vendor, text).first?.value ?? text).lowercased()
        return lower.hasPrefix("v") && lower.dropFirst().first?.isNumber == true ? String(lower.dropFirst()) : lower
    }

    @Test(arguments: names) func segmentsAndGatewaysAreRight(_ name: String) throws {
        let sample = try Sample(name)
        struct Place: Hashable {
            var vlan: UInt16
            var prefix: IPPrefix
        }
        let planted = Set(sample.truth.segments.map { Place(vlan: $0.vlan, prefix: $0.prefix) })
        let found = sample.picture.segments.filter { segment in
            // A subnet behind a gateway is no broadcast domain of the plant.
            segment.members.contains { id in sample.picture.assets.contains { $0.id == id && !$0.isBehindRouter } }
        }
        #expect(
            Set(found.compactMap { segment in segment.prefix.map { Place(vlan: segment.vlan, prefix: $0) } }) == planted
        )
        #expect(found.count == planted.count)
        for segment in sample.truth.segments {
            let match = try #require(found.first { $0.vlan == segment.vlan && $0.prefix == segment.prefix })
            let gateways = match.gateways.compactMap { id in sample.picture.assets.first { $0.id == id } }
            #expect(gateways.contains { $0.addresses.contains(segment.gateway) }, "\(segment.prefix)")
        }
        for host in sample.truth.hosts {
            let asset = try #require(sample.asset(host))
            let vlans = Set(host.interfaces.map { $0.vlan ?? 0 })
            let segments = found.filter { $0.members.contains(asset.id) }
            #expect(Set(segments.map(\.vlan)) == vlans, "\(host.name)")
        }
    }

    @Test func theFlatFactorysPlantedFindingsAreFoundAndNoOthers() throws {
        let sample = try Sample("factory")
        // What is shown beside other items only supports; the rest was planted.
        let rules = Set(sample.picture.findings.filter { $0.severity > .info }.map(\.rule))
        #expect(
            rules == [
                "flat-network", "remote-from-outside", "cleartext-outside", "cleartext-credential", "home-access-point",
            ])
        // The truth's four pairs and no host that is not among them.
        let flat = try #require(sample.picture.findings.first { $0.rule == "flat-network" })
        for name in ["PC-SEISAN01", "PC-SOUMU01", "SCADA01", "PC-HINSHO01", "HMI-PRESS01"] {
            #expect(flat.assets.contains(try sample.asset(named: name).id), "\(name)")
        }
        let sessions = sample.picture.remoteSessions
        #expect(sessions.map(\.service) == ["vnc"])
        #expect(sessions.first?.origin == .outside)
        #expect(sessions.first?.client.ip == IPAddress("203.0.113.45"))
        #expect(sessions.first?.serverAsset == (try sample.asset(named: "HMI-PAINT01").id))
        let kinds = Set(sample.picture.findings.filter { $0.rule == "cleartext-credential" }.map(\.id))
        #expect(kinds.count == 3, "\(kinds)")
    }

    @Test func theSegmentedFactorysPlantedFindingsAreFoundAndNoOthers() throws {
        let sample = try Sample("factory-segmented")
        let rules = Set(sample.picture.findings.map(\.rule))
        #expect(rules.isSuperset(of: ["cleartext-credential", "refused-at-boundary"]))
        #expect(Set(sample.picture.findings.filter { $0.severity > .info }.map(\.rule)) == ["cleartext-credential"])
        #expect(sample.picture.findings.filter { $0.rule == "cleartext-credential" }.count == 1)
        let sessions = sample.picture.remoteSessions.filter(\.isEstablished)
        #expect(sessions.contains { $0.service == "openvpn" && $0.origin == .outside && $0.isTunnel })
        let bastion = try sample.asset(named: "BASTION01")
        let reached = Set(sessions.filter { $0.clientAsset == bastion.id && $0.reachesOT }.compactMap(\.serverAsset))
        #expect(reached == [try sample.asset(named: "ENG-PC01").id, try sample.asset(named: "HMI-PAINT01").id])
        #expect(sessions.count == 4, "\(sessions.map(\.id))")
        // Nothing but the firewall forwards between the plant's segments.
        let firewall = try sample.asset(named: "FW-01")
        let segments = Set(sample.picture.segments.map(\.id))
        for conduit in sample.picture.conduits where segments.contains(conduit.from) && segments.contains(conduit.to) {
            #expect(conduit.via.contains(firewall.id), "\(conduit.from) to \(conduit.to)")
        }
    }

    /// The works' own list, read without ceremony: number, name, address, MAC, maker, product, place, keeper.
    private static func ledger(_ name: String) throws -> [LedgerEntry] {
        let url = CaptureCorpus.repository.appendingPathComponent("Samples/\(name).csv")
        let rows = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
        return rows.enumerated().map { index, row in
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return LedgerEntry(
                line: index + 2, key: fields[0], name: fields[1], addresses: [fields[2]].compactMap { IPAddress($0) },
                macs: [fields[3]].compactMap { MACAddress($0) })
        }
    }

    @Test(arguments: [("factory", "ledger"), ("factory-segmented", "ledger-segmented")])
    func theLedgersGapsAreThoseOfTheTruth(_ name: String, _ file: String) throws {
        let sample = try Sample(name)
        let ledger = try SampleFactoryTests.ledger(file)
        let match = LedgerMatching.match(ledger, sample.picture.assets)
        let unlisted = Set(sample.truth.root["hosts"].list.filter { $0["ledger"].text.isEmpty }.map { $0["name"].text })
        let found = try match.unlisted.map { id in
            try #require(
                sample.truth.hosts.first { host in sample.asset(host)?.id == id }, "\(id) is no host of the truth"
            ).name
        }
        #expect(Set(found) == unlisted)
        let notSeen = match.notSeen.compactMap { line in ledger.first { $0.line == line }?.key }
        let planted = sample.truth.root["findings"].list.first { $0["id"].text == "ledger-not-seen" }
        #expect(notSeen == planted?["ledger"].list.map(\.text))
    }

    @Test func proposalsFollowTheEvidence() throws {
        let flat = try Sample("factory")
        #expect(try flat.levels("2-6") == .notDone ... .partly)
        #expect(try flat.levels("2-7") == .partly ... .partly)
        #expect(try flat.levels("3-5") == .notDone ... .notDone)
        #expect(try flat.levels("3-6") == .notDone ... .notDone)
        #expect(try flat.levels("3-7") == .notDone ... .partly)
        let segmented = try Sample("factory-segmented")
        #expect(try segmented.levels("2-6") == .notDone ... .partly)
        #expect(try segmented.levels("2-7") == .partly ... .partly)
        #expect(try segmented.levels("3-5") == .partly ... .partly)
        #expect(try segmented.levels("3-6") == .partly ... .partly)
        #expect(try segmented.levels("3-7") == .partly ... .partly)
        // A capture of minutes settles nothing.
        let settled = (flat.proposals + segmented.proposals).filter { !$0.isProvisional }
        #expect(settled.isEmpty)
    }
}
