import Analysis
import Captures
import Foundation
import Model
import Protocols
import TestSupport
import Testing
import Wire

/// That nothing of an office is taken for a machine. An ephemeral port can be any: what other protocols send is shown to the
/// probes of industrial and building protocols as if it came over one of their own ports.
@Suite struct RecognitionTests {
    private static let plant = ProtocolRegistry.all.filter {
        $0.description.family == .industrial || $0.description.family == .building
    }

    /// A probe's answers to a payload on each of a protocol's ports: the surest of them.
    private static func claim(_ entry: ProtocolEntry, _ bytes: RawSpan, isTCP: Bool, fromClient: Bool, isStart: Bool)
        -> Verdict.Certainty
    {
        var best = Verdict.Certainty.no
        for binding in entry.description.bindings {
            let ports: [UInt16]
            switch binding {
            case .tcp(let own) where isTCP: ports = own
            case .udp(let own) where !isTCP: ports = own
            default: continue
            }
            for port in ports + [50_001] {
                let hint = ProbeHint(
                    sourcePort: fromClient ? 50_000 : port, destinationPort: fromClient ? port : 50_000, isTCP: isTCP,
                    fromClient: fromClient, isStreamStart: isStart)
                best = max(best, entry.probe(bytes, hint).certainty)
            }
        }
        return best
    }

    @Test func officeTrafficIsNoMachine() throws {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        let names = Set(RecognitionTests.plant.map(\.description.name))
        var payloads = 0
        var claims: [String: (certain: Int, possible: Int, examples: [String])] = [:]
        for path in try CaptureCorpus.manifest() {
            let file = folder.appendingPathComponent(path).path
            guard let result = try? CaptureReading.read(path: file), var reader = try? CaptureReader(path: file) else {
                continue
            }
            // RDP speaks ISO transport as well, and is right to be taken for that on its port.
            let machines = Set(
                result.conversations.filter { $0.service.map { names.contains($0) || $0 == "rdp" } ?? false }.flatMap {
                    [$0.client.ip, $0.server.ip]
                })
            var layers = FrameLayers()
            while reader.next(), reader.frame.number <= 100 {
                let frame = reader.frame
                layers.decode(reader.bytes, link: frame.linkType, wireLength: Int(frame.originalLength))
                guard layers.problem == .none, layers.hasPorts, !layers.isFragment, layers.payloadLength > 0,
                    !machines.contains(layers.sourceIP)
                else { continue }
                let payload = reader.bytes.slice(layers.payloadOffset, layers.payloadLength)
                payloads += 1
                for entry in RecognitionTests.plant {
                    for fromClient in [true, false] {
                        let certainty = RecognitionTests.claim(
                            entry, payload, isTCP: layers.ipProtocol == 6, fromClient: fromClient, isStart: true)
                        guard certainty >= .possible else { continue }
                        let name = entry.description.name
                        if certainty == .certain {
                            claims[name, default: (0, 0, [])].certain += 1
                        } else {
                            claims[name, default: (0, 0, [])].possible += 1
                        }
                        if let known = claims[name]?.examples, known.count < 6 {
                            let head = payload.first(24).bytes().map { String($0, radix: 16) }.joined(separator: " ")
                            claims[name]?.examples.append("\(certainty) \(path) #\(frame.number) \(head)")
                        }
                    }
                }
            }
        }
        print("\(payloads) payloads of other protocols")
        for (name, claim) in claims { print(name, claim.certain, claim.possible, claim.examples) }
        #expect(payloads > 10_000)
        #expect(claims.values.allSatisfy { $0.certain == 0 })
        // Each payload was shown in both directions.
        #expect(claims.values.reduce(0) { $0 + $1.possible } * 1_000 <= payloads)
    }

    /// Noise of several shapes, on every port of every protocol.
    @Test func noiseIsNoMachine() {
        var random = SplitMix(seed: 0x0f1c_e000)
        var certain: [String: Int] = [:]
        var possible: [String: Int] = [:]
        let rounds = 4_000
        for round in 0..<rounds {
            let size = 2 + Int(random.next() % 120)
            let bytes: [UInt8] =
                switch round % 5 {
                case 0: random.bytes(size)
                case 1: (0..<size).map { _ in random.next() % 4 == 0 ? UInt8(truncatingIfNeeded: random.next()) : 0 }
                case 2: (0..<size).map { _ in UInt8(0x20 + random.next() % 0x5f) }
                case 3: (0..<size).map { _ in UInt8(truncatingIfNeeded: random.next() % 8) }
                // A length before what it counts, as many protocols begin.
                default: [UInt8(size >> 8), UInt8(size & 255)] + random.bytes(size)
                }
            for entry in RecognitionTests.plant {
                for isTCP in [true, false] {
                    for fromClient in [true, false] {
                        let certainty = RecognitionTests.claim(
                            entry, bytes.span.bytes, isTCP: isTCP, fromClient: fromClient, isStart: true)
                        if certainty == .certain { certain[entry.description.name, default: 0] += 1 }
                        if certainty == .possible { possible[entry.description.name, default: 0] += 1 }
                    }
                }
            }
        }
        print("noise: certain \(certain), possible \(possible) of \(rounds * 4)")
        #expect(certain.values.reduce(0, +) == 0, "\(certain)")
        #expect(possible.values.allSatisfy { $0 <= rounds * 4 / 500 }, "\(possible)")
    }
}
