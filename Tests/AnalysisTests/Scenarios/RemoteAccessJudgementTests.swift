import Analysis
import Assessment
import Model
import Testing

/// Who comes in from outside, by which way, over plants told in words.
@Suite struct RemoteAccessJudgementTests {
    private let router = MACAddress(bits: 0x0200_0000_00fe)
    private let vendor = MadePlant.outside("203.0.113.45")
    private let gateway = MadePlant.host(10)
    private let bastion = MadePlant.host(20)
    private let panel = MadePlant.host(61)
    private let tunnelled = MadePlant.Host(
        mac: MadePlant.host(10).mac, ip: IPAddress("10.8.0.2") ?? IPAddress(v4: 0), vlan: 0, ttl: 63)

    private func judge(_ plant: MadePlant) throws -> (proposal: Proposal, picture: PlantPicture) {
        let derived = PlantAnalysis.derive([plant.result()])
        let item = try #require(ItemID("3-6"))
        return (try #require(derived.proposals.first { $0.item == item }), derived.picture)
    }

    /// A panel that serves its PLC, so that it is a control device.
    private func plant(with panels: [MadePlant.Host]) -> MadePlant {
        var plant = MadePlant()
        for panel in panels { plant.talk(panel, MadePlant.host(50), "slmp", port: 5007, frames: 200) }
        for host in panels + [gateway, bastion] { plant.announce(host) }
        return plant
    }

    @Test func aPublicAddressAtAPanelIsLevelOne() throws {
        var plant = plant(with: [panel])
        plant.arrive(vendor, panel, "vnc", port: 5900, by: router)
        let (proposal, picture) = try judge(plant)
        #expect(proposal.levels == .notDone ... .notDone)
        #expect(proposal.verdict == .contradicts)
        #expect(picture.findings.contains { $0.rule == "remote-from-outside" && $0.severity == .high })
        // The same session is not held against the plant a second time as mere cleartext.
        #expect(!picture.findings.contains { $0.rule == "cleartext-outside" })
    }

    @Test func aVPNWithAJumpHostIsLevelTwo() throws {
        var plant = plant(with: [panel])
        plant.arrive(vendor, gateway, "openvpn", port: 1194, by: router)
        plant.talk(tunnelled, bastion, "ssh", port: 22)
        plant.talk(bastion, panel, "vnc", port: 5900)
        let (proposal, picture) = try judge(plant)
        #expect(proposal.levels == .partly ... .partly)
        #expect(proposal.verdict == .supports)
        #expect(!picture.findings.contains { $0.rule == "remote-from-outside" })
    }

    @Test func jumpsFollowJumps() throws {
        var plant = plant(with: [panel])
        let second = MadePlant.host(21)
        plant.arrive(vendor, gateway, "wireguard", port: 51820, by: router)
        plant.talk(tunnelled, bastion, "rdp", port: 3389)
        plant.talk(bastion, second, "ssh", port: 22)
        plant.talk(second, panel, "vnc", port: 5900)
        #expect(try judge(plant).proposal.levels == .partly ... .partly)
    }

    @Test func aVPNThatReachesPanelsDirectlyIsNoSupport() throws {
        var plant = plant(with: [panel])
        plant.arrive(vendor, gateway, "openvpn", port: 1194, by: router)
        plant.talk(tunnelled, panel, "vnc", port: 5900)
        let proposal = try judge(plant).proposal
        #expect(proposal.verdict == .undetermined)
        #expect(proposal.levels == .notDone ... .partly)
    }

    @Test func aJumpHostThatReachesManyIsNoRestriction() throws {
        let panels = (61...66).map { MadePlant.host($0) }
        var plant = plant(with: panels)
        plant.arrive(vendor, gateway, "openvpn", port: 1194, by: router)
        plant.talk(tunnelled, bastion, "ssh", port: 22)
        for panel in panels { plant.talk(bastion, panel, "vnc", port: 5900) }
        #expect(try judge(plant).proposal.verdict == .undetermined)
    }

    /// An engineer inside who opens a panel before any tunnel is up has nothing to do with it.
    @Test func sessionsBeforeTheTunnelAreNoJumps() throws {
        var plant = plant(with: [panel])
        plant.talk(bastion, panel, "vnc", port: 5900)
        plant.arrive(vendor, gateway, "openvpn", port: 1194, by: router)
        #expect(try judge(plant).proposal.verdict == .undetermined)
    }

    /// A session that began before the capture has no name, and is still no silence.
    @Test func unrecognisedTrafficOfAPanelWithTheOutsideIsSaid() throws {
        var plant = plant(with: [panel])
        plant.arrive(vendor, panel, nil, port: 5900, by: router)
        let (proposal, picture) = try judge(plant)
        #expect(proposal.verdict == .undetermined)
        #expect(proposal.reason.en.contains("tcp/5900"))
        let finding = try #require(picture.findings.first { $0.rule == "unexplained-outside" })
        #expect(finding.severity == .medium && proposal.exhibits == finding.exhibits)
    }

    @Test func nothingSeenIsUndetermined() throws {
        let proposal = try judge(MadePlant()).proposal
        #expect(proposal.verdict == .undetermined)
        #expect(proposal.levels == .notDone ... .partly)
    }
}
