import Model
import Wire

/// S7comm-plus, spoken by SIMATIC S7-1200 and S7-1500 with TIA Portal and panels, on ISO transport. Siemens never published
/// it; layout and names follow Thomas Wiens' Wireshark plug-in and S7CommPlusDriver.
///
///     0  protocol id  1   0x72
///     1  version      1   1, 2, 3; 0xfe system event, 0xff keep-alive
///     2  length       2   of what follows
///     4  version 3 only: digest length 1 (0x20), digest
///     .  opcode       1   0x31 request, 0x32 response, 0x33 notification
///     .  reserved 2, function 2, reserved 2, sequence number 2, then in requests session id 4 and transport flags 1
///
/// The last fragment of a message is followed by a trailer of four bytes: 0x72, version, 0. Newer firmware puts TLS records
/// in place of all this after one InitSSL exchange.
package enum S7commPlus: Dissector {
    package static let description = ProtocolDescription(
        name: "s7comm-plus", title: "S7comm-plus", family: .industrial, level: .operations,
        reference: "Siemens, unpublished; ISO 8073 class 0 on RFC 1006", bindings: [.tcp([ISOTransport.port])],
        displayFilter: "tcp.port == 102 && cotp")

    private static let protocolID: UInt8 = 0x72

    private enum Offset {
        static let version = 1, length = 2, body = 4
        // From the opcode on.
        static let function = 3, object = 14, firstResponseValue = 9
    }

    private enum Version {
        static let systemEvent: UInt8 = 0xfe, keepAlive: UInt8 = 0xff
    }

    private enum Opcode {
        static let request: UInt8 = 0x31, response: UInt8 = 0x32, notification: UInt8 = 0x33
    }

    private enum Function {
        static let explore: UInt16 = 0x04bb, createObject: UInt16 = 0x04ca, deleteObject: UInt16 = 0x04d4
        static let setVariable: UInt16 = 0x04f2, getVariable: UInt16 = 0x04fc, setMultiVariables: UInt16 = 0x0542
        static let getMultiVariables: UInt16 = 0x054c, invoke: UInt16 = 0x056b, setVarSubStreamed: UInt16 = 0x057c
        static let getVarSubStreamed: UInt16 = 0x0586, initSSL: UInt16 = 0x05b3
    }

    /// Object and attribute numbers that tell what a request is for.
    private enum Object {
        static let plcProgram: UInt32 = 3, cpuExecutionUnit: UInt32 = 52, sessionContainer: UInt32 = 285
        /// Sessions and subscriptions, made at run time, have 70 hexadecimal in the high byte; program blocks 8a.
        static let dynamicArea: UInt32 = 0x70, blockArea: UInt32 = 0x8a
    }

    private enum AttributeID {
        static let sessionResponse: UInt32 = 304, legitimate: UInt32 = 1846, operatingStateRequest: UInt32 = 2167
    }

    /// Which direction is in the middle of a message of several fragments.
    private final class State {
        var clientContinues = false
        var serverContinues = false
        var fromClient = ISOTransport.Segments()
        var fromServer = ISOTransport.Segments()
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch ISOTransport.opening(bytes) {
        case .notISOTransport: return .no
        case .undecided: return .wait
        case .data(let range, let sender):
            let user = bytes.slice(range.lowerBound, range.count)
            if user.byteCount < Offset.body { return user.u8(0) == protocolID ? .wait : .no }
            guard isFragment(user) else { return .no }
            if sender != .unknown { return .certain(from: sender) }
            switch user.u8(opcodeOffset(user)) {
            case Opcode.request: return .certain(from: .client)
            case Opcode.response, Opcode.notification: return .certain(from: .server)
            default: return .possible
            }
        }
    }

    private static func isFragment(_ user: RawSpan) -> Bool {
        guard user.byteCount >= Offset.body, user.u8(0) == protocolID else { return false }
        switch user.u8(Offset.version) {
        case 1, 2, 3, Version.systemEvent, Version.keepAlive: return true
        default: return false
        }
    }

    private static func opcodeOffset(_ user: RawSpan) -> Int {
        guard user.u8(Offset.version) == 3 else { return Offset.body }
        return Offset.body &+ 1 &+ Int(user.u8(Offset.body))
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let unit: ISOTransport.Unit
        switch ISOTransport.read(bytes) {
        case .malformed: return .malformed
        case .needMore(let count): return .needMore(count)
        case .unit(let read): unit = read
        }
        let state = d.state { State() }
        if d.afterGap {
            if d.fromClient { state.fromClient.reset() } else { state.fromServer.reset() }
            if d.fromClient { state.clientContinues = false } else { state.serverContinues = false }
        }
        guard unit.kind == .data else {
            d.message(S7Message.transport(unit.kind))
            if unit.kind == .connectionRequest { S7Selectors.observe(bytes, unit, &d) }
            return .consumed(unit.length)
        }
        let user = bytes.slice(unit.user.lowerBound, unit.user.count)
        let isOpen = d.fromClient ? state.fromClient.isOpen : state.fromServer.isOpen
        if unit.isLast, !isOpen { return fragment(user, state, &d) ? .consumed(unit.length) : .malformed }
        // A data TPDU without user data and without EOT only acknowledges.
        if user.byteCount == 0, !unit.isLast { return .consumed(unit.length) }
        if d.fromClient { state.fromClient.append(user) } else { state.fromServer.append(user) }
        guard unit.isLast else { return .consumed(unit.length) }
        let whole = d.fromClient ? state.fromClient.take() : state.fromServer.take()
        if let whole, !fragment(whole.span.bytes, state, &d) { return .malformed }
        return .consumed(unit.length)
    }

    private static func fragment(_ user: RawSpan, _ state: State, _ d: inout Dissection) -> Bool {
        if user.byteCount == 0 { return true }
        // TLS record: content type 20 to 23, version 3.x.
        if (20...23).contains(user.u8(0)), user.u8(1) == 3 {
            d.message(Code.tls)
            d.observe(.security, "TLS", field: "tls", about: .conversation)
            return true
        }
        guard isFragment(user) else { return false }
        let version = user.u8(Offset.version)
        let end = Offset.body &+ Int(user.be16(Offset.length))
        if version >= Version.systemEvent {
            d.message(UInt32(version) << 24)
            return true
        }
        let wasContinued = d.fromClient ? state.clientContinues : state.serverContinues
        let hasTrailer = user.has(Offset.body, at: end) && user.u8(end) == protocolID && user.be16(end &+ 2) == 0
        if d.fromClient { state.clientContinues = !hasTrailer } else { state.serverContinues = !hasTrailer }
        guard !wasContinued else {
            if !d.fromClient { identity(user.first(end), &d) }
            return true
        }
        d.observe(.version, number: UInt64(version), field: "protocol_version", about: .conversation)
        message(user.first(end).from(opcodeOffset(user)), &d)
        return true
    }

    /// Reads from the opcode on.
    private static func message(_ bytes: RawSpan, _ d: inout Dissection) {
        let opcode = bytes.u8(0)
        let function = opcode == Opcode.notification ? 0 : bytes.be16(Offset.function)
        let code = UInt32(opcode) << 16 | UInt32(function)
        switch opcode {
        case Opcode.request:
            d.message(code, effect(function, bytes.from(Offset.object)))
            d.role(.plc, field: "partner", about: .destination, confidence: .low)
            d.role(.hmi, field: "client", confidence: .low)
        case Opcode.response:
            d.message(code)
            d.role(.plc, field: "server", confidence: .medium)
            switch function {
            case Function.createObject, Function.explore, Function.getMultiVariables, Function.getVariable:
                identity(bytes.from(Offset.firstResponseValue), &d)
            default: break
            }
        default: d.message(code)
        }
    }

    /// What a request does; `set` begins with the object's number.
    private static func effect(_ function: UInt16, _ set: RawSpan) -> MessageEffect {
        let object = set.be32(0)
        switch function {
        case Function.explore, Function.getVariable, Function.getMultiVariables, Function.getVarSubStreamed:
            return .read
        case Function.createObject: return object == Object.plcProgram ? .download : .none
        case Function.deleteObject: return object >> 24 == Object.blockArea ? .download : .none
        case Function.setVarSubStreamed: return .write
        case Function.invoke: return .control
        case Function.setVariable:
            let count = variableLength(set, at: 4)
            return effect(ofSetting: variableLength(set, at: count.next).value, of: object)
        case Function.setMultiVariables:
            let items = variableLength(set, at: 4)
            let addresses = variableLength(set, at: items.next)
            return effect(ofSetting: variableLength(set, at: addresses.next).value, of: object)
        default: return .none
        }
    }

    private static func effect(ofSetting attribute: UInt32, of object: UInt32) -> MessageEffect {
        if object == Object.cpuExecutionUnit, attribute == AttributeID.operatingStateRequest { return .control }
        guard object >> 24 == Object.dynamicArea || object == Object.sessionContainer else { return .write }
        // Settings of a session or subscription touch nothing but the conversation.
        return attribute == AttributeID.legitimate || attribute == AttributeID.sessionResponse ? .login : .none
    }

    /// Unsigned number in groups of seven bits, the high bit set in all but the last.
    private static func variableLength(_ bytes: RawSpan, at start: Int) -> (value: UInt32, next: Int) {
        var value: UInt32 = 0
        var offset = start
        while offset < start &+ 5 {
            let octet = bytes.u8(offset)
            value = value << 7 | UInt32(octet & 0x7f)
            offset &+= 1
            if octet & 0x80 == 0 { break }
        }
        return (value, offset)
    }

    // MARK: Identity

    /// Type of a text value: the type byte, a length in groups of seven bits, UTF-8.
    private static let textType: UInt8 = 0x15

    /// Looks for the session version among the values: a text of the form `1;6ES7 214-1AG40-0XB0 ;V4.1`.
    private static func identity(_ values: RawSpan, _ d: inout Dissection) {
        var from = 0
        var found = 0
        while found < 16, let type = values.index(of: textType, from: from, limit: 8192) {
            from = type &+ 1
            let length = variableLength(values, at: from)
            let text = values.slice(length.next, Int(length.value))
            guard (8...128).contains(text.byteCount), text.byteCount == Int(length.value), isDigit(text.u8(0)),
                let first = text.index(of: semicolon, limit: 3),
                let second = text.index(of: semicolon, from: first &+ 1)
            else { continue }
            let order = text.slice(first &+ 1, second &- first &- 1)
            guard order.byteCount >= 6, isDigit(order.u8(0)), isUpper(order.u8(1)), isUpper(order.u8(2)) else {
                continue
            }
            found &+= 1
            d.observe(.productCode, text: order, field: "session_version_order_number")
            d.role(.plc, field: "session_version")
            d.observe(.vendor, "Siemens", field: "session_version_vendor", confidence: .medium)
            let release = text.from(second &+ 1)
            if isUpper(release.u8(0)), isDigit(release.u8(1)) {
                d.observe(.firmware, text: release, field: "session_version_firmware")
            }
            from = length.next &+ text.byteCount
        }
    }

    private static let semicolon: UInt8 = 0x3b
    private static func isDigit(_ octet: UInt8) -> Bool { octet >= 0x30 && octet <= 0x39 }
    private static func isUpper(_ octet: UInt8) -> Bool { octet >= 0x41 && octet <= 0x5a }

    // MARK: Names

    private enum Code {
        static let tls: UInt32 = 0x16_0000
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code >> 24 {
        case 0: break
        case 1: return S7Message.transportName(UInt8(truncatingIfNeeded: code))
        case UInt32(Version.systemEvent): return "System event"
        default: return "Keep-alive"
        }
        if code == Code.tls { return "TLS record" }
        let name = functionName(UInt16(truncatingIfNeeded: code))
        switch UInt8(truncatingIfNeeded: code >> 16) {
        case Opcode.request: return name
        case Opcode.response: return name + " (response)"
        case Opcode.notification: return "Notification"
        default: return "Opcode \(code >> 16)"
        }
    }

    private static func functionName(_ function: UInt16) -> String {
        switch function {
        case Function.explore: "Explore"
        case Function.createObject: "CreateObject"
        case Function.deleteObject: "DeleteObject"
        case Function.setVariable: "SetVariable"
        case Function.getVariable: "GetVariable"
        case 0x0506: "AddLink"
        case 0x051a: "RemoveLink"
        case 0x0524: "GetLink"
        case Function.setMultiVariables: "SetMultiVariables"
        case Function.getMultiVariables: "GetMultiVariables"
        case 0x0556: "BeginSequence"
        case 0x0560: "EndSequence"
        case Function.invoke: "Invoke"
        case Function.setVarSubStreamed: "SetVarSubStreamed"
        case Function.getVarSubStreamed: "GetVarSubStreamed"
        case 0x0590: "GetVariablesAddress"
        case 0x059a: "Abort"
        case 0x04b1, 0x05a9: "Error"
        case Function.initSSL: "InitSSL"
        default: "Function \(function)"
        }
    }
}
