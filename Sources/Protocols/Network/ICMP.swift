import Model
import Wire

/// Internet Control Message Protocol for IPv4: errors that routers and filters send, redirects, and the few queries that
/// tell something about the answering host.
///
///     0  type      1
///     1  code      1
///     2  checksum  2
///     4  rest      4   next-hop MTU, gateway address, or identifier and sequence number
///     8  data          for errors the IPv4 header that caused it and at least 8 bytes after it
package enum ICMP: Dissector {
    package static let description = ProtocolDescription(
        name: "icmp", title: "ICMP", family: .network, level: .identity,
        reference: "RFC 792; RFC 950 (address mask), RFC 1191 (MTU), RFC 1256 (router discovery), RFC 1812, 5.2.7",
        bindings: [.ipProtocol(1)], displayFilter: "icmp", includes: ["tunnels through ICMP, suspected"])

    private enum Offset {
        static let type = 0, code = 1, rest = 4, data = 8
        /// Within the quoted IPv4 header.
        static let quotedSource = 12, quotedDestination = 16
    }

    private enum Kind {
        static let echoReply: UInt8 = 0, unreachable: UInt8 = 3, redirect: UInt8 = 5, echo: UInt8 = 8
        static let routerAdvertisement: UInt8 = 9, routerSolicitation: UInt8 = 10, timeExceeded: UInt8 = 11
        static let parameterProblem: UInt8 = 12, maskReply: UInt8 = 18
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "ICMP header", offset: 0, needed: Offset.data, available: bytes.byteCount))
            }
            return .malformed
        }
        let type = bytes.u8(Offset.type)
        let code = bytes.u8(Offset.code)
        d.message(UInt32(type) << 8 | UInt32(code))
        switch type {
        case Kind.unreachable: unreachable(code, bytes.from(Offset.data), &d)
        case Kind.redirect: redirect(bytes, &d)
        case Kind.timeExceeded where code == 0:
            // Only who forwards counts the time to live down.
            if !isAboutSender(bytes.from(Offset.data), d) { d.role(.router, field: "time_exceeded") }
        case Kind.routerAdvertisement: routerAdvertisement(bytes, &d)
        case Kind.maskReply:
            if bytes.has(4, at: Offset.data), let length = prefixLength(mask: bytes.be32(Offset.data)) {
                d.observe(.subnet, number: UInt64(length), field: "address_mask")
            }
        case Kind.echoReply, Kind.echo:
            echo(bytes, isReply: type == Kind.echoReply, &d)
        default: break
        }
        if type == Kind.echo, bytes.from(Offset.data).starts(with: "abcdefghijklmnopqrstuvwabcdefghi") {
            // The fill pattern of ping.exe; other programs could copy it.
            d.observe(.os, "Windows", field: "echo_payload", confidence: .low)
        }
        return .consumed(bytes.byteCount)
    }

    /// Counted beside a reply whose data is not that of the request with its identifier and sequence number, which it has
    /// to return unchanged (RFC 792): something else is carried there.
    package static let otherData: UInt32 = 0x1_0000

    private static func echo(_ bytes: RawSpan, isReply: Bool, _ d: inout Dissection) {
        guard !d.isCut else { return }
        let state = d.state { EchoState() }
        let id = bytes.be32(Offset.rest)
        let data = bytes.from(Offset.data)
        var hash = UInt64(truncatingIfNeeded: data.byteCount)
        var offset = 0
        while offset < data.byteCount {
            hash = (hash ^ UInt64(data.u8(offset))) &* 0x0000_0100_0000_01b3
            offset &+= 1
        }
        if !isReply {
            state.request = (id, hash)
        } else if let request = state.request, request.id == id, request.hash != hash {
            d.message(otherData)
        }
    }

    private static func unreachable(_ code: UInt8, _ quoted: RawSpan, _ d: inout Dissection) {
        guard quoted.u8(0) >> 4 == 4, quoted.has(20) else { return }
        let own = isAboutSender(quoted, d)
        switch code {
        case 0, 1, 4, 6, 7, 11, 12:
            // Network or host not reachable, or too big to pass on: said by who would have forwarded.
            if !own { d.role(.router, field: "unreachable", confidence: .medium) }
        case 9, 10, 13:
            d.observe("filtering", number: UInt64(code), field: own ? "host_prohibited" : "path_prohibited")
            if !own { d.role(.firewall, field: "prohibited", confidence: .medium) }
            let ends = quoted.slice(Offset.quotedSource, 8)
            if d.isNew(ends, field: "prohibited_ends") {
                d.observe(
                    "filtered", "\(ends.ipv4(0)) -> \(ends.ipv4(4))\(transport(quoted))", field: "prohibited_packet")
            }
        default: break
        }
    }

    /// True when the quoted packet was addressed to the very host that complains: then it speaks for itself only.
    private static func isAboutSender(_ quoted: RawSpan, _ d: borrowing Dissection) -> Bool {
        quoted.ipv4(Offset.quotedDestination) == d.source.ip
    }

    /// Protocol and destination port of the quoted packet, as ` tcp/445`.
    private static func transport(_ quoted: RawSpan) -> String {
        let headerLength = Int(quoted.u8(0) & 15) * 4
        let number = quoted.u8(9)
        guard quoted.be16(6) & 0x1fff == 0, quoted.has(4, at: headerLength) else { return " protocol \(number)" }
        return switch number {
        case 6: " tcp/\(quoted.be16(headerLength &+ 2))"
        case 17: " udp/\(quoted.be16(headerLength &+ 2))"
        case 1: " icmp"
        default: " protocol \(number)"
        }
    }

    private static func redirect(_ bytes: RawSpan, _ d: inout Dissection) {
        let gateway = bytes.ipv4(Offset.rest)
        let quoted = bytes.from(Offset.data)
        guard quoted.u8(0) >> 4 == 4, quoted.has(20), gateway.isUnicast else { return }
        d.role(.router, field: "redirect")
        if gateway != quoted.ipv4(Offset.quotedDestination) {
            d.role(.router, field: "redirect_gateway", about: .address(gateway), confidence: .medium)
            d.observe(.gateway, address: gateway, field: "redirect_gateway_address", about: .destination)
        }
    }

    /// RFC 1256: count, entry size in 32-bit words, lifetime, then address and preference pairs.
    private static func routerAdvertisement(_ bytes: RawSpan, _ d: inout Dissection) {
        let words = Int(bytes.u8(5))
        guard words >= 2, bytes.be16(6) > 0 else { return }
        d.role(.router, field: "router_advertisement")
        var offset = Offset.data
        var left = Int(bytes.u8(4))
        while left > 0, bytes.has(words &* 4, at: offset) {
            let router = bytes.ipv4(offset)
            if router.isUnicast { d.observe(.gateway, address: router, field: "router_address", about: .network) }
            offset &+= words &* 4
            left &-= 1
        }
    }

    /// The prefix length of a contiguous mask, or nil.
    package static func prefixLength(mask: UInt32) -> Int? {
        let length = mask.nonzeroBitCount
        return mask == 0 || mask.leadingZeroBitCount != 0 || (~mask).leadingZeroBitCount != length ? nil : length
    }

    package static func messageName(_ code: UInt32) -> String {
        let detail = code & 0xff
        if code == otherData { return "Echo Reply with other data than the request" }
        return switch UInt8(truncatingIfNeeded: code >> 8) {
        case Kind.echoReply: "Echo Reply"
        case Kind.unreachable: "Destination Unreachable: \(unreachableName(detail))"
        case 4: "Source Quench"
        case Kind.redirect: "Redirect"
        case Kind.echo: "Echo"
        case Kind.routerAdvertisement: "Router Advertisement"
        case Kind.routerSolicitation: "Router Solicitation"
        case Kind.timeExceeded: detail == 0 ? "Time to Live Exceeded" : "Fragment Reassembly Time Exceeded"
        case Kind.parameterProblem: "Parameter Problem"
        case 13: "Timestamp"
        case 14: "Timestamp Reply"
        case 15: "Information Request"
        case 16: "Information Reply"
        case 17: "Address Mask Request"
        case Kind.maskReply: "Address Mask Reply"
        case 42: "Extended Echo Request"
        case 43: "Extended Echo Reply"
        default: "Type \(code >> 8), code \(detail)"
        }
    }

    private static func unreachableName(_ code: UInt32) -> String {
        switch code {
        case 0: "network"
        case 1: "host"
        case 2: "protocol"
        case 3: "port"
        case 4: "fragmentation needed"
        case 5: "source route failed"
        case 6: "network unknown"
        case 7: "host unknown"
        case 9: "network administratively prohibited"
        case 10: "host administratively prohibited"
        case 11: "network for type of service"
        case 12: "host for type of service"
        case 13: "communication administratively prohibited"
        default: "code \(code)"
        }
    }
}

/// The last request of a conversation: identifier and sequence number, and a hash of its data.
private final class EchoState {
    var request: (id: UInt32, hash: UInt64)?
}
