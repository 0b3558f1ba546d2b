import Model
import Wire

/// Multiple Registration Protocol (MRP) between bridges and stations: streams that ask for bandwidth (MSRP, the Stream Reservation
/// Protocol of TSN), VLANs (MVRP) and group addresses (MMRP).
///
///     0  version 1
///     1  messages: attribute type 1, attribute length 1, in MSRP list length 2; vectors; end mark 00 00
///        vector: leave all 3 bits, number of values 13 bits; first value; events, three to a byte,
///        for MSRP listeners then four declarations to a byte
package enum MultipleRegistration: Dissector {
    package static let description = ProtocolDescription(
        name: "mrp-registration", title: "MSRP, MVRP, MMRP (TSN registration)", family: .network, level: .messages,
        reference: "IEEE 802.1Q-2018, 10.8, 10.12, 11.2 and 35.2; 802.1Qcc",
        bindings: [.etherType(0x22ea), .etherType(0x88f5), .etherType(0x88f6)],
        displayFilter: "mrp-msrp || mrp-mvrp || mrp-mmrp",
        includes: ["Stream Reservation Protocol", "IEEE 802.1Qcc (MSRP version 1)"])

    private enum EtherType { static let streams: UInt16 = 0x22ea, vlans: UInt16 = 0x88f5 }
    private enum Stream { static let talker: UInt8 = 1, failed: UInt8 = 2, listener: UInt8 = 3 }
    private static let mostMessages = 32

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 3 else { return .malformed }
        let etherType = d.flow.code
        let isStreams = etherType == EtherType.streams
        if isStreams { d.observe(.version, "MSRP \(bytes.u8(0))", field: "protocol_version", confidence: .medium) }
        let kind: UInt32 = isStreams ? 0 : etherType == EtherType.vlans ? 0x100 : 0x200
        var index = 1
        var left = mostMessages
        while left > 0, bytes.has(2, at: index), bytes.be16(index) != 0 {
            left &-= 1
            let type = bytes.u8(index)
            let size = Int(bytes.u8(index &+ 1))
            index &+= isStreams ? 4 : 2
            guard size > 0 else { return short(bytes, index, &d) }
            d.message(kind | UInt32(type))
            guard let end = vectors(bytes, index, size, isListener: isStreams && type == Stream.listener) else {
                return short(bytes, index, &d)
            }
            if isStreams, type == Stream.talker || type == Stream.failed { talker(bytes.from(index &+ 2), size, &d) }
            index = end
        }
        return .consumed(bytes.byteCount)
    }

    /// Where the end mark after the vectors ends; nil when they do not fit. A trunk's frame may be full of them.
    private static func vectors(_ bytes: RawSpan, _ start: Int, _ size: Int, isListener: Bool) -> Int? {
        var index = start
        while bytes.has(2, at: index) {
            let header = bytes.be16(index)
            if header == 0 { return index &+ 2 }
            let values = Int(header & 0x1fff)
            index &+= 2 &+ size &+ (values &+ 2) / 3
            if isListener { index &+= (values &+ 3) / 4 }
        }
        return nil
    }

    /// First value of a talker's declaration: stream id (MAC 6, number 2), destination 6, VLAN 2.
    private static func talker(_ value: RawSpan, _ size: Int, _ d: inout Dissection) {
        guard size >= 16, value.has(16) else { return }
        let stream = value.mac(0)
        d.observe("tsn_stream", "\(stream) \(value.be16(6))", field: "stream_id")
    }

    private static func short(_ bytes: RawSpan, _ index: Int, _ d: inout Dissection) -> Progress {
        if !d.isCut {
            d.malformed(
                DecodeError(
                    field: "registration vector", offset: index, needed: 2, available: max(0, bytes.byteCount &- index))
            )
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "MSRP talker advertise"
        case 2: "MSRP talker failed"
        case 3: "MSRP listener"
        case 4: "MSRP domain"
        case 0x101: "MVRP VLAN"
        case 0x201: "MMRP service requirement"
        case 0x202: "MMRP MAC"
        default: "attribute type \(code & 0xff)"
        }
    }
}
