import Model
import Wire

/// Cisco Discovery Protocol: a device describes itself to its neighbour. SNAP with OUI 00-00-0c.
///
///     0  version   1   1 or 2
///     1  holdtime  1   seconds
///     2  checksum  2
///     4  TLVs          type 2, length 2 (header included), value
package enum CDP: Dissector {
    package static let description = ProtocolDescription(
        name: "cdp", title: "CDP", family: .network, level: .identity,
        reference: "Cisco, Catalyst 5000 Frame Formats (CDP); observed type-length-values of version 2",
        bindings: [.snap(0x00000c, 0x2000), .etherType(0x2000)], displayFilter: "cdp")

    private enum TLV {
        static let deviceID: UInt16 = 0x01, addresses: UInt16 = 0x02, portID: UInt16 = 0x03
        static let capabilities: UInt16 = 0x04, softwareVersion: UInt16 = 0x05, platform: UInt16 = 0x06
        static let domain: UInt16 = 0x09, nativeVLAN: UInt16 = 0x0a, voiceVLAN: UInt16 = 0x0e
        static let systemName: UInt16 = 0x14, managementAddresses: UInt16 = 0x16, location: UInt16 = 0x17
    }

    private static let mostTLVs = 256, mostAddresses = 64

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var reader = FieldReader(bytes)
        do throws(DecodeError) {
            let version = try reader.u8("CDP version")
            guard version == 1 || version == 2 else { return .malformed }
            try reader.skip(3, "CDP holdtime and checksum")
            d.message(1)
            var left = mostTLVs
            // Bytes short of a header are padding of the frame.
            while left > 0, reader.remaining >= 4 {
                left &-= 1
                let type = try reader.be16("CDP TLV type")
                let length = try reader.be16("CDP TLV length")
                guard length >= 4 else {
                    throw DecodeError(
                        field: "CDP TLV length", offset: reader.offset &- 2, needed: 4, available: Int(length))
                }
                read(type, try reader.take(Int(length) &- 4, "CDP TLV value"), &d)
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    private static func read(_ type: UInt16, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case TLV.deviceID: d.observe(.name, identifier: value, field: "device_id")
        case TLV.portID: d.observe(.portID, text: value, field: "port_id")
        case TLV.softwareVersion: d.observe(.software, text: value, field: "software_version")
        case TLV.platform:
            d.observe(.model, text: value, field: "platform")
            if value.startsIgnoringCase(with: "cisco ") {
                d.observe(.vendor, text: value.first(5), field: "platform_vendor")
            }
        case TLV.domain: d.observe("vtp_domain", text: value, field: "vtp_domain")
        case TLV.nativeVLAN where value.has(2):
            d.observe(.nativeVLAN, number: UInt64(value.be16(0)), field: "native_vlan")
        case TLV.voiceVLAN where value.has(3):
            d.observe("voice_vlan", number: UInt64(value.be16(1)), field: "voice_vlan")
        case TLV.systemName: d.observe(.name, text: value, field: "system_name")
        // One byte of unknown use comes first.
        case TLV.location where value.has(2): d.observe(.location, text: value.from(1), field: "location")
        case TLV.capabilities where value.has(4): capabilities(value.be32(0), &d)
        case TLV.addresses: addresses(value, .ip, "address", &d)
        case TLV.managementAddresses:
            addresses(value, .managementAddress, "management_address", &d)
            addresses(value, .ip, "management_ip", &d)
        default: break
        }
    }

    /// Count 4, then each: protocol type 1, protocol length 1, protocol, address length 2, address.
    private static func addresses(
        _ value: RawSpan, _ attribute: Attribute, _ field: StaticString, _ d: inout Dissection
    ) {
        var reader = FieldReader(value)
        do throws(DecodeError) {
            var left = min(try reader.be32("CDP address count"), UInt32(mostAddresses))
            while left > 0 {
                left &-= 1
                try reader.skip(1, "CDP protocol type")
                let kind = try reader.take(Int(try reader.u8("CDP protocol length")), "CDP protocol")
                let address = try reader.take(Int(try reader.be16("CDP address length")), "CDP address")
                // NLPID 0xcc is IPv4; 802.2 SNAP with EtherType 0x86dd is IPv6.
                if kind.byteCount == 1, kind.u8(0) == 0xcc, address.byteCount == 4 {
                    observe(address.ipv4(0), attribute, field, &d)
                } else if kind.byteCount == 8, kind.be16(6) == 0x86dd, address.byteCount == 16 {
                    observe(address.ipv6(0), attribute, field, &d)
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func observe(
        _ address: IPAddress, _ attribute: Attribute, _ field: StaticString, _ d: inout Dissection
    ) {
        guard address.isUnicast, !address.isLoopback else { return }
        d.observe(attribute, address: address, field: field)
    }

    private static func capabilities(_ bits: UInt32, _ d: inout Dissection) {
        var bit = 0
        while bit < capabilityNames.count {
            if bits >> UInt32(bit) & 1 != 0 { d.observe(.capability, capabilityNames[bit], field: "capabilities") }
            bit += 1
        }
        if bits & 0x80 != 0 {
            d.role(.phone, field: "capabilities")
        } else if bits & 0x08 != 0 {
            d.role(.switch, field: "capabilities")
        } else if bits & 0x02 != 0 {
            // A transparent bridge that is no switch: how access points announce themselves.
            d.role(.accessPoint, field: "capabilities", confidence: .medium)
        }
        if bits & 0x01 != 0 { d.role(.router, field: "capabilities") }
    }

    private static let capabilityNames = [
        "router", "transparent-bridge", "source-route-bridge", "switch", "host", "igmp", "repeater", "telephone",
        "remotely-managed", "cast", "two-port-mac-relay",
    ]

    package static func messageName(_ code: UInt32) -> String { "CDP advertisement" }
}
