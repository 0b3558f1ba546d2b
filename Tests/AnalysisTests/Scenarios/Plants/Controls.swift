import Model

/// Networks that look like trouble and are none, or the other way round.
extension Scenario {
    static let dualHomed = Scenario(
        "dual-homed", "A historian has a card in the line's VLAN and one in the office's; nothing else joins them.",
        truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        PlantKit.work(&network, line, office)
        let inner = network.station("historian-line", "192.168.20.71", vlan: 20, ttl: 128)
        let outer = network.station("historian-office", "192.168.10.71", vlan: 10, ttl: 128)
        for controller in line.controllers { network.tcp(inner, controller, 502, .modbusRead, times: 40) }
        for pc in office.pcs { network.tcp(pc, outer, 80, .http, times: 10) }
    }

    static let layer3Switch = Scenario(
        "layer-3-switch", "A switch routes between the VLANs with one MAC, answers pings and is managed by web.",
        truth: Truth(division: .segmented, levels: ["3-5": 2...2])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        let switching = network.station("core", "192.168.10.1", vlan: 10, mac: PlantKit.routerMAC.bits, ttl: 255)
        let inLine = network.station("core-line", "192.168.20.1", vlan: 20, mac: PlantKit.routerMAC.bits, ttl: 255)
        PlantKit.work(&network, line, office)
        network.arp(office.pcs[0], switching)
        network.arp(line.engineering, inLine)
        network.tcp(office.pcs[0], switching, 80, .http)
        network.tcp(line.engineering, inLine, 80, .http)
        for pc in office.pcs { network.tcp(pc, line.controllers[0], 80, .http) }
    }

    static let failover = Scenario(
        "failover", "A cluster moves its address from one server to the other for good.",
        truth: Truth(division: .undetermined)
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let first = network.station("server-a", "192.168.10.90", mac: 0x0030_de90_0001)
        let second = network.station("server-b", "192.168.10.90", mac: 0x0030_de90_0002)
        for _ in 0..<3 {
            network.arp(line.supervision, first)
            network.tcp(line.supervision, first, 80, .http)
        }
        network.wait(seconds: 20)
        for _ in 0..<3 {
            network.arp(line.supervision, second)
            network.tcp(line.supervision, second, 80, .http)
        }
    }

    static let backups = Scenario(
        "backup-and-administration",
        "A backup server fetches from many hosts, and the administrator's PC logs in at three of them.",
        truth: Truth(
            sessions: (1...3).map { Session(client: "admin", server: "host-\($0)", service: "ssh") })
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let backup = network.station("backup", "192.168.10.31")
        let admin = network.station("admin", "192.168.10.32", ttl: 128)
        for number in 1...12 {
            let host = network.station("host-\(number)", "192.168.10.\(200 + number)")
            network.tcp(backup, host, 445, .smb, times: 60)
            if number <= 3 { network.tcp(admin, host, 22, .ssh, times: 20, pace: 1) }
        }
    }

    static let webMonitor = Scenario(
        "web-monitor",
        "A program asks a camera's page every minute, and a panel that is switched off does not answer it.",
        truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let camera = network.station("camera", "192.168.10.210")
        let dark = network.station("dark-panel", "192.168.10.62")
        for _ in 0..<60 {
            network.tcp(line.supervision, camera, 80, .http, times: 1)
            network.tcp(line.supervision, dark, 502, .modbusRead, isUnanswered: true)
            network.wait(seconds: 60)
        }
    }

    static let mistyped = Scenario(
        "mistyped-password", "Somebody mistypes a password twice and then gets in.",
        truth: Truth(findings: ["cleartext-credential": ["engineering", "file-server"]])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        network.tcp(line.engineering, office.server, 21, .ftpGuess, times: 2)
    }

    static let names = Scenario(
        "content-networks", "A browser asks for many hosts of content networks, some with coded names.",
        truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        let resolver = network.outside("resolver", "198.51.100.53")
        for number in 0..<60 {
            network.udp(
                office.pcs[0], resolver, 53, .dns("e\(1000 + number).dsca.edge.example.net", id: number), times: 0)
            if number < 8 {
                network.udp(
                    office.pcs[0], resolver, 53,
                    .dns("d\(number)f8a9c2b7e6d5a4c3b2a1.cdn.example.org", id: number), times: 0)
            }
        }
    }

    static let updates = Scenario(
        "outside-updates", "Supervision fetches updates over HTTPS; nobody comes in.",
        truth: Truth(findings: ["control-host-online": ["scada"]], levels: ["3-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let updates = network.outside("updates", "198.51.100.10")
        for _ in 0..<6 {
            network.tcp(line.supervision, updates, 443, .tls, times: 40)
            network.wait(seconds: 600)
        }
    }

    static let allControls: [Scenario] = [
        dualHomed, layer3Switch, failover, backups, webMonitor, mistyped, names, updates,
    ]
}
