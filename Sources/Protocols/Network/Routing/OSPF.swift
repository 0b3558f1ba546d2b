import Model
import Wire

/// OSPF version 2 (IPv4) and 3 (IPv6): routers tell each other of their links.
///
///     0  version 1   1  type 1   2  length 2   4  router id 4   8  area 4   12  checksum 2
///    14  version 2: authentication 2 (0 none, 1 password, 2 cryptographic), data 8; version 3: instance 1, zero 1
package enum OSPF: Dissector {
    package static let description = ProtocolDescription(
        name: "ospf", title: "OSPF", family: .network, level: .identity, reference: "RFC 2328, A.3; RFC 5340, A.3",
        bindings: [.ipProtocol(89)], displayFilter: "ospf")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let version = bytes.u8(0)
        guard version == 2 || version == 3, bytes.byteCount >= 16, bytes.u8(1) >= 1, bytes.u8(1) <= 5 else {
            return .malformed
        }
        d.message(UInt32(bytes.u8(1)))
        d.role(.router, field: "router")
        d.observe("router_id", "\(bytes.ipv4(4))", field: "router_id")
        guard version == 2, bytes.byteCount >= 24 else { return .consumed(bytes.byteCount) }
        switch bytes.be16(14) {
        case 0: d.observe(.security, "OSPF without authentication", field: "authentication_type")
        case 1:
            d.observe(.security, "OSPF simple password", field: "authentication_type")
            d.observe(.cleartextCredential, "OSPF simple password", field: "authentication_data", about: .conversation)
        case 2: d.observe(.security, "OSPF cryptographic authentication", field: "authentication_type")
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Hello"
        case 2: "Database Description"
        case 3: "Link State Request"
        case 4: "Link State Update"
        default: "Link State Acknowledgment"
        }
    }
}
