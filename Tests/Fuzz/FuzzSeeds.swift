import Analysis
import Captures
import Foundation
import FuzzDriver
import Model
import Protocols
import Wire

/// Starting inputs from real captures, in the form that each target reads. Made where they are needed, never kept.
enum FuzzSeeds {
    /// Most seeds of one protocol, and most bytes of one seed.
    private static let perTarget = 60
    private static let size = 3_000

    /// Writes one folder of seeds per target; answers how many there are.
    static func write(from captures: String, to folder: String) -> Int {
        let root = URL(fileURLWithPath: captures)
        let target = URL(fileURLWithPath: folder)
        guard let manifest = try? String(contentsOf: root.appendingPathComponent("MANIFEST.tsv"), encoding: .utf8)
        else {
            return 0
        }
        var written: [String: Int] = [:]
        func put(_ name: String, _ bytes: [UInt8], limit: Int = perTarget) {
            let number = written[name, default: 0]
            guard number < limit, bytes.count > 2 else { return }
            let place = target.appendingPathComponent(name)
            try? FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try? Data(bytes).write(to: place.appendingPathComponent("\(number)"))
            written[name] = number + 1
        }
        for bytes in liveStreams() { put("live", bytes) }
        for line in manifest.split(whereSeparator: \.isNewline).dropFirst() {
            guard let path = line.split(separator: "\t").first else { continue }
            let file = root.appendingPathComponent(String(path)).path
            if let raw = FileManager.default.contents(atPath: file), raw.count <= 2_000 {
                put("captures", Array(raw), limit: 400)
            }
            guard let result = try? CaptureReading.read(path: file) else { continue }
            let known = result.conversations.filter { written[$0.service ?? "", default: 0] < perTarget }
            for (name, bytes) in conversations(known, in: file) {
                put(name, bytes)
                put("all", [bytes[0], UInt8(truncatingIfNeeded: bytes.count)] + bytes.dropFirst(2), limit: 400)
            }
            for bytes in frames(file) { put("frames", bytes, limit: 3_000) }
        }
        return written.values.reduce(0, +)
    }

    /// Streams as they run from the supervisor to the analyser of a live capture: one with every message, and one for each.
    private static func liveStreams() -> [[UInt8]] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            let length = word(UInt32(body.count + 12))
            return word(type) + length + body + length
        }
        let preamble =
            block(0x0a0d_0d0a, word(0x1a2b_3c4d) + word(1) + [UInt8](repeating: 0xff, count: 8))
            + block(1, word(1) + word(262_144))
        let frame = block(6, word(0) + word(1) + word(2) + word(60) + word(60) + [UInt8](repeating: 2, count: 60))
        let messages: [LiveControl] = [
            .begin(LiveSegmentStart(base: 0, identity: "live:a:1", name: "eth1", previous: "")), .at(2), .tick,
            .skip(3, as: "queue"),
            .gap(CaptureGap(interface: "eth1", start: .zero, end: Timestamp(nanoseconds: 1), reason: .link)),
            .account(received: 4, kernel: 1, interface: 0), .commit, .end(sha256: String(repeating: "0", count: 64)),
            .finish,
        ]
        return [preamble + messages.flatMap { $0.block + frame }]
            + messages.map { preamble + frame + $0.block + frame }
    }

    /// Up to three conversations of each protocol in a capture.
    private static func conversations(_ known: [Conversation], in file: String) -> [(String, [UInt8])] {
        var perService: [String: Int] = [:]
        var wanted: [ConversationKey: Int] = [:]
        var seeds: [(name: String, client: IPAddress?, port: UInt16, bytes: [UInt8])] = []
        for conversation in known {
            guard let service = conversation.service, perService[service, default: 0] < 3,
                let entry = ProtocolRegistry.all.first(where: { $0.description.name == service })
            else { continue }
            perService[service, default: 0] += 1
            wanted[conversation.key] = seeds.count
            let place = self.place(of: conversation, FuzzConversation.places(of: [entry]))
            seeds.append(
                (
                    service, conversation.client.ip, conversation.clientPort,
                    [conversation.openingSeen ? 1 : 0, UInt8(truncatingIfNeeded: place)]
                ))
        }
        guard !seeds.isEmpty, var reader = try? CaptureReader(path: file, hashing: false) else { return [] }
        var layers = FrameLayers()
        while reader.next(), reader.frame.number < 3_000 {
            let bytes = reader.bytes
            layers.decode(bytes, link: reader.frame.linkType, wireLength: Int(reader.frame.originalLength))
            guard layers.problem == .none, layers.payloadLength > 0, let index = wanted[key(layers)] else { continue }
            guard seeds[index].bytes.count < size else { continue }
            let fromClient =
                layers.kind != .network
                || layers.sourceIP == seeds[index].client
                    && (!layers.hasPorts || layers.sourcePort == seeds[index].port)
            seeds[index].bytes += FuzzRecords.record(
                fromClient ? 0 : FuzzConversation.Control.fromServer,
                bytes.slice(layers.payloadOffset, min(layers.payloadLength, size)))
        }
        return seeds.map { ($0.name, $0.bytes) }
    }

    private static func place(of conversation: Conversation, _ places: [FuzzConversation.Place]) -> Int {
        let isTCP = conversation.key.transport == .tcp
        let ports = [conversation.serverPort, conversation.clientPort]
        let onPort = places.firstIndex { place in ports.contains { place == (isTCP ? .tcp($0) : .udp($0)) } }
        return onPort
            ?? places.firstIndex { place in
                switch place {
                case .tcp: isTCP
                case .udp: conversation.key.transport == .udp
                case .etherType(let type): type == conversation.key.code
                default: true
                }
            } ?? 0
    }

    private static func key(_ layers: FrameLayers) -> ConversationKey {
        if layers.kind == .network {
            let source = layers.sourceIP
            let destination = layers.destinationIP
            let fromA =
                (source.high, source.low, layers.sourcePort) <= (
                    destination.high, destination.low, layers.destinationPort
                )
            let ports = layers.hasPorts ? (layers.sourcePort, layers.destinationPort) : (0, 0)
            return ConversationKey(
                a: fromA ? source : destination, b: fromA ? destination : source, aPort: fromA ? ports.0 : ports.1,
                bPort: fromA ? ports.1 : ports.0,
                transport: !layers.hasPorts ? .ip : layers.ipProtocol == 6 ? .tcp : .udp,
                code: layers.hasPorts ? 0 : UInt16(layers.ipProtocol), vlan: layers.vlan)
        }
        let fromA = layers.sourceMAC.bits <= layers.destinationMAC.bits
        let code = layers.kind == .etherType ? layers.etherType : layers.kind == .wirelessManagement ? 0 : layers.code
        return ConversationKey(
            a: IPAddress(v4: 0), b: IPAddress(v4: 0), aPort: 0, bPort: 0, transport: .ethernet, code: code,
            vlan: layers.vlan, aMAC: fromA ? layers.sourceMAC : layers.destinationMAC,
            bMAC: fromA ? layers.destinationMAC : layers.sourceMAC)
    }

    /// The first frames of a capture, as one seed per link type.
    private static func frames(_ file: String) -> [[UInt8]] {
        guard var reader = try? CaptureReader(path: file, hashing: false) else { return [] }
        var seeds: [LinkType: [UInt8]] = [:]
        while reader.next(), reader.frame.number <= 4 {
            let frame = reader.frame
            guard let link = FuzzFrames.linkTypes.firstIndex(of: frame.linkType) else { continue }
            guard seeds[frame.linkType, default: []].count < size else { continue }
            seeds[frame.linkType, default: [UInt8(link)]] += FuzzRecords.record(frame.isCut ? 1 : 0, reader.bytes)
        }
        return Array(seeds.values)
    }
}
