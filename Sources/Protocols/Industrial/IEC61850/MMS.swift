import Model
import Wire

/// Manufacturing Message Specification on OSI transport: what IEC 61850 servers, ICCP (TASE.2) and some controllers speak. Session
/// and presentation layers carry one element of ASN.1 each; the MMS PDU is the innermost.
///
///     data:       01 00 01 00 (session), 61 { 30 { 02 context, A0 { PDU } } } (presentation)
///     connection: 0D or 0E (session) with user data C1, in it the presentation's 31, in that 61 { 30 { A0 { 60 or 61 ACSE } } }
///     PDU:        A0 request { 02 invoke id, service }, A1 response, A2 error, A3 unconfirmed, A4 reject, A8 initiate …
package enum MMS: Dissector {
    package static let description = ProtocolDescription(
        name: "mms", title: "MMS (IEC 61850, TASE.2)", family: .industrial, level: .operations,
        reference: "ISO 9506-2:2003; IEC 61850-8-1:2011; ISO 8327-1; ISO 8823-1; ISO 8650-1",
        bindings: [.tcp([ISOTransport.port])], displayFilter: "mms")

    /// Session PDUs (ISO 8327-1, 8.3).
    private enum Session {
        static let connect: UInt8 = 0x0d, accept: UInt8 = 0x0e, finish: UInt8 = 0x09, disconnect: UInt8 = 0x0a
        static let abort: UInt8 = 0x19, data: UInt32 = 0x0100_0100
        static let userData: UInt8 = 0xc1, extendedUserData: UInt8 = 0xc2
    }

    /// Unfinished TSDUs, and the last question for the names of domains.
    private final class State {
        var fromClient = ISOTransport.Segments()
        var fromServer = ISOTransport.Segments()
        var domainQuery: UInt64?
    }

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch ISOTransport.opening(bytes) {
        case .notISOTransport: return .no
        case .undecided: return .wait
        case .data(let range, let sender):
            let user = bytes.slice(range.lowerBound, range.count)
            switch user.u8(0) {
            case Session.connect, Session.accept:
                // The abstract syntax of MMS, 1.0.9506, is offered or the application context is.
                guard names(user) else { return user.byteCount < 64 ? .wait : .no }
                return .certain(
                    from: sender != .unknown ? sender : user.u8(0) == Session.connect ? .client : .server)
            case 0x01:
                guard user.byteCount >= 20 else { return .wait }
                let range = pdu(user)
                guard !range.isEmpty, isPDU(user.slice(range.lowerBound, range.count)) else { return .no }
                switch user.u8(range.lowerBound) {
                case 0xa0, 0xa8: return .certain(from: .client)
                case 0xa1, 0xa2, 0xa3, 0xa9: return .certain(from: .server)
                default: return .certain
                }
            default: return .no
            }
        }
    }

    /// True when the object identifier 1.0.9506 is near the start.
    private static func names(_ user: RawSpan) -> Bool {
        var offset = 4
        let end = min(user.byteCount, 512)
        while let found = user.index(of: 0x28, from: offset, limit: end &- offset) {
            if user.be24(found) == 0x28_ca22 { return true }
            offset = found &+ 1
        }
        return false
    }

    private static func isPDU(_ bytes: RawSpan) -> Bool {
        var reader = TaggedReader(bytes)
        guard reader.next(isOpenEnded: true) else { return false }
        switch reader.tag {
        case 0xa0, 0xa1:
            var inner = TaggedReader(reader.contents)
            // Invoke id, then a service by context tag; ROSE has a universal one there.
            guard inner.next(), inner.tag == 0x02, inner.count <= 4, inner.next(isOpenEnded: true) else { return false }
            return inner.tag & 0xc0 == 0x80 || inner.tag >= 0x80_0000
        case 0xa2...0xa7, 0xa8, 0xa9, 0xaa, 0x8b, 0x8c, 0xad: return true
        default: return false
        }
    }

    /// Where the MMS PDU lies in the session data; empty when there is none.
    private static func pdu(_ user: RawSpan) -> Range<Int> {
        guard user.be32(0) == Session.data else { return 0..<0 }
        return presented(user, 4)
    }

    /// Where the contents of the single ASN.1 value lie in the presentation's user data (61 at `offset`).
    private static func presented(_ bytes: RawSpan, _ offset: Int) -> Range<Int> {
        var list = TaggedReader(bytes, at: offset)
        guard list.next(isOpenEnded: true), list.tag == 0x61 else { return 0..<0 }
        var entry = TaggedReader(bytes.first(list.end), at: list.start)
        guard entry.next(isOpenEnded: true), entry.tag == 0x30 else { return 0..<0 }
        var value = TaggedReader(bytes.first(entry.end), at: entry.start)
        guard value.find(0xa0, isOpenEnded: true) else { return 0..<0 }
        return value.start..<value.end
    }

    // MARK: Dissection

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let unit: ISOTransport.Unit
        switch ISOTransport.read(bytes) {
        case .malformed: return .malformed
        case .needMore(let count): return .needMore(count)
        case .unit(let read): unit = read
        }
        guard unit.kind == .data else {
            d.message(S7Message.transport(unit.kind))
            return .consumed(unit.length)
        }
        let state = d.state { State() }
        if d.afterGap {
            if d.fromClient { state.fromClient.reset() } else { state.fromServer.reset() }
        }
        let user = bytes.slice(unit.user.lowerBound, unit.user.count)
        let isOpen = d.fromClient ? state.fromClient.isOpen : state.fromServer.isOpen
        if unit.isLast, !isOpen {
            session(user, state, &d)
        } else if d.fromClient {
            state.fromClient.append(user)
            if unit.isLast, let whole = state.fromClient.take() { session(whole.span.bytes, state, &d) }
        } else {
            state.fromServer.append(user)
            if unit.isLast, let whole = state.fromServer.take() { session(whole.span.bytes, state, &d) }
        }
        return .consumed(unit.length)
    }

    private static func session(_ user: RawSpan, _ state: State, _ d: inout Dissection) {
        switch user.u8(0) {
        case Session.connect, Session.accept: connection(user, &d)
        case Session.finish: d.message(MMSMessage.session(Session.finish))
        case Session.disconnect: d.message(MMSMessage.session(Session.disconnect))
        case Session.abort: d.message(MMSMessage.session(Session.abort))
        default:
            let range = pdu(user)
            guard !range.isEmpty else {
                if !d.isCut, user.byteCount > 4 {
                    d.malformed(DecodeError(field: "presentation data", offset: 4, needed: 1, available: 0))
                }
                return
            }
            message(user.slice(range.lowerBound, range.count), state, &d)
        }
    }

    /// Connect or accept: parameters of code 1, length 1 (or FF and 2), value; groups hold parameters of their own, which are
    /// passed over whole.
    private static func connection(_ user: RawSpan, _ d: inout Dissection) {
        d.message(MMSMessage.session(user.u8(0)))
        var offset = user.u8(1) == 0xff ? 4 : 2
        var left = 16
        while left > 0, offset < user.byteCount {
            left &-= 1
            let code = user.u8(offset)
            let isLong = user.u8(offset &+ 1) == 0xff
            let size = isLong ? Int(user.be16(offset &+ 2)) : Int(user.u8(offset &+ 1))
            offset &+= isLong ? 4 : 2
            if code == Session.userData || code == Session.extendedUserData {
                association(user.slice(offset, size), &d)
                return
            }
            offset &+= size
        }
    }

    /// Presentation connect (31 or, for the mode of 1984, others): normal mode parameters A2, in them user data 61 with the ACSE
    /// PDU 60 (request) or 61 (response). A request with an authentication value AC shows it in clear.
    private static func association(_ bytes: RawSpan, _ d: inout Dissection) {
        var presentation = TaggedReader(bytes)
        guard presentation.next(isOpenEnded: true), presentation.tag == 0x31 else { return }
        var parameters = TaggedReader(presentation.contents)
        guard parameters.find(0xa2, isOpenEnded: true) else { return }
        let contents = parameters.contents
        var fields = TaggedReader(contents)
        var place = -1
        while place < 0 {
            let before = fields.end
            guard fields.next(isOpenEnded: true) else { return }
            if fields.tag == 0x61 { place = before }
        }
        let range = presented(contents, place)
        var acse = TaggedReader(contents.slice(range.lowerBound, range.count))
        guard acse.next(isOpenEnded: true), acse.tag == 0x60 else { return }
        var items = TaggedReader(acse.contents)
        guard items.find(0xac) else { return }
        var value = TaggedReader(items.contents)
        guard value.next(), value.tag == 0x80, value.contents.isPrintable else { return }
        d.observe(.cleartextCredential, "MMS association password", field: "acse_password", about: .conversation)
    }

    private static func message(_ bytes: RawSpan, _ state: State, _ d: inout Dissection) {
        var reader = TaggedReader(bytes)
        guard reader.next() else {
            if !d.isCut { d.malformed(DecodeError(field: "mms pdu", offset: 0, needed: 2, available: bytes.byteCount)) }
            return
        }
        let kind = UInt8(truncatingIfNeeded: reader.tag)
        var service: UInt32 = MMSMessage.noService
        var inner = TaggedReader(reader.contents)
        var invoke: UInt64?
        if kind == 0xa0 || kind == 0xa1, inner.next(), inner.tag == 0x02 {
            invoke = inner.number
            // A request's modifier list is a universal sequence.
            while inner.next(), inner.tag < 0x80 {}
            service = inner.tag >= 0x1_0000 ? inner.tag & 0xffff : inner.tag & 0x1f
        }
        let code = MMSMessage.code(kind, service)
        d.message(code, MMSMessage.effect(code))
        switch kind {
        case 0xa0: request(service, invoke, inner.contents, state, &d)
        case 0xa1: response(service, invoke, inner.contents, state, &d)
        default: break
        }
    }

    private static func request(
        _ service: UInt32, _ invoke: UInt64?, _ contents: RawSpan, _ state: State, _ d: inout Dissection
    ) {
        switch service {
        case MMSMessage.Service.getNameList:
            // Object class A0 { 80 class }; 9 asks for domains, which IEC 61850 makes of logical devices.
            var list = TaggedReader(contents)
            guard list.next(), list.tag == 0xa0 else { return }
            var objectClass = TaggedReader(list.contents)
            state.domainQuery = objectClass.next() && objectClass.number == 9 ? invoke : nil
        case MMSMessage.Service.read, MMSMessage.Service.write:
            d.role(.scada, field: "client", confidence: .low)
        default: break
        }
    }

    private static func response(
        _ service: UInt32, _ invoke: UInt64?, _ contents: RawSpan, _ state: State, _ d: inout Dissection
    ) {
        switch service {
        case MMSMessage.Service.identify:
            var fields = TaggedReader(contents)
            while fields.next() {
                switch fields.tag {
                case 0x80: d.observe(.vendor, text: fields.contents, field: "vendor_name")
                case 0x81: d.observe(.model, text: fields.contents, field: "model_name")
                case 0x82: d.observe(.firmware, text: fields.contents, field: "revision")
                default: break
                }
            }
            d.role(.plc, field: "identify", confidence: .medium)
        case MMSMessage.Service.getNameList where invoke != nil && invoke == state.domainQuery:
            state.domainQuery = nil
            var list = TaggedReader(contents)
            guard list.next(), list.tag == 0xa0 else { return }
            var names = TaggedReader(list.contents)
            var left = 64
            while left > 0, names.next() {
                left &-= 1
                d.observe("logical_device", text: names.contents, field: "domain_name")
            }
        case MMSMessage.Service.read, MMSMessage.Service.write:
            d.role(.plc, field: "server", confidence: .low)
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String { MMSMessage.name(code) }
}
