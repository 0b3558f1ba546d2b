import Model
import Wire

/// IPMI over RMCP: switches servers on and off and opens their console through a management controller of their own (BMC,
/// iLO, iDRAC), whatever the state of the system.
///
///     0  version 1 (6), reserved 1, sequence 1, class 1 (6 ASF, 7 IPMI; bit 7: acknowledgement)
///     4  ASF: enterprise 4 (4542), type 1 (0x40 pong, 0x80 ping), tag 1, reserved 1, length 1
///     4  IPMI: authentication 1; 1.5: sequence 4, session 4, code 16 unless authentication is 0, length 1, message
///        2.0 (authentication 6): payload type 1 (bit 7 encrypted), session 4, sequence 4, length 2, payload
///     message: to 1, function 6 bits and unit 2 bits, checksum 1, from 1, sequence 1, command 1, data
package enum IPMI: Dissector {
    package static let description = ProtocolDescription(
        name: "ipmi", title: "IPMI (RMCP+)", family: .remoteAccess, level: .operations,
        reference: "IPMI 2.0 revision 1.1, 13; ASF 2.0, 3.2", bindings: [.udp([623])], displayFilter: "ipmi || asf")

    private enum Payload {
        static let message: UInt8 = 0, console: UInt8 = 1, openRequest: UInt8 = 0x10, openAnswer: UInt8 = 0x11
        static let rakp1: UInt8 = 0x12, rakp2: UInt8 = 0x13, rakp3: UInt8 = 0x14, rakp4: UInt8 = 0x15
    }
    private static let payloadBase: UInt32 = 0x1_0000
    private static let asfBase: UInt32 = 0x2_0000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 6, bytes.u8(1) == 0, bytes.byteCount >= 8 else { return .no }
        switch bytes.u8(3) {
        case 6: return bytes.byteCount >= 12 && bytes.be32(4) == 4_542 ? .certain : .no
        case 7: return bytes.u8(2) == 0xff && bytes.u8(4) <= 6 && bytes.byteCount >= 14 ? .certain : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        switch bytes.u8(3) {
        case 6:
            d.message(asfBase | UInt32(bytes.u8(8)), bytes.u8(8) == 0x80 ? .identity : .none)
            if bytes.u8(8) == 0x40 { controller(&d) }
        case 7: session(bytes, &d)
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    private static func controller(_ d: inout Dissection) {
        d.observe(.deviceType, "management controller (BMC)", field: "controller", about: .server, confidence: .medium)
    }

    private static func session(_ bytes: RawSpan, _ d: inout Dissection) {
        let authentication = bytes.u8(4)
        guard authentication == 6 else {
            let header = authentication == 0 ? 13 : 29
            if authentication == 4 {
                d.observe(.cleartextCredential, "IPMI password", field: "authentication_code", about: .conversation)
            }
            let length = Int(bytes.u8(header))
            message(bytes.slice(header &+ 1, length), &d)
            return
        }
        let type = bytes.u8(5) & 0x3f
        // OEM payloads have six bytes more; encrypted ones show only their type.
        guard type != 2, bytes.u8(5) & 0x80 == 0 else {
            d.message(payloadBase | UInt32(type), type == Payload.console ? .control : .none)
            return
        }
        let payload = bytes.slice(16, Int(bytes.le16(14)))
        if type == Payload.message { return message(payload, &d) }
        d.message(payloadBase | UInt32(type), type == Payload.rakp1 ? .login : .none)
        switch type {
        case Payload.rakp1:
            // Tag 1, reserved 3, session 4, random 16, privilege 1, reserved 2, user length 1, user.
            d.observe(.user, text: payload.slice(28, Int(payload.u8(27))), field: "user_name", about: .conversation)
        case Payload.rakp2, Payload.openAnswer:
            controller(&d)
            if payload.u8(1) != 0 {
                d.observe(.status, "RMCP+ status \(payload.u8(1))", field: "status", about: .conversation)
                if payload.u8(1) == 0x0d || payload.u8(1) == 0x0f {
                    d.observe(.authentication, "rejected", field: "rakp_status", about: .conversation)
                }
            }
        case Payload.rakp4:
            d.observe(
                .authentication, payload.u8(1) == 0 ? "accepted" : "rejected", field: "rakp_status",
                about: .conversation)
        case Payload.openRequest where payload.byteCount >= 16:
            // Cipher suite 0 asks for no proof at all: algorithm number 0 in the first record.
            if payload.u8(12) & 0x3f == 0 {
                d.observe(.security, "IPMI cipher suite 0", field: "authentication_algorithm", about: .conversation)
            }
        default: break
        }
    }

    private static func message(_ message: RawSpan, _ d: inout Dissection) {
        guard message.byteCount >= 7 else { return }
        let function = message.u8(1) >> 2
        let command = message.u8(5)
        if function & 1 == 1 {
            controller(&d)
            // Device identity: completion 1, id 1, revision 1, firmware 2, IPMI version 1, support 1, manufacturer 3.
            if function == 7, command == 1, message.u8(6) == 0, message.byteCount >= 18 {
                let minor = message.u8(10)
                d.observe(
                    .firmware, "\(message.u8(9) & 0x7f).\(minor >> 4)\(minor & 15)", field: "firmware_revision",
                    confidence: .medium)
                let manufacturer = message.le32(13) & 0x0f_ffff
                if let holder = EnterpriseNumbers.holder(manufacturer) {
                    d.observe(.vendor, holder, field: "manufacturer")
                }
            }
            return
        }
        d.message(UInt32(function) << 8 | UInt32(command), effect(function, command))
    }

    private static func effect(_ function: UInt8, _ command: UInt8) -> MessageEffect {
        switch (function, command) {
        case (0, 2), (0, 4): .control
        case (0, 8), (6, 0x45), (6, 0x47), (12, 1): .write
        case (6, 0x3a): .login
        case (6, 1), (6, 0x38): .identity
        case (8, _): .firmware
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x001: "Get Chassis Status"
        case 0x002: "Chassis Control"
        case 0x004: "Chassis Identify"
        case 0x008: "Set System Boot Options"
        case 0x601: "Get Device ID"
        case 0x638: "Get Channel Authentication Capabilities"
        case 0x639: "Get Session Challenge"
        case 0x63a: "Activate Session"
        case 0x63b: "Set Session Privilege Level"
        case 0x63c: "Close Session"
        case 0x645: "Set User Name"
        case 0x647: "Set User Password"
        case 0xc01: "Set LAN Configuration Parameters"
        case 0x1_0000: "encrypted message"
        case 0x1_0001: "Serial over LAN"
        case 0x1_0010: "Open Session Request"
        case 0x1_0011: "Open Session Response"
        case 0x1_0012: "RAKP Message 1"
        case 0x1_0013: "RAKP Message 2"
        case 0x1_0014: "RAKP Message 3"
        case 0x1_0015: "RAKP Message 4"
        case 0x2_0040: "Presence Pong"
        case 0x2_0080: "Presence Ping"
        default: "function \(code >> 8 & 0xff) command \(code & 0xff)"
        }
    }
}
