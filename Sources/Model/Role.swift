/// What a device is there for.
package enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case plc, io, drive, robot, hmi, scada, historian
    case engineeringStation = "engineering_station"
    case safetyController = "safety_controller"
    case gateway
    case opcServer = "opc_server"
    case buildingController = "building_controller"
    case meter, sensor
    case `switch`, router, firewall
    case accessPoint = "access_point"
    case wirelessController = "wireless_controller"
    case server
    case domainController = "domain_controller"
    case dhcpServer = "dhcp_server"
    case dnsServer = "dns_server"
    case fileServer = "file_server"
    case radiusServer = "radius_server"
    case logServer = "log_server"
    case timeServer = "time_server"
    case vpnGateway = "vpn_gateway"
    case jumpHost = "jump_host"
    case workstation, printer, camera, phone, mobile, unknown

    /// OT-class by role alone: controls, watches or engineers the process.
    package var isOT: Bool {
        switch self {
        case .plc, .io, .drive, .robot, .hmi, .scada, .historian, .engineeringStation, .safetyController, .gateway,
            .opcServer,
            .buildingController, .meter, .sensor:
            true
        default: false
        }
    }

    /// Forwards other hosts' traffic, so addresses seen behind its MAC are not its own.
    package var isNetworkGear: Bool {
        switch self {
        case .switch, .router, .firewall, .accessPoint, .wirelessController: true
        default: false
        }
    }
}
