import Model
import Wire

/// DCE/RPC over TCP, in which Windows calls its services and DCOM (and with it OPC Classic) its objects. A bind names the
/// interfaces of a connection; requests then give the number of the operation. Authentication lies at the end of a PDU.
///
///     0  version   1   5, minor 1  0 or 1
///     2  PDU type  1   0 request, 2 response, 3 fault, 11 bind, 12 bind_ack, 13 bind_nak, 14, 15 alter_context, 16 auth3
///     3  flags     1
///     4  data format 4 bit 4 of the first: little-endian
///     8  length    2   of the fragment; authentication length 2; call id 4
///    16  bind: fragment sizes 2 and 2, group 4, number of contexts 1, pad 3, contexts { id 2, number of syntaxes 1, pad 1,
///              interface 16, version 4, syntaxes 20 each }
///    16  request: hint 4, context id 2, operation 2
package enum DCERPC: Dissector {
    package static let description = ProtocolDescription(
        name: "dce-rpc", title: "DCE/RPC", family: .service, level: .operations,
        reference: "DCE 1.1 RPC (C706), 12.6; [MS-RPCE] 2.2.2; [MS-DCOM]; OPC DA, A&E and HDA interface definitions",
        bindings: [.tcp([135])], displayFilter: "dcerpc", includes: ["DCOM", "OPC Classic (DA, A&E, HDA)", "NTLM"])

    private enum Offset {
        static let type = 2, flags = 3, format = 4, length = 8, authentication = 10
        static let contextCount = 24, contexts = 28, context = 20, operation = 22
    }
    private enum PDU {
        static let request: UInt8 = 0, response: UInt8 = 2, fault: UInt8 = 3, bind: UInt8 = 11,
            bindAcknowledge: UInt8 = 12
        static let bindRefuse: UInt8 = 13, alterContext: UInt8 = 14, alterResponse: UInt8 = 15, auth3: UInt8 = 16
    }
    private static let headerSize = 16
    /// Codes of PDUs; below are operations, interface by interface.
    private static let pduBase: UInt32 = 0x4000_0000

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 5, bytes.byteCount < 2 || bytes.u8(1) <= 1 else { return .no }
        guard bytes.byteCount >= headerSize else { return bytes.byteCount >= 3 && bytes.u8(2) > 19 ? .no : .wait }
        let type = bytes.u8(Offset.type)
        let order = bytes.u8(Offset.format)
        guard type <= 19, order == 0x10 || order == 0, bytes.u8(Offset.format &+ 1) == 0, bytes.be16(6) == 0 else {
            return .no
        }
        let isLittle = order == 0x10
        let length = Int(isLittle ? bytes.le16(Offset.length) : bytes.be16(Offset.length))
        let authentication = Int(isLittle ? bytes.le16(Offset.authentication) : bytes.be16(Offset.authentication))
        guard length >= headerSize, authentication <= length else { return .no }
        switch type {
        case PDU.bind, PDU.alterContext: return length >= 72 ? .certain(from: .client) : .no
        case PDU.request: return length >= 24 ? .certain(from: .client) : .no
        case PDU.response: return length >= 24 ? .certain(from: .server) : .no
        case PDU.bindAcknowledge, PDU.bindRefuse, PDU.alterResponse, PDU.fault: return .certain(from: .server)
        default: return .possible
        }
    }

    // MARK: PDUs

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        guard bytes.u8(0) == 5, bytes.u8(1) <= 1 else { return d.afterGap ? .consumed(bytes.byteCount) : .malformed }
        let state = d.state { RPCState() }
        let isLittle = bytes.u8(Offset.format) & 0x10 != 0
        let length = Int(isLittle ? bytes.le16(Offset.length) : bytes.be16(Offset.length))
        guard length >= headerSize else { return .malformed }
        let type = bytes.u8(Offset.type)
        switch type {
        case PDU.request:
            guard bytes.byteCount >= 24 || bytes.byteCount >= length else { return .needMore(24) }
            request(bytes, isLittle, state, &d)
        case PDU.response: break
        case PDU.bind, PDU.alterContext:
            guard bytes.byteCount >= length else { return .needMore(length) }
            d.message(pduBase | UInt32(type))
            contexts(bytes.first(length), isLittle, state)
            authentication(bytes.first(length), isLittle, &d)
        case PDU.bindAcknowledge, PDU.alterResponse, PDU.auth3:
            guard bytes.byteCount >= length else { return .needMore(length) }
            d.message(pduBase | UInt32(type), type == PDU.auth3 ? .login : .none)
            authentication(bytes.first(length), isLittle, &d)
        default: d.message(pduBase | UInt32(type))
        }
        return .consumed(length)
    }

    private static func contexts(_ pdu: RawSpan, _ isLittle: Bool, _ state: RPCState) {
        let count = Int(pdu.u8(Offset.contextCount))
        var offset = Offset.contexts
        var seen = 0
        while seen < count, pdu.has(24, at: offset) {
            seen &+= 1
            let id = isLittle ? pdu.le16(offset) : pdu.be16(offset)
            let (high, low) = uuid(pdu, offset &+ 4, isLittle)
            state.note(id, RPCInterface.index(high, low))
            offset &+= 24 &+ Int(pdu.u8(offset &+ 2)) &* 20
        }
    }

    /// A UUID's halves as it is written: the first three fields follow the sender's byte order.
    private static func uuid(_ bytes: RawSpan, _ offset: Int, _ isLittle: Bool) -> (UInt64, UInt64) {
        let low = bytes.be64(offset &+ 8)
        guard isLittle else { return (bytes.be64(offset), low) }
        let high =
            UInt64(bytes.le32(offset)) << 32 | UInt64(bytes.le16(offset &+ 4)) << 16 | UInt64(bytes.le16(offset &+ 6))
        return (high, low)
    }

    private static func request(_ bytes: RawSpan, _ isLittle: Bool, _ state: RPCState, _ d: inout Dissection) {
        let context = isLittle ? bytes.le16(Offset.context) : bytes.be16(Offset.context)
        let operation = isLittle ? bytes.le16(Offset.operation) : bytes.be16(Offset.operation)
        // Only the first fragment of a call begins an operation.
        guard bytes.u8(Offset.flags) & 1 != 0 else { return }
        guard let index = state.interface(context), index < RPCInterface.all.count else {
            return d.message(UInt32(operation))
        }
        let interface = RPCInterface.all[index]
        d.message(UInt32(index &+ 1) << 16 | UInt32(operation), interface.operations[operation]?.effect ?? .none)
        if state.isNew(index) {
            d.observe("rpc_interface", interface.name, field: "interface", about: .server)
            if let role = interface.role { d.role(role, field: "interface_role", about: .server, confidence: .medium) }
        }
    }

    /// The trailer before the token: type 1, level 1, pad length 1, reserved 1, context 4. Types: 9 SPNEGO, 10 NTLM.
    private static func authentication(_ pdu: RawSpan, _ isLittle: Bool, _ d: inout Dissection) {
        let length = Int(isLittle ? pdu.le16(Offset.authentication) : pdu.be16(Offset.authentication))
        guard length > 0, length &+ 8 <= pdu.byteCount &- headerSize else { return }
        let trailer = pdu.byteCount &- length &- 8
        let level = pdu.u8(trailer &+ 1)
        if level > 0 { d.observe(.security, levelName(level), field: "authentication_level", about: .conversation) }
        guard pdu.u8(trailer) == 9 || pdu.u8(trailer) == 10 else { return }
        NTLM.read(pdu.from(trailer &+ 8), &d)
    }

    private static func levelName(_ level: UInt8) -> String {
        switch level {
        case 1: "RPC authentication none"
        case 2: "RPC authentication connect"
        case 3: "RPC authentication call"
        case 4: "RPC authentication packet"
        case 5: "RPC integrity"
        case 6: "RPC privacy"
        default: "RPC authentication level \(level)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        if code & pduBase != 0 {
            return switch UInt8(truncatingIfNeeded: code) {
            case PDU.fault: "fault"
            case PDU.bind: "bind"
            case PDU.bindAcknowledge: "bind_ack"
            case PDU.bindRefuse: "bind_nak"
            case PDU.alterContext: "alter_context"
            case PDU.alterResponse: "alter_context_resp"
            case PDU.auth3: "auth3"
            case 17: "shutdown"
            case 18: "co_cancel"
            case 19: "orphaned"
            default: "PDU \(code & 0xff)"
            }
        }
        let operation = UInt16(truncatingIfNeeded: code)
        let index = Int(code >> 16) &- 1
        guard index >= 0, index < RPCInterface.all.count else { return "operation \(operation)" }
        let interface = RPCInterface.all[index]
        return "\(interface.name) \(interface.operations[operation]?.name ?? "operation \(operation)")"
    }
}

/// Which interface each context of a connection stands for.
private final class RPCState {
    private var contexts: [UInt16: Int] = [:]
    private var told: Set<Int> = []

    /// Contexts of one connection; more are not remembered.
    private static let limit = 64

    func note(_ context: UInt16, _ interface: Int?) {
        if contexts.count < RPCState.limit || contexts[context] != nil { contexts[context] = interface }
    }

    func interface(_ context: UInt16) -> Int? { contexts[context] }

    func isNew(_ interface: Int) -> Bool { told.insert(interface).inserted }
}
