import Analysis
import Assessment
import Model
import TestSupport
import Testing

/// What the design of the proposals promises, over random plants: traffic alone never proposes level 4, never more than
/// an item's own highest, settles nothing in under a shift, and speaks both languages.
@Suite struct ProposalBoundsTests {
    private static let services = [
        ("slmp", 5007), ("modbus", 502), ("s7comm", 102), ("http", 80), ("tls", 443), ("smb", 445), ("vnc", 5900),
        ("ssh", 22), ("openvpn", 1194), ("rdp", 3389), ("ftp", 21), ("snmp", 161), ("dns", 53), ("radius", 1812),
    ]

    /// Nothing declared, zones, remote access, or both.
    private static func declarations(_ random: inout SplitMix) -> Declarations {
        var declared = Declarations()
        if random.next(2) == 0 {
            let zones = (0..<3).map { number in
                DeclaredZones.Zone(
                    name: "zone-\(number)", level: PurdueLevel.allCases[number],
                    prefixes: [IPPrefix("192.168.\(number).0/24")].compactMap { $0 }, vlans: [UInt16(number + 1)])
            }
            declared.zones = DeclaredZones(zones: zones, allowed: random.next(2) == 0 ? [] : nil)
        }
        if random.next(2) == 0 {
            let vendor = DeclaredRemoteAccess.Vendor(
                name: "vendor", prefixes: [IPPrefix("203.0.113.0/30")].compactMap { $0 })
            let from = random.next(1440)
            declared.remote = DeclaredRemoteAccess(
                vendors: [vendor],
                windows: [DeclaredRemoteAccess.Window(weekdays: [1 + random.next(7)], from: from, to: 1440 - from)])
        }
        return declared
    }

    @Test(arguments: 0..<200) func randomPlantsStayWithinBounds(_ seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1)
        var plant = MadePlant()
        let router = MACAddress(bits: 0x0200_0000_00fe)
        let hosts = (1...(2 + random.next(20))).map {
            MadePlant.host(UInt8($0), net: "192.168.\(random.next(3))", vlan: UInt16(random.next(3)))
        }
        for _ in 0..<random.next(60) {
            let (service, port) = Self.services[random.next(Self.services.count)]
            let a = hosts[random.next(hosts.count)]
            let b = hosts[random.next(hosts.count)]
            let frames = UInt64(1 + random.next(40))
            switch random.next(5) {
            case 0:
                plant.arrive(
                    MadePlant.outside("203.0.113.\(random.next(9))"), b, service, port: UInt16(port), by: router)
            case 1:
                plant.talk(
                    a, MadePlant.outside("198.51.100.\(random.next(9))"), service, port: UInt16(port), through: router)
            case 2: plant.talk(a, b, service, port: UInt16(port), frames: frames, through: router)
            case 3: plant.announce(a)
            default: plant.talk(a, b, service, port: UInt16(port), frames: frames)
            }
        }
        let isLong = random.next(2) == 0
        let ledger = random.next(2) == 0 ? [LedgerEntry(line: 2, macs: [hosts[0].mac])] : nil
        let declared = Self.declarations(&random)
        let derived = PlantAnalysis.derive(
            [plant.result(hours: isLong ? 200 : 0.5)], ledger: ledger, declarations: declared)
        let highest: [String: Level] = ["2-6": .done, "2-7": .partly, "3-5": .partly, "3-6": .partly, "3-7": .partly]
        #expect(Set(derived.proposals.map(\.item.description)) == Set(highest.keys))
        let exhibits = Set(derived.picture.exhibits.map(\.id))
        for proposal in derived.proposals {
            let top = try #require(highest[proposal.item.description])
            #expect(proposal.levels.upperBound <= top)
            #expect(proposal.isProvisional == !isLong)
            for text in [proposal.reason, proposal.wouldChange, proposal.cannotTell] + proposal.questions {
                #expect(!text.ja.isEmpty && !text.en.isEmpty)
            }
            #expect(!proposal.cannotTell.en.isEmpty)
            #expect(proposal.exhibits.allSatisfy(exhibits.contains), "\(proposal.exhibits)")
            // Whoever contradicts or supports shows what it stands on; the ledger alone needs no frames.
            if proposal.verdict != .undetermined, proposal.item.description != "2-6" {
                #expect(!proposal.exhibits.isEmpty)
            }
        }
        let plan = derived.picture.plan
        #expect(plan.zones.flatMap(\.members).count == Set(plan.zones.flatMap(\.members)).count)
        for (asset, count) in plan.reach.planned {
            #expect(count >= 0 && count < derived.picture.assets.count, "\(asset)")
            #expect(plan.reach.now[asset].map { $0 >= 0 && $0 < derived.picture.assets.count } ?? false)
        }
        #expect(derived.picture.verdicts.count == RulePage.rules.count)
        for finding in derived.picture.findings { #expect(finding.exhibits.allSatisfy(exhibits.contains)) }
        #expect(Set(derived.picture.findings.map(\.id)).count == derived.picture.findings.count)
    }
}

extension SplitMix {
    /// A number from 0 up to, not including, `bound`.
    fileprivate mutating func next(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
