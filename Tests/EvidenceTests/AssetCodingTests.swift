import Foundation
import Model
import Testing

@testable import Evidence

/// Assets are written by hand as the general encoder would write them.
@Suite struct AssetCodingTests {
    private func frame(_ number: UInt64, _ time: Int64) -> FrameRef {
        FrameRef(capture: 7, number: number, time: Timestamp(nanoseconds: time))
    }

    private func text(_ asset: Asset) -> String {
        var json = TextBytes()
        AssetCoding.add(asset, to: &json)
        return json.text
    }

    private func full() throws -> Asset {
        let seen = Seen(first: frame(1, -5), last: frame(.max, .max))
        // Every character that JSON escapes or might: controls, quotes, slashes, DEL, line separators, beyond the BMP.
        let odd =
            String(String.UnicodeScalarView((0...0x24).compactMap(Unicode.Scalar.init)))
            + "/\\\u{7f}é\u{2028}\u{2029}工場😀"
        let sighting = Sighting(first: frame(3, 0), last: frame(10, .min), count: 99)
        let v6 = try #require(IPAddress("fe80::1:2"))
        return Asset(
            id: "mac-001b1b000001", name: WireText(odd),
            interfaces: [
                AssetInterface(
                    mac: MACAddress(bits: 0x00_1b1b_0a00_ff), vendor: odd,
                    addresses: [
                        AddressUse(address: IPAddress(v4: 0x0a00_64ff), seen: seen),
                        AddressUse(address: v6, seen: seen),
                    ],
                    vlans: [0, 4094]),
                AssetInterface(mac: nil, vendor: nil, addresses: [], vlans: []),
            ], vendor: WireText("v"), model: WireText("m"), firmware: WireText("f"), serial: WireText("s"),
            os: WireText("o"), hostname: WireText("h"),
            roles: [
                RoleClaim(role: .engineeringStation, confidence: .high, grounds: ["a", odd]),
                RoleClaim(role: .plc, confidence: .low, grounds: []),
            ],
            attributes: [
                AssetAttribute(
                    attribute: .productCode, value: WireText(odd), confidence: .medium,
                    sources: [.init(name: "lldp.x", sighting: sighting), .init(name: odd, sighting: sighting)]),
                AssetAttribute(attribute: .name, value: WireText(""), confidence: .low, sources: []),
            ], services: ["s7comm", "http"], uses: ["dns"], seen: seen,
            sent: Volume(frames: 1, bytes: .max, payload: 0), received: Volume(frames: 10, bytes: 100, payload: 12345),
            isBehindRouter: true, isOT: true, isIT: false)
    }

    @Test func writesWhatTheGeneralEncoderWrites() throws {
        var asset = try full()
        #expect(text(asset) == (try StoreCoding.encode(asset)))
        asset.isBehindRouter = false
        asset.isOT = false
        asset.isIT = true
        asset.model = nil
        asset.serial = nil
        #expect(text(asset) == (try StoreCoding.encode(asset)))
        let bare = Asset(id: "", name: WireText(""), interfaces: [], seen: asset.seen)
        #expect(text(bare) == (try StoreCoding.encode(bare)))
    }

    @Test func readsBackAsItWas() throws {
        let asset = try full()
        #expect(try StoreCoding.decode(Asset.self, text(asset)) == asset)
    }

    /// The only test that sees a member that was added to assets and forgotten here.
    @Test func leavesNothingOut() throws {
        let asset = try full()
        let written = try #require(JSONSerialization.jsonObject(with: Data(text(asset).utf8)) as? [String: Any])
        #expect(Set(written.keys) == Set(Mirror(reflecting: asset).children.compactMap(\.label)))
    }

    @Test func numbersAndAddressesReadAsTheirDescriptions() throws {
        var text = TextBytes()
        for number: Int64 in [0, 9, 10, -1, .min, .max, 1_000_000] {
            text.clear()
            text.add(decimal: number)
            #expect(text.text == String(number))
        }
        text.clear()
        text.add(decimal: UInt64.max)
        #expect(text.text == String(UInt64.max))
        for address in ["0.0.0.0", "255.255.255.255", "10.1.0.9", "::", "2001:db8::1", "fe80::ff:0:1"] {
            let ip = try #require(IPAddress(address))
            text.clear()
            text.add(ip)
            #expect(text.text == ip.description)
        }
        for bits: UInt64 in [0, 0xffff_ffff_ffff, 0x0123_4567_89ab] {
            text.clear()
            text.add(MACAddress(bits: bits))
            #expect(text.text == MACAddress(bits: bits).description)
        }
    }
}
