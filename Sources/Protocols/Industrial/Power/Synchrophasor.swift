import Model
import Wire

/// IEEE C37.118.2: phasor measurement units (PMU) report to phasor data concentrators (PDC).
///
///     0  sync        2   AA, then frame type in bits 4 to 6 and version in bits 0 to 3
///     2  frame size  2   checksum included
///     4  id code     2   of the stream
///     6  second      4
///    10  fraction    4
///    14  content; at the end a checksum 2
///
/// Configuration 1 and 2: time base 4, number of PMUs 2, then for each station name 16, id code 2, format 2, counts of phasors,
/// analogs and digitals 2 each, names 16 each (16 for each digital word), conversion factors 4 each, nominal frequency 2, change
/// count 2; at the end the data rate 2. Configuration 3: names with a length byte, and the place of the PMU.
package enum Synchrophasor: Dissector {
    package static let description = ProtocolDescription(
        name: "synchrophasor", title: "IEEE C37.118 synchrophasor", family: .industrial, level: .operations,
        reference: "IEEE C37.118.2-2011, 6", bindings: [.tcp([4712, 4713]), .udp([4713, 4712])],
        displayFilter: "synphasor")

    private static let sync: UInt8 = 0xaa
    private enum Offset { static let size = 2, id = 4, content = 14 }
    private static let shortest = 16

    enum Kind {
        static let data: UInt8 = 0, header: UInt8 = 1, configuration1: UInt8 = 2, configuration2: UInt8 = 3
        static let command: UInt8 = 4, configuration3: UInt8 = 5
    }

    /// The frame size when sync word and size are possible; nil otherwise.
    private static func size(_ bytes: RawSpan) -> Int? {
        let kind = bytes.u8(1)
        let size = Int(bytes.be16(Offset.size))
        guard bytes.u8(0) == sync, kind & 0x80 == 0, kind >> 4 <= Kind.configuration3, (1...3).contains(kind & 15),
            size >= shortest
        else { return nil }
        return size
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == sync else { return .no }
        guard bytes.byteCount >= shortest else { return hint.isTCP && bytes.byteCount < 4 ? .wait : .no }
        guard let size = size(bytes) else { return .no }
        guard bytes.byteCount >= size else {
            return hint.isTCP && (hint.uses(4712) || hint.uses(4713) || size <= 1024) ? .wait : .no
        }
        guard hasChecksum(bytes.first(size)) else { return .no }
        return .certain(from: bytes.u8(1) >> 4 == Kind.command ? .client : .server)
    }

    private static func hasChecksum(_ frame: RawSpan) -> Bool {
        CRC16.ccitt(frame.first(frame.byteCount &- 2)) == frame.be16(frame.byteCount &- 2)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= shortest else { return d.isTCP ? .needMore(shortest) : .malformed }
        guard let size = size(bytes) else { return .malformed }
        guard bytes.byteCount >= size else { return d.isTCP ? .needMore(size) : .malformed }
        let kind = bytes.u8(1) >> 4
        switch kind {
        case Kind.command:
            let command = bytes.be16(Offset.content)
            d.message(0x100 | UInt32(command & 0xff), effect(command))
            d.role(.scada, field: "commander", confidence: .medium)
        case Kind.configuration1, Kind.configuration2, Kind.configuration3:
            d.message(UInt32(kind))
            let frame = bytes.first(size)
            if d.isNew(frame.slice(Offset.content, size &- shortest), field: "configuration"), hasChecksum(frame) {
                configuration(frame.slice(Offset.content, size &- shortest), isThird: kind == Kind.configuration3, &d)
            }
        default: d.message(UInt32(kind))
        }
        if kind != Kind.command {
            d.observe("pmu_id", number: UInt64(bytes.be16(Offset.id)), field: "id_code")
        }
        return .consumed(size)
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 2: .read
        case 3...6: .identity
        case 8: .write
        default: .none
        }
    }

    private static let mostUnits: UInt16 = 256

    private static func configuration(_ content: RawSpan, isThird: Bool, _ d: inout Dissection) {
        // A frame that goes on in others cannot be read alone.
        if isThird, content.be16(0) != 0 { return }
        var reader = FieldReader(content, at: isThird ? 6 : 4)
        do throws(DecodeError) {
            let count = try reader.be16("number of pmus")
            if count == 1 {
                d.role(.meter, field: "configuration", confidence: .medium)
            } else {
                d.role(.gateway, field: "configuration", confidence: .medium)
            }
            var left = min(count, mostUnits)
            while left > 0 {
                left &-= 1
                let name = try station(&reader, isThird: isThird)
                let text = content.slice(name.lowerBound, name.count)
                // A concentrator passes on others' stations.
                if count == 1 {
                    d.observe(.name, text: text, field: "station_name")
                } else {
                    d.observe("pmu_station", text: text, field: "station_names")
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    /// Reads over one station; answers where its name lies.
    private static func station(_ reader: inout FieldReader, isThird: Bool) throws(DecodeError) -> Range<Int> {
        let size = isThird ? Int(try reader.u8("station name length")) : 16
        let start = reader.offset
        try reader.skip(size, "station name")
        let end = reader.offset
        try reader.skip(isThird ? 20 : 4, "id code and format")
        let phasors = Int(try reader.be16("phasor count"))
        let analogs = Int(try reader.be16("analog count"))
        let digitals = Int(try reader.be16("digital count"))
        if isThird {
            var names = phasors &+ analogs &+ 16 &* digitals
            while names > 0 {
                names &-= 1
                try reader.skip(Int(try reader.u8("channel name length")), "channel name")
            }
            // Scale factors, then latitude, longitude, elevation, class, window, delay, frequency, count.
            try reader.skip(12 &* phasors &+ 8 &* analogs &+ 4 &* digitals &+ 12 &+ 1 &+ 8 &+ 4, "channel factors")
        } else {
            try reader.skip(16 &* (phasors &+ analogs &+ 16 &* digitals), "channel names")
            try reader.skip(4 &* (phasors &+ analogs &+ digitals) &+ 4, "channel factors")
        }
        return start..<end
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Data"
        case 1: "Header"
        case 2: "Configuration 1"
        case 3: "Configuration 2"
        case 5: "Configuration 3"
        case 0x101: "Command: transmission off"
        case 0x102: "Command: transmission on"
        case 0x103: "Command: send header"
        case 0x104: "Command: send configuration 1"
        case 0x105: "Command: send configuration 2"
        case 0x106: "Command: send configuration 3"
        case 0x108: "Command: extended frame"
        default: code >= 0x100 ? "Command \(code & 0xff)" : "Frame type \(code)"
        }
    }
}
