import Model
import Wire

/// OPC UA Binary over TCP: messages of one or more chunks.
///
///     0   type 3             HEL, ACK, ERR, RHE, OPN, MSG, CLO
///     3   chunk 1            F final, C to be continued, A aborted
///     4   size 4             little-endian, the whole chunk
///     8   HEL, ACK: protocol version 4, buffer sizes …; OPN, MSG, CLO: secure channel id 4
///     12  OPN: security policy URI, sender's certificate, receiver's thumbprint; MSG, CLO: token id 4
///     +0  sequence number 4, request id 4, then the body: service id, header, parameters
package enum OPCUA: Dissector {
    package static let description = ProtocolDescription(
        name: "opcua", title: "OPC UA Binary", family: .industrial, level: .operations,
        reference: "OPC 10000-6 (Mappings) 1.05, 5.2 and 7.1; OPC 10000-4 (Services) 1.05",
        bindings: [.tcp([4840, 48010, 48020, 53530, 62541])], displayFilter: "opcua")

    private enum Offset {
        static let chunk = 3, size = 4, version = 8, helloURL = 28, policy = 12, token = 12, sequence = 16
    }
    private static let headerSize = 8
    /// Chunks beyond this are not held for reading; a telling message is never so long.
    private static let heldChunk = 131_072
    private static let heldMessage = 196_608
    private static let longestChunk: UInt32 = 1 << 24

    private enum Kind: UInt32 {
        case hello = 0x48_454c
        case acknowledge = 0x41_434b
        case error = 0x45_5252
        case reverseHello = 0x52_4845
        case open = 0x4f_504e
        case message = 0x4d_5347
        case close = 0x43_4c4f
    }

    /// What a conversation's messages are read with.
    private final class State {
        /// Security policy of the channel, without its URI prefix; nil while no OPN was seen.
        var policy: String?
        /// Chunks so far of a message to be continued, from client and server.
        var fromClient = Assembly()
        var fromServer = Assembly()
        /// Request that activates a session and has no answer yet.
        var login: UInt32?
    }

    private struct Assembly {
        var request: UInt32 = 0
        var bytes: [UInt8] = []
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= headerSize else { return .wait }
        guard let kind = Kind(rawValue: bytes.be24(0)) else { return .no }
        let size = bytes.le32(Offset.size)
        guard isChunk(bytes.u8(Offset.chunk)), size >= 8, size <= longestChunk else { return .no }
        switch kind {
        case .hello:
            return size >= 32 && size <= 8192 ? .certain(from: .client) : .no
        case .acknowledge: return size == 28 ? .certain(from: .server) : .no
        case .error: return size >= 16 && size <= 8192 ? .certain(from: .server) : .no
        // In a reverse connection the server opens the TCP connection but is the server all the same.
        case .reverseHello: return size >= 16 && size <= 16_384 ? .certain(from: .server) : .no
        case .open, .message, .close: return size >= 24 ? .certain : .no
        }
    }

    private static func isChunk(_ byte: UInt8) -> Bool { byte == 0x46 || byte == 0x43 || byte == 0x41 }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let size = bytes.le32(Offset.size)
        guard let kind = Kind(rawValue: bytes.be24(0)), isChunk(bytes.u8(Offset.chunk)), size >= 8, size <= longestChunk
        else { return .malformed }
        let total = Int(size)
        switch kind {
        case .message, .close:
            // Chunks that have nothing to tell are passed unread, however long.
            let enough = min(total, 32)
            guard bytes.byteCount >= enough else { return .needMore(enough) }
            guard isTelling(bytes, &d), total <= heldChunk else {
                if total >= 28 { count(bytes, &d) }
                return .consumed(total)
            }
        default:
            guard total <= heldChunk else { return .consumed(total) }
        }
        guard bytes.byteCount >= total else { return .needMore(total) }
        read(bytes.first(total), kind, &d)
        return .consumed(total)
    }

    /// A chunk of a message that is read further, or one that continues such a message.
    private static func isTelling(_ bytes: RawSpan, _ d: inout Dissection) -> Bool {
        let state = d.state { State() }
        if bytes.u8(Offset.chunk) == 0x41 { return true }
        if !(d.fromClient ? state.fromClient : state.fromServer).bytes.isEmpty { return true }
        guard let service = service(bytes, at: 24) else { return state.policy != nil && state.policy != "None" }
        return OPCUAService.isTelling(service)
    }

    /// The service id at the start of a body; nil when there is none, as in an encrypted body.
    private static func service(_ bytes: RawSpan, at offset: Int) -> UInt32? {
        let id: UInt32
        switch bytes.u8(offset) {
        case 1 where bytes.u8(offset &+ 1) == 0: id = UInt32(bytes.le16(offset &+ 2))
        case 2 where bytes.le16(offset &+ 1) == 0: id = bytes.le32(offset &+ 3)
        default: return nil
        }
        return OPCUAService.request(id) != nil || OPCUAService.isResponse(id) ? id : nil
    }

    /// Counts a message that is not read further, by its first chunk.
    private static func count(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let service = service(bytes, at: 24) else { return }
        d.message(service, OPCUAService.request(service)?.effect ?? .none)
        ends(service, &d)
    }

    /// Whoever answers a service offers OPC UA.
    private static func ends(_ service: UInt32, _ d: inout Dissection) {
        if OPCUAService.isResponse(service) { d.role(.opcServer, field: "response", confidence: .medium) }
    }

    private static func read(_ chunk: RawSpan, _ kind: Kind, _ d: inout Dissection) {
        do throws(DecodeError) {
            switch kind {
            case .hello:
                d.message(Code.hello)
                var reader = FieldReader(chunk, at: Offset.helloURL)
                let url = try reader.opcText("endpoint url")
                let text = chunk.slice(url.offset, url.count)
                if !text.hasUserInformation {
                    d.observe(.url, text: text, field: "hello_endpoint_url", about: .conversation)
                }
            case .acknowledge: d.message(Code.acknowledge)
            case .error: d.message(Code.error)
            case .reverseHello:
                d.message(Code.reverseHello)
                var reader = FieldReader(chunk, at: 8)
                let uri = try reader.opcText("server uri")
                d.observe(.applicationURI, text: chunk.slice(uri.offset, uri.count), field: "reverse_hello_server_uri")
            case .open: try open(chunk, &d)
            case .message, .close: try message(chunk, &d)
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    // MARK: Chunks

    private static func open(_ chunk: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        let state = d.state { State() }
        var reader = FieldReader(chunk, at: Offset.policy)
        let policyURI = try reader.opcText("security policy uri")
        let certificate = try reader.opcText("sender certificate")
        _ = try reader.opcText("receiver certificate thumbprint")
        let policy = OPCUA.policy(chunk.slice(policyURI.offset, policyURI.count))
        state.policy = policy
        OPCUAIdentity.certificate(chunk.slice(certificate.offset, certificate.count), &d)
        try reader.skip(8, "sequence header")
        guard policy == "None" else {
            // The rest is encrypted for the receiver.
            d.message(d.fromClient ? OPCUAService.openChannelRequest : OPCUAService.openChannelRequest + 3)
            return
        }
        try body(reader.rest(), request: chunk.le32(reader.offset &- 4), &d)
    }

    private static func message(_ chunk: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        let state = d.state { State() }
        guard chunk.has(8, at: Offset.sequence) else {
            throw DecodeError(
                field: "sequence header", offset: Offset.sequence, needed: 8,
                available: chunk.byteCount &- Offset.sequence)
        }
        let request = chunk.le32(Offset.sequence &+ 4)
        let bytes = chunk.from(24)
        var assembly = d.fromClient ? state.fromClient : state.fromServer
        let isContinued = !assembly.bytes.isEmpty && assembly.request == request
        if let policy = state.policy, policy != "None" {
            let isPlain = service(chunk, at: 24) != nil
            d.observe(
                .security, policy + (isPlain ? "/Sign" : "/SignAndEncrypt"), field: "channel_security",
                about: .conversation)
            // A signature ends each chunk, so only single chunks are read.
            if isPlain, chunk.u8(Offset.chunk) == 0x46 { try body(bytes, request: request, &d) }
            return
        }
        switch chunk.u8(Offset.chunk) {
        case 0x46:
            if isContinued {
                assembly.bytes += bytes.bytes(limit: max(0, heldMessage &- assembly.bytes.count))
                let whole = assembly.bytes
                set(Assembly(), state, d.fromClient)
                try body(whole.span.bytes, request: request, &d)
            } else {
                set(Assembly(), state, d.fromClient)
                try body(bytes, request: request, &d)
            }
        case 0x43:
            if !isContinued { assembly = Assembly(request: request, bytes: []) }
            assembly.bytes += bytes.bytes(limit: max(0, heldMessage &- assembly.bytes.count))
            set(assembly, state, d.fromClient)
        default: set(Assembly(), state, d.fromClient)
        }
    }

    private static func set(_ assembly: Assembly, _ state: State, _ fromClient: Bool) {
        if fromClient { state.fromClient = assembly } else { state.fromServer = assembly }
    }

    /// The last part of a security policy's URI: "None", "Basic256Sha256", ….
    static func policy(_ uri: RawSpan) -> String {
        let hash = uri.index(of: 0x23).map { $0 &+ 1 } ?? 0
        return WireText(wire: uri.from(hash).first(64)).raw
    }

    // MARK: Services

    private static func body(_ bytes: RawSpan, request: UInt32, _ d: inout Dissection) throws(DecodeError) {
        guard let service = service(bytes, at: 0) else { return }
        let state = d.state { State() }
        d.message(service, OPCUAService.request(service)?.effect ?? .none)
        ends(service, &d)
        guard OPCUAService.isTelling(service) else { return }
        var reader = FieldReader(bytes)
        _ = try reader.opcNodeID("service id")
        if OPCUAService.isResponse(service) {
            let result = try reader.opcResponseHeader()
            if state.login == request {
                state.login = nil
                d.observe(
                    .authentication, result & 0x8000_0000 == 0 ? "accepted" : "rejected", field: "activate_session",
                    about: .conversation)
            }
            switch service {
            case OPCUAService.findServersResponse: try OPCUAIdentity.foundServers(&reader, &d)
            case OPCUAService.getEndpointsResponse: try OPCUAIdentity.endpoints(&reader, &d)
            case OPCUAService.createSessionResponse: try OPCUAIdentity.createdSession(&reader, &d)
            default: break
            }
        } else {
            try reader.opcRequestHeader()
            switch service {
            case OPCUAService.openChannelRequest:
                try reader.skip(8, "request type")
                let mode = try reader.le32("security mode")
                d.observe(
                    .security, (state.policy ?? "None") + "/" + OPCUAIdentity.mode(mode), field: "channel_security",
                    about: .conversation)
            case OPCUAService.createSessionRequest: try OPCUAIdentity.createSession(&reader, &d)
            case OPCUAService.registerServerRequest, OPCUAService.registerServer2Request:
                try OPCUAIdentity.registration(&reader, &d)
            case OPCUAService.activateSessionRequest:
                state.login = request
                try OPCUAIdentity.activateSession(&reader, isEncrypted: false, &d)
            default: break
            }
        }
    }

    private enum Code {
        static let hello: UInt32 = 0x1_0000_01, acknowledge: UInt32 = 0x1_0000_02, error: UInt32 = 0x1_0000_03
        static let reverseHello: UInt32 = 0x1_0000_04
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.hello: "Hello"
        case Code.acknowledge: "Acknowledge"
        case Code.error: "Error"
        case Code.reverseHello: "ReverseHello"
        default: OPCUAService.name(code)
        }
    }
}
