package import Captures
package import Model
import Wire

/// Looks at the frames of a short while and says whether the port they came from mirrors what it should.
///
/// It sees each frame once, keeps a fixed amount of memory, and is meant for the first minute of a capture and for a while
/// now and then.
package struct MirrorProbe: ~Copyable {
    /// The capturing interface's own address.
    private let own: MACAddress?
    private var figures = MirrorFigures()
    private var layers = FrameLayers()
    /// Fingerprints of recent frames, and when they came.
    private var recent: [(fingerprint: UInt64, time: Int64)]
    private let seed = UInt64.random(in: .min ... .max)
    /// TCP ends that sent data or acknowledged some: pairs by fingerprint, in which directions.
    private var directions: [UInt64: UInt8] = [:]
    /// The address that was first seen of each subnet, and whether it was seen again: one that never is was made up.
    private var subnets: [UInt32: (first: UInt64, isReal: Bool)] = [:]

    private static let slots = 4096
    private static let pairLimit = 4096
    private static let subnetLimit = 1024
    /// Copies of one frame come this soon after each other; what comes later was sent again.
    private static let copyWindow: Int64 = 2_000_000
    /// Longer frames than this were on no ordinary Ethernet: 1500 octets, link header, two VLAN tags, check sequence.
    private static let longestOrdinary: UInt32 = 1526

    package init(own: MACAddress?) {
        self.own = own
        recent = [(UInt64, Int64)](repeating: (0, .min), count: MirrorProbe.slots)
    }

    package mutating func look(at bytes: RawSpan, _ frame: Frame) {
        figures.frames &+= 1
        if frame.isCut { figures.cut &+= 1 }
        layers.decode(bytes, link: frame.linkType, wireLength: Int(frame.originalLength))
        guard layers.hasMAC, layers.problem == .none else { return }
        if layers.vlanTags > 0 { figures.tagged &+= 1 }
        if isCopy(bytes, frame) { figures.copies &+= 1 }
        if frame.originalLength > MirrorProbe.longestOrdinary { figures.merged &+= 1 }
        guard layers.destinationMAC.isUnicast else {
            figures.group &+= 1
            noteSubnet(layers.sourceIP)
            return
        }
        if layers.sourceMAC == own || layers.destinationMAC == own { figures.own &+= 1 } else { figures.foreign &+= 1 }
        noteSubnet(layers.sourceIP)
        guard layers.hasPorts, layers.ipProtocol == 6 else { return }
        noteDirection()
    }

    private mutating func isCopy(_ bytes: RawSpan, _ frame: Frame) -> Bool {
        // Behind the addresses and tags, so that a copy that was tagged or routed at the switch still is one.
        let start = min(layers.payloadOffset, bytes.byteCount)
        let header = max(0, start &- 40)
        let part = bytes.slice(header, min(bytes.byteCount &- header, 256))
        guard part.byteCount >= 24 else { return false }
        let fingerprint = part.fingerprint(seed: seed ^ UInt64(frame.originalLength))
        let slot = Int(truncatingIfNeeded: fingerprint) & (MirrorProbe.slots &- 1)
        let before = recent[slot]
        recent[slot] = (fingerprint, frame.time.nanoseconds)
        guard before.fingerprint == fingerprint else { return false }
        let step = frame.time.nanoseconds.subtractingReportingOverflow(before.time)
        return !step.overflow && step.partialValue >= 0 && step.partialValue < MirrorProbe.copyWindow
    }

    /// Private IPv4 networks of 256 addresses: the smallest that plants commonly use.
    private mutating func noteSubnet(_ address: IPAddress) {
        guard layers.kind == .network, !layers.isV6, address.isPrivate else { return }
        let subnet = UInt32(truncatingIfNeeded: address.low) >> 8
        if let known = subnets[subnet] {
            if known.first == address.low, !known.isReal { subnets[subnet] = (known.first, true) }
        } else if subnets.count < MirrorProbe.subnetLimit {
            subnets[subnet] = (address.low, false)
        }
    }

    private mutating func noteDirection() {
        let a = layers.sourceIP
        let b = layers.destinationIP
        let fromA =
            a.low != b.low
            ? a.low < b.low : a.high != b.high ? a.high < b.high : layers.sourcePort <= layers.destinationPort
        let ports =
            fromA
            ? UInt64(layers.sourcePort) << 16 | UInt64(layers.destinationPort)
            : UInt64(layers.destinationPort) << 16 | UInt64(layers.sourcePort)
        let low = min(a.low, b.low)
        let high = max(a.low, b.low)
        let key =
            (low &* 0x9e37_79b9_7f4a_7c15) ^ (high &* 0xc2b2_ae3d_27d4_eb4f) ^ (a.high ^ b.high) ^ ports
            &* 0xff51_afd7_ed55_8ccd
        if let known = directions[key] {
            directions[key] = known | (fromA ? 1 : 2)
        } else if directions.count < MirrorProbe.pairLimit {
            directions[key] = fromA ? 1 : 2
        }
    }

    package var result: MirrorFigures {
        var result = figures
        result.connections = UInt64(directions.count)
        result.oneWay = UInt64(directions.values.count { $0 != 3 })
        result.subnets = UInt64(subnets.values.count { $0.isReal })
        return result
    }
}

/// What a mirror probe counted.
package struct MirrorFigures: Hashable, Sendable, Codable {
    package var frames: UInt64 = 0
    /// To a group or to all.
    package var group: UInt64 = 0
    /// To one station: from or to the capturing interface itself, and between others.
    package var own: UInt64 = 0
    package var foreign: UInt64 = 0
    package var tagged: UInt64 = 0
    /// The same again within 2 ms.
    package var copies: UInt64 = 0
    package var cut: UInt64 = 0
    /// Longer than any frame on an Ethernet without jumbo frames.
    package var merged: UInt64 = 0
    /// TCP connections, and those of which one direction only was seen.
    package var connections: UInt64 = 0
    package var oneWay: UInt64 = 0
    /// Private IPv4 networks of 256 addresses from which somebody sent more than once.
    package var subnets: UInt64 = 0

    package init() {}

    /// What is wrong with the mirror, as far as the figures tell.
    package enum Problem: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing at all came.
        case silent
        /// Only what a switch sends to every port: the port is not mirrored.
        case groupOnly
        /// Only the capturing interface's own traffic.
        case ownOnly
        /// Most connections are seen one way.
        case oneWay
        /// Several subnets and not one VLAN tag.
        case untagged
        /// Many frames come twice.
        case copies
        case cut
        case merged
    }

    package var problems: [Problem] {
        guard frames > 0 else { return [.silent] }
        var problems: [Problem] = []
        if foreign == 0 { problems.append(own > 0 ? .ownOnly : .groupOnly) }
        // A sampled minute has half-seen connections at both ends of it.
        if connections >= 4, oneWay * 4 >= connections * 3 { problems.append(.oneWay) }
        if subnets >= 2, tagged == 0, foreign > 0 { problems.append(.untagged) }
        if copies * 5 >= frames, frames >= 20 { problems.append(.copies) }
        if cut > 0 { problems.append(.cut) }
        if merged * 1000 >= frames, merged > 0 { problems.append(.merged) }
        return problems
    }
}
