import Model
import Wire

/// RADIUS: an access server (switch, access point, VPN gateway) asks whether a user or device may come in.
///
///      0  code            1   1 Access-Request, 2 Accept, 3 Reject, 11 Challenge, 4/5 accounting, 40…45 dynamic
///      1  identifier      1   pairs a response with its request
///      2  length          2   20…4096, all of the packet
///      4  authenticator  16
///     20  attributes          type 1, length 1 (header included), value
///
/// User-Password, CHAP-Password and the authenticators are never kept.
package enum RADIUS: Dissector {
    package static let description = ProtocolDescription(
        name: "radius", title: "RADIUS", family: .service, level: .identity,
        reference: "RFC 2865, RFC 2866 (accounting), RFC 3579 (EAP), RFC 3580 (802.1X), RFC 5176 (dynamic)",
        bindings: [.udp([1812, 1813, 1645, 1646, 1700, 3799])], displayFilter: "radius")

    enum Code {
        static let accessRequest: UInt8 = 1, accept: UInt8 = 2, reject: UInt8 = 3
        static let accountingRequest: UInt8 = 4, accountingResponse: UInt8 = 5, challenge: UInt8 = 11
        static let statusServer: UInt8 = 12, disconnectRequest: UInt8 = 40, changeRequest: UInt8 = 43
    }

    enum Offset {
        static let code = 0, identifier = 1, length = 2, attributes = 20
    }
    private static let longest = 4096

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let length = Int(bytes.be16(Offset.length))
        guard bytes.byteCount >= Offset.attributes, isKnown(bytes.u8(Offset.code)), length >= Offset.attributes,
            length <= longest, length <= bytes.byteCount, hasWholeAttributes(bytes.first(length))
        else { return .no }
        let code = bytes.u8(Offset.code)
        let isRequest =
            code == Code.accessRequest || code == Code.accountingRequest || code == Code.statusServer
            || code == Code.disconnectRequest || code == Code.changeRequest
        let sender: Verdict.Sender = isRequest ? .client : .server
        let isRegistered =
            hint.uses(1812) || hint.uses(1813) || hint.uses(1645) || hint.uses(1646) || hint.uses(1700)
            || hint.uses(3799)
        guard isRegistered else {
            // Other ports: only a request whose first attribute is one that requests begin with.
            let isAccess = code == Code.accessRequest && length == bytes.byteCount && length > 40
            let first = bytes.u8(Offset.attributes)
            return isAccess && (first == 1 || first == 4 || first == 32) ? .possible(from: sender) : .no
        }
        return length == bytes.byteCount ? .certain(from: sender) : .possible(from: sender)
    }

    static func isKnown(_ code: UInt8) -> Bool {
        switch code {
        case 1...5, 11...13, 40...45: true
        default: false
        }
    }

    /// True when attributes fill the packet exactly.
    private static func hasWholeAttributes(_ packet: RawSpan) -> Bool {
        var offset = Offset.attributes
        while packet.has(2, at: offset) {
            let length = Int(packet.u8(offset &+ 1))
            if length < 2 { return false }
            offset &+= length
        }
        return offset == packet.byteCount
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let length = Int(bytes.be16(Offset.length))
        let code = bytes.u8(Offset.code)
        guard bytes.byteCount >= Offset.attributes, isKnown(code), length >= Offset.attributes, length <= longest else {
            return .malformed
        }
        if length > bytes.byteCount, !d.isCut {
            d.malformed(
                DecodeError(field: "RADIUS packet", offset: 0, needed: length, available: bytes.byteCount))
        }
        d.message(UInt32(code))
        let packet = bytes.first(length)
        let exchanges = d.state { RADIUSExchanges() }
        let identifier = packet.u8(Offset.identifier)
        switch code {
        case Code.accessRequest, Code.accountingRequest:
            let request = RADIUSAttributes.request(packet, &d)
            if code == Code.accessRequest { exchanges.open(identifier, request) }
        case Code.accept, Code.reject, Code.challenge:
            d.role(.radiusServer, field: "response")
            RADIUSAttributes.response(packet, &d)
            if code != Code.challenge { result(isAccepted: code == Code.accept, exchanges.close(identifier), &d) }
        case Code.accountingResponse: d.role(.radiusServer, field: "response")
        case Code.disconnectRequest, Code.changeRequest:
            // Sent by the server that decides to the access server that obeys (RFC 5176).
            d.role(.radiusServer, field: "dynamic_authorization", confidence: .medium)
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    /// States how an authentication ended, about the conversation and about the station that asked to come in.
    private static func result(isAccepted: Bool, _ request: RADIUSRequest?, _ d: inout Dissection) {
        let value = isAccepted ? "accepted" : "rejected"
        guard let request else {
            d.observe(
                .authentication, value, field: "unpaired_access", about: .conversation, confidence: .medium)
            return
        }
        let field: StaticString =
            switch request.portType {
            case .some(19): "wireless_access"
            case .some(15): "wired_access"
            case .some(5): "virtual_access"
            default: "access"
            }
        d.observe(.authentication, value, field: field, about: .conversation)
        if let station = request.station {
            d.observe(.authentication, value, field: "station_access", about: .mac(station))
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Access-Request"
        case 2: "Access-Accept"
        case 3: "Access-Reject"
        case 4: "Accounting-Request"
        case 5: "Accounting-Response"
        case 11: "Access-Challenge"
        case 12: "Status-Server"
        case 13: "Status-Client"
        case 40: "Disconnect-Request"
        case 41: "Disconnect-ACK"
        case 42: "Disconnect-NAK"
        case 43: "CoA-Request"
        case 44: "CoA-ACK"
        case 45: "CoA-NAK"
        default: "Code \(code)"
        }
    }
}

/// What an Access-Request said that its response is judged by.
struct RADIUSRequest: Sendable {
    /// NAS-Port-Type: 5 virtual, 15 Ethernet, 19 wireless 802.11; nil when absent.
    var portType: UInt32?
    /// Calling-Station-Id where it is a MAC address.
    var station: MACAddress?
}

/// Requests of one conversation that wait for their responses, by identifier: 256 at most.
final class RADIUSExchanges {
    private var open: [UInt8: RADIUSRequest] = [:]

    func open(_ identifier: UInt8, _ request: RADIUSRequest) { open[identifier] = request }
    func close(_ identifier: UInt8) -> RADIUSRequest? { open.removeValue(forKey: identifier) }
}
