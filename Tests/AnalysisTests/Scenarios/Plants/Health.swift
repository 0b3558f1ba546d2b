import Model

/// A network that bears its traffic badly, and what only looks like it.
extension Scenario {
    static let lossyLine = Scenario(
        "lossy-line", "Every tenth segment to and from a controller is lost on a bad cable and sent again.",
        truth: Truth(findings: ["retransmissions": ["plc-1", "scada"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.tcp(line.supervision, line.controllers[0], 502, .modbusRead, times: 200, lossEvery: 10)
        network.tcp(line.supervision, line.controllers[1], 502, .modbusRead, times: 200)
    }

    static let mirroredTwice = Scenario(
        "mirrored-twice", "The mirror delivers each frame twice: nothing is sent again, and nothing goes round.",
        truth: Truth()
    ) { network in
        network.mirror.copies = 2
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.tcp(line.supervision, line.controllers[0], 502, .modbusRead, times: 400)
    }

    private static func broadcast(_ station: MadeNetwork.Station, for address: [UInt8]) -> [UInt8] {
        Bytes.be16(0x0806) + Bytes.be16(1) + Bytes.be16(0x0800) + [6, 4] + Bytes.be16(1) + Bytes.mac(station.mac)
            + Bytes.address(station.ip) + Bytes.mac(.zero) + address
    }

    static let switchLoop = Scenario(
        "switch-loop", "A cable closes a ring of switches: one ARP request goes round for a second.",
        truth: Truth(findings: ["forwarding-loop": ["scada"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        for _ in 0..<2000 {
            network.link(line.supervision, to: .broadcast, broadcast(line.supervision, for: [192, 168, 10, 77]))
        }
    }

    static let quickBroadcasts = Scenario(
        "quick-broadcasts",
        "A master sends the same broadcast each ten milliseconds by design, and a discovery asks for all neighbours at once.",
        truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        for _ in 0..<500 {
            network.link(line.supervision, to: .broadcast, broadcast(line.supervision, for: [192, 168, 10, 77]))
            network.wait(seconds: 0.01)
        }
        for number in 1..<90 {
            network.link(
                line.supervision, to: .broadcast, broadcast(line.supervision, for: [192, 168, 11, UInt8(number)]))
        }
    }

    private static func datagram(ttl: UInt8, id: Int) -> [UInt8] {
        let body = Bytes.be16(40_000) + Bytes.be16(9_999) + Bytes.be16(20) + [0, 0] + [UInt8](repeating: 7, count: 12)
        return Bytes.be16(0x0800)
            + Bytes.ipv4(
                17, source: IPAddress(v4: 0xc0a8_0a46), target: IPAddress(v4: 0xc0a8_6309), ttl: ttl, id: id, body)
    }

    static let routerLoop = Scenario(
        "router-loop", "Two routers send what is for an unknown subnet to each other until its time to live is over.",
        truth: Truth(findings: ["forwarding-loop": []])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        for round in 0..<3 {
            network.link(line.supervision, to: PlantKit.routerMAC, datagram(ttl: 128, id: 700 + round))
            for hop in 1..<100 {
                network.link(
                    line.supervision, to: PlantKit.routerMAC, datagram(ttl: UInt8(128 - hop), id: 700 + round))
            }
        }
    }

    static let traceRoute = Scenario(
        "trace-route",
        "Somebody looks for the way to a host: packets with more and more time to live, none of them twice.",
        truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.link(line.supervision, to: PlantKit.routerMAC, datagram(ttl: 128, id: 900))
        for number in 0..<90 {
            network.link(
                line.supervision, to: PlantKit.routerMAC, datagram(ttl: UInt8(1 + number / 3), id: 901 + number))
        }
    }

    /// Cyclic PROFINET data each two milliseconds, of which every `lateEvery`th comes ten milliseconds late.
    private static func cyclic(_ network: inout MadeNetwork, lateEvery: Int?) {
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let device = network.station("remote-io", "192.168.10.65")
        for number in 0..<4000 {
            network.link(
                device, to: line.controllers[0].mac,
                Bytes.be16(0x8892) + Bytes.be16(0x8001) + [UInt8](repeating: 3, count: 40) + Bytes.be16(number & 0xffff)
                    + [0x35, 0])
            network.wait(seconds: 0.0015)
            if let lateEvery, number % lateEvery == 0 { network.wait(seconds: 0.010) }
        }
    }

    static let lateCycles = Scenario(
        "late-cycles", "One in a hundred of an I/O device's cyclic frames comes late by five cycles.",
        truth: Truth(findings: ["missed-cycles": ["remote-io", "plc-1"]])
    ) { cyclic(&$0, lateEvery: 100) }

    static let steadyCycles = Scenario(
        "steady-cycles", "An I/O device's cyclic frames come as they should.", truth: Truth()
    ) { cyclic(&$0, lateEvery: nil) }

    static let allHealth: [Scenario] = [
        lossyLine, mirroredTwice, switchLoop, quickBroadcasts, routerLoop, traceRoute, lateCycles, steadyCycles,
    ]
}
