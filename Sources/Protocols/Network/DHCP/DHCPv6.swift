import Model
import Wire

/// Dynamic Host Configuration Protocol for IPv6: clients on UDP 546, servers and relay agents on 547.
///
///     0  message type    1   1…11, 12 relay-forward, 13 relay-reply, 14… lease query
///     1  transaction id  3   for relay messages: hops 1, link address 16, peer address 16
///     4  options             code 2, length 2, value
package enum DHCPv6: Dissector {
    package static let description = ProtocolDescription(
        name: "dhcpv6", title: "DHCPv6", family: .service, level: .identity,
        reference: "RFC 8415; RFC 3646 (DNS), RFC 4704 (FQDN)", bindings: [.udp([546, 547])], displayFilter: "dhcpv6")

    private enum Kind {
        static let advertise: UInt8 = 2, reply: UInt8 = 7, reconfigure: UInt8 = 10
        static let relayForward: UInt8 = 12, relayReply: UInt8 = 13, last: UInt8 = 36
    }

    private enum Option {
        static let clientID: UInt16 = 1, nonTemporary: UInt16 = 3, temporary: UInt16 = 4, address: UInt16 = 5
        static let request: UInt16 = 6, relayMessage: UInt16 = 9, vendorClass: UInt16 = 16
        static let dnsServers: UInt16 = 23, domainList: UInt16 = 24, delegation: UInt16 = 25, delegated: UInt16 = 26
        static let fqdn: UInt16 = 39, mudURL: UInt16 = 112
    }

    private static let mostOptions = 256, deepestRelay = 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(546) || hint.uses(547), bytes.byteCount >= 4 else { return .no }
        let type = bytes.u8(0)
        guard type >= 1, type <= Kind.last, hasWholeOptions(bytes.from(optionsOffset(type))) else { return .no }
        switch type {
        case Kind.advertise, Kind.reply, Kind.reconfigure, Kind.relayReply: return .certain(from: .server)
        default: return .certain(from: .client)
        }
    }

    private static func optionsOffset(_ type: UInt8) -> Int {
        type == Kind.relayForward || type == Kind.relayReply ? 34 : 4
    }

    /// True when options fill the bytes exactly.
    private static func hasWholeOptions(_ area: RawSpan) -> Bool {
        var offset = 0
        while area.has(4, at: offset) { offset &+= 4 &+ Int(area.be16(offset &+ 2)) }
        return offset == area.byteCount && offset > 0
    }

    /// Where a message stands: whom it comes from and about whom it speaks.
    private struct Context {
        var type: UInt8
        var client: Dissection.About
        var isFromServer: Bool
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let type = bytes.u8(0)
        guard bytes.byteCount >= 4, type >= 1, type <= Kind.last else { return .malformed }
        d.message(UInt32(type))
        message(bytes, client: nil, depth: 0, &d)
        return .consumed(bytes.byteCount)
    }

    private static func message(
        _ bytes: RawSpan, client: Dissection.About?, depth: Int, _ d: inout Dissection
    ) {
        let type = bytes.u8(0)
        if type == Kind.relayForward || type == Kind.relayReply {
            guard bytes.has(34), depth < deepestRelay else { return }
            let peer = bytes.ipv6(18)
            if depth == 0, type == Kind.relayForward { d.role(.router, field: "relay_agent", confidence: .medium) }
            options(bytes.from(34), &d) { code, value, d in
                if code == Option.relayMessage { message(value, client: .address(peer), depth: depth &+ 1, &d) }
            }
            return
        }
        let isFromServer = type == Kind.advertise || type == Kind.reply || type == Kind.reconfigure
        if isFromServer, depth == 0 { d.role(.dhcpServer, field: "reply") }
        let about: Dissection.About = client ?? (isFromServer ? .destination : .source)
        let context = Context(type: type, client: about, isFromServer: isFromServer)
        options(bytes.from(4), &d) { code, value, d in read(code, value, context, &d) }
    }

    private static func options(
        _ area: RawSpan, _ d: inout Dissection, _ body: (UInt16, RawSpan, inout Dissection) -> Void
    ) {
        var offset = 0
        var left = mostOptions
        while left > 0, offset < area.byteCount {
            left &-= 1
            let length = Int(area.be16(offset &+ 2))
            guard area.has(4 &+ length, at: offset) else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(
                            field: "DHCPv6 option", offset: offset, needed: 4 &+ length,
                            available: area.byteCount &- offset))
                }
                return
            }
            body(area.be16(offset), area.slice(offset &+ 4, length), &d)
            offset &+= 4 &+ length
        }
    }

    private static func read(_ code: UInt16, _ value: RawSpan, _ context: Context, _ d: inout Dissection) {
        switch code {
        case Option.clientID: d.observe("duid", WireText(hexadecimal: value), field: "client_id", about: context.client)
        case Option.nonTemporary where value.has(12): association(value.from(12), context, &d)
        case Option.temporary where value.has(4): association(value.from(4), context, &d)
        case Option.delegation where value.has(12): association(value.from(12), context, &d)
        case Option.request where !context.isFromServer:
            if d.isNew(value, field: "option_request_bytes", about: context.client) {
                d.observe(.dhcpFingerprint, codes(value), field: "option_request", about: context.client)
            }
        case Option.vendorClass where value.has(7) && !context.isFromServer:
            d.observe(
                "enterprise", number: UInt64(value.be32(0)), field: "vendor_class_enterprise", about: context.client)
            d.observe(
                .vendorClass, identifier: value.slice(6, Int(value.be16(4))), field: "vendor_class",
                about: context.client)
        case Option.fqdn where value.has(2):
            if d.isNew(value, field: "fqdn_bytes", about: context.client),
                let name = DomainNames.read(value.from(1), limit: 1).first
            {
                d.observe(.name, name, field: "client_fqdn", about: context.client)
            }
        case Option.mudURL: d.observe(.url, text: value, field: "mud_url", about: context.client)
        case Option.dnsServers where context.isFromServer:
            var offset = 0
            while offset < 256, value.has(16, at: offset) {
                d.observe(.dnsServer, address: value.ipv6(offset), field: "dns_server", about: .network)
                offset &+= 16
            }
        case Option.domainList where context.isFromServer:
            if d.isNew(value, field: "domain_list_bytes", about: .network) {
                for name in DomainNames.read(value, limit: 16) {
                    d.observe(.domain, name, field: "domain_list", about: .network)
                }
            }
        default: break
        }
    }

    /// The addresses or prefixes inside an identity association.
    private static func association(_ area: RawSpan, _ context: Context, _ d: inout Dissection) {
        options(area, &d) { code, value, d in
            switch code {
            case Option.address where value.has(24):
                let address = value.ipv6(0)
                // A valid lifetime of 0 takes the address away.
                guard address.isUnicast, value.be32(20) > 0 else { return }
                if context.type == Kind.reply {
                    d.observe(.ip, address: address, field: "assigned_address", about: context.client)
                } else {
                    d.observe(
                        "requested_address", address: address, field: "requested_address", about: context.client,
                        confidence: .low)
                }
            // Lifetimes 8, prefix length 1, prefix 16.
            case Option.delegated where value.has(25) && context.type == Kind.reply:
                if let prefix = IPPrefix(address: value.ipv6(9), length: Int(value.u8(8))) {
                    d.observe("delegated_prefix", prefix.description, field: "delegated_prefix", about: context.client)
                }
            default: break
            }
        }
    }

    private static func codes(_ value: RawSpan) -> String {
        var text = ""
        var offset = 0
        while value.has(2, at: offset) {
            if offset > 0 { text += "," }
            text += String(value.be16(offset))
            offset &+= 2
        }
        return text
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Solicit"
        case 2: "Advertise"
        case 3: "Request"
        case 4: "Confirm"
        case 5: "Renew"
        case 6: "Rebind"
        case 7: "Reply"
        case 8: "Release"
        case 9: "Decline"
        case 10: "Reconfigure"
        case 11: "Information-request"
        case 12: "Relay-forward"
        case 13: "Relay-reply"
        default: "Message type \(code)"
        }
    }
}
