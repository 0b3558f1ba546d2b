package import Captures
import Model
package import Protocols
import Wire

/// Reads frames of one capture segment into conversations and observations: one synchronous loop, no allocation per frame
/// in the steady state, memory bounded by the limits below and not by the capture's length.
package struct CaptureAnalyzer: ~Copyable {
    /// Bounds; each is reported when it is reached.
    package struct Limits: Sendable {
        package var conversations = 262_144
        /// Unread and early bytes of all streams together.
        package var reassembly = 64 << 20
        /// Payloads looked at per direction before a conversation is left unrecognised.
        package var probes: UInt8 = 4
        package var talliesPerConversation = 256
        /// Kinds of messages over all conversations.
        package var tallies = 1 << 20
        package var observations = 524_288
        package init() {}
    }

    let limits: Limits
    let dispatch: Dispatch
    var flows: FlowTable
    var layers = FrameLayers()
    var dissection: Dissection
    var defragmenter = Defragmenter()
    /// Pairs of stream directions: even index from the flow's A end, odd from B.
    var streams: [StreamDirection] = []
    var freeStreams: [Int32] = []
    var states: [AnyObject?] = []
    var freeStates: [Int32] = []
    /// Messages by kind, each conversation's chained in the order in which they first came.
    var tallies: Slab<Tally>
    var reassemblyBytes = 0
    var health = HealthMeter()

    let capture: UInt32
    var frames: UInt64 = 0
    var bytes: UInt64 = 0
    var firstTime: Int64 = .max
    var lastTime: Int64 = .min
    /// Time of the frame before, and the sum of all steps forward that are no pause, in nanoseconds.
    private var previousTime: Int64 = .min
    var watchedTime: Int64 = 0
    var problems = [UInt64](repeating: 0, count: DecodeProblem.allCases.count)
    var heldFragments: UInt64 = 0
    var overLimit: UInt64 = 0
    /// Frames of which the snap length left only the beginning.
    var cutFrames: UInt64 = 0
    var streamsOverLimit: UInt64 = 0
    var talliesOverLimit: UInt64 = 0
    var linkTypes: [UInt16: UInt64] = [:]
    private var currentLink = LinkType(rawValue: .max)
    private var currentLinkFrames: UInt64 = 0

    /// One kind of message in one conversation.
    struct Tally: BitwiseCopyable, Sendable {
        var code: UInt32
        /// The conversation's next one; -1 at the end.
        var next: Int32 = -1
        var effect: MessageEffect
        var fromClient: Bool
        var count: UInt64
        var firstNumber: UInt64
        var firstTime: Int64
        var lastNumber: UInt64
        var lastTime: Int64

        @inline(__always)
        func isOf(_ message: Dissection.Message) -> Bool {
            code == message.code && fromClient == message.fromClient && effect == message.effect
        }

        @inline(__always)
        mutating func count(_ number: UInt64, _ time: Int64) {
            count &+= 1
            // A segment that came early is read late, under its own, smaller number.
            if number > lastNumber {
                lastNumber = number
                lastTime = time
            } else if number < firstNumber {
                firstNumber = number
                firstTime = time
            }
        }
    }

    package init(capture: UInt32, protocols: [ProtocolEntry] = ProtocolRegistry.all, limits: Limits = Limits()) {
        self.capture = capture
        self.limits = limits
        let seed = UInt64.random(in: .min ... .max)
        dispatch = Dispatch(protocols)
        flows = FlowTable(seed: seed, limit: limits.conversations)
        dissection = Dissection(seed: seed, names: dispatch.names, observationLimit: limits.observations)
        tallies = Slab(limit: limits.tallies)
    }

    /// Captured bytes read so far.
    package var bytesRead: UInt64 { bytes }

    /// Has the conversation of the frame to come fetched from memory while the present one is read: waiting for it took a tenth
    /// of the time of a capture with tens of thousands of conversations. To be called before `read`; `glimpse` may be anything.
    @inline(__always)
    package mutating func prepare(_ glimpse: RawSpan) {
        guard currentLink == .ethernet, let key = FlowKey(glimpse: glimpse) else { return }
        flows.expect(key)
    }

    /// Takes one frame; `frame.number` counts from 1.
    package mutating func read(_ bytes: RawSpan, _ frame: Frame) {
        frames &+= 1
        self.bytes &+= UInt64(truncatingIfNeeded: bytes.byteCount)
        let time = frame.time.nanoseconds
        if frame.hasTime {
            health.load.add(time, wire: UInt64(frame.originalLength))
            if time < firstTime { firstTime = time }
            if time > lastTime { lastTime = time }
            let step = time.subtractingReportingOverflow(previousTime)
            if !step.overflow, step.partialValue > 0, step.partialValue <= CaptureRecord.longestSilence {
                watchedTime &+= step.partialValue
            }
            previousTime = time
        }
        if frame.isCut { cutFrames &+= 1 }
        if frame.linkType.rawValue != currentLink.rawValue { changeLink(frame.linkType) }
        currentLinkFrames &+= 1

        layers.decode(bytes, link: frame.linkType, wireLength: Int(frame.originalLength))
        guard case .none = layers.problem else {
            problems[Int(layers.problem.rawValue)] &+= 1
            return
        }
        if layers.isFragment { return fragment(bytes, frame) }
        deliver(
            bytes.slice(layers.payloadOffset, layers.payloadLength), frame,
            ref: FrameRef(capture: capture, number: frame.number, time: frame.time))
    }

    /// Frames by link type, the current run of one type included.
    var allLinkTypes: [UInt16: UInt64] {
        var all = linkTypes
        if currentLinkFrames > 0 { all[currentLink.rawValue, default: 0] &+= currentLinkFrames }
        return all
    }

    private mutating func changeLink(_ link: LinkType) {
        if currentLinkFrames > 0 { linkTypes[currentLink.rawValue, default: 0] &+= currentLinkFrames }
        currentLink = link
        currentLinkFrames = 0
    }

    private mutating func fragment(_ bytes: RawSpan, _ frame: Frame) {
        let piece = bytes.slice(layers.payloadOffset, layers.payloadLength)
        guard let datagram = defragmenter.add(layers, piece, at: frame.time) else {
            heldFragments &+= 1
            return
        }
        layers.isFragment = false
        let whole = datagram.span.bytes
        layers.transport(whole, base: 0, wire: whole.byteCount)
        guard layers.problem == .none else {
            problems[Int(layers.problem.rawValue)] &+= 1
            return
        }
        deliver(
            whole.slice(layers.payloadOffset, layers.payloadLength), frame,
            ref: FrameRef(capture: capture, number: frame.number, time: frame.time))
    }

    /// Counts the frame in its conversation and hands the payload to whoever reads it.
    @inline(__always)
    private mutating func deliver(_ payload: RawSpan, _ frame: Frame, ref: FrameRef) {
        let (key, fromA) = flowKey()
        var (index, isNew) = flows.find(key)
        guard index >= 0 else {
            overLimit &+= 1
            return
        }
        if isNew {
            open(index, fromA: fromA, ref)
        } else if layers.tcpFlags & (FrameLayers.Flag.syn | FrameLayers.Flag.ack) == FrameLayers.Flag.syn,
            isReopened(flows[index], fromA: fromA, ref)
        {
            release(index)
            let old = index
            index = flows.restart(old)
            if index != old { open(index, fromA: fromA, ref) }
        }
        let before = flows[index].lastTime
        count(index, fromA: fromA, frame, ref)
        flows.prefetchExpected()
        follow(payload, index, fromA: fromA, before: before, ref)
        if flows[index].stage != .counting, layers.payloadWireLength > 0 || layers.tcpFlags & FrameLayers.Flag.syn != 0
        {
            hand(payload, to: index, fromA: fromA, ref)
        }
    }

    /// The frame's conversation, and whether the sender is its A end.
    @inline(__always)
    private func flowKey() -> (FlowKey, fromA: Bool) {
        if case .network = layers.kind {
            return FlowKey.between(
                layers.sourceIP, layers.hasPorts ? layers.sourcePort : 0, layers.destinationIP,
                layers.hasPorts ? layers.destinationPort : 0, code: layers.hasPorts ? 0 : UInt16(layers.ipProtocol),
                vlan: layers.vlan, transport: !layers.hasPorts ? .ip : layers.ipProtocol == 6 ? .tcp : .udp)
        }
        let source = layers.sourceMAC.bits
        let destination = layers.destinationMAC.bits
        let fromA = source <= destination
        let code = layers.kind == .etherType ? layers.etherType : layers.kind == .wirelessManagement ? 0 : layers.code
        return (
            FlowKey(
                aHigh: 0, aLow: fromA ? source : destination, bHigh: 0, bLow: fromA ? destination : source, aPort: 0,
                bPort: 0, code: code, vlan: layers.vlan, transport: .ethernet), fromA
        )
    }

    /// A SYN on a finished or long silent connection opens another one.
    private func isReopened(_ flow: borrowing Flow, fromA: Bool, _ ref: FrameRef) -> Bool {
        let ended = (flow.a.flags | flow.b.flags) & (FrameLayers.Flag.fin | FrameLayers.Flag.rst) != 0
        let silence = ref.time.elapsed(since: Timestamp(nanoseconds: flow.lastTime))
        return ended || silence > 120_000_000_000
    }

    private mutating func open(_ index: Int, fromA: Bool, _ ref: FrameRef) {
        flows[index].firstNumber = ref.number
        flows[index].firstTime = ref.time.nanoseconds
        switch flows[index].transport {
        case .tcp, .udp:
            flows[index].stage = .probing
            flows[index].clientIsA = clientIsA(fromA: fromA)
        case .ip:
            flows[index].clientIsA = fromA
            setService(index, dispatch.ipProtocol[UInt8(truncatingIfNeeded: layers.ipProtocol)])
        case .ethernet:
            flows[index].clientIsA = fromA
            setService(index, dispatch.linkProtocol(layers))
        }
    }

    private mutating func setService(_ index: Int, _ service: Int16?) {
        guard let service else { return }
        flows[index].service = service
        flows[index].stage = .dissecting
        followRhythm(index, service)
    }

    /// Who opened it, by the handshake, else by the ports, else by who was seen first.
    private mutating func clientIsA(fromA: Bool) -> Bool {
        let flags = layers.tcpFlags & (FrameLayers.Flag.syn | FrameLayers.Flag.ack)
        if flags == FrameLayers.Flag.syn { return fromA }
        if flags == FrameLayers.Flag.syn | FrameLayers.Flag.ack { return !fromA }
        let source = dispatch.serverLikeness(layers.sourcePort, isTCP: layers.ipProtocol == 6)
        let destination = dispatch.serverLikeness(layers.destinationPort, isTCP: layers.ipProtocol == 6)
        return source > destination ? !fromA : fromA
    }

    @inline(__always)
    private mutating func count(_ index: Int, fromA: Bool, _ frame: Frame, _ ref: FrameRef) {
        let wire = UInt64(frame.originalLength)
        flows[index].lastNumber = ref.number
        flows[index].lastTime = ref.time.nanoseconds
        if fromA { flows[index].a.count(layers, wire: wire) } else { flows[index].b.count(layers, wire: wire) }
        let flags = layers.tcpFlags
        if flags & FrameLayers.Flag.syn != 0, flags & FrameLayers.Flag.rst == 0 {
            handshake(index, fromA: fromA, flags)
        }
    }

    private mutating func handshake(_ index: Int, fromA: Bool, _ flags: UInt8) {
        guard flows[index].transport == .tcp, !flows[index].openingSeen else { return }
        flows[index].openingSeen = true
        flows[index].directionCertain = true
        flows[index].clientIsA = flags & FrameLayers.Flag.ack == 0 ? fromA : !fromA
    }
}
