import Model
import Wire

/// ICMPv6 with Neighbor Discovery and Multicast Listener Discovery.
///
///     0  type      1   below 128 errors
///     1  code      1
///     2  checksum  2
///     4  body
///
/// Neighbor Discovery bodies end in options: type 1, length 1 (in units of 8 bytes, header included), value.
package enum ICMPv6: Dissector {
    package static let description = ProtocolDescription(
        name: "icmpv6", title: "ICMPv6 / Neighbor Discovery", family: .network, level: .identity,
        reference: "RFC 4443; RFC 4861 (Neighbor Discovery), RFC 8106 (DNS options), RFC 3810 (MLDv2)",
        bindings: [.ipProtocol(58)], displayFilter: "icmpv6")

    private enum Kind {
        static let unreachable: UInt8 = 1, tooBig: UInt8 = 2, timeExceeded: UInt8 = 3
        static let listenerQuery: UInt8 = 130, listenerReport: UInt8 = 131, listenerReport2: UInt8 = 143
        static let routerSolicitation: UInt8 = 133, routerAdvertisement: UInt8 = 134
        static let neighborSolicitation: UInt8 = 135, neighborAdvertisement: UInt8 = 136, redirect: UInt8 = 137
    }

    private enum Option {
        static let sourceLinkLayer: UInt8 = 1, targetLinkLayer: UInt8 = 2, prefix: UInt8 = 3
        static let recursiveDNS: UInt8 = 25, searchList: UInt8 = 31
    }

    /// Options read of one message, and names of one search list.
    private static let mostOptions = 64

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else {
            if !d.isCut {
                d.malformed(DecodeError(field: "ICMPv6 header", offset: 0, needed: 8, available: bytes.byteCount))
            }
            return .malformed
        }
        let type = bytes.u8(0)
        d.message(UInt32(type) << 8 | UInt32(bytes.u8(1)))
        switch type {
        case Kind.unreachable, Kind.tooBig, Kind.timeExceeded: failure(type, bytes.u8(1), bytes.from(8), &d)
        case Kind.routerSolicitation...Kind.redirect:
            // RFC 4861: a hop limit below 255 means that the message came from off the link and is void.
            guard d.ttl == 255, bytes.u8(1) == 0 else { break }
            neighborDiscovery(type, bytes, &d)
        case Kind.listenerQuery: d.observe("multicast_querier", "MLD", field: "listener_query", confidence: .medium)
        case Kind.listenerReport: group(bytes, at: 8, &d)
        case Kind.listenerReport2:
            var offset = 8
            var left = min(Int(bytes.be16(6)), 256)
            while left > 0, bytes.has(20, at: offset) {
                group(bytes, at: offset &+ 4, &d)
                offset &+= 20 &+ Int(bytes.be16(offset &+ 2)) &* 16 &+ Int(bytes.u8(offset &+ 1)) &* 4
                left &-= 1
            }
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    private static func group(_ bytes: RawSpan, at offset: Int, _ d: inout Dissection) {
        guard bytes.has(16, at: offset) else { return }
        let group = bytes.ipv6(offset)
        // Solicited-node groups repeat the host's own address and say nothing more.
        guard group.isMulticast, !(group.high >> 48 == 0xff02 && group.low >> 24 == 0x1_ff) else { return }
        d.observe("multicast_group", address: group, field: "listener_report")
    }

    private static func failure(_ type: UInt8, _ code: UInt8, _ quoted: RawSpan, _ d: inout Dissection) {
        guard quoted.u8(0) >> 4 == 6, quoted.has(40) else { return }
        let own = quoted.ipv6(24) == d.source.ip
        switch (type, code) {
        case (Kind.unreachable, 1), (Kind.unreachable, 5), (Kind.unreachable, 6):
            d.observe("filtering", number: UInt64(code), field: own ? "host_prohibited" : "path_prohibited")
            if !own { d.role(.firewall, field: "prohibited", confidence: .medium) }
            if d.isNew(quoted.slice(8, 32), field: "prohibited_ends") {
                d.observe("filtered", "\(quoted.ipv6(8)) -> \(quoted.ipv6(24))", field: "prohibited_packet")
            }
        case (Kind.timeExceeded, 0), (Kind.tooBig, _):
            if !own { d.role(.router, field: "forwarding_error") }
        case (Kind.unreachable, 0), (Kind.unreachable, 3):
            if !own { d.role(.router, field: "unreachable", confidence: .medium) }
        default: break
        }
    }

    private static func neighborDiscovery(_ type: UInt8, _ bytes: RawSpan, _ d: inout Dissection) {
        switch type {
        case Kind.routerSolicitation: options(bytes, from: 8, owner: d.source.ip, type, &d)
        case Kind.routerAdvertisement:
            guard bytes.has(16) else { return }
            if bytes.be16(6) > 0 {
                d.role(.router, field: "router_advertisement")
                if let router = d.source.ip {
                    d.observe(.gateway, address: router, field: "router_address", about: .network)
                }
            }
            options(bytes, from: 16, owner: d.source.ip, type, &d)
        case Kind.neighborSolicitation:
            guard bytes.has(24) else { return }
            if d.source.ip?.isUnspecified ?? true {
                // Duplicate address detection: the sender wants the target and does not own it yet.
                let target = bytes.ipv6(8)
                if target.isUnicast {
                    d.observe("probed_address", address: target, field: "duplicate_detection", confidence: .medium)
                }
            } else {
                options(bytes, from: 24, owner: d.source.ip, type, &d)
            }
        case Kind.neighborAdvertisement:
            guard bytes.has(24) else { return }
            if bytes.u8(4) & 0x80 != 0 { d.role(.router, field: "router_flag") }
            options(bytes, from: 24, owner: bytes.ipv6(8), type, &d)
        case Kind.redirect:
            guard bytes.has(40) else { return }
            d.role(.router, field: "redirect")
            if bytes.ipv6(8) != bytes.ipv6(24) {
                d.role(.router, field: "redirect_gateway", about: .address(bytes.ipv6(8)), confidence: .medium)
            }
            options(bytes, from: 40, owner: bytes.ipv6(8), type, &d)
        default: break
        }
    }

    private static func options(
        _ bytes: RawSpan, from start: Int, owner: IPAddress?, _ type: UInt8, _ d: inout Dissection
    ) {
        var offset = start
        var left = mostOptions
        while left > 0, bytes.has(2, at: offset) {
            left &-= 1
            let length = Int(bytes.u8(offset &+ 1)) &* 8
            guard length > 0, bytes.has(length, at: offset) else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(
                            field: "Neighbor Discovery option", offset: offset, needed: max(8, length),
                            available: bytes.byteCount &- offset))
                }
                return
            }
            option(bytes.slice(offset, length), owner, type, &d)
            offset &+= length
        }
    }

    private static func option(_ option: RawSpan, _ owner: IPAddress?, _ type: UInt8, _ d: inout Dissection) {
        switch option.u8(0) {
        case Option.sourceLinkLayer:
            if let owner { bind(option.mac(2), owner, "source_link_layer", &d) }
        case Option.targetLinkLayer where type == Kind.neighborAdvertisement || type == Kind.redirect:
            if let owner { bind(option.mac(2), owner, "target_link_layer", &d) }
        case Option.prefix where option.has(32):
            guard let prefix = IPPrefix(address: option.ipv6(16), length: Int(option.u8(2))), prefix.length > 0 else {
                return
            }
            // Bit 7: on-link, so that the prefix is a subnet of this segment.
            if option.u8(3) & 0x80 != 0, d.isNew(option.slice(2, 30), field: "prefix_bytes") {
                d.observe("prefix", prefix.description, field: "prefix", about: .network)
            }
        case Option.recursiveDNS:
            var offset = 8
            while option.has(16, at: offset) {
                d.observe(.dnsServer, address: option.ipv6(offset), field: "dns_server", about: .network)
                offset &+= 16
            }
        case Option.searchList:
            if d.isNew(option, field: "search_list_bytes") {
                for name in DomainNames.read(option.from(8), limit: 16) {
                    d.observe(.domain, name, field: "search_list", about: .network)
                }
            }
        default: break
        }
    }

    private static func bind(_ mac: MACAddress, _ address: IPAddress, _ field: StaticString, _ d: inout Dissection) {
        guard mac.isUnicast, address.isUnicast, !address.isLoopback else { return }
        d.observe(.ip, address: address, field: field, about: .mac(mac))
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code >> 8) {
        case Kind.unreachable: "Destination Unreachable (code \(code & 0xff))"
        case Kind.tooBig: "Packet Too Big"
        case Kind.timeExceeded: "Time Exceeded"
        case 4: "Parameter Problem"
        case 128: "Echo Request"
        case 129: "Echo Reply"
        case Kind.listenerQuery: "Multicast Listener Query"
        case Kind.listenerReport: "Multicast Listener Report"
        case 132: "Multicast Listener Done"
        case Kind.routerSolicitation: "Router Solicitation"
        case Kind.routerAdvertisement: "Router Advertisement"
        case Kind.neighborSolicitation: "Neighbor Solicitation"
        case Kind.neighborAdvertisement: "Neighbor Advertisement"
        case Kind.redirect: "Redirect"
        case 139: "Node Information Query"
        case 140: "Node Information Response"
        case Kind.listenerReport2: "Multicast Listener Report v2"
        case 155: "RPL Control"
        default: "Type \(code >> 8), code \(code & 0xff)"
        }
    }
}
