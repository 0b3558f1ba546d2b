import Model
import Protocols
import Wire

/// Feeds messages to one dissector, as the engine would for one conversation, and collects what it says.
struct DissectorBench: ~Copyable {
    static let client = Endpoint(mac: MACAddress(bits: 0x0200_0000_0001), ip: IPAddress(v4: 0x0a00_0001))
    static let server = Endpoint(mac: MACAddress(bits: 0x0200_0000_0002), ip: IPAddress(v4: 0x0a00_0002))

    let entry: ProtocolEntry
    var d: Dissection
    private(set) var messages: [Dissection.Message] = []
    var clientPort: UInt16 = 0
    var serverPort: UInt16 = 0
    /// Of a frame without a network layer.
    var etherType: UInt16 = 0
    private let transport: Transport

    init<D: Dissector>(_ type: D.Type, isTCP: Bool = true, isLink: Bool = false) {
        entry = ProtocolEntry(type)
        d = Dissection(seed: 1, names: [Dissection.ProtocolName(entry.description.name)])
        transport = isLink ? .ethernet : isTCP ? .tcp : .udp
    }

    private var key: FlowKey {
        let isLink = transport == .ethernet
        return FlowKey(
            aHigh: 0, aLow: (isLink ? DissectorBench.client.mac?.bits : DissectorBench.client.ip?.low) ?? 0, bHigh: 0,
            bLow: (isLink ? DissectorBench.server.mac?.bits : DissectorBench.server.ip?.low) ?? 0, aPort: clientPort,
            bPort: serverPort, code: etherType, vlan: 0, transport: transport)
    }

    /// Hands over the bytes until they are used up; answers the last progress.
    @discardableResult
    mutating func feed(_ bytes: [UInt8], fromClient: Bool) -> Progress {
        d.fromClient = fromClient
        let (source, destination) =
            fromClient
            ? (DissectorBench.client, DissectorBench.server) : (DissectorBench.server, DissectorBench.client)
        d.setEnds(
            key, fromA: fromClient, sourceMAC: source.mac ?? .zero, destinationMAC: destination.mac ?? .zero)
        d.frame = FrameRef(capture: 0, number: d.frame.number + 1, time: .zero)
        var progress = Progress.consumed(0)
        var offset = 0
        while offset < bytes.count {
            progress = entry.dissect(bytes.span.bytes.from(offset), &d)
            messages += d.messages
            d.clearMessages()
            guard case .consumed(let used) = progress, used > 0 else { break }
            offset += used
        }
        return progress
    }

    /// Values of an attribute, in the order in which they were seen.
    func values(_ attribute: Attribute) -> [String] {
        d.observations.observations.filter { $0.attribute == attribute }.map(\.value.raw)
    }

    /// The value that one field stated about one end.
    func value(_ field: String, about end: Endpoint? = nil) -> String? {
        let end = transport == .ethernet ? end.map { Endpoint(mac: $0.mac, ip: nil) } : end
        return d.observations.observations.first {
            $0.source == "\(entry.description.name).\(field)" && (end == nil || $0.subject == end.map(Subject.endpoint))
        }?.value.raw
    }

    var effects: [MessageEffect] { messages.map(\.effect) }
    func names() -> [String] { messages.map { entry.messageName($0.code) } }

    /// Every truncation and many mutations of the messages, one after the other; nothing may trap.
    static func torment<D: Dissector>(
        _ type: D.Type, _ messages: [[UInt8]], isTCP: Bool = true, isLink: Bool = false
    ) -> Int {
        var random = Noise(state: 0x5eed)
        var calls = 0
        let hint = ProbeHint(
            sourcePort: 40_000, destinationPort: 102, isTCP: isTCP, fromClient: true, isStreamStart: true)
        for (index, message) in messages.enumerated() {
            var bench = DissectorBench(type, isTCP: isTCP, isLink: isLink)
            for length in 0...message.count {
                bench.feed(Array(message.prefix(length)), fromClient: index.isMultiple(of: 2))
                withBytes(Array(message.prefix(length))) { _ = bench.entry.probe($0, hint) }
                calls += 1
            }
            for _ in 0..<1_000 {
                var damaged = message
                for _ in 0...random.below(4) { damaged[random.below(damaged.count)] = UInt8(random.below(256)) }
                bench.feed(damaged, fromClient: random.below(2) == 0)
                withBytes(damaged) { _ = bench.entry.probe($0, hint) }
                for kept in bench.messages.suffix(1) { _ = bench.entry.messageName(kept.code) }
                calls += 1
            }
        }
        return calls
    }

    /// A small deterministic generator (xorshift).
    private struct Noise {
        var state: UInt64
        mutating func below(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(1, bound)))
        }
    }
}

/// Bytes from hexadecimal digits; anything else is skipped.
func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func ascii(_ text: String, padTo count: Int = 0, with pad: UInt8 = 0) -> [UInt8] {
    var bytes = Array(text.utf8)
    while bytes.count < count { bytes.append(pad) }
    return bytes
}

func be16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
func le16(_ value: Int) -> [UInt8] { be16(value).reversed() }
func le32(_ value: Int) -> [UInt8] { le16(value & 0xffff) + le16(value >> 16 & 0xffff) }

/// A probe's answer to what a client sends to `port`, or a server from `serverPort`.
func probe<D: Dissector>(
    _ type: D.Type, _ bytes: [UInt8], port: UInt16 = 0, from serverPort: UInt16? = nil, isTCP: Bool = true
) -> Verdict {
    withBytes(bytes) {
        D.probe(
            $0,
            ProbeHint(
                sourcePort: serverPort ?? 40_000, destinationPort: serverPort == nil ? port : 40_000, isTCP: isTCP,
                fromClient: serverPort == nil, isStreamStart: true))
    }
}
