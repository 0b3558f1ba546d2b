import Model
import Wire

/// EIGRP: routers of one autonomous system tell each other of their routes. Hellos carry the version of their software.
///
///     0  version 1 (2)   1  operation 1   2  checksum 2   4  flags 4   8  sequence 4   12  acknowledgement 4
///    16  virtual router 2   18  system 2   20  { type 2, length 2, value }: 4 software: IOS 2, EIGRP 2
package enum EIGRP: Dissector {
    package static let description = ProtocolDescription(
        name: "eigrp", title: "EIGRP", family: .network, level: .identity, reference: "RFC 7868, 6",
        bindings: [.ipProtocol(88)], displayFilter: "eigrp")

    private static let headerSize = 20

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 2, bytes.byteCount >= headerSize else { return .malformed }
        // An acknowledgement is a hello without content.
        d.message(bytes.byteCount == headerSize && bytes.u8(1) == 5 ? 8 : UInt32(bytes.u8(1)))
        d.role(.router, field: "router")
        d.observe("autonomous_system", number: UInt64(bytes.be16(18)), field: "autonomous_system")
        var offset = headerSize
        var count = 0
        while bytes.has(4, at: offset), count < 64 {
            count &+= 1
            let length = Int(bytes.be16(offset &+ 2))
            guard length >= 4, bytes.has(length, at: offset) else { break }
            switch bytes.be16(offset) {
            case 2: d.observe(.security, "EIGRP authentication", field: "authentication")
            case 4 where length >= 8:
                d.observe(
                    .os, "Cisco IOS \(bytes.u8(offset &+ 4)).\(bytes.u8(offset &+ 5))", field: "software_version",
                    confidence: .medium)
            default: break
            }
            offset &+= length
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Update"
        case 3: "Query"
        case 4: "Reply"
        case 5: "Hello"
        case 8: "Acknowledgment"
        case 10: "SIA Query"
        case 11: "SIA Reply"
        default: "operation \(code)"
        }
    }
}
