import Model
import Wire

/// IPsec's Encapsulating Security Payload: SPI 4, sequence number 4, then encrypted (RFC 4303, 2).
package enum ESP: Dissector {
    package static let description = ProtocolDescription(
        name: "esp", title: "IPsec ESP", family: .tunnel, level: .recognised, reference: "RFC 4303, 2",
        bindings: [.ipProtocol(50)], displayFilter: "esp")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(0)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "ESP" }
}

/// IPsec's Authentication Header: next header 1, length 1, reserved 2, SPI 4, sequence number 4, check value (RFC 4302, 2).
package enum AuthenticationHeader: Dissector {
    package static let description = ProtocolDescription(
        name: "ah", title: "IPsec AH", family: .tunnel, level: .recognised, reference: "RFC 4302, 2",
        bindings: [.ipProtocol(51)], displayFilter: "ah")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(0)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "AH" }
}
