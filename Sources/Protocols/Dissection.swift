package import Model
package import Wire

/// What a dissector is told about the message before it, and where it puts what it learns. One value lives for a whole
/// capture; the caller sets the frame's fields before each call.
package struct Dissection: ~Copyable {
    /// Whom an observation is about, seen from the frame.
    package enum About: Sendable {
        case source, destination, client, server
        case conversation
        case network
        case mac(MACAddress)
        case address(IPAddress)
        case endpoint(Endpoint)
    }

    // MARK: The frame, set by the caller

    /// The frame in which the message ends.
    package var frame: FrameRef
    /// What the frame's conversation is told by, and whether its A end sent the frame.
    package private(set) var flow: FlowKey
    package private(set) var fromA = true
    private var sourceMAC = MACAddress.zero
    private var destinationMAC = MACAddress.zero
    /// True when the sender is the end that opened the conversation.
    package var fromClient = true
    /// True when bytes of this direction were lost before these.
    package var afterGap = false
    /// True when the snap length cut the frame, so that missing bytes are no error.
    package var isCut = false
    /// Time to live or hop limit of the frame; 0 without a network layer.
    package var ttl: UInt8 = 0
    /// Radio frequency in MHz from radiotap or PPI; 0 when unknown.
    package var radioFrequency: UInt16 = 0
    /// Which of the names the protocol has that is dissected.
    package var service = 0
    private let names: [ProtocolName]
    /// Registry name of the protocol, the first part of every observation's source.
    package var protocolName: String { lent?.text ?? (service < names.count ? names[service].text : "") }
    private var salt: UInt64 { lent?.salt ?? (service < names.count ? names[service].salt : 0) }
    /// The name of a protocol that the dissected one carries, while its dissector reads.
    var lent: ProtocolName?

    /// A registry name and its hash, which tells apart facts of two protocols whose fields have the same name: equal
    /// literals may share one address.
    package struct ProtocolName: Sendable {
        package let text: String
        let salt: UInt64

        package init(_ text: String) {
            self.text = text
            salt = text.isEmpty ? 0 : UInt64(bitPattern: Int64(text.hashValue))
        }
    }
    private var sources: [UInt64: String] = [:]

    /// Sets the frame's ends; zero for a MAC that is not known.
    @inline(__always)
    package mutating func setEnds(_ flow: FlowKey, fromA: Bool, sourceMAC: MACAddress, destinationMAC: MACAddress) {
        self.flow = flow
        self.fromA = fromA
        self.sourceMAC = sourceMAC
        self.destinationMAC = destinationMAC
    }

    // Few frames tell anything new about their ends, so these are put together when asked for.

    package var source: Endpoint { end(isA: fromA, mac: sourceMAC) }
    package var destination: Endpoint { end(isA: !fromA, mac: destinationMAC) }
    package var sourcePort: UInt16 { fromA ? flow.aPort : flow.bPort }
    package var destinationPort: UInt16 { fromA ? flow.bPort : flow.aPort }
    package var isTCP: Bool { flow.isTCP }
    /// The conversation, for observations about it.
    package var conversation: ConversationKey { flow.conversation }

    private func end(isA: Bool, mac: MACAddress) -> Endpoint {
        Endpoint(
            mac: mac == .zero ? nil : mac, ip: flow.isLink ? nil : isA ? flow.a : flow.b, vlan: flow.vlan)
    }

    // MARK: Kept for the conversation

    /// Per-conversation state of the dissector, put back into the conversation by the caller.
    package var kept: AnyObject?

    /// The conversation's state of type `S`, made on first use.
    package mutating func state<S: AnyObject>(_ make: () -> S) -> S {
        if let state = kept as? S { return state }
        let state = make()
        kept = state
        return state
    }

    // MARK: What was learnt

    package var observations: ObservationTable
    /// Messages of this call: drained by the caller into the conversation's tallies. The array only grows, and is written
    /// anew from its start after each call.
    private var messageBuffer: [Message] = []
    package private(set) var messageCount = 0
    package var malformedCount: UInt64 = 0
    package private(set) var lastError: DecodeError?

    package struct Message: Sendable {
        package var code: UInt32
        package var effect: MessageEffect
        package var fromClient: Bool
    }

    package init(seed: UInt64, names: [ProtocolName], observationLimit: Int = ObservationTable.limit) {
        self.names = names
        frame = FrameRef(capture: 0, number: 0, time: .zero)
        flow = FlowKey(aHigh: 0, aLow: 0, bHigh: 0, bLow: 0, aPort: 0, bPort: 0, code: 0, vlan: 0, transport: .ethernet)
        observations = ObservationTable(seed: seed, limit: observationLimit)
    }

    /// Counts one message: its function or service code, and what it does to the device it is sent to.
    @inline(__always)
    package mutating func message(_ code: UInt32, _ effect: MessageEffect = .none) {
        let message = Message(code: code, effect: effect, fromClient: fromClient)
        if messageCount < messageBuffer.count {
            messageBuffer[messageCount] = message
        } else {
            messageBuffer.append(message)
        }
        messageCount &+= 1
    }

    /// The messages of this call so far.
    package var messages: ArraySlice<Message> { messageBuffer[..<messageCount] }

    package func message(at position: Int) -> Message { messageBuffer[position] }

    /// Changes the code of a message that this call counted.
    mutating func recode(messageAt position: Int, _ code: UInt32) { messageBuffer[position].code = code }

    package mutating func clearMessages() { messageCount = 0 }

    // MARK: Worked out once

    private var worked: [UInt64: String] = [:]

    /// What `make` gives for the input that `key` is a hash of; worked out once for each.
    mutating func once(_ key: UInt64, _ make: () -> String) -> String {
        if let text = worked[key] { return text }
        let text = make()
        if worked.count < 4096 { worked[key] = text }
        return text
    }

    /// Notes a decode error; fields read before it stay.
    package mutating func malformed(_ error: DecodeError) {
        malformedCount &+= 1
        lastError = error
    }

    /// States a fact read as raw text (UTF-8 or Latin-1, up to the first NUL). Repeats cost a hash, no allocation.
    package mutating func observe(
        _ attribute: Attribute, text bytes: RawSpan, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        guard bytes.byteCount > 0 else { return }
        let subject = subject(about)
        let key = key(subject, field, bytes.first(WireText.limit).fingerprint(seed: observations.seed))
        if observations.sighted(key, frame) { return }
        let value = WireText(wire: bytes)
        guard !value.isEmpty else { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: attribute, value: value, source: source, confidence: confidence),
            frame)
    }

    /// States an identifier whose form its maker chose: text where it reads as text, otherwise lower-case hexadecimal.
    package mutating func observe(
        _ attribute: Attribute, identifier bytes: RawSpan, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        if bytes.isPrintable {
            observe(attribute, text: bytes, field: field, about: about, confidence: confidence)
        } else {
            observe(attribute, WireText(hexadecimal: bytes), field: field, about: about, confidence: confidence)
        }
    }

    /// States a fact as made-up or converted text (numbers, joined versions, UTF-16).
    package mutating func observe(
        _ attribute: Attribute, _ value: WireText, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        guard !value.isEmpty else { return }
        let subject = subject(about)
        let key = key(subject, field, UInt64(bitPattern: Int64(value.raw.hashValue)))
        if observations.sighted(key, frame) { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: attribute, value: value, source: source, confidence: confidence),
            frame)
    }

    /// States a fact as text.
    package mutating func observe(
        _ attribute: Attribute, _ value: String, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        observe(attribute, WireText(value), field: field, about: about, confidence: confidence)
    }

    /// States a numeric fact. Repeats cost a hash, no allocation.
    package mutating func observe(
        _ attribute: Attribute, number: UInt64, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        let subject = subject(about)
        let key = key(subject, field, mixed(number ^ 0x5bd1_e995_0f0f_3c3c))
        if observations.sighted(key, frame) { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: attribute, value: WireText(String(number)), source: source,
                confidence: confidence),
            frame)
    }

    /// States a fact that is a network address. Repeats cost a hash, no allocation.
    package mutating func observe(
        _ attribute: Attribute, address: IPAddress, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        let subject = subject(about)
        let key = key(subject, field, mixed(mixed(address.high ^ 0x3c6e_f372_fe94_f82b) ^ address.low))
        if observations.sighted(key, frame) { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: attribute, value: WireText(address.description), source: source,
                confidence: confidence),
            frame)
    }

    /// States a fact that is a MAC address. Repeats cost a hash, no allocation.
    package mutating func observe(
        _ attribute: Attribute, mac: MACAddress, field: StaticString, about: About = .source,
        confidence: Confidence = .high
    ) {
        let subject = subject(about)
        let key = key(subject, field, mixed(mac.bits ^ 0xa54f_f53a_5f1d_36f1))
        if observations.sighted(key, frame) { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: attribute, value: WireText(mac.description), source: source,
                confidence: confidence),
            frame)
    }

    /// States what a device is there for.
    package mutating func role(
        _ role: Role, field: StaticString, about: About = .source, confidence: Confidence = .high
    ) {
        let subject = subject(about)
        // Salted, because a role hashes as its name does and the same field may state both.
        let key = key(subject, field, mixed(UInt64(bitPattern: Int64(role.hashValue)) ^ 0x510e_527f_ade6_82d1))
        if observations.sighted(key, frame) { return }
        let source = source(field)
        observations.add(
            key,
            Observation(
                subject: subject, attribute: .role, value: WireText(role.rawValue), source: source,
                confidence: confidence),
            frame)
    }

    /// True the first time a fact keyed by `field` and `bytes` comes up for `about`; afterwards the sighting is renewed and
    /// the answer is false. Lets a dissector skip the full decoding of a message that it has seen byte for byte.
    package mutating func isNew(_ bytes: RawSpan, field: StaticString, about: About = .source) -> Bool {
        let key = key(subject(about), field, bytes.fingerprint(seed: observations.seed))
        return observations.firstTime(key)
    }

    /// True when `isNew` was asked of the same before.
    package func isKnown(_ bytes: RawSpan, field: StaticString, about: About = .source) -> Bool {
        observations.isKnown(key(subject(about), field, bytes.fingerprint(seed: observations.seed)))
    }

    private func key(_ subject: Subject, _ field: StaticString, _ value: UInt64) -> UInt64 {
        observations.key(subject, field, value ^ salt)
    }

    /// `protocol.field`, one string for all observations that say so.
    private mutating func source(_ field: StaticString) -> String {
        guard field.hasPointerRepresentation else { return "\(protocolName).\(field)" }
        let key = mixed(salt ^ UInt64(UInt(bitPattern: field.utf8Start)))
        if let known = sources[key] { return known }
        let text = "\(protocolName).\(field)"
        sources[key] = text
        return text
    }

    private func subject(_ about: About) -> Subject {
        switch about {
        case .source: .endpoint(source)
        case .destination: .endpoint(destination)
        case .client: .endpoint(fromClient ? source : destination)
        case .server: .endpoint(fromClient ? destination : source)
        case .conversation: .conversation(conversation)
        case .network: .network
        case .mac(let mac): .mac(mac)
        case .address(let address): .address(address)
        case .endpoint(let endpoint): .endpoint(endpoint)
        }
    }
}
