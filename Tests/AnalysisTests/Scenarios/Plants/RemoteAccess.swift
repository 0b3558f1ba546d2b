import Model

extension Scenario {
    /// Sundays from two to six in the morning, local time, and one vendor by OpenVPN or out of its tunnel.
    static let maintenance = Declarations(
        remote: DeclaredRemoteAccess(
            vendors: [
                DeclaredRemoteAccess.Vendor(
                    name: "Kikai Service", prefixes: ["203.0.113.0/28", "10.8.0.0/24"].compactMap { IPPrefix($0) })
            ],
            // The made captures begin on Friday, 2027-01-15, at 17:00 in Tokyo.
            windows: [
                DeclaredRemoteAccess.Window(vendors: ["Kikai Service"], weekdays: [5], from: 17 * 60, to: 19 * 60)
            ]))

    private static let way: [Session] = [
        Session(client: "vendor", server: "vpn-gateway", service: "openvpn"),
        Session(client: "vendor-laptop", server: "jump-host", service: "rdp"),
        Session(client: "jump-host", server: "panel", service: "vnc"),
    ]

    /// The panel's desktop asks for no password.
    private static let barePanel: Set<String> = ["jump-host", "panel"]

    private static func bastion(_ network: inout MadeNetwork, from vendorAddress: String = "203.0.113.5") {
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        PlantKit.work(&network, line)
        let vendor = network.outside("vendor", vendorAddress)
        let gateway = network.station("vpn-gateway", "192.168.30.2", vlan: 30)
        let jump = network.station("jump-host", "192.168.30.10", vlan: 30, ttl: 128)
        let laptop = network.tunnelled("vendor-laptop", "10.8.0.6", by: gateway)
        network.udp(vendor, gateway, 1194, .openVPN, times: 20, pace: 1)
        network.tcp(laptop, jump, 3389, .rdp, times: 20, pace: 1)
        network.tcp(jump, line.panel, 5900, .vnc, times: 30, pace: 1)
    }

    static let vendorInsideWindow = Scenario(
        "vendor-inside-window", "A permitted vendor comes by VPN and jump host at the agreed time.",
        truth: Truth(sessions: way, findings: ["weak-remote-access": barePanel], levels: ["3-6": 2...2]),
        declared: maintenance
    ) { bastion(&$0) }

    static let vendorOutsideWindow = Scenario(
        "vendor-outside-window", "The same vendor three hours after the agreed time.",
        truth: Truth(
            sessions: way,
            findings: [
                "remote-outside-window": ["vpn-gateway", "jump-host", "panel"], "weak-remote-access": barePanel,
            ],
            levels: ["3-6": 1...2]),
        declared: maintenance
    ) { network in
        network.wait(seconds: 3 * 3600)
        bastion(&network)
    }

    static let unknownVendor = Scenario(
        "unknown-vendor", "Somebody who is not on the list comes in by the same VPN.",
        truth: Truth(
            sessions: way,
            findings: [
                "remote-unknown-user": ["vpn-gateway", "jump-host", "panel"], "weak-remote-access": barePanel,
            ],
            levels: ["3-6": 1...2]),
        declared: maintenance
    ) { bastion(&$0, from: "198.51.100.77") }

    static let straightIn = Scenario(
        "straight-in", "A public address opens a panel's desktop with neither VPN nor jump host.",
        truth: Truth(
            sessions: [Session(client: "vendor", server: "panel", service: "vnc")],
            findings: ["remote-from-outside": ["panel"], "weak-remote-access": ["panel"]], levels: ["3-6": 1...1])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        let vendor = network.outside("vendor", "203.0.113.5")
        network.tcp(vendor, line.panel, 5900, .vnc, times: 30, pace: 1)
    }

    static let manyTargets = Scenario(
        "one-user-many-targets", "The vendor opens every panel of the line from the jump host.",
        truth: Truth(
            sessions: Array(way.prefix(2))
                + (1...5).map { Session(client: "jump-host", server: "panel-\($0)", service: "vnc") },
            findings: [
                "remote-many-targets": ["jump-host"],
                "weak-remote-access": Set(["jump-host"] + (1...5).map { "panel-\($0)" }),
            ], levels: ["3-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network, net: "192.168.20", vlan: 20)
        PlantKit.work(&network, line)
        let vendor = network.outside("vendor", "203.0.113.5")
        let gateway = network.station("vpn-gateway", "192.168.30.2", vlan: 30)
        let jump = network.station("jump-host", "192.168.30.10", vlan: 30, ttl: 128)
        let laptop = network.tunnelled("vendor-laptop", "10.8.0.6", by: gateway)
        network.udp(vendor, gateway, 1194, .openVPN, times: 20, pace: 1)
        network.tcp(laptop, jump, 3389, .rdp, times: 20, pace: 1)
        for number in 1...5 {
            let panel = network.station("panel-\(number)", "192.168.20.9\(number)", vlan: 20)
            network.tcp(panel, line.controllers[0], 5007, .slmpRead, times: 30)
            network.tcp(jump, panel, 5900, .vnc, times: 10, pace: 1)
        }
    }

    static let administration = Scenario(
        "inside-administration",
        "The plant's own administrator works on switches and servers by SSH: nobody from outside.",
        truth: Truth(
            sessions: [
                Session(client: "engineering", server: "scada", service: "rdp"),
                Session(client: "engineering", server: "file-server", service: "ssh"),
            ], levels: ["3-6": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        network.tcp(line.engineering, line.supervision, 3389, .rdp, times: 20, pace: 1)
        network.tcp(line.engineering, office.server, 22, .ssh, times: 20, pace: 1)
    }
}
