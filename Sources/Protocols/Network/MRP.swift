import Model
import Wire

/// Media Redundancy Protocol: a ring of industrial switches and controllers with one manager that keeps it open at one
/// place.
///
///     0  version  2   1
///     2  TLVs         type 1, length 1, value: 1 common (sequence 2, domain 16), 2 test, 3 topology change, 4 link down,
///                     5 link up, 6 and 7 interconnection test and topology change
///     test: priority 2, manager 6, port role 2, ring state 2 (0 open, 1 closed), transitions 2, time stamp 4
package enum MRP: Dissector {
    package static let description = ProtocolDescription(
        name: "mrp", title: "Media Redundancy Protocol", family: .industrial, level: .identity,
        reference: "IEC 62439-2", bindings: [.etherType(0x88e3)], displayFilter: "pn_mrp")

    private enum TLV {
        static let end: UInt8 = 0, common: UInt8 = 1, test: UInt8 = 2
    }
    private static let mostTLVs = 16

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4, bytes.be16(0) == 1 else { return .malformed }
        var reader = FieldReader(bytes, at: 2)
        do throws(DecodeError) {
            var left = mostTLVs
            var isFirst = true
            while left > 0, reader.remaining >= 2 {
                left &-= 1
                let type = try reader.u8("MRP TLV type")
                if type == TLV.end { break }
                let value = try reader.take(Int(try reader.u8("MRP TLV length")), "MRP TLV value")
                if isFirst { d.message(UInt32(type)) }
                isFirst = false
                read(type, value, &d)
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    private static func read(_ type: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case TLV.common where value.has(18):
            // Test messages come every few milliseconds.
            if d.isNew(value.slice(2, 16), field: "domain_bytes") {
                d.observe("mrp_domain", WireText(hexadecimal: value.slice(2, 16)), field: "domain")
            }
        case TLV.test where value.has(12):
            d.observe("ring_role", "manager", field: "test")
            if value.mac(2).isUnicast { d.observe(.mac, mac: value.mac(2), field: "manager_address") }
            d.observe("ring_state", value.be16(10) == 1 ? "closed" : "open", field: "ring_state")
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 2: "Test"
        case 3: "Topology Change"
        case 4: "Link Down"
        case 5: "Link Up"
        case 6: "Interconnection Test"
        case 7: "Interconnection Topology Change"
        default: "Type \(code)"
        }
    }
}
