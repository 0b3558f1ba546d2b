import Model
import Wire

/// GOOSE: events that protection and bay devices send each other, straight on Ethernet.
///
///     0  APPID     2
///     2  length    2   from the APPID on
///     4  reserved  4   the first bit of the first pair marks simulated messages (edition 2)
///     8  PDU       61 { 80 control block reference, 81 time to live, 82 data set, 83 id, 84 time, 85 state number,
///                       86 sequence number, 87 simulation, 88 configuration revision, 89 needs commissioning, 8A entries, AB data }
package enum GOOSE: Dissector {
    package static let description = ProtocolDescription(
        name: "goose", title: "IEC 61850 GOOSE", family: .industrial, level: .identity,
        reference: "IEC 61850-8-1:2011, 18.1 and annex C", bindings: [.etherType(0x88b8)], displayFilter: "goose")

    private static let header = 8
    private static let managementPDU: UInt32 = 0x81

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var pdu = TaggedReader(bytes, at: header)
        guard pdu.next(isOpenEnded: d.isCut), pdu.tag == 0x61 else {
            d.message(managementPDU)
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "goose pdu", offset: header, needed: 2, available: bytes.byteCount &- header))
            }
            return .consumed(bytes.byteCount)
        }
        d.message(1)
        var fields = TaggedReader(pdu.contents)
        while fields.next(isOpenEnded: d.isCut) {
            switch fields.tag {
            case 0x80: controlBlock(fields.contents, &d)
            case 0x82: d.observe("data_set", text: fields.contents, field: "data_set")
            case 0x83: d.observe("goose_id", text: fields.contents, field: "go_id")
            case 0x87 where fields.number ?? 0 != 0: d.observe(.status, "simulated messages", field: "simulation")
            case 0x89 where fields.number ?? 0 != 0: d.observe(.status, "needs commissioning", field: "nds_com")
            default: break
            }
        }
        if fields.isDamaged, !d.isCut {
            d.malformed(DecodeError(field: "goose field", offset: pdu.start, needed: 1, available: 0))
        }
        return .consumed(bytes.byteCount)
    }

    /// Logical device, a slash, logical node and control block; the logical device's name begins with the device's.
    private static func controlBlock(_ reference: RawSpan, _ d: inout Dissection) {
        d.observe("goose_control_block", text: reference, field: "control_block")
        d.role(.plc, field: "publisher", confidence: .low)
        if let slash = reference.index(of: 0x2f), slash > 0 {
            d.observe(.name, text: reference.first(slash), field: "logical_device", confidence: .low)
        }
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "GOOSE" : "GOOSE (unreadable)" }
}

/// Sampled Values: merging units send currents and voltages thousands of times a second, straight on Ethernet.
///
///     0  APPID, length, reserved as GOOSE
///     8  PDU  60 { 80 number of ASDUs, A2 { 30 { 80 id, 81 data set, 82 sample count, 83 configuration revision, 84 refresh time,
///              85 synchronised, 86 rate, 87 samples, 88 mode } … } }
package enum SampledValues: Dissector {
    package static let description = ProtocolDescription(
        name: "sampled-values", title: "IEC 61850 Sampled Values", family: .industrial, level: .identity,
        reference: "IEC 61850-9-2:2011, 8; UCA 9-2 LE", bindings: [.etherType(0x88ba)], displayFilter: "sv")

    private static let header = 8
    private static let mostASDUs = 8

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(1)
        var pdu = TaggedReader(bytes, at: header)
        guard pdu.next(isOpenEnded: d.isCut), pdu.tag == 0x60 else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "sv pdu", offset: header, needed: 2, available: bytes.byteCount &- header))
            }
            return .consumed(bytes.byteCount)
        }
        var parts = TaggedReader(pdu.contents)
        guard parts.find(0xa2, isOpenEnded: d.isCut) else { return .consumed(bytes.byteCount) }
        var units = TaggedReader(parts.contents)
        var left = mostASDUs
        while left > 0, units.next(isOpenEnded: d.isCut), units.tag == 0x30 {
            left &-= 1
            unit(units.contents, &d)
        }
        return .consumed(bytes.byteCount)
    }

    private static func unit(_ bytes: RawSpan, _ d: inout Dissection) {
        var fields = TaggedReader(bytes)
        while fields.next(isOpenEnded: d.isCut) {
            switch fields.tag {
            case 0x80:
                d.observe("sv_id", text: fields.contents, field: "sv_id")
                d.role(.sensor, field: "publisher", confidence: .medium)
            case 0x81: d.observe("data_set", text: fields.contents, field: "data_set")
            case 0x85 where fields.number == 0: d.observe(.status, "not synchronised", field: "smp_synch")
            // Nothing of interest comes after the samples.
            case 0x87: return
            default: break
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String { "Sampled values" }
}
