import Assessment
import Foundation
import Model
import TestSupport

/// Capture results, and decisions, made up from a seed: small pools, so that they overlap.
struct RandomResults {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func number(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    /// The capture with this number has the same content whoever makes it.
    static func result(_ number: Int, capture: UInt32, conversations: Int = 12, observations: Int = 20) -> CaptureResult
    {
        var maker = RandomResults(seed: UInt64(number) &+ 1000)
        var result = CaptureResult(
            capture: CaptureRecord(
                name: "capture-\(number).pcap",
                sha256: String(repeating: "\(number % 10)", count: 60) + "\(1000 + number)",
                format: "pcap", frames: 1000, bytes: 70_000, first: time(number, 0), last: time(number, 999),
                linkTypes: [1: 1000], accounting: ["analysed": 1000]),
            conversations: [], observations: [], sightings: [])
        for _ in 0..<conversations { result.conversations.append(maker.conversation(number, capture)) }
        for _ in 0..<observations {
            let first = maker.number(500)
            let observation = maker.observation()
            // As the dissectors' table does: each fact once in a capture.
            guard !result.observations.contains(observation) else { continue }
            result.observations.append(observation)
            result.sightings.append(
                Sighting(
                    first: frame(capture, number, first), last: frame(capture, number, first + maker.number(500)),
                    count: UInt64(1 + maker.number(50))))
        }
        return result
    }

    static func time(_ capture: Int, _ frame: Int) -> Timestamp {
        Timestamp(
            nanoseconds: 1_700_000_000_000_000_000 + Int64(capture) * 1_000_000_000_000 + Int64(frame) * 1_000_003)
    }

    static func frame(_ capture: UInt32, _ number: Int, _ frame: Int) -> FrameRef {
        FrameRef(capture: capture, number: UInt64(frame + 1), time: time(number, frame))
    }

    private mutating func endpoint() -> Endpoint {
        let host = number(30)
        return Endpoint(
            mac: MACAddress(bits: 0x001b_1b00_0000 | UInt64(host)), ip: IPAddress(v4: 0xc0a8_0a00 | UInt32(host + 1)),
            vlan: 0)
    }

    private mutating func conversation(_ number: Int, _ capture: UInt32) -> Conversation {
        let client = endpoint()
        var server = endpoint()
        while server.ip == client.ip { server = endpoint() }
        let a = client.ip ?? IPAddress(v4: 0)
        let b = server.ip ?? IPAddress(v4: 0)
        let (service, port) = [("modbus", 502), ("ftp", 21), ("rdp", 3389), ("http", 80), ("vnc", 5900)][self.number(5)]
        let clientPort = UInt16(50_000 + self.number(1000))
        let clientIsA = a < b
        let first = self.number(500)
        let frames = [
            RandomResults.frame(capture, number, first), RandomResults.frame(capture, number, first + self.number(499)),
        ]
        return Conversation(
            key: ConversationKey(
                a: clientIsA ? a : b, b: clientIsA ? b : a, aPort: clientIsA ? clientPort : UInt16(port),
                bPort: clientIsA ? UInt16(port) : clientPort, transport: .tcp),
            client: client, server: server, clientPort: clientPort, serverPort: UInt16(port), service: service,
            fromClient: Volume(frames: 9, bytes: UInt64(self.number(9000)), payload: 60),
            fromServer: Volume(frames: 8, bytes: UInt64(self.number(9000)), payload: 50), first: frames[0],
            last: frames[1],
            openingSeen: true, clientTCPFlags: 0x1b, serverTCPFlags: 0x1b, clientTTL: 64, serverTTL: 64,
            messages: [
                MessageTally(
                    code: 3, name: "Read Holding Registers", effect: .read, fromClient: true, count: 5,
                    first: frames[0],
                    last: frames[1])
            ])
    }

    private mutating func observation() -> Observation {
        let values: [(Attribute, String, String)] = [
            (.vendor, "Siemens", "lldp.system_description"), (.name, "PLC-\(number(9))", "profinet.name_of_station"),
            (.firmware, "V\(number(4)).\(number(9))", "s7comm.szl"), (.cleartextCredential, "ftp", "ftp.pass"),
            (.model, "CPU 315", "s7comm.szl"), (.os, "Windows 10", "smb.native_os"),
        ]
        let (attribute, value, source) = values[number(values.count)]
        return Observation(
            subject: .endpoint(endpoint()), attribute: attribute, value: WireText(value), source: source,
            confidence: number(2) == 0 ? .high : .medium)
    }

    mutating func decision() throws -> Decision {
        let items = ["2-6", "2-7", "3-5"].compactMap { ItemID($0) }
        return try Decision(
            item: items[number(items.count)], answer: .level([.notDone, .partly, .done][number(3)]),
            reason: "r\(number(1000))", reviewer: ["sato", "suzuki"][number(2)], time: Int64(number(100_000)))
    }
}
