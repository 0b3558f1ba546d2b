import Model
import Wire

/// S7comm, spoken by SIMATIC S7-300/400 (and by S7-1200/1500 for PUT/GET), on ISO transport. Siemens never published it; the
/// layout here is the one Wireshark's packet-s7comm.c and Snap7 agree on.
///
///     0  protocol id       1   0x32
///     1  ROSCTR            1   1 job, 2 acknowledge, 3 acknowledge with data, 7 user data
///     2  reserved          2
///     4  PDU reference     2
///     6  parameter length  2
///     8  data length       2
///    10  error class, code 2   only with ROSCTR 2 and 3
package enum S7comm: Dissector {
    package static let description = ProtocolDescription(
        name: "s7comm", title: "S7comm", family: .industrial, level: .operations,
        reference: "Siemens, unpublished; ISO 8073 class 0 on RFC 1006", bindings: [.tcp([ISOTransport.port])],
        displayFilter: "s7comm")

    static let protocolID: UInt8 = 0x32

    enum Offset {
        static let rosctr = 1, reserved = 2, parameterLength = 6, dataLength = 8, error = 10
        static let request = 10, acknowledgement = 12
    }

    enum ROSCTR {
        static let job: UInt8 = 1, acknowledge: UInt8 = 2, acknowledgeData: UInt8 = 3, userData: UInt8 = 7
    }

    /// What is kept of a conversation: unfinished TSDUs and partial lists, one of each per direction.
    final class State {
        var fromClient = ISOTransport.Segments()
        var fromServer = ISOTransport.Segments()
        var list = S7SystemStatusList.Assembly()
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch ISOTransport.opening(bytes) {
        case .notISOTransport: return .no
        case .undecided: return .wait
        case .data(let range, let sender):
            let user = bytes.slice(range.lowerBound, range.count)
            if user.byteCount < Offset.request { return user.u8(0) == protocolID ? .wait : .no }
            guard isMessage(user) else { return .no }
            if sender != .unknown { return .certain(from: sender) }
            switch user.u8(Offset.rosctr) {
            case ROSCTR.acknowledgeData: return .certain(from: .server)
            // Block transfers turn the roles round: the controller asks for the next block.
            case ROSCTR.job where !(0x1b...0x1c).contains(user.u8(Offset.request)): return .certain(from: .client)
            default: return .certain
            }
        }
    }

    /// True when the header's invariants hold.
    static func isMessage(_ user: RawSpan) -> Bool {
        guard user.byteCount >= Offset.request, user.u8(0) == protocolID, user.be16(Offset.reserved) == 0 else {
            return false
        }
        switch user.u8(Offset.rosctr) {
        case ROSCTR.job, ROSCTR.acknowledge, ROSCTR.acknowledgeData: return true
        case ROSCTR.userData: return user.be16(Offset.parameterLength) >= 8
        default: return false
        }
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
        }
        switch unit.kind {
        case .data:
            let user = bytes.slice(unit.user.lowerBound, unit.user.count)
            let isOpen = d.fromClient ? state.fromClient.isOpen : state.fromServer.isOpen
            if unit.isLast, !isOpen {
                return message(user, state, &d) ? .consumed(unit.length) : .malformed
            }
            // A data TPDU without user data and without EOT only acknowledges.
            if user.byteCount == 0, !unit.isLast { return .consumed(unit.length) }
            if let whole = join(user, unit.isLast, state, &d), !message(whole.span.bytes, state, &d) {
                return .malformed
            }
        case .connectionRequest, .connectionConfirm:
            d.message(S7Message.transport(unit.kind))
            S7Selectors.observe(bytes, unit, &d)
        default:
            d.message(S7Message.transport(unit.kind))
        }
        return .consumed(unit.length)
    }

    private static func join(_ user: RawSpan, _ isLast: Bool, _ state: State, _ d: inout Dissection) -> [UInt8]? {
        if d.fromClient {
            state.fromClient.append(user)
            return isLast ? state.fromClient.take() : nil
        }
        state.fromServer.append(user)
        return isLast ? state.fromServer.take() : nil
    }

    /// Reads one S7 message; false when it is none.
    static func message(_ user: RawSpan, _ state: State, _ d: inout Dissection) -> Bool {
        if user.byteCount == 0 { return true }
        guard isMessage(user) else { return false }
        let rosctr = user.u8(Offset.rosctr)
        let isAcknowledgement = rosctr == ROSCTR.acknowledge || rosctr == ROSCTR.acknowledgeData
        let start = isAcknowledgement ? Offset.acknowledgement : Offset.request
        let parameters = user.slice(start, Int(user.be16(Offset.parameterLength)))
        let data = user.slice(start &+ Int(user.be16(Offset.parameterLength)), Int(user.be16(Offset.dataLength)))
        switch rosctr {
        case ROSCTR.job:
            let function = parameters.u8(0)
            let code = S7Message.job(function, parameters)
            d.message(code, S7Message.effect(code))
            if function == S7Message.Function.readVariable || function == S7Message.Function.writeVariable {
                d.role(.hmi, field: "client", confidence: .low)
                d.role(.plc, field: "partner", about: .destination, confidence: .low)
            }
        case ROSCTR.acknowledgeData:
            d.message(S7Message.code(rosctr, parameters.u8(0)))
            if user.be16(Offset.error) == 0, S7Message.isServerAnswer(parameters.u8(0)) {
                d.role(.plc, field: "server", confidence: .medium)
            }
        case ROSCTR.acknowledge:
            d.message(S7Message.code(rosctr, 0))
        default:
            userData(parameters, data, state, &d)
        }
        return true
    }

    /// User data: parameter head 00 01 12, length, method, type and group, subfunction, sequence number, and in answers data
    /// unit reference, "more follows" and error code.
    private static func userData(_ parameters: RawSpan, _ data: RawSpan, _ state: State, _ d: inout Dissection) {
        guard parameters.be24(0) == 0x00_0112 else {
            d.message(S7Message.code(ROSCTR.userData, 0))
            return
        }
        let typeAndGroup = parameters.u8(5)
        let subfunction = parameters.u8(6)
        let code = S7Message.userData(typeAndGroup, subfunction)
        d.message(code, S7Message.effect(code))
        let isAnswer = typeAndGroup >> 4 == 8
        switch (typeAndGroup & 15, subfunction) {
        case (S7Message.Group.cpu, 1) where isAnswer:
            guard parameters.byteCount >= 12, parameters.be16(10) == 0 else { return }
            d.role(.plc, field: "system_status_list", confidence: .medium)
            state.list.add(data, reference: parameters.u8(8), more: parameters.u8(9) != 0, &d)
        case (S7Message.Group.security, 1) where !isAnswer:
            // The eight bytes of the password are only folded with each other and 55 hexadecimal.
            d.observe(.cleartextCredential, "S7 CPU password (obfuscated)", field: "password", about: .conversation)
        case (S7Message.Group.program, _) where !isAnswer:
            d.role(.engineeringStation, field: "program_functions", confidence: .medium)
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String { S7Message.name(code) }
}

/// Transport selectors as SIMATIC uses them: the kind of connection resource, then rack and slot.
enum S7Selectors {
    /// What a two-byte selector begins with.
    private enum Resource {
        static let programmingDevice: UInt8 = 1, operatorPanel: UInt8 = 2
    }

    /// States rack and slot of the called module and what the caller presents itself as.
    static func observe(_ bytes: RawSpan, _ unit: ISOTransport.Unit, _ d: inout Dissection) {
        guard unit.kind == .connectionRequest else { return }
        let called = bytes.slice(
            ISOTransport.selectors(bytes, unit).called.lowerBound, ISOTransport.selectors(bytes, unit).called.count)
        if called.byteCount == 2, called.u8(0) >= 1, called.u8(0) <= 3 {
            let place = called.u8(1)
            d.observe(
                .rack, "\(place >> 5)/\(place & 31)", field: "called_tsap", about: .destination, confidence: .medium)
            // Many libraries ask for a programming device's resource whatever they are.
            switch called.u8(0) {
            case Resource.programmingDevice: d.role(.engineeringStation, field: "called_tsap", confidence: .low)
            case Resource.operatorPanel: d.role(.hmi, field: "called_tsap", confidence: .low)
            default: break
            }
        } else if called.starts(with: "SIMATIC-ROOT-HMI") {
            d.role(.hmi, field: "called_tsap", confidence: .medium)
            d.role(.plc, field: "called_tsap_server", about: .destination, confidence: .medium)
        } else if called.starts(with: "SIMATIC-ROOT-ES") {
            d.role(.engineeringStation, field: "called_tsap", confidence: .medium)
            d.role(.plc, field: "called_tsap_server", about: .destination, confidence: .medium)
        }
    }
}
