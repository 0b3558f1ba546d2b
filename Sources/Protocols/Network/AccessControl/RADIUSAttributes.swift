import Model
import Wire

/// The attributes of RADIUS packets and what they say.
enum RADIUSAttributes {
    private enum Number {
        static let userName: UInt8 = 1, nasAddress: UInt8 = 4, framedAddress: UInt8 = 8, filter: UInt8 = 11
        static let calledStation: UInt8 = 30, callingStation: UInt8 = 31, nasIdentifier: UInt8 = 32
        static let portType: UInt8 = 61, connectInfo: UInt8 = 77, eapMessage: UInt8 = 79, tunnelGroup: UInt8 = 81
        static let nasPortID: UInt8 = 87, nasIPv6Address: UInt8 = 95
    }

    private static let mostAttributes = 512
    /// NAS-Port-Type values.
    private static let ethernet: UInt32 = 15, wireless: UInt32 = 19

    /// Reads a request; tells what its response is judged by.
    static func request(_ packet: RawSpan, _ d: inout Dissection) -> RADIUSRequest {
        var request = RADIUSRequest()
        walk(packet) { type, value in
            switch type {
            case Number.portType where value.byteCount == 4: request.portType = value.be32(0)
            case Number.callingStation: request.station = station(value)
            default: break
            }
        }
        let about: Dissection.About = request.station.map { .mac($0) } ?? .conversation
        var isFirstEAP = true
        walk(packet) { type, value in
            switch type {
            case Number.userName:
                d.observe(.user, text: value, field: "user_name", about: .conversation)
                if request.station != nil { d.observe(.user, text: value, field: "station_user", about: about) }
            case Number.nasAddress where value.byteCount == 4:
                if value.ipv4(0).isUnicast { d.observe("nas_address", address: value.ipv4(0), field: "nas_ip_address") }
            case Number.nasIPv6Address where value.byteCount == 16:
                if value.ipv6(0).isUnicast {
                    d.observe("nas_address", address: value.ipv6(0), field: "nas_ipv6_address")
                }
            case Number.nasIdentifier: d.observe(.name, text: value, field: "nas_identifier", confidence: .medium)
            case Number.portType where value.byteCount == 4:
                d.observe("nas_port_type", number: UInt64(value.be32(0)), field: "nas_port_type", about: .conversation)
                // 802.11 is offered by an access point, or by a controller for its access points.
                if value.be32(0) == wireless { d.role(.accessPoint, field: "nas_port_type", confidence: .low) }
                if value.be32(0) == ethernet { d.role(.switch, field: "nas_port_type", confidence: .medium) }
            case Number.callingStation:
                d.observe("calling_station", text: value, field: "calling_station_id", about: .conversation)
            case Number.calledStation: calledStation(value, request, &d)
            case Number.nasPortID: d.observe("nas_port", text: value, field: "nas_port_id", about: about)
            case Number.connectInfo: d.observe("connect_info", text: value, field: "connect_info", about: about)
            case Number.framedAddress where value.byteCount == 4:
                if value.ipv4(0).isUnicast {
                    d.observe(
                        .ip, address: value.ipv4(0), field: "framed_ip_address", about: about, confidence: .medium)
                }
            // Longer EAP packets go on in further attributes; only the first starts with a header.
            case Number.eapMessage where isFirstEAP:
                isFirstEAP = false
                EAP.read(value, about: about, &d)
            default: break
            }
        }
        return request
    }

    /// Reads a response: which VLAN and filter the server assigns.
    static func response(_ packet: RawSpan, _ d: inout Dissection) {
        walk(packet) { type, value in
            switch type {
            // A tag below 0x20 may come first (RFC 2868, 3.6).
            case Number.tunnelGroup where value.byteCount > 0:
                d.observe(
                    "assigned_vlan", text: value.u8(0) < 0x20 ? value.from(1) : value, field: "tunnel_private_group_id",
                    about: .conversation)
            case Number.filter: d.observe("assigned_filter", text: value, field: "filter_id", about: .conversation)
            default: break
            }
        }
    }

    /// RFC 3580, 3.20: the access point's MAC, and for 802.11 a colon and the SSID: `00-10-A4-23-19-C0:AP1`.
    private static func calledStation(_ value: RawSpan, _ request: RADIUSRequest, _ d: inout Dissection) {
        guard d.isNew(value, field: "called_station_bytes", about: .conversation) else { return }
        let text = WireText(wire: value)
        d.observe("called_station", text, field: "called_station_id", about: .conversation)
        // 17 characters with separators, then perhaps the SSID.
        guard value.byteCount >= 17, let bssid = station(value.first(17)) else { return }
        if request.portType == wireless {
            d.observe(.bssid, mac: bssid, field: "called_station_bssid")
            if value.u8(17) == 0x3a, value.byteCount > 18 {
                d.observe(.ssid, text: value.from(18), field: "called_station_ssid", about: .mac(bssid))
            }
            d.observe(.security, "802.1x", field: "called_station_security", about: .mac(bssid), confidence: .medium)
        }
    }

    /// A station id where it is a MAC address in one of the usual spellings, and nothing else.
    private static func station(_ value: RawSpan) -> MACAddress? {
        switch value.byteCount {
        case 12, 14, 17:
            guard let mac = MACAddress(WireText(wire: value).raw), mac.isUnicast else { return nil }
            return mac
        default: return nil
        }
    }

    private static func walk(_ packet: RawSpan, _ body: (UInt8, RawSpan) -> Void) {
        var offset = RADIUS.Offset.attributes
        var left = mostAttributes
        while left > 0, packet.has(2, at: offset) {
            left &-= 1
            let length = Int(packet.u8(offset &+ 1))
            guard length >= 2, packet.has(length, at: offset) else { return }
            body(packet.u8(offset), packet.slice(offset &+ 2, length &- 2))
            offset &+= length
        }
    }
}
