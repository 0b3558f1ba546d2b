import Model

extension Scenario {
    private static let segments = Truth(division: .segmented, levels: ["3-5": 2...2])

    /// Office and line in VLANs of their own; the office reads controllers' pages through the router.
    private static func divided(_ network: inout MadeNetwork) {
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        PlantKit.work(&network, line, office)
        for pc in office.pcs { network.tcp(pc, line.controllers[0], 80, .http) }
    }

    static let vlans = Scenario(
        "vlans-with-router", "Two VLANs that meet at a router; the mirror shows all with tags.", truth: segments
    ) { divided(&$0) }

    static let vlanSPAN = Scenario(
        "vlan-span", "Both VLANs mirrored into one port, tags lost: routed frames show twice.", truth: segments
    ) { network in
        network.mirror = MadeNetwork.Mirror(vlans: [10, 20], keepsTags: false)
        divided(&network)
    }

    static let tagsStripped = Scenario(
        "tags-stripped", "Only the line's VLAN is mirrored, without tags: of the office only what crosses shows.",
        truth: segments
    ) { network in
        network.mirror = MadeNetwork.Mirror(vlans: [20], keepsTags: false)
        divided(&network)
    }

    static let oneWay = Scenario(
        "one-way-mirror", "One subnet, but the mirror carries only what the line sends.",
        truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        network.mirror = MadeNetwork.Mirror(
            senders: Set((line.controllers + [line.panel, line.supervision, line.engineering]).map(\.mac)))
        PlantKit.work(&network, line, office)
        for pc in office.pcs { network.tcp(pc, line.controllers[0], 80, .http) }
    }

    static let translated = Scenario(
        "nat", "The line hides behind a router that puts its own address in the place of theirs.",
        truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        network.router = MadeNetwork.Router(
            mac: PlantKit.routerMAC, translates: [20: IPAddress("192.168.10.2") ?? IPAddress(v4: 0)])
        network.mirror = MadeNetwork.Mirror(vlans: [10], keepsTags: false)
        divided(&network)
    }

    static let proxyARP = Scenario(
        "proxy-arp", "A router answers ARP for everybody, so that neighbours by address meet through it.",
        truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        network.router = MadeNetwork.Router(mac: PlantKit.routerMAC, answersForAll: true)
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        for pc in office.pcs {
            network.arp(pc, line.controllers[0])
            network.tcp(pc, line.controllers[0], 80, .http)
        }
    }

    static let hsrp = Scenario(
        "hsrp", "Two VLANs with a virtual router: frames go to its virtual MAC and come from the router's own.",
        truth: segments
    ) { network in
        network.router = MadeNetwork.Router(
            mac: PlantKit.routerMAC, virtualMAC: MACAddress(bits: 0x0000_0c07_ac0a))
        divided(&network)
    }

    static let doubleCapture = Scenario(
        "double-capture", "Two VLANs without tags, and every frame delivered twice by two mirrored ports.",
        truth: segments
    ) { network in
        network.mirror = MadeNetwork.Mirror(keepsTags: false, copies: 2)
        divided(&network)
    }

    static let noOT = Scenario(
        "no-ot", "An office and nothing else.", truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        network.router = MadeNetwork.Router(mac: PlantKit.routerMAC)
        let office = PlantKit.office(&network)
        for pc in office.pcs {
            network.tcp(pc, office.server, 445, .smb)
            network.tcp(pc, office.internet, 443, .tls)
        }
    }

    static let nothing = Scenario(
        "nothing", "A port without a single frame.",
        truth: Truth(
            division: .undetermined, levels: ["2-6": 1...2, "2-7": 1...2, "3-5": 1...2, "3-6": 1...2, "3-7": 1...2])
    ) { _ in }
}
