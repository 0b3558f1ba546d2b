import Analysis
import Assessment
import Model
import Testing

/// Flat or not, over plants told in words: no false "flat" and no false "segmented".
@Suite struct SegmentationJudgementTests {
    private let router = MACAddress(bits: 0x0200_0000_00fe)
    private let officePC = MadePlant.host(101)
    private let plc = MadePlant.host(50)

    private func levels(_ plant: MadePlant) throws -> (ClosedRange<Level>, Proposal.Verdict) {
        let derived = PlantAnalysis.derive([plant.result()])
        let item = try #require(ItemID("3-5"))
        let proposal = try #require(derived.proposals.first { $0.item == item })
        return (proposal.levels, proposal.verdict)
    }

    /// A PC that browses and a PLC that is polled by a panel, so that each has its class.
    private func classes(_ plant: inout MadePlant, office: MadePlant.Host, control: MadePlant.Host) {
        plant.talk(office, MadePlant.outside("203.0.113.9"), "tls", port: 443, through: router)
        let panel = MadePlant.Host(
            mac: MACAddress(bits: control.mac.bits &+ 0x10_0000), ip: IPAddress("\(control.ip)0") ?? control.ip,
            vlan: control.vlan)
        plant.talk(panel, control, "slmp", port: 5007, frames: 200)
    }

    @Test func anOfficePCAndAPLCWithEachOthersMACsAreFlat() throws {
        var plant = MadePlant()
        classes(&plant, office: officePC, control: plc)
        plant.talk(officePC, plc, "http", port: 80)
        let (levels, verdict) = try levels(plant)
        #expect(levels == .notDone ... .notDone)
        #expect(verdict == .contradicts)
    }

    @Test func aFewFramesOfOnePairAreTooLittle() throws {
        var plant = MadePlant()
        classes(&plant, office: officePC, control: plc)
        plant.talk(officePC, plc, "http", port: 80, frames: 4)
        #expect(try levels(plant) == (.notDone ... .partly, .undetermined))
    }

    @Test func vlansThatMeetAtARouterAreSegmented() throws {
        var plant = MadePlant()
        let office = MadePlant.host(101, net: "192.168.10", vlan: 10)
        let control = MadePlant.host(50, net: "192.168.20", vlan: 20)
        classes(&plant, office: office, control: control)
        plant.talkSeenTwice(office, control, "http", port: 80, through: router)
        #expect(try levels(plant) == (.partly ... .partly, .supports))
    }

    /// A mirror of a whole VLAN trunk shows a routed frame twice; neither sight has both ends' own MACs.
    @Test func aFrameSeenOnBothSidesOfARouterIsNotFlat() throws {
        var plant = MadePlant()
        let office = MadePlant.host(101, net: "192.168.10")
        let control = MadePlant.host(50, net: "192.168.20")
        classes(&plant, office: office, control: control)
        for port: UInt16 in [80, 443, 502, 5007] {
            plant.talkSeenTwice(office, control, port == 502 ? "modbus" : "http", port: port, through: router)
        }
        #expect(try levels(plant).1 != .contradicts)
    }

    /// A router that answers ARP for others' addresses looks like their owner.
    @Test func proxyARPIsNotFlat() throws {
        var plant = MadePlant()
        let office = MadePlant.host(101, net: "192.168.10")
        let gateway = MadePlant.Host(mac: router, ip: MadePlant.host(1).ip, vlan: 0)
        let control = MadePlant.host(50, net: "192.168.10")
        classes(&plant, office: office, control: control)
        plant.announce(gateway)
        plant.announce(gateway, control.ip)
        plant.announce(control)
        for port: UInt16 in [80, 81, 82] {
            plant.talk(office, control, "http", port: port, through: router)
        }
        #expect(try levels(plant).1 != .contradicts)
    }

    /// Replies that come from another MAC than requests were sent to pass something on the way.
    @Test func anAsymmetricPairIsNotFlat() throws {
        var plant = MadePlant()
        classes(&plant, office: officePC, control: plc)
        plant.talk(officePC, plc, "http", port: 80, isSymmetric: false)
        #expect(try levels(plant).1 != .contradicts)
    }

    @Test(arguments: [0x00_005e_0001_0a, 0x00_000c_07ac_0a, 0x00_0007_b400_0101] as [UInt64])
    func virtualRouterMACsAreNoHosts(_ bits: UInt64) throws {
        var plant = MadePlant()
        classes(&plant, office: officePC, control: plc)
        plant.talk(officePC, plc, "http", port: 80, through: MACAddress(bits: bits))
        #expect(try levels(plant).1 != .contradicts)
    }

    /// A server that is asked by the office and polls the plant belongs to both: it proves nothing.
    @Test func aHostOfBothSidesProvesNothing() throws {
        var plant = MadePlant()
        let both = MadePlant.host(70)
        plant.talk(both, plc, "slmp", port: 5007, frames: 200)
        plant.talk(both, MadePlant.outside("203.0.113.9"), "tls", port: 443, through: router)
        #expect(try levels(plant).1 == .undetermined)
    }

    /// A licence server that serves files to the office and asks controllers now and then is no control device.
    @Test func aServerThatOnlyAsksControllersIsNoProofOfFlatness() throws {
        var plant = MadePlant()
        let server = MadePlant.host(70)
        classes(&plant, office: officePC, control: plc)
        plant.talk(server, plc, "modbus", port: 502, frames: 200)
        for number: UInt8 in 101...104 { plant.talk(MadePlant.host(number), server, "smb", port: 445, frames: 100) }
        #expect(try levels(plant).1 != .contradicts)
    }

    @Test func nothingSeenIsUndetermined() throws {
        #expect(try levels(MadePlant()) == (.notDone ... .partly, .undetermined))
    }

    @Test func anOfficeAloneIsUndetermined() throws {
        var plant = MadePlant()
        let server = MadePlant.host(11)
        for number: UInt8 in 101...110 {
            plant.talk(MadePlant.host(number), server, "smb", port: 445, frames: 100)
        }
        #expect(try levels(plant) == (.notDone ... .partly, .undetermined))
    }
}
