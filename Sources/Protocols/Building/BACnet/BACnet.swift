import Model
import Wire

/// BACnet/IP: a virtual link header, a network header, and mostly an application message behind it.
///
///     BVLC   0  81, function 1, length 2 (the whole datagram); a forwarded message has its origin, 6, next
///     NPDU   0  version 1 (01), control 1; then as control says: destination network 2, address length 1, address;
///               source network 2, length 1, address; hop count 1 when there is a destination
///     APDU   0  type in the high four bits …
package enum BACnet: Dissector {
    package static let description = ProtocolDescription(
        name: "bacnet", title: "BACnet/IP", family: .building, level: .operations,
        reference: "ANSI/ASHRAE 135-2020, clauses 6, 20, 21 and annexes J, U", bindings: [.udp([47808])],
        displayFilter: "bvlc")

    static let port: UInt16 = 47808
    private enum BVLC {
        static let ip: UInt8 = 0x81, ipv6: UInt8 = 0x82
        static let function = 1, length = 2
        static let forwarded: UInt8 = 4
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, bytes.byteCount >= 4, bytes.u8(0) == BVLC.ip || bytes.u8(0) == BVLC.ipv6,
            bytes.u8(BVLC.function) <= 12
        else { return .no }
        // Some datagrams are longer than they say; they are believed where BACnet is at home.
        let length = Int(bytes.be16(BVLC.length))
        guard length == bytes.byteCount || hint.uses(port) && length >= 4 && length < bytes.byteCount else {
            return .no
        }
        guard let start = networkOffset(bytes) else { return hint.uses(port) ? .certain : .possible }
        // Version 1; control's reserved bits are 0.
        guard bytes.has(2, at: start), bytes.u8(start) == 1, bytes.u8(start + 1) & 0x50 == 0 else { return .no }
        return .certain
    }

    /// Where the network header starts; nil for functions that carry none.
    private static func networkOffset(_ bytes: RawSpan) -> Int? {
        if bytes.u8(0) == BVLC.ipv6 {
            switch bytes.u8(BVLC.function) {
            case 1: return 10
            case 2: return 7
            case 8: return 25
            default: return nil
            }
        }
        switch bytes.u8(BVLC.function) {
        case BVLC.forwarded: return 10
        case 9, 10, 11: return 4
        default: return nil
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // Some senders state a length beyond the datagram, whose own end holds.
        guard bytes.byteCount >= 4, bytes.u8(0) == BVLC.ip || bytes.u8(0) == BVLC.ipv6,
            bytes.be16(BVLC.length) >= 4 || d.isCut
        else { return .malformed }
        guard let start = networkOffset(bytes) else {
            link(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        do throws(DecodeError) {
            try network(bytes.from(start), isForwarded: bytes.u8(BVLC.function) == BVLC.forwarded, &d)
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        if bytes.u8(0) == BVLC.ip, bytes.u8(BVLC.function) == BVLC.forwarded {
            d.observe("bacnet_function", "BBMD", field: "forwarded_npdu")
        }
        return .consumed(bytes.byteCount)
    }

    /// Messages between link layers: broadcast management.
    private static func link(_ bytes: RawSpan, _ d: inout Dissection) {
        let function = bytes.u8(BVLC.function)
        d.message(Code.link | UInt32(function), function == 1 || function == 8 ? .write : .none)
        switch function {
        case 3, 7: d.observe("bacnet_function", "BBMD", field: "broadcast_table")
        case 5:
            d.observe(
                "bacnet_function", "BBMD", field: "foreign_registration", about: .destination, confidence: .medium)
        default: break
        }
    }

    private static func network(_ bytes: RawSpan, isForwarded: Bool, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(bytes)
        guard try reader.u8("version") == 1 else {
            throw DecodeError(field: "version", offset: 0, needed: 1, available: bytes.byteCount)
        }
        let control = try reader.u8("control")
        if control & 0x20 != 0 {
            try reader.skip(2, "destination network")
            try reader.skip(Int(try reader.u8("destination address length")), "destination address")
        }
        var origin = BACnetOrigin(isForwarded: isForwarded)
        if control & 0x08 != 0 {
            origin.network = try reader.be16("source network")
            origin.station = try reader.take(Int(try reader.u8("source address length")), "source address").bytes(
                limit: 8)
        }
        if control & 0x20 != 0 { try reader.skip(1, "hop count") }
        if control & 0x80 != 0 {
            let type = try reader.u8("network message type")
            d.message(Code.network | UInt32(type))
            // I-Am-Router-To-Network
            if type == 1 { d.role(.gateway, field: "i_am_router", confidence: .medium) }
            return
        }
        // A device may also bear a network of its own making: a router says so itself.
        if origin.network != nil { d.role(.gateway, field: "source_network", confidence: .low) }
        try BACnetApplication.read(reader.rest(), origin, &d)
    }

    enum Code {
        static let confirmed: UInt32 = 0, unconfirmed: UInt32 = 0x100, link: UInt32 = 0x200, network: UInt32 = 0x300
        static let answer: UInt32 = 0x400, other: UInt32 = 0x500
    }

    package static func messageName(_ code: UInt32) -> String {
        let low = UInt8(truncatingIfNeeded: code)
        switch code & 0xff00 {
        case Code.confirmed: return BACnetService.name(confirmed: low)
        case Code.unconfirmed: return BACnetService.name(unconfirmed: low)
        case Code.link: return BACnetService.name(bvlc: low)
        case Code.answer: return BACnetService.name(confirmed: low) + " answer"
        case Code.network:
            switch low {
            case 0: return "Who-Is-Router-To-Network"
            case 1: return "I-Am-Router-To-Network"
            case 0x12: return "What-Is-Network-Number"
            case 0x13: return "Network-Number-Is"
            default: return "network message \(low)"
            }
        default:
            switch low {
            case 4: return "SegmentACK"
            case 5: return "Error"
            case 6: return "Reject"
            default: return "Abort"
            }
        }
    }
}

/// Who stands behind a message: its sender, or a device that the sender routes or forwards for.
struct BACnetOrigin {
    /// The frame came through a broadcast manager and shows its address, not the origin's.
    var isForwarded: Bool
    /// BACnet network and station behind the sender; nil when it speaks for itself.
    var network: UInt16?
    var station: [UInt8] = []

    var isSender: Bool { network == nil && !isForwarded }

    /// `13:61`, or `13:0a1b2c` for longer addresses.
    var description: String {
        guard let network else { return "" }
        if station.count == 1 { return "\(network):\(station[0])" }
        return "\(network):" + station.hexadecimalText
    }
}
