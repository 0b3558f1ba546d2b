import Model

/// The usual parts of a plant, so that a scenario tells only what is particular to it.
enum PlantKit {
    struct Line {
        var controllers: [MadeNetwork.Station]
        var panel: MadeNetwork.Station
        var supervision: MadeNetwork.Station
        var engineering: MadeNetwork.Station
    }

    struct Office {
        var pcs: [MadeNetwork.Station]
        var server: MadeNetwork.Station
        var internet: MadeNetwork.Station
    }

    static let routerMAC = MACAddress(bits: 0x0000_5e12_3401)

    /// Three controllers, a panel, supervision and an engineering station.
    static func line(_ network: inout MadeNetwork, net: String = "192.168.10", vlan: UInt16 = 0) -> Line {
        if network.router == nil { network.router = MadeNetwork.Router(mac: routerMAC) }
        return Line(
            controllers: (1...3).map { network.station("plc-\($0)", "\(net).5\($0)", vlan: vlan) },
            panel: network.station("panel", "\(net).61", vlan: vlan),
            supervision: network.station("scada", "\(net).70", vlan: vlan, ttl: 128),
            engineering: network.station("engineering", "\(net).80", vlan: vlan, ttl: 128))
    }

    /// Three office PCs, a file server and a web site.
    static func office(_ network: inout MadeNetwork, net: String = "192.168.10", vlan: UInt16 = 0) -> Office {
        Office(
            pcs: (1...3).map { network.station("office-pc-\($0)", "\(net).10\($0)", vlan: vlan, ttl: 128) },
            server: network.station("file-server", "\(net).20", vlan: vlan, ttl: 128),
            internet: network.outside("web-site", "198.51.100.80"))
    }

    /// Twelve hours of a line, in the middle of which a contractor's PC is plugged in and reads a controller.
    static func dayWithVisitor(_ network: inout MadeNetwork) {
        let line = line(&network)
        for _ in 0..<12 {
            work(&network, line)
            network.wait(seconds: 1800)
        }
        let visitor = network.station("maintenance-pc", "192.168.10.199", ttl: 128)
        network.arp(visitor, line.controllers[1])
        network.tcp(visitor, line.controllers[1], 102, .s7Read, times: 50, pace: 10)
        for _ in 0..<12 {
            work(&network, line)
            network.wait(seconds: 1800)
        }
    }

    /// What goes on all day: polling on the line, files and web in the office.
    static func work(_ network: inout MadeNetwork, _ line: Line, _ office: Office? = nil) {
        for controller in line.controllers {
            network.arp(line.supervision, controller)
            network.tcp(line.supervision, controller, 502, .modbusRead, times: 40)
        }
        network.tcp(line.panel, line.controllers[0], 5007, .slmpRead, times: 30)
        network.tcp(line.engineering, line.controllers[0], 102, .s7Read, times: 5)
        guard let office else { return }
        for pc in office.pcs {
            network.arp(pc, office.server)
            network.tcp(pc, office.server, 445, .smb, times: 8)
            network.tcp(pc, office.internet, 443, .tls, times: 6)
        }
    }
}
