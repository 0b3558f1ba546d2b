import Model

extension FrameLayers {
    /// radiotap: version 1, pad 1, length 2 LE, presence words; the channel field gives the frequency (radiotap.org).
    mutating func radiotap(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 8 else { return short(.malformedLink) }
        let length = Int(frame.le16(2))
        guard length >= 8, length <= frame.byteCount else { return short(.malformedLink) }
        let (frequency, flags) = FrameLayers.radiotapFields(frame.first(length))
        radioFrequency = frequency
        // Flags bit 4: the frame check sequence is included.
        let trailer = flags & 0x10 != 0 ? 4 : 0
        let body = frame.from(length)
        let kept =
            wire &- frame.byteCount >= trailer
            ? body.byteCount : body.byteCount &- (trailer &- (wire &- frame.byteCount))
        wireless(body.first(max(0, kept)), base: length, wire: wire &- length &- trailer)
    }

    /// Frequency in MHz and the flags byte; 0 where absent.
    private static func radiotapFields(_ header: RawSpan) -> (frequency: UInt16, flags: UInt8) {
        let present = header.le32(4)
        var offset = 8
        var word = present
        var words = 1
        while word & 0x8000_0000 != 0, words < 32 {
            word = header.le32(offset)
            offset &+= 4
            words &+= 1
        }
        var flags: UInt8 = 0
        var frequency: UInt16 = 0
        // Fields 0…3 with their alignments: TSFT 8/8, flags 1, rate 1, channel 4/2.
        if present & 1 != 0 { offset = (offset &+ 7) & ~7 &+ 8 }
        if present & 2 != 0 {
            flags = header.u8(offset)
            offset &+= 1
        }
        if present & 4 != 0 { offset &+= 1 }
        if present & 8 != 0 {
            offset = (offset &+ 1) & ~1
            frequency = header.le16(offset)
        }
        return (frequency, flags)
    }

    /// PPI: version 1, flags 1, length 2 LE, link type 4 LE; field 2 (802.11-Common) holds flags and frequency.
    mutating func ppi(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 8 else { return short(.malformedLink) }
        let length = Int(frame.le16(2))
        guard length >= 8, length <= frame.byteCount else { return short(.malformedLink) }
        var offset = 8
        var trailer = 0
        while offset &+ 4 <= length {
            let type = frame.le16(offset)
            let size = Int(frame.le16(offset &+ 2))
            if type == 2, size >= 20 {
                if frame.le16(offset &+ 12) & 1 != 0 { trailer = 4 }
                radioFrequency = frame.le16(offset &+ 16)
            }
            offset &+= 4 &+ size
        }
        let inner = frame.from(length)
        switch frame.le32(4) {
        case 105:
            wireless(inner.first(max(0, inner.byteCount &- trailer)), base: length, wire: wire &- length &- trailer)
        case 1: ethernet(inner, base: length, wire: wire &- length)
        default: problem = .unsupportedLinkType
        }
    }

    /// Prism monitor header (144 bytes) or, under the same link type, an AVS header.
    mutating func prism(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 8 else { return short(.malformedLink) }
        if frame.be32(0) & 0xffff_f000 == 0x8021_1000 { return avs(frame, wire: wire) }
        let little = Int(frame.le32(4))
        let length = little <= 0xffff ? little : Int(frame.be32(4))
        guard length >= 24, length <= frame.byteCount else { return short(.malformedLink) }
        wireless(frame.from(length), base: length, wire: wire &- length)
    }

    /// AVS header: magic 4, length 4, big-endian.
    mutating func avs(_ frame: RawSpan, wire: Int) {
        let length = Int(frame.be32(4))
        guard length >= 8, length <= frame.byteCount else { return short(.malformedLink) }
        wireless(frame.from(length), base: length, wire: wire &- length)
    }

    /// IEEE 802.11 MAC header: frame control 2 LE, duration 2, addresses by direction bits (9.2.4, 9.3.2.1).
    mutating func wireless(_ frame: RawSpan, base: Int, wire: Int) {
        guard frame.byteCount >= 10 else { return short(.malformedLink) }
        let control = frame.le16(0)
        let type = control >> 2 & 3
        let subtype = control >> 4 & 15
        switch type {
        case 0:
            guard frame.byteCount >= 24 else { return short(.malformedLink) }
            destinationMAC = frame.mac(4)
            sourceMAC = frame.mac(10)
            hasMAC = true
            kind = .wirelessManagement
            code = subtype
            payload(frame, base: base, wire: wire)
        case 2: wirelessData(frame, control: control, subtype: subtype, base: base, wire: wire)
        default: problem = .opaqueRadio
        }
    }

    private mutating func wirelessData(_ frame: RawSpan, control: UInt16, subtype: UInt16, base: Int, wire: Int) {
        let toDS = control & 0x0100 != 0
        let fromDS = control & 0x0200 != 0
        var header = toDS && fromDS ? 30 : 24
        let isQoS = subtype & 8 != 0
        if isQoS { header &+= 2 }
        // +HTC, present in QoS frames with the order bit.
        if isQoS, control & 0x8000 != 0 { header &+= 4 }
        guard frame.byteCount >= header else { return short(.malformedLink) }
        switch (toDS, fromDS) {
        case (false, false): (destinationMAC, sourceMAC) = (frame.mac(4), frame.mac(10))
        case (false, true): (destinationMAC, sourceMAC) = (frame.mac(4), frame.mac(16))
        case (true, false): (destinationMAC, sourceMAC) = (frame.mac(16), frame.mac(10))
        case (true, true): (destinationMAC, sourceMAC) = (frame.mac(16), frame.mac(24))
        }
        hasMAC = true
        let isEncrypted = control & 0x4000 != 0
        let hasNoData = subtype & 4 != 0
        let isAggregate = isQoS && frame.u8(header &- 2) & 0x80 != 0 && control & 0x8000 == 0
        guard !isEncrypted, !hasNoData, !isAggregate else {
            problem = .opaqueRadio
            return
        }
        // Some cards pad the header to four bytes; LLC's aa aa then starts two bytes later.
        if header & 3 != 0, frame.be16(header) != 0xaaaa, frame.be16(header &+ 2) == 0xaaaa { header &+= 2 }
        llc(frame.from(header), base: base &+ header, wire: wire &- header)
    }
}
