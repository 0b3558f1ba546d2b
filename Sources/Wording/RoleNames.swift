package import Assessment
package import Model

extension Role {
    /// A short name for tables and drawings.
    package func name(in language: Language) -> String {
        language == .japanese ? japanese : english
    }

    private var japanese: String {
        switch self {
        case .plc: "PLC"
        case .io: "リモートI/O"
        case .drive: "ドライブ"
        case .robot: "ロボット"
        case .hmi: "HMI"
        case .scada: "SCADA"
        case .historian: "ヒストリアン"
        case .engineeringStation: "エンジニアリング端末"
        case .safetyController: "安全コントローラ"
        case .gateway: "ゲートウェイ"
        case .opcServer: "OPCサーバ"
        case .buildingController: "ビル設備コントローラ"
        case .meter: "計測器"
        case .sensor: "センサ"
        case .switch: "スイッチ"
        case .router: "ルータ"
        case .firewall: "ファイアウォール"
        case .accessPoint: "無線アクセスポイント"
        case .wirelessController: "無線LANコントローラ"
        case .server: "サーバ"
        case .domainController: "ドメインコントローラ"
        case .dhcpServer: "DHCPサーバ"
        case .dnsServer: "DNSサーバ"
        case .fileServer: "ファイルサーバ"
        case .radiusServer: "RADIUSサーバ"
        case .logServer: "ログサーバ"
        case .timeServer: "時刻サーバ"
        case .vpnGateway: "VPNゲートウェイ"
        case .jumpHost: "踏み台サーバ"
        case .workstation: "PC"
        case .printer: "プリンタ"
        case .camera: "カメラ"
        case .phone: "電話機"
        case .mobile: "携帯端末"
        case .unknown: "不明"
        }
    }

    private var english: String {
        switch self {
        case .plc: "PLC"
        case .io: "remote I/O"
        case .drive: "drive"
        case .robot: "robot"
        case .hmi: "HMI"
        case .scada: "SCADA"
        case .historian: "historian"
        case .engineeringStation: "engineering station"
        case .safetyController: "safety controller"
        case .gateway: "gateway"
        case .opcServer: "OPC server"
        case .buildingController: "building controller"
        case .meter: "meter"
        case .sensor: "sensor"
        case .switch: "switch"
        case .router: "router"
        case .firewall: "firewall"
        case .accessPoint: "access point"
        case .wirelessController: "WLAN controller"
        case .server: "server"
        case .domainController: "domain controller"
        case .dhcpServer: "DHCP server"
        case .dnsServer: "DNS server"
        case .fileServer: "file server"
        case .radiusServer: "RADIUS server"
        case .logServer: "log server"
        case .timeServer: "time server"
        case .vpnGateway: "VPN gateway"
        case .jumpHost: "jump host"
        case .workstation: "PC"
        case .printer: "printer"
        case .camera: "camera"
        case .phone: "phone"
        case .mobile: "mobile"
        case .unknown: "unknown"
        }
    }
}

/// Where a device stands between the office and the process, top to bottom as the Purdue model draws it.
package enum Tier: Int, CaseIterable, Comparable {
    case control
    case field
    case supervision
    case network
    case server
    case office
    case unknown

    package static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }

    /// The order in a drawing: the office above, the process below.
    package static let topToBottom: [Tier] = [.office, .server, .network, .supervision, .control, .field, .unknown]

    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.control, .japanese): "制御"
        case (.control, .english): "Control"
        case (.field, .japanese): "現場機器"
        case (.field, .english): "Field"
        case (.supervision, .japanese): "監視・操作"
        case (.supervision, .english): "Supervision"
        case (.network, .japanese): "通信機器"
        case (.network, .english): "Network"
        case (.server, .japanese): "サーバ"
        case (.server, .english): "Servers"
        case (.office, .japanese): "事務・端末"
        case (.office, .english): "Office"
        case (.unknown, .japanese): "役割不明"
        case (.unknown, .english): "Role unknown"
        }
    }
}

extension Asset {
    package var tier: Tier {
        switch role {
        case .plc, .safetyController, .robot, .buildingController, .gateway: .control
        case .io, .drive, .meter, .sensor: .field
        case .hmi, .scada, .historian, .engineeringStation, .opcServer: .supervision
        case .switch, .router, .firewall, .accessPoint, .wirelessController, .vpnGateway, .jumpHost: .network
        case .server, .domainController, .dhcpServer, .dnsServer, .fileServer, .radiusServer, .logServer, .timeServer:
            .server
        case .workstation, .printer, .phone, .mobile: .office
        case .camera: isOT ? .field : .office
        case .unknown: .unknown
        }
    }
}
