import Analysis
import Captures
import Model
import Testing

/// What is said about a mirror from the frames it delivers.
@Suite struct MirrorProbeTests {
    private let own = MACAddress(bits: 0x0200_0000_0099)

    private func mac(_ number: Int) -> [UInt8] { [2, 0, 0, 0, 0, UInt8(number)] }

    private func ip(
        _ proto: UInt8, _ from: [UInt8], _ to: [UInt8], _ ports: [UInt8], id: Int, body: [UInt8]
    ) -> [UInt8] {
        let length = 20 + 4 + body.count
        return [
            0x45, 0, UInt8(length >> 8), UInt8(length & 255), UInt8(id >> 8 & 255), UInt8(id & 255), 0, 0, 64, proto, 0,
            0,
        ]
            + from + to + ports + body
    }

    private func tcp(
        _ from: Int, _ to: Int, reply: Bool = false, id: Int, subnet: UInt8 = 0, vlan: Int = 0, size: Int = 40
    ) -> [UInt8] {
        let ports: [UInt8] = reply ? [1, 246, 0x9c, 0x40] : [0x9c, 0x40, 1, 246]
        let header: [UInt8] = [0, 0, 0, UInt8(id & 255), 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0]
        let tag: [UInt8] = vlan == 0 ? [] : [0x81, 0, 0, UInt8(vlan)]
        return mac(to) + mac(from) + tag + [8, 0]
            + ip(
                6, [10, 0, subnet, UInt8(from)], [10, 0, subnet, UInt8(to)], ports, id: id,
                body: header + [UInt8](repeating: UInt8(id & 255), count: size))
    }

    private func figures(_ frames: [[UInt8]], missing: Int = 0, step: Int64 = 5_000_000) -> MirrorFigures {
        var probe = MirrorProbe(own: own)
        for (index, bytes) in frames.enumerated() {
            probe.look(
                at: bytes.span.bytes,
                Frame(
                    number: UInt64(index + 1), time: Timestamp(nanoseconds: Int64(index) * step),
                    originalLength: UInt32(bytes.count + missing), capturedLength: UInt32(bytes.count),
                    linkType: .ethernet))
        }
        return probe.result
    }

    private func conversation(_ count: Int = 40, subnets: UInt8 = 1, vlan: Int = 0) -> [[UInt8]] {
        (0..<count).map { index in
            let pair = index / 2 % 6 * 2 + 1
            return index % 2 == 0
                ? tcp(pair, pair + 1, id: index, subnet: UInt8(pair) % subnets, vlan: vlan)
                : tcp(pair + 1, pair, reply: true, id: index, subnet: UInt8(pair) % subnets, vlan: vlan)
        }
    }

    @Test func aGoodMirrorIsFineAndSilenceIsNot() {
        #expect(figures(conversation()).problems == [])
        #expect(figures(conversation(subnets: 3, vlan: 10)).problems == [])
        #expect(figures([]).problems == [.silent])
    }

    @Test func groupTrafficAloneIsNoMirror() {
        let frames = (0..<40).map { index in
            [UInt8](repeating: 0xff, count: 6) + mac(index % 5 + 1) + [8, 6]
                + [UInt8](repeating: UInt8(index), count: 46)
        }
        #expect(figures(frames).problems == [.groupOnly])
    }

    @Test func ownTrafficAloneIsNoMirror() {
        let frames = (0..<40).map { index in
            index % 2 == 0 ? tcp(0x99, 1, id: index) : tcp(1, 0x99, reply: true, id: index)
        }
        #expect(figures(frames).problems == [.ownOnly])
    }

    @Test func oneDirectionIsTold() {
        #expect(figures(conversation().enumerated().filter { $0.offset % 2 == 0 }.map(\.element)).problems == [.oneWay])
    }

    @Test func tagsMissingAreToldWhereSubnetsAreSeveral() {
        #expect(figures(conversation(subnets: 3)).problems == [.untagged])
    }

    @Test func madeUpSendersAreNoSubnets() {
        // A flood in which every frame comes from another address, beside a plant of one subnet.
        let flood = (0..<250).map { tcp($0 % 200 + 1, 3, id: $0, subnet: UInt8($0 + 2)) }
        #expect(!figures(flood + conversation()).problems.contains(.untagged))
        // The same addresses again are devices.
        #expect(figures(flood + flood).problems.contains(.untagged))
    }

    @Test func copiesAreToldAndRepeatsAreNot() {
        let twice = conversation().flatMap { [$0, $0] }
        #expect(figures(twice, step: 100_000).problems == [.copies])
        // The same bytes again after a while were sent again.
        #expect(figures(twice, step: 200_000_000).problems == [])
    }

    @Test func cutAndMergedFramesAreTold() {
        #expect(figures(conversation(), missing: 100).problems == [.cut])
        #expect(
            figures((0..<40).map { tcp($0 % 2 + 1, 2 - $0 % 2, reply: $0 % 2 == 1, id: $0, size: 4000) }).problems == [
                .merged
            ])
    }
}
