import Analysis
package import Model
package import Protocols
import Wire

/// A made-up conversation of one protocol, put through the engine frame by frame as a capture would be.
///
/// Setup byte 0: bit 0 a TCP handshake is seen first, bit 1 IPv6, bit 2 the capture is of a VLAN.
/// Setup byte 1: which of `places(of:)`. Controls of a record: bit 0 sent by the server, bit 1 bytes before it were lost,
/// bit 2 the snap length cut it, bit 3 sent twice, bit 4 sent before the record that precedes it, bits 5–7 cut into
/// segments of 1, 2, 3, 5, 11, 40 or 500 bytes (0: whole).
package struct FuzzConversation: ~Copyable {
    /// Where a protocol's bytes are put.
    package enum Place: Hashable, Sendable {
        case tcp(UInt16)
        case udp(UInt16)
        case etherType(UInt16)
        case llc(UInt8)
        case snap(UInt32, UInt16)
        case ipProtocol(UInt8)
        case wirelessManagement
    }

    package enum Control {
        package static let fromServer: UInt8 = 1
        static let afterGap: UInt8 = 2
        static let isCut: UInt8 = 4
        static let isRepeated: UInt8 = 8
        static let isEarly: UInt8 = 16
        static let segmentSizes = [0, 1, 2, 3, 5, 11, 40, 500]
    }

    /// A port with which no protocol is registered.
    static let unregisteredPort: UInt16 = 47_001

    /// Every place where the engine looks for these protocols, and for TCP and UDP a port of nobody.
    package static func places(of entries: [ProtocolEntry]) -> [Place] {
        var places: [Place] = []
        for binding in entries.flatMap(\.description.bindings) {
            switch binding {
            case .tcp(let ports): places += (ports + [unregisteredPort]).map { .tcp($0) }
            case .udp(let ports): places += (ports + [unregisteredPort]).map { .udp($0) }
            case .etherType(let type): places.append(.etherType(type))
            case .llc(let sap): places.append(.llc(sap))
            case .snap(let oui, let pid): places.append(.snap(oui, pid))
            case .ipProtocol(let number): places.append(.ipProtocol(number))
            case .wirelessManagement: places.append(.wirelessManagement)
            }
        }
        return places
    }

    /// Reads the input as a conversation of one of the protocols; what the engine made of it.
    @discardableResult
    package static func run(_ bytes: RawSpan, _ entries: [ProtocolEntry]) -> CaptureResult {
        let places = places(of: entries)
        let setup = bytes.u8(0)
        let place = places.isEmpty ? .tcp(unregisteredPort) : places[Int(bytes.u8(1)) % places.count]
        var conversation = FuzzConversation(place, setup: setup, entries)
        if case .tcp = place, setup & 1 != 0 { conversation.handshake() }
        conversation.play(bytes)
        return conversation.finish()
    }

    private let place: Place
    private let isV6: Bool
    private let isTagged: Bool
    private var engine: FuzzEngine
    /// Next sequence numbers of client and server; they start where they will soon wrap.
    private var sequence: [UInt32] = [0xffff_fff0, 0xffff_ff00]

    private init(_ place: Place, setup: UInt8, _ entries: [ProtocolEntry]) {
        self.place = place
        isV6 = setup & 2 != 0
        isTagged = setup & 4 != 0
        engine = FuzzEngine(entries)
    }

    private consuming func finish() -> CaptureResult { engine.finish() }

    private mutating func handshake() {
        send([], fromServer: false, flags: 0x02, cut: 0)
        send([], fromServer: true, flags: 0x12, cut: 0)
        sequence[0] &+= 1
        sequence[1] &+= 1
    }

    private mutating func play(_ bytes: RawSpan) {
        // Records are gathered first because one of them may be sent before its predecessor.
        var records: [(control: UInt8, bytes: [UInt8])] = []
        FuzzRecords.forEach(bytes, from: 2) { records.append(($0, $1.bytes(limit: FuzzRecords.limit))) }
        for record in records {
            let fromServer = record.control & Control.fromServer != 0
            let end = fromServer ? 1 : 0
            if record.control & Control.afterGap != 0 { sequence[end] &+= 9 }
            let size = Control.segmentSizes[Int(record.control >> 5)]
            let pieces = FuzzConversation.pieces(record.bytes, size)
            let start = sequence[end]
            for _ in 0..<(record.control & Control.isRepeated != 0 ? 2 : 1) {
                sequence[end] = start
                let isEarly = record.control & Control.isEarly != 0
                var places: [(UInt32, ArraySlice<UInt8>)] = []
                for piece in pieces {
                    places.append((sequence[end], piece))
                    sequence[end] &+= UInt32(piece.count)
                }
                let next = sequence[end]
                for (position, piece) in isEarly ? places.reversed() : places {
                    sequence[end] = position
                    send(
                        Array(piece), fromServer: fromServer, flags: 0x18,
                        cut: record.control & Control.isCut != 0 ? 40 : 0)
                }
                sequence[end] = next
            }
        }
    }

    /// At most 300 pieces, the last of which is the rest.
    private static func pieces(_ bytes: [UInt8], _ size: Int) -> [ArraySlice<UInt8>] {
        guard size > 0, bytes.count > size else { return [bytes[...]] }
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = pieces.count == 299 ? bytes.count : min(start + size, bytes.count)
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }

    /// Sends one frame; `cut` bytes of its end are missing from the capture.
    private mutating func send(_ payload: [UInt8], fromServer: Bool, flags: UInt8, cut: Int) {
        if case .wirelessManagement = place {
            engine.read(payload, link: .ieee80211, missing: cut)
            return
        }
        var frame: [UInt8] = fromServer ? [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] : [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        if isTagged { frame += [0x81, 0, 0, 7] }
        switch place {
        case .tcp(let port):
            let ports = fromServer ? (port, 40_001) : (40_001, port)
            let position = sequence[fromServer ? 1 : 0]
            let header =
                big(ports.0) + big(ports.1) + big(UInt16(position >> 16)) + big(UInt16(position & 0xffff))
                + [0, 0, 0, 0, 0x50, flags, 0x40, 0, 0, 0, 0, 0]
            frame += network(6, header + payload, cut: cut, fromServer: fromServer)
        case .udp(let port):
            let ports = fromServer ? (port, 40_001) : (40_001, port)
            let header = big(ports.0) + big(ports.1) + big(UInt16(8 + payload.count + cut)) + [0, 0]
            frame += network(17, header + payload, cut: cut, fromServer: fromServer)
        case .ipProtocol(let number): frame += network(number, payload, cut: cut, fromServer: fromServer)
        case .etherType(let type): frame += big(type) + payload
        case .llc(let sap): frame += big(UInt16(min(3 + payload.count, 1500))) + [sap, sap, 3] + payload.prefix(1497)
        case .snap(let oui, let pid):
            frame += big(UInt16(min(8 + payload.count, 1500))) + [0xaa, 0xaa, 3, UInt8(oui >> 16 & 255)]
            frame += big(UInt16(oui & 0xffff)) + big(pid) + payload.prefix(1492)
        case .wirelessManagement: break
        }
        engine.read(frame, link: .ethernet, missing: cut)
    }

    private func network(_ proto: UInt8, _ payload: [UInt8], cut: Int, fromServer: Bool) -> [UInt8] {
        let client: UInt8 = fromServer ? 2 : 1
        let server: UInt8 = fromServer ? 1 : 2
        if isV6 {
            let addresses =
                [0xfd] + [UInt8](repeating: 0, count: 14) + [client] + [0xfd] + [UInt8](repeating: 0, count: 14)
                + [server]
            return [0x86, 0xdd, 0x60, 0, 0, 0] + big(UInt16(payload.count + cut)) + [proto, 64] + addresses + payload
        }
        return [0x08, 0x00, 0x45, 0] + big(UInt16(20 + payload.count + cut))
            + [0, 0, 0x40, 0, 64, proto, 0, 0, 10, 0, 0, client, 10, 0, 0, server] + payload
    }

    private func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
}
