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
}
