import Model

extension Scenario {
    static let scan = Scenario(
        "scan", "An office PC looks for open ports at forty addresses of the line, most of which nobody has.",
        truth: Truth(division: .segmented, findings: ["network-scan": ["office-pc-1"]])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        PlantKit.work(&network, line, office)
        for number in 50..<90 {
            let target =
                line.controllers.first { $0.ip == IPAddress("192.168.20.\(number)") }
                ?? network.station("nobody-\(number)", "192.168.20.\(number)", vlan: 20)
            network.tcp(
                office.pcs[0], target, 502, .opaque, isRefused: number % 7 == 0,
                isUnanswered: number % 7 != 0)
        }
    }

    static let portScan = Scenario(
        "port-scan", "A laptop tries two hundred ports of one controller.",
        truth: Truth(findings: ["network-scan": ["laptop"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let laptop = network.station("laptop", "192.168.10.199", ttl: 128)
        for port in 1...200 {
            network.tcp(laptop, line.controllers[0], UInt16(port), .opaque, isRefused: true)
        }
    }

    static let stop = Scenario(
        "plc-stop", "An office PC stops a controller that only the line's own stations ask otherwise.",
        truth: Truth(findings: ["control-command": ["office-pc-2", "plc-2"]])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        network.tcp(office.pcs[1], line.controllers[1], 102, .s7Stop, times: 1)
        network.tcp(office.pcs[1], line.controllers[1], 5007, .slmpStop, times: 1)
        network.tcp(office.pcs[1], line.controllers[1], 102, .s7Read, times: 20)
    }

    static let engineer = Scenario(
        "engineer-at-work", "The engineering station loads a program and restarts its controller, as it does.",
        truth: Truth(findings: ["control-command": ["engineering", "plc-1"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.tcp(line.engineering, line.controllers[0], 102, .s7Download, times: 4)
        network.tcp(line.engineering, line.controllers[0], 102, .s7Stop, times: 1)
    }

    static let guessing = Scenario(
        "password-guessing", "A host tries sixty passwords at a server's FTP and does not get in.",
        truth: Truth(findings: [
            "password-guessing": ["laptop", "file-server"], "cleartext-credential": ["laptop", "file-server"],
        ])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        let laptop = network.station("laptop", "192.168.10.199", ttl: 128)
        for _ in 0..<20 { network.tcp(laptop, office.server, 21, .ftpGuess, times: 3) }
    }

    static let dnsTunnel = Scenario(
        "dns-tunnel", "A host carries data out in the names that it asks for.",
        truth: Truth(findings: ["dns-tunnel": ["office-pc-1"]])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        PlantKit.work(&network, line, office)
        let resolver = network.outside("resolver", "198.51.100.53")
        for number in 0..<200 {
            let seed = UInt64(number) &* 0x9e37_79b9_7f4a_7c15
            let label = String(seed, radix: 32) + String(seed &* 31, radix: 32) + String(seed &* 77, radix: 32)
            network.udp(office.pcs[0], resolver, 53, .dns("\(label).t.example.net", id: number), times: 0)
        }
        for name in ["portal.example.com", "mail.example.com", "time.example.org"] {
            network.udp(office.pcs[1], resolver, 53, .dns(name), times: 0)
        }
    }

    static let spoofing = Scenario(
        "arp-spoofing", "A laptop claims the addresses of two controllers and passes their traffic on.",
        truth: Truth(findings: ["address-conflict": ["laptop", "plc-1", "plc-2"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let laptop = network.station("laptop", "192.168.10.199", ttl: 128)
        for _ in 0..<5 {
            network.arp(line.supervision, line.controllers[0], by: laptop.mac)
            network.arp(line.supervision, line.controllers[1], by: laptop.mac)
            PlantKit.work(&network, line)
        }
    }

    static let spreading = Scenario(
        "lateral-movement", "One PC goes on by remote desktop and file shares to host after host within minutes.",
        truth: Truth(
            sessions: (1...6).map { Session(client: "office-pc-1", server: "victim-\($0)", service: "rdp") },
            findings: ["lateral-movement": ["office-pc-1"]])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        let office = PlantKit.office(&network, net: "192.168.10", vlan: 10)
        PlantKit.work(&network, line, office)
        for number in 1...6 {
            let victim = network.station("victim-\(number)", "192.168.10.13\(number)", vlan: 10, ttl: 128)
            network.tcp(office.pcs[0], victim, 445, .smb, times: 10)
            network.tcp(office.pcs[0], victim, 3389, .rdp, times: 10)
        }
    }

    static let monitoring = Scenario(
        "monitoring",
        "A network management station asks every device by SNMP, and a backup server fetches files: as they should.",
        truth: Truth(findings: ["cleartext-credential": []], levels: ["2-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let manager = network.station("manager", "192.168.10.30")
        for number in 1...20 {
            let device = network.station("switch-\(number)", "192.168.10.\(220 + number)")
            for _ in 0..<3 { network.udp(manager, device, 161, .snmp, times: 4) }
        }
    }
}
