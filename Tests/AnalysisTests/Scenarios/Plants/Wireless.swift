import Model

extension Scenario {
    static let rogueAccessPoint = Scenario(
        "rogue-access-point",
        "Somebody plugs in a router made for homes: it hands out addresses beside the plant's server.",
        truth: Truth(
            listed: ["plc-1", "plc-2", "plc-3", "panel", "scada", "engineering", "dhcp-server", "laptop"],
            unlisted: ["home-router"],
            findings: ["rogue-dhcp": ["home-router"], "unlisted-device": ["home-router"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let server = network.station("dhcp-server", "192.168.10.5")
        let rogue = network.station("home-router", "192.168.10.250")
        let laptop = network.station("laptop", "192.168.10.151", ttl: 128)
        for (source, router) in [(server, [192, 168, 10, 1]), (rogue, [192, 168, 10, 250])]
            as [(MadeNetwork.Station, [UInt8])]
        {
            network.arp(laptop, source)
            network.udp(
                laptop, source, 67,
                .dhcpLease(
                    of: Bytes.address(laptop.ip), from: Bytes.address(source.ip), router: router,
                    to: Bytes.mac(laptop.mac)), times: 0, from: 68)
        }
    }

    private static func lease(_ network: inout MadeNetwork, _ gateway: [UInt8], _ client: [UInt8]) {
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let text = { (bytes: [UInt8]) in bytes.map(String.init).joined(separator: ".") }
        let telephone = network.station("telephone", text(gateway), mac: 0x0230_de00_0042)
        let laptop = network.station("laptop", text(client), ttl: 128)
        network.arp(laptop, telephone)
        network.udp(
            laptop, telephone, 67,
            .dhcpLease(of: client, from: gateway, router: gateway, to: Bytes.mac(laptop.mac)), times: 0, from: 68)
    }

    static let usbTethering = Scenario(
        "usb-tethering", "A telephone at a USB port of the line's PC hands out its own way to the internet.",
        truth: Truth(findings: ["tethering": ["telephone"]])
    ) { lease(&$0, [192, 168, 42, 129], [192, 168, 42, 7]) }

    static let ordinaryLease = Scenario(
        "ordinary-lease", "A DHCP server of the plant, in a subnet that telephones use as well.", truth: Truth()
    ) { lease(&$0, [192, 168, 43, 1], [192, 168, 43, 7]) }
}
