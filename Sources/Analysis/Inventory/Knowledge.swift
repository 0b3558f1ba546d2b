package import Model
package import Protocols

/// What the catalogue adds to what the wire says.
package struct Knowledge: Sendable {
    /// Something a signature asserts about the bearer of an attribute's value.
    package struct Assertion: Sendable {
        package var attribute: Attribute
        package var value: String
        package var confidence: Confidence
        /// Signature id.
        package var source: String

        package init(attribute: Attribute, value: String, confidence: Confidence, source: String) {
            self.attribute = attribute
            self.value = value
            self.confidence = confidence
            self.source = source
        }
    }

    /// The holder of a MAC's address block.
    package var vendor: @Sendable (MACAddress) -> String?
    package var assertions: @Sendable (Attribute, String) -> [Assertion]
    /// Address blocks that the user calls the plant's own, beside the private ones.
    package var ownPrefixes: [IPPrefix]

    package init(
        vendor: @escaping @Sendable (MACAddress) -> String? = { _ in nil },
        assertions: @escaping @Sendable (Attribute, String) -> [Assertion] = { _, _ in [] },
        ownPrefixes: [IPPrefix] = []
    ) {
        self.vendor = vendor
        self.assertions = assertions
        self.ownPrefixes = ownPrefixes
    }

    /// True for addresses outside the plant, as far as an address can tell.
    package func isOutside(_ address: IPAddress) -> Bool {
        address.isGlobal && !ownPrefixes.contains { $0.contains(address) }
    }
}

/// What kind of traffic a registered protocol is.
package enum ServiceKind {
    package static let family: [String: ProtocolDescription.Family] = Dictionary(
        ProtocolRegistry.all.map { ($0.description.name, $0.description.family) },
        uniquingKeysWith: { first, _ in first })

    /// Industrial and building automation protocols: whoever speaks them takes part in the process.
    package static func isIndustrial(_ service: String?) -> Bool {
        guard let service, let family = family[service] else { return false }
        return family == .industrial || family == .building
    }

    private static let asked: Set<String> = Set(
        ProtocolRegistry.all.filter { entry in
            entry.description.bindings.contains { binding in
                switch binding {
                case .tcp, .udp: true
                default: false
                }
            }
        }.map(\.description.name))

    /// Protocols in which a client asks a server. Who merely publishes or sends cyclic data on the link asks nobody.
    package static func isAsked(_ service: String) -> Bool { asked.contains(service) && service != "cip-io" }

    /// Use of mail, web, directory, file or print services: the mark of an office host.
    package static func isOffice(_ service: String?) -> Bool {
        switch service {
        case "http", "http2", "tls", "quic", "smb", "browser", "smtp", "pop3", "imap", "ldap", "kerberos", "ipp", "lpd",
            "jetdirect", "wsus":
            true
        default: false
        }
    }

    /// Work on another machine: terminals, desktops, files. RFC 2217 is none, though it began as Telnet: a program works a serial
    /// port through it, in clear as every industrial protocol.
    package static func isRemoteAccess(_ service: String?) -> Bool {
        guard let service else { return false }
        if family[service] == .remoteAccess { return true }
        return service == "ssh" || service == "telnet"
    }

    package static func isTunnel(_ service: String?) -> Bool {
        guard let service else { return false }
        return family[service] == .tunnel
    }

    /// Protocols in which content or commands cross in clear.
    package static func isCleartext(_ service: String?) -> Bool {
        switch service {
        case "http", "http2", "ftp", "telnet", "rlogin", "rsh", "x11", "smtp", "pop3", "imap", "vnc", "snmp", "tftp",
            "syslog", "mqtt", "ipp", "lpd", "jetdirect", "rtsp", "sip", "redis", "onc-rpc",
            "wsus":
            true
        default: isIndustrial(service) && service != "opcua"
        }
    }
}
