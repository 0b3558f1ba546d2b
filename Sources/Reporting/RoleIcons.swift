import Model

/// Pictures of roles, 24 by 24 units, drawn with lines only so that they take the colour of their place.
enum RoleIcon: String, CaseIterable {
    case controller, terminals, motor, robot, panel, chart, engineering, gauge, building
    case `switch`, router, firewall, antenna, server, computer, printer, camera, phone, tunnel, unknown, cloud

    init(_ role: Role) {
        switch role {
        case .plc, .safetyController, .gateway: self = .controller
        case .io: self = .terminals
        case .drive: self = .motor
        case .robot: self = .robot
        case .hmi: self = .panel
        case .scada, .historian: self = .chart
        case .engineeringStation: self = .engineering
        case .buildingController: self = .building
        case .meter, .sensor: self = .gauge
        case .switch: self = .switch
        case .router: self = .router
        case .firewall: self = .firewall
        case .accessPoint, .wirelessController: self = .antenna
        case .opcServer, .server, .domainController, .dhcpServer, .dnsServer, .fileServer, .radiusServer, .logServer,
            .timeServer:
            self = .server
        case .vpnGateway, .jumpHost: self = .tunnel
        case .workstation: self = .computer
        case .printer: self = .printer
        case .camera: self = .camera
        case .phone, .mobile: self = .phone
        case .unknown: self = .unknown
        }
    }

    var anchor: HTML { "icon-\(rawValue)" }

    var shape: HTML {
        switch self {
        case .controller:
            "<rect x=\"3\" y=\"5\" width=\"18\" height=\"14\" rx=\"1\" /><path d=\"M9 5v14M15 5v14\" /><path d=\"M5 9h2M11 9h2M17 9h2M5 15h2M11 15h2M17 15h2\" />"
        case .terminals:
            "<rect x=\"3\" y=\"6\" width=\"18\" height=\"12\" rx=\"1\" /><path d=\"M6 10h1M10 10h1M14 10h1M18 10h0.5M6 14h1M10 14h1M14 14h1M18 14h0.5M6 18v3M11 18v3M16 18v3\" />"
        case .motor: "<circle cx=\"10\" cy=\"12\" r=\"7\" /><path d=\"M17 12h5M7 15v-6l3 4 3-4v6\" />"
        case .robot:
            "<path d=\"M4 21h9M8.500 21v-5l-2-6 7-5 5 4v4M16.500 13h4v3M16.500 13v3\" /><circle cx=\"6.500\" cy=\"10\" r=\"1.500\" /><circle cx=\"13.500\" cy=\"5\" r=\"1.500\" />"
        case .panel:
            "<rect x=\"3\" y=\"4\" width=\"18\" height=\"16\" rx=\"1.500\" /><rect x=\"6\" y=\"7\" width=\"9\" height=\"7\" /><path d=\"M18 8v0.500M18 11v0.500M6 17h2M10 17h2M14 17h2\" />"
        case .chart:
            "<rect x=\"3\" y=\"4\" width=\"18\" height=\"13\" rx=\"1\" /><path d=\"M6 14l3-4 3 2 5-6M9 21h6M12 17v4\" />"
        case .engineering:
            "<rect x=\"5\" y=\"4\" width=\"14\" height=\"10\" rx=\"1\" /><path d=\"M2 19h20l-3-5H5zM10 11l-2-2 2-2M14 7l2 2-2 2\" />"
        case .gauge: "<circle cx=\"12\" cy=\"12\" r=\"8.500\" /><path d=\"M12 13l4-5M6 13h1M17 13h1M12 6v1\" />"
        case .building: "<path d=\"M4 21V9l8-5 8 5v12zM9 21v-6h6v6\" />"
        case .switch:
            "<rect x=\"2\" y=\"8\" width=\"20\" height=\"9\" rx=\"1\" /><path d=\"M5 13h2M9 13h2M13 13h2M17 13h2M6 8V5h12v3\" />"
        case .router:
            "<circle cx=\"12\" cy=\"12\" r=\"9\" /><path d=\"M12 10V5M10 7l2-2 2 2M12 14v5M10 17l2 2 2-2M5 12h4M7 10l2 2-2 2M19 12h-4M17 10l-2 2 2 2\" />"
        case .firewall:
            "<rect x=\"3\" y=\"5\" width=\"18\" height=\"14\" /><path d=\"M3 9.700h18M3 14.300h18M9 5v4.700M15 5v4.700M6 9.700v4.600M12 9.700v4.600M18 9.700v4.600M9 14.300V19M15 14.300V19\" />"
        case .antenna:
            "<path d=\"M12 12v9M8 21h8M8 12a4 4 0 0 1 8 0M5 13a7.500 7.500 0 0 1 14 0\" /><circle cx=\"12\" cy=\"12\" r=\"1\" />"
        case .server:
            "<rect x=\"4\" y=\"3\" width=\"16\" height=\"5\" /><rect x=\"4\" y=\"9.500\" width=\"16\" height=\"5\" /><rect x=\"4\" y=\"16\" width=\"16\" height=\"5\" /><path d=\"M7 5.500h1M7 12h1M7 18.500h1\" />"
        case .computer: "<rect x=\"3\" y=\"4\" width=\"18\" height=\"12\" rx=\"1\" /><path d=\"M8 20h8M12 16v4\" />"
        case .printer: "<path d=\"M7 9V3h10v6M7 17H4V9h16v8h-3\" /><rect x=\"7\" y=\"14\" width=\"10\" height=\"7\" />"
        case .camera:
            "<rect x=\"3\" y=\"7\" width=\"18\" height=\"12\" rx=\"1.500\" /><circle cx=\"12\" cy=\"13\" r=\"3.500\" /><path d=\"M8 7l1.500-2.500h5L16 7\" />"
        case .phone: "<rect x=\"7\" y=\"2\" width=\"10\" height=\"20\" rx=\"1.500\" /><path d=\"M11 19h2\" />"
        case .tunnel:
            "<rect x=\"4\" y=\"10\" width=\"16\" height=\"11\" rx=\"1\" /><path d=\"M8 10V7a4 4 0 0 1 8 0v3M12 14v3\" />"
        case .unknown:
            "<circle cx=\"12\" cy=\"12\" r=\"9\" /><path d=\"M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-0.700 0.400-1 0.900-1 1.700M12 16.500v0.500\" />"
        case .cloud:
            "<path d=\"M7 19a4.500 4.500 0 0 1-0.500-9 6 6 0 0 1 11.300-0.700A4.900 4.900 0 0 1 17.500 19z\" />"
        }
    }
}

extension Report {
    /// The icons once, for every drawing that uses them.
    package var iconDefinitions: HTML {
        let symbols = RoleIcon.allCases.map { icon -> HTML in
            "<symbol id=\"\(icon.anchor)\" viewBox=\"0 0 24 24\">\(icon.shape)</symbol>"
        }
        return "<svg class=\"symbols\" width=\"0\" height=\"0\" aria-hidden=\"true\">\(symbols)</svg>"
    }
}
