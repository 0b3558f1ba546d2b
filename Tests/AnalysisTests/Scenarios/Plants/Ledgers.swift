import Model

/// What a list and a network may disagree in, and where they merely seem to.
extension Scenario {
    private static let net = "192.168.10"
    private static let lineNames = ["plc-1", "plc-2", "plc-3", "panel", "scada", "engineering"]

    /// A line's entries by address alone, as many lists are kept.
    private static let lineByAddress: [LedgerEntry] = zip(lineNames, [51, 52, 53, 61, 70, 80]).enumerated().map {
        LedgerEntry(
            line: $0.offset + 2, name: $0.element.0,
            addresses: [IPAddress("\(net).\($0.element.1)")].compactMap(\.self))
    }

    private static func mac(_ host: UInt64) -> MACAddress { MACAddress(bits: 0x0030_dea8_0a00 &+ host) }
    /// The same with the MACs that the kit gives.
    private static let lineByMAC: [LedgerEntry] = lineByAddress.map { entry in
        var entry = entry
        entry.macs = entry.addresses.map { mac($0.low & 0xff) }
        return entry
    }

    /// A device announces itself with its name by LLDP (IEEE 802.1AB).
    private static func announce(_ network: inout MadeNetwork, _ station: MadeNetwork.Station, as name: String) {
        let id = Bytes.mac(station.mac)
        let text = Array(name.utf8)
        let frame =
            Bytes.be16(0x88cc) + [2, 7, 4] + id + [4, 7, 3] + id + [6, 2, 0, 120] + [10, UInt8(text.count)] + text
            + [0, 0]
        network.link(station, to: MACAddress(bits: 0x0180_c200_000e), frame)
    }

    /// An EtherNet/IP device's answer to List Identity (CIP Networks Library, volume 2, 2-4.3.3).
    static func identity(revision: (UInt8, UInt8), serial: [UInt8], name: String) -> Dialog {
        let text = Array(name.utf8)
        let item =
            [1, 0] + [0, 2, 0xaf, 0x12, 192, 168, 10, 51, 0, 0, 0, 0, 0, 0, 0, 0] + [1, 0] + [14, 0] + [0x37, 0]
            + [revision.0, revision.1] + [0x60, 0] + serial + [UInt8(text.count)] + text + [3]
        let data: [UInt8] = [1, 0, 0x0c, 0, UInt8(item.count), 0] + item
        let head = { (length: Int) -> [UInt8] in
            [0x63, 0, UInt8(length), 0] + [UInt8](repeating: 0, count: 20)
        }
        return Dialog([(true, head(0)), (false, head(data.count) + data)])
    }

    static let changedAddress = Scenario(
        "ledger-changed-address", "A controller was given another address since the list was written.",
        truth: Truth(
            ledger: lineByMAC.map { entry in
                var entry = entry
                if entry.name == "plc-2" { entry.addresses = [IPAddress("192.168.10.152")].compactMap(\.self) }
                return entry
            }, findings: ["ledger-difference": ["plc-2"]], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
    }

    static let replacedDevice = Scenario(
        "ledger-replaced-devices",
        "A panel was replaced by one that bears its name; at another address a device answers that is none of the list's.",
        truth: Truth(
            ledger: lineByMAC.map { entry in
                var entry = entry
                if entry.name == "panel" {
                    entry.macs = [MACAddress(bits: 0x0030_de11_2233)]
                    entry.hostname = "PANEL-A"
                }
                if entry.name == "engineering" { entry.macs = [MACAddress(bits: 0x0030_de11_2244)] }
                return entry
            }, unlisted: ["engineering"],
            findings: ["ledger-difference": ["panel"], "unlisted-device": ["engineering"]], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        announce(&network, line.panel, as: "PANEL-A")
        PlantKit.work(&network, line)
        announce(&network, line.panel, as: "PANEL-A")
    }

    static let randomAddresses = Scenario(
        "ledger-randomised-macs", "A telephone with another made-up MAC each day, and one that keeps its own.",
        truth: Truth(
            listed: lineNames + ["phone"], unlisted: ["stranger-0", "stranger-1", "stranger-2"],
            findings: ["unlisted-device": ["stranger-0", "stranger-1", "stranger-2"]], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let phone = network.station("phone", "192.168.10.170", mac: 0xda1b_2c3d_4e5f)
        for day in 0..<3 {
            let stranger = network.station(
                "stranger-\(day)", "192.168.10.\(180 + day)", mac: 0xfa00_1100_2200 &+ UInt64(day) &* 0x1357)
            PlantKit.work(&network, line)
            for guest in [phone, stranger] {
                network.arp(guest, line.supervision)
                network.udp(guest, line.supervision, 30_000, .opaque)
            }
            network.wait(seconds: 86_400)
        }
    }

    static let listedVisitor = Scenario(
        "ledger-knows-the-maintenance-pc", "The contractor's PC is in the list: a visitor, and no stranger.",
        truth: Truth(
            listed: lineNames + ["maintenance-pc"], findings: ["transient-device": ["maintenance-pc"]],
            levels: ["2-6": 1...2])
    ) { network in
        PlantKit.dayWithVisitor(&network)
    }

    static let behindRouter = Scenario(
        "ledger-and-a-router",
        "Only the line's VLAN is mirrored: office hosts show behind the router's MAC, and are nobody's to list here.",
        truth: Truth(division: .segmented, listed: lineNames + ["router"], levels: ["2-6": 1...2])
    ) { network in
        network.mirror.vlans = [20]
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.30", vlan: 30)
        let router = network.station("router", "192.168.20.1", vlan: 20, mac: PlantKit.routerMAC.bits)
        PlantKit.work(&network, line, office)
        network.arp(line.supervision, router)
        for pc in office.pcs { network.tcp(pc, line.supervision, 80, .http) }
    }

    static let twoCards = Scenario(
        "ledger-two-network-cards", "A server and a controller with two network cards each, listed with both MACs.",
        truth: Truth(listed: lineNames + ["historian"], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let first = network.station("historian", "192.168.10.90", ttl: 128)
        let second = network.station("historian", "192.168.60.90", vlan: 60, ttl: 128)
        let drive = network.station("plc-1", "192.168.60.51", vlan: 60)
        PlantKit.work(&network, line)
        network.arp(first, line.supervision)
        network.tcp(line.supervision, first, 1433, .opaque)
        network.arp(second, drive)
        network.tcp(second, drive, 502, .modbusRead, times: 30)
    }

    static let byAddress = Scenario(
        "ledger-of-addresses", "A list that knows addresses only, and a camera that it does not.",
        truth: Truth(
            ledger: lineByAddress, unlisted: ["camera"], findings: ["unlisted-device": ["camera"]],
            levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let camera = network.station("camera", "192.168.10.210")
        PlantKit.work(&network, line)
        network.tcp(line.supervision, camera, 80, .http)
    }

    static let newFirmware = Scenario(
        "ledger-firmware-and-serial",
        "A controller known by its serial number has another MAC and a newer firmware than the list says.",
        truth: Truth(
            ledger: lineByMAC.map { entry in
                var entry = entry
                if entry.name == "plc-1" {
                    entry.macs = [MACAddress(bits: 0x0030_de11_2255)]
                    entry.addresses = []
                    entry.serial = "00C0FFEE"
                    entry.extra = ["ファームウェア": "20.11"]
                }
                return entry
            }, findings: ["ledger-difference": ["plc-1"]], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.udp(
            line.engineering, line.controllers[0], 44_818,
            identity(revision: (32, 12), serial: [0xee, 0xff, 0xc0, 0x00], name: "1756-L83E/B"), times: 0)
    }

    static let byModel = Scenario(
        "ledger-of-models", "One line gives a model and nothing else; one device is of that model.",
        truth: Truth(
            ledger: lineByMAC.filter { $0.name != "plc-1" } + [
                LedgerEntry(line: 20, name: "line controller", model: "1756-L83E/B"),
                LedgerEntry(line: 21, name: "spare", model: "1756-L71"),
            ], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.udp(
            line.engineering, line.controllers[0], 44_818,
            identity(revision: (32, 12), serial: [0xee, 0xff, 0xc0, 0x00], name: "1756-L83E/B"), times: 0)
    }

    static let byModelOfTwo = Scenario(
        "ledger-of-models-of-two",
        "One line gives a model, and two devices are of it: neither can be told from the other.",
        truth: Truth(
            ledger: lineByMAC.filter { !["plc-1", "plc-2"].contains($0.name) } + [
                LedgerEntry(line: 20, name: "line controller", model: "1756-L83E/B")
            ], unlisted: ["plc-1", "plc-2"], findings: ["unlisted-device": ["plc-1", "plc-2"]],
            levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        for (number, controller) in line.controllers.prefix(2).enumerated() {
            network.udp(
                line.engineering, controller, 44_818,
                identity(
                    revision: (32, 12), serial: [UInt8(number), 0xff, 0xc0, 0x00], name: "1756-L83E/B"), times: 0)
        }
    }

    static let allLedgers: [Scenario] = [
        changedAddress, replacedDevice, randomAddresses, listedVisitor, behindRouter, twoCards, byAddress, newFirmware,
        byModel, byModelOfTwo,
    ]
}
