import Model
import Wire

/// What a client's message says of the client (RFC 2132, and the options that came later).
enum DHCPClientFacts {
    static func state(_ bytes: RawSpan, _ summary: DHCPSummary, _ d: inout Dissection) {
        let client = summary.aboutClient(.source)
        if summary.clients.isUnicast, summary.type != DHCP.MessageType.decline {
            d.observe(.ip, address: summary.clients, field: "client_address", about: client)
        }
        if !summary.relay.isUnspecified {
            // A relay agent is an interface of whatever routes for the client's network.
            d.role(.router, field: "relay_agent", about: .address(summary.relay), confidence: .medium)
        }
        DHCPOptions.walk(bytes.from(DHCP.Offset.options), &d) { code, value, d in
            option(code, value, client, &d)
        }
    }

    private static func option(
        _ code: UInt8, _ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection
    ) {
        switch code {
        case 12: d.observe(.name, text: value, field: "hostname", about: client)
        case 50 where value.byteCount == 4:
            if value.ipv4(0).isUnicast {
                d.observe(
                    "requested_address", address: value.ipv4(0), field: "requested_address", about: client,
                    confidence: .medium)
            }
        case 55:
            if d.isNew(value, field: "parameter_list_bytes", about: client) {
                d.observe(
                    .dhcpFingerprint, DHCPOptions.decimalList(value), field: "parameter_list", about: client)
            }
        case 60: d.observe(.vendorClass, text: value, field: "vendor_class", about: client)
        case 77: d.observe("user_class", identifier: value, field: "user_class", about: client)
        // Flags 1, results 2, then a name: as DNS labels when bit 2 of the flags is set, otherwise as text.
        case 81 where value.byteCount > 3: name(value, client, &d)
        case 82: relayInformation(value, client, &d)
        case 124 where value.byteCount > 5: vendorIdentifyingClass(value, client, &d)
        case 161: d.observe(.url, text: value, field: "mud_url", about: client)
        default: break
        }
    }

    private static func name(_ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection) {
        if value.u8(0) & 4 == 0 {
            d.observe(.name, text: value.from(3), field: "client_fqdn", about: client)
        } else if d.isNew(value, field: "client_fqdn_bytes", about: client),
            let name = DomainNames.read(value.from(3), limit: 1).first
        {
            d.observe(.name, name, field: "client_fqdn", about: client)
        }
    }

    /// Enterprise number 4, data length 1, data (RFC 3925).
    private static func vendorIdentifyingClass(_ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection) {
        d.observe("enterprise", number: UInt64(value.be32(0)), field: "vendor_class_enterprise", about: client)
        d.observe(
            .vendorClass, identifier: value.slice(5, Int(value.u8(4))), field: "vendor_identifying_class",
            about: client)
    }

    /// Sub-options of code 1, length 1: 1 the circuit and 2 the device through which the client is attached.
    private static func relayInformation(_ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection) {
        DHCPOptions.walk(value, &d) { code, value, d in
            switch code {
            case 1: d.observe("relay_circuit", identifier: value, field: "relay_circuit_id", about: client)
            case 2: d.observe("relay_remote", identifier: value, field: "relay_remote_id", about: client)
            default: break
            }
        }
    }
}

/// What a server's message says of the server, the client and the network.
enum DHCPServerFacts {
    private static let mostAddresses = 16

    static func state(_ bytes: RawSpan, _ summary: DHCPSummary, _ d: inout Dissection) {
        let client = summary.aboutClient(.destination)
        server(summary, &d)
        let isBinding = summary.type == DHCP.MessageType.ack || summary.type == DHCP.MessageType.bootp
        let address = summary.yours.isUnspecified ? summary.clients : summary.yours
        if address.isUnicast {
            if isBinding {
                d.observe(.ip, address: address, field: "assigned_address", about: client)
            } else if summary.type == DHCP.MessageType.offer {
                d.observe(
                    "offered_address", address: address, field: "offered_address", about: client, confidence: .low)
            }
            if let length = summary.prefixLength, let prefix = IPPrefix(address: address, length: length) {
                d.observe(.subnet, number: UInt64(length), field: "subnet_mask", about: client)
                if d.isNew(bytes.slice(DHCP.Offset.yourAddress, 4), field: "prefix_address", about: client) {
                    d.observe("prefix", prefix.description, field: "prefix", about: .network)
                }
            }
        }
        DHCPOptions.walk(bytes.from(DHCP.Offset.options), &d) { code, value, d in
            option(code, value, client, &d)
        }
    }

    private static func server(_ summary: DHCPSummary, _ d: inout Dissection) {
        // ACK, NAK and OFFER come from servers alone; through a relay agent the frame's sender is the agent.
        if let server = summary.server, server != d.source.ip {
            d.role(.dhcpServer, field: "server_identifier", about: .address(server), confidence: .medium)
        } else if summary.relay.isUnspecified || summary.relay != d.source.ip {
            d.role(.dhcpServer, field: "reply")
        }
        if !summary.relay.isUnspecified {
            d.role(.router, field: "relay_agent", about: .address(summary.relay), confidence: .medium)
        }
    }

    private static func option(
        _ code: UInt8, _ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection
    ) {
        switch code {
        case 3:
            addresses(value, .gateway, "router", client, &d)
            addresses(value, .gateway, "router_of_network", .network, &d)
        case 6: addresses(value, .dnsServer, "dns_server", .network, &d)
        case 12: d.observe(.name, text: value, field: "hostname", about: client)
        case 15: d.observe(.domain, text: value, field: "domain_name", about: .network)
        case 42: addresses(value, "ntp_server", "ntp_server", .network, &d)
        case 44: addresses(value, "netbios_name_server", "netbios_name_server", .network, &d)
        case 51 where value.byteCount == 4:
            d.observe("lease_seconds", number: UInt64(value.be32(0)), field: "lease_time", about: .network)
        case 66: d.observe("boot_server", text: value, field: "tftp_server_name", about: .network)
        case 119:
            if d.isNew(value, field: "domain_search_bytes", about: .network) {
                for name in DomainNames.read(value, limit: 16) {
                    d.observe(.domain, name, field: "domain_search", about: .network)
                }
            }
        case 121, 249: routes(value, client, &d)
        case 150: addresses(value, "boot_server", "tftp_server_address", .network, &d)
        default: break
        }
    }

    private static func addresses(
        _ value: RawSpan, _ attribute: Attribute, _ field: StaticString, _ about: Dissection.About,
        _ d: inout Dissection
    ) {
        var offset = 0
        while offset < mostAddresses &* 4, value.has(4, at: offset) {
            let address = value.ipv4(offset)
            if address.isUnicast { d.observe(attribute, address: address, field: field, about: about) }
            offset &+= 4
        }
    }

    /// RFC 3442: prefix length 1, as many bytes of the destination as it covers, gateway 4.
    private static func routes(_ value: RawSpan, _ client: Dissection.About, _ d: inout Dissection) {
        guard d.isNew(value, field: "route_bytes", about: client) else { return }
        var offset = 0
        var left = 64
        while left > 0, offset < value.byteCount {
            left &-= 1
            let length = Int(value.u8(offset))
            let covered = (length + 7) / 8
            guard length <= 32, value.has(5 &+ covered, at: offset) else { return }
            var destination: UInt32 = 0
            for index in 0..<4 {
                destination = destination << 8 | (index < covered ? UInt32(value.u8(offset &+ 1 &+ index)) : 0)
            }
            let gateway = value.ipv4(offset &+ 1 &+ covered)
            if gateway.isUnicast {
                d.observe(.gateway, address: gateway, field: "route_gateway", about: client)
                if let prefix = IPPrefix(address: IPAddress(v4: destination), length: length) {
                    d.observe("route", "\(prefix) via \(gateway)", field: "classless_route", about: client)
                }
            }
            offset &+= 5 &+ covered
        }
    }
}
