import Wire

/// Industrial protocols: what says which operation on which object is kept. Values are kept only of reads and writes of
/// process data; logins, passwords, and programs (which hold passwords) are not.
enum RedactedIndustrial {
    /// Modbus/TCP (Modbus Messaging on TCP/IP, 3.1.3): transaction 2, protocol 0 2, length 2, unit 1, function 1, data.
    static func modbus(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        var offset = 0
        var messages = 0
        while payload.has(8, at: offset) {
            let length = Int(payload.be16(offset &+ 4))
            guard payload.be16(offset &+ 2) == 0, length >= 2, length <= 254,
                offset &+ 6 &+ length <= layers.payloadWireLength
            else { return messages > 0 }
            // A request or answer of a known function has one of few lengths; what has not is somebody else's.
            let function = payload.u8(offset &+ 7)
            guard function != 0 else { return messages > 0 }
            messages += 1
            ranges.keep(offset, isProcessData(payload.slice(offset &+ 7, length &- 1), length &- 1) ? length &+ 6 : 8)
            offset &+= 6 &+ length
        }
        return messages > 0
    }

    /// A read or write of coils, registers or identity whose inner lengths agree; `count` is its length on the wire.
    private static func isProcessData(_ message: RawSpan, _ count: Int) -> Bool {
        switch message.u8(0) {
        case 1...4: count == 5 || count == Int(message.u8(1)) &+ 2
        case 5, 6: count == 5
        case 15, 16: count == 5 || count == Int(message.u8(5)) &+ 6
        case 23: count == Int(message.u8(9)) &+ 10 || count == Int(message.u8(1)) &+ 2
        case 43: message.u8(1) == 14
        case 0x80...0xff: count == 2
        default: false
        }
    }

    /// TPKT (RFC 1006): version 3, 0, length 2; COTP: length 1, type 1. S7comm behind a data unit is looked into; nothing else
    /// is: MMS and the ACSE under it carry passwords, and RDP's connection request an account.
    static func isoOnTCP(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.has(7), payload.be16(0) == 0x0300, Int(payload.be16(2)) <= layers.payloadWireLength,
            Int(payload.be16(2)) >= 7
        else { return false }
        let header = Int(payload.u8(4)) &+ 1
        switch payload.u8(5) {
        case 0xe0, 0xd0:
            // Class, references; then parameters, of which TPDU size and selectors say who is called.
            ranges.keep(0, 11)
            var offset = 11
            while offset &+ 2 <= 4 &+ header, payload.has(2, at: offset) {
                let length = Int(payload.u8(offset &+ 1))
                guard 0xc0...0xc2 ~= payload.u8(offset), length <= 16 else { break }
                ranges.keep(offset, 2 &+ length)
                offset &+= 2 &+ length
            }
        case 0xf0:
            ranges.keep(0, 7)
            if payload.u8(7) == 0x32, header == 3 { s7(payload.from(7), Int(payload.be16(2)) &- 7, &ranges) }
        default: ranges.keep(0, 6)
        }
        return true
    }

    /// S7comm: 32, kind 1, redundancy 2, reference 2, parameter length 2, data length 2, error 2 in answers; parameters; data.
    private static func s7(_ message: RawSpan, _ count: Int, _ ranges: inout KeptRanges) {
        let kind = message.u8(1)
        let header = kind == 2 || kind == 3 ? 12 : 10
        let parameters = Int(message.be16(6))
        let data = Int(message.be16(8))
        guard kind == 1 || kind == 2 || kind == 3 || kind == 7, header &+ parameters &+ data == count else { return }
        let function = message.u8(header)
        var kept = header
        if kind == 7 {
            // User data: 00 01 12, length 1, method 1, group 1; group 4 is CPU information, 5 the password.
            kept = header &+ min(parameters, 8)
            if message.u8(header &+ 5) & 15 == 4 { kept = count }
        } else if [0x04, 0x05, 0xf0].contains(function) {
            kept = count
        } else {
            // Block transfer and program control: the function alone.
            kept = header &+ min(parameters, 1)
        }
        let base = ranges.base
        ranges.base = base &+ 7
        ranges.keep(0, kept)
        ranges.base = base
    }

    /// EtherNet/IP encapsulation (CIP vol. 2, 2-3): command 2, length 2, session 4, status 4, context 8, options 4, data.
    static func etherNetIP(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        let command = payload.le16(0)
        let length = Int(payload.le16(2))
        guard payload.has(24), [0x04, 0x63, 0x64, 0x65, 0x66, 0x6f, 0x70].contains(command), payload.le32(20) == 0,
            length &+ 24 == layers.payloadWireLength
        else { return false }
        ranges.keep(0, 24)
        // Identities, services, session opening.
        guard command == 0x6f || command == 0x70 else {
            ranges.keep(24, length)
            return true
        }
        // Interface 4, time-out 2, items 2, each type 2, length 2, data.
        ranges.keep(24, 8)
        var offset = 32
        for _ in 0..<min(Int(payload.le16(30)), 4) {
            guard payload.has(4, at: offset) else { break }
            let type = payload.le16(offset)
            let size = Int(payload.le16(offset &+ 2))
            ranges.keep(offset, 4)
            switch type {
            case 0xa1: ranges.keep(offset &+ 4, min(size, 4))
            case 0xb1: service(payload.slice(offset &+ 6, size &- 2), at: offset &+ 6, &ranges)
            case 0xb2: service(payload.slice(offset &+ 4, size), at: offset &+ 4, &ranges)
            default: break
            }
            offset &+= 4 &+ size
        }
        return true
    }

    /// A CIP request's service, path length and logical path; an answer's service and status.
    private static func service(_ message: RawSpan, at offset: Int, _ ranges: inout KeptRanges) {
        guard message.u8(0) & 0x80 == 0 else { return ranges.keep(offset, min(4, message.byteCount)) }
        // Only logical segments with 8 or 16 bits: symbolic ones hold text.
        var used = 2
        let end = min(2 &+ Int(message.u8(1)) &* 2, message.byteCount)
        while used < end {
            switch message.u8(used) {
            case 0x20, 0x24, 0x28, 0x2c, 0x30: used &+= 2
            case 0x21, 0x25, 0x29, 0x2d, 0x31: used &+= 4
            default: return ranges.keep(offset, used)
            }
        }
        ranges.keep(offset, min(used, end))
    }

    /// SLMP / MC protocol 3E and 4E, binary: subheader, route 5, length 2, timer or end code 2, command 2, subcommand 2. A remote
    /// password (1630, 1631) is in the data, which is left out of all commands.
    static func slmp(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        let route: Int
        switch payload.be16(0) {
        case 0x5000, 0xd000: route = 2
        case 0x5400, 0xd400: route = 6
        default: return false
        }
        guard payload.has(route &+ 9), Int(payload.le16(route &+ 5)) &+ route &+ 7 == layers.payloadWireLength else {
            return false
        }
        ranges.keep(0, route &+ (payload.u8(0) & 0x80 == 0 ? 13 : 9))
        return true
    }

    /// Omron FINS (W227, 5): ICF, 00, gateway count, six address bytes, service id, command 2. Of memory area reads and writes the
    /// area and address are kept; the password of 03 04 and 03 05 is not. Over TCP behind "FINS", length 4, command 4, error 4.
    static func fins(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        var start = 0
        if layers.ipProtocol == 6 {
            guard payload.starts(with: "FINS"), payload.be32(4) <= 0xffff else { return false }
            ranges.keep(0, 16)
            guard payload.be32(8) == 2 else { return true }
            start = 16
        } else {
            guard layers.sourcePort == 9600 || layers.destinationPort == 9600 else { return false }
        }
        guard payload.has(12, at: start), payload.u8(start) & 0x3e == 0, payload.u8(start) & 0x80 != 0,
            payload.u8(start &+ 1) == 0, payload.u8(start &+ 2) <= 7
        else { return start > 0 }
        let isMemory = payload.u8(start &+ 10) == 1 && payload.u8(start) & 0x40 == 0
        ranges.keep(start, isMemory ? 18 : 12)
        return true
    }

    /// OPC UA over TCP (Part 6, 7.1.2): message type 3, chunk 1, size 4. User name and password follow in session activation.
    static func opcUA(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        let types: [StaticString] = ["HEL", "ACK", "ERR", "RHE", "OPN", "CLO", "MSG"]
        guard payload.has(8), types.contains(where: { payload.starts(with: $0) }),
            [0x46, 0x43, 0x41].contains(payload.u8(3)), payload.le32(4) >= 8, payload.le32(4) <= 1 << 24
        else { return false }
        ranges.keep(0, 8)
        return true
    }

    /// BACnet/IP (135 Annex J): 81, function 1, length 2. Discovery and identity are kept; the rest may hold the password of
    /// DeviceCommunicationControl and ReinitializeDevice.
    static func bacnet(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.u8(0) == 0x81, payload.u8(1) <= 0x0c, Int(payload.be16(2)) == layers.payloadWireLength else {
            return false
        }
        ranges.keep(0, 4)
        // Original broadcast or unicast, version 1, control with neither source nor destination; unconfirmed I-Am or Who-Is.
        if [0x0a, 0x0b].contains(payload.u8(1)), payload.u8(4) == 1, payload.u8(5) & 0xa8 == 0 {
            ranges.keep(4, 4)
            if payload.u8(6) == 0x10, [0, 8].contains(payload.u8(7)) { ranges.keep(8, 24) }
        }
        return true
    }
}
