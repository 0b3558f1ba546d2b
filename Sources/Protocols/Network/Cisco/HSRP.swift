import Model
import Wire

/// Hot Standby Router Protocol: Cisco routers share a gateway address. UDP 1985, for IPv6 2029.
///
/// Version 0 ("1"), 20 bytes: version 1, operation 1, state 1, hello time 1, hold time 1, priority 1, group 1, reserved 1,
/// authentication 8 (text), virtual address 4.
///
/// Version 2: TLVs of type 1, length 1, value. Type 1 (40 bytes): version 1, operation 1, state 1, IP version 1, group 2,
/// identifier 6, priority 4, hello 4, hold 4, virtual address 16. Type 3: text authentication 8. Type 4: MD5.
package enum HSRP: Dissector {
    package static let description = ProtocolDescription(
        name: "hsrp", title: "HSRP", family: .network, level: .identity,
        reference: "RFC 2281 (version 1); Cisco HSRP version 2 as observed", bindings: [.udp([1985, 2029])],
        displayFilter: "hsrp")

    private enum V1 {
        static let operation = 1, state = 2, priority = 5, group = 6, authentication = 8, address = 16, end = 20
        static let advertise: UInt8 = 3
    }
    private enum V2 {
        static let groupState: UInt8 = 1, interfaceState: UInt8 = 2, text: UInt8 = 3, md5: UInt8 = 4
        /// Within the value of a group state TLV.
        static let operation = 1, ipVersion = 3, group = 4, priority = 12, address = 24, length = 40
    }
    private static let mostTLVs = 16

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(1985) || hint.uses(2029), isVersion1(bytes) || isVersion2(bytes) else { return .no }
        return .certain
    }

    private static func isVersion1(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 16, bytes.u8(0) == 0, bytes.u8(V1.operation) <= V1.advertise else { return false }
        // Advertisements (of passive or active interfaces) have another body: type 2, length 2 = 10.
        if bytes.u8(V1.operation) == V1.advertise { return bytes.be16(4) <= 16 }
        let state = bytes.u8(V1.state)
        return bytes.byteCount >= V1.end && state <= 16 && state.nonzeroBitCount <= 1
    }

    private static func isVersion2(_ bytes: RawSpan) -> Bool {
        switch bytes.u8(0) {
        case V2.groupState: bytes.u8(1) == 40 && bytes.u8(2) == 2
        case V2.interfaceState: bytes.u8(1) == 4
        default: false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if isVersion1(bytes) {
            version1(bytes, &d)
        } else if isVersion2(bytes) {
            version2(bytes, &d)
        } else {
            return .malformed
        }
        return .consumed(bytes.byteCount)
    }

    private static func version1(_ bytes: RawSpan, _ d: inout Dissection) {
        let operation = bytes.u8(V1.operation)
        d.message(UInt32(operation))
        d.role(.router, field: "sender", about: speaker(d))
        guard operation != V1.advertise else { return }
        group(
            UInt64(bytes.u8(V1.group)), priority: UInt64(bytes.u8(V1.priority)), bytes.ipv4(V1.address),
            virtual: MACAddress(bits: 0x0000_0c07_ac00 | UInt64(bytes.u8(V1.group))), &d)
        let hasDigest = bytes.u8(V1.end) == V2.md5
        if !hasDigest { plainText(bytes.slice(V1.authentication, 8), &d) }
    }

    private static func version2(_ bytes: RawSpan, _ d: inout Dissection) {
        var reader = FieldReader(bytes)
        do throws(DecodeError) {
            var left = mostTLVs
            while left > 0, reader.remaining >= 2 {
                left &-= 1
                let type = try reader.u8("HSRP TLV type")
                let value = try reader.take(Int(try reader.u8("HSRP TLV length")), "HSRP TLV value")
                switch type {
                case V2.groupState where value.byteCount >= V2.length:
                    d.message(UInt32(value.u8(V2.operation)))
                    d.role(.router, field: "sender", about: speaker(d))
                    let isV6 = value.u8(V2.ipVersion) == 6
                    let number = UInt64(value.be16(V2.group))
                    // 00-00-0c-9f-fx-xx for IPv4, 00-05-73-a0-0x-xx for IPv6.
                    let virtual = (isV6 ? 0x0005_73a0_0000 : 0x0000_0c9f_f000) | number & 0xfff
                    group(
                        number, priority: UInt64(value.be32(V2.priority)),
                        isV6 ? value.ipv6(V2.address) : value.ipv4(V2.address), virtual: MACAddress(bits: virtual), &d)
                case V2.interfaceState:
                    d.message(UInt32(V1.advertise))
                    d.role(.router, field: "sender", about: speaker(d))
                case V2.text: plainText(value.first(8), &d)
                default: break
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func group(
        _ number: UInt64, priority: UInt64, _ address: IPAddress, virtual: MACAddress, _ d: inout Dissection
    ) {
        d.observe("virtual_router_id", number: number, field: "group", about: speaker(d))
        d.observe("virtual_router_priority", number: priority, field: "priority", about: speaker(d))
        guard address.isUnicast else { return }
        d.observe(.virtualRouter, address: address, field: "virtual_address", about: speaker(d))
        d.observe(.ip, address: address, field: "virtual_mac", about: .mac(virtual), confidence: .medium)
    }

    /// The authentication field is a password in clear; "cisco" is the default that means none.
    private static func plainText(_ text: RawSpan, _ d: inout Dissection) {
        guard text.be64(0) != 0, !(text.starts(with: "cisco") && text.u8(5) == 0) else { return }
        d.observe(.cleartextCredential, "HSRP plain-text authentication", field: "authentication", about: speaker(d))
    }

    /// The router itself: the active one speaks from the group's virtual MAC, so the address alone names it.
    private static func speaker(_ d: borrowing Dissection) -> Dissection.About {
        guard let mac = d.source.mac, let ip = d.source.ip else { return .source }
        let isVirtual =
            mac.bits >> 8 == 0x0000_0c07_ac || mac.bits >> 12 == 0x0000_0c9f_f || mac.bits >> 12 == 0x0005_73a0_0
        return isVirtual ? .address(ip) : .source
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Hello"
        case 1: "Coup"
        case 2: "Resign"
        case 3: "Advertise"
        default: "Operation \(code)"
        }
    }
}
