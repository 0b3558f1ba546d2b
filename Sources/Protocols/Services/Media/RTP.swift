import Model
import Wire

/// Real-time Transport Protocol and its control protocol (RTCP), which carry what SIP and RTSP set up: speech, and the pictures of
/// cameras. RTP itself bears few marks; RTCP beside it says who sends.
///
///     RTP:   0  version 2 bits (2), padding, extension, CSRC count 4 bits; 1 marker, payload type 7 bits; sequence 2, time 4, SSRC 4
///     RTCP:  0  version 2 bits (2), padding, count 5 bits; 1 type; 2 length in words less one; SSRC 4; …   several follow each other
package enum RTP: Dissector {
    package static let description = ProtocolDescription(
        name: "rtp", title: "RTP and RTCP", family: .service, level: .identity, reference: "RFC 3550, 5.1 and 6",
        bindings: [.udp([5_004, 5_005])], displayFilter: "rtp || rtcp")

    private enum Control {
        static let senderReport: UInt8 = 200, receiverReport: UInt8 = 201, description: UInt8 = 202
        static let last: UInt8 = 207
    }
    private enum Item { static let canonicalName: UInt8 = 1, tool: UInt8 = 6 }
    private static let header = 12
    private static let mostReports = 16, mostItems = 32

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) >> 6 == 2, !hint.isTCP else { return .no }
        if isControl(bytes) { return .certain }
        guard bytes.byteCount > header, hint.sourcePort >= 1_024, hint.destinationPort >= 1_024,
            hint.sourcePort & 1 == 0 || hint.destinationPort & 1 == 0, bytes.be32(8) != 0,
            bytes.has(header &+ Int(bytes.u8(0) & 15) &* 4)
        else { return .no }
        // Payload types that RFC 3551 assigns to what is still met, or leaves to the session; no extension or CSRC on either.
        switch bytes.u8(1) & 0x7f {
        case 0, 3, 8, 9, 18, 26, 33, 34: return bytes.u8(0) == 0x80 ? .possible : .no
        case 96...127: return bytes.u8(0) & 0x2f == 0 ? .possible : .no
        default: return .no
        }
    }

    package static func place(_ bytes: RawSpan) -> StreamPlace? {
        StreamPlace(stream: bytes.be32(8), number: bytes.be16(2))
    }

    /// A compound that begins with a report and fills the datagram (RFC 3550, A.2).
    private static func isControl(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 8, bytes.u8(1) == Control.senderReport || bytes.u8(1) == Control.receiverReport,
            bytes.u8(0) & 0x20 == 0
        else { return false }
        var index = 0
        var left = mostReports
        while left > 0, index < bytes.byteCount {
            left &-= 1
            guard bytes.has(4, at: index), bytes.u8(index) >> 6 == 2, bytes.u8(index &+ 1) >= Control.senderReport,
                bytes.u8(index &+ 1) <= Control.last
            else { return false }
            index &+= (Int(bytes.be16(index &+ 2)) &+ 1) &* 4
        }
        return index == bytes.byteCount
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) >> 6 == 2 else { return .malformed }
        guard isControl(bytes) else {
            // RTCP that is cut, padded or encrypted (SRTCP): counted by its first type, its parts not read. No payload type lies
            // there (RFC 5761, 4).
            let type = bytes.u8(1)
            let isReport = type >= Control.senderReport && type <= Control.last
            d.message(UInt32(isReport ? type : type & 0x7f))
            return .consumed(bytes.byteCount)
        }
        var index = 0
        while index < bytes.byteCount {
            let size = (Int(bytes.be16(index &+ 2)) &+ 1) &* 4
            let type = bytes.u8(index &+ 1)
            d.message(UInt32(type))
            if type == Control.description {
                sources(bytes.slice(index &+ 4, size &- 4), count: bytes.u8(index) & 31, &d)
            }
            index &+= size
        }
        return .consumed(bytes.byteCount)
    }

    /// Chunks of a source description: SSRC 4, then items (type 1, length 1, text) up to a zero byte, padded to four bytes.
    private static func sources(_ bytes: RawSpan, count: UInt8, _ d: inout Dissection) {
        var index = 0
        var chunks = count
        var left = mostItems
        while chunks > 0, left > 0, bytes.has(4, at: index) {
            chunks &-= 1
            index &+= 4
            while left > 0, bytes.u8(index) != 0, bytes.has(2, at: index) {
                left &-= 1
                let text = bytes.slice(index &+ 2, Int(bytes.u8(index &+ 1)))
                if text.isPrintable {
                    switch bytes.u8(index) {
                    case Item.canonicalName:
                        d.observe("rtcp_name", text: text, field: "canonical_name", about: .source, confidence: .low)
                    case Item.tool: d.observe(.software, text: text, field: "tool", confidence: .medium)
                    default: break
                    }
                }
                index &+= 2 &+ Int(bytes.u8(index &+ 1))
            }
            index = (index &+ 4) & ~3
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "PCMU"
        case 3: "GSM"
        case 8: "PCMA"
        case 9: "G.722"
        case 18: "G.729"
        case 26: "JPEG"
        case 33: "MPEG-2 transport"
        case 34: "H.263"
        case 200: "RTCP sender report"
        case 201: "RTCP receiver report"
        case 202: "RTCP source description"
        case 203: "RTCP goodbye"
        case 204: "RTCP application"
        case 205, 206: "RTCP feedback"
        case 207: "RTCP extended report"
        default: "payload type \(code)"
        }
    }
}
