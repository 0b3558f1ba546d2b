import Assessment
import Evidence
import Model
import Reporting
import Wording

/// An asset as JSON tells it.
struct AssetRecord: Encodable, Sendable {
    struct RoleEntry: Encodable, Sendable {
        var role: String
        var confidence: String
        var grounds: [String]
    }

    struct Interface: Encodable, Sendable {
        struct Address: Encodable, Sendable {
            var address: String
            var first: FrameRecord
            var last: FrameRecord
        }
        var mac: String?
        var vendor: String?
        var vlans: [UInt16]
        var addresses: [Address]
    }

    struct Attribute: Encodable, Sendable {
        struct Source: Encodable, Sendable {
            var source: String
            var count: UInt64
            var first: FrameRecord
            var last: FrameRecord
        }
        var attribute: String
        var value: String
        var confidence: String
        var sources: [Source]
    }

    var id: String
    var name: String
    var role: String
    var roles: [RoleEntry]
    var isOt: Bool
    var isIt: Bool
    var isBehindRouter: Bool
    var addresses: [String]
    var macs: [String]
    var interfaces: [Interface]
    var vendor: String?
    var model: String?
    var firmware: String?
    var serial: String?
    var os: String?
    var hostname: String?
    var services: [String]
    var uses: [String]
    var sent: VolumeRecord
    var received: VolumeRecord
    var first: FrameRecord
    var last: FrameRecord
    var attributes: [Attribute]

    init(_ asset: Asset, _ reading: StoreReading) {
        id = asset.id
        name = asset.name.visible
        role = asset.role.rawValue
        roles = asset.roles.map {
            RoleEntry(role: $0.role.rawValue, confidence: $0.confidence.word, grounds: $0.grounds)
        }
        isOt = asset.isOT
        isIt = asset.isIT
        isBehindRouter = asset.isBehindRouter
        addresses = asset.addresses.map(\.description)
        macs = asset.macs.map(\.description)
        interfaces = asset.interfaces.map { interface in
            Interface(
                mac: interface.mac?.description, vendor: interface.vendor.map { WireText($0).visible },
                vlans: interface.vlans,
                addresses: interface.addresses.map {
                    Interface.Address(
                        address: $0.address.description, first: reading.frame($0.seen.first),
                        last: reading.frame($0.seen.last))
                })
        }
        vendor = asset.vendor?.visible
        model = asset.model?.visible
        firmware = asset.firmware?.visible
        serial = asset.serial?.visible
        os = asset.os?.visible
        hostname = asset.hostname?.visible
        services = asset.services
        uses = asset.uses
        sent = VolumeRecord(asset.sent)
        received = VolumeRecord(asset.received)
        first = reading.frame(asset.seen.first)
        last = reading.frame(asset.seen.last)
        attributes = asset.attributes.map { attribute in
            Attribute(
                attribute: attribute.attribute.rawValue, value: attribute.value.visible,
                confidence: attribute.confidence.word,
                sources: attribute.sources.map {
                    Attribute.Source(
                        source: $0.name, count: $0.sighting.count, first: reading.frame($0.sighting.first),
                        last: reading.frame($0.sighting.last))
                })
        }
    }
}

/// One asset and its record, so that tables can show it in the reader's language.
struct AssetLine: Encodable, Sendable {
    let asset: Asset
    let record: AssetRecord

    func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }

    /// Vendor as the device says, else as its address block says.
    var vendor: String {
        asset.vendor?.visible ?? asset.interfaces.lazy.compactMap(\.vendor).first.map { WireText($0).visible } ?? ""
    }
    var vlans: [UInt16] { Set(asset.interfaces.flatMap(\.vlans)).subtracting([0]).sorted() }
}

enum AssetList {
    /// The inventory in order of address; assets without one follow in order of MAC.
    static func listing(_ reading: StoreReading) throws -> Listing<AssetLine> {
        listing(try reading.store.assets(), reading)
    }

    static func listing(_ assets: [Asset], _ reading: StoreReading) -> Listing<AssetLine> {
        Listing(
            kind: "assets", columns: columns,
            records: Records(sorted(assets)) { AssetLine(asset: $0, record: AssetRecord($0, reading)) },
            whenEmpty: Bilingual(
                ja: "機器はまだ見つかっていない。otscan analyze でキャプチャを読み込むと一覧になる。",
                en: "No assets yet; otscan analyze reads captures into the store."))
    }

    static func sorted(_ assets: [Asset]) -> [Asset] {
        assets.sorted { a, b in
            let (left, right) = (address(a), address(b))
            if left != right {
                guard let left else { return false }
                guard let right else { return true }
                return left < right
            }
            return a.id < b.id
        }
    }

    /// The address that an asset is best known by: IPv4 before IPv6, and none that is only valid on its link where
    /// there is another.
    static func address(_ asset: Asset) -> IPAddress? {
        asset.addresses.min { a, b in
            let (left, right) = ((a.isLinkLocal ? 2 : 0) + (a.isV4 ? 0 : 1), (b.isLinkLocal ? 2 : 0) + (b.isV4 ? 0 : 1))
            return left == right ? a < b : left < right
        }
    }

    private static let columns: [Listing<AssetLine>.Column] = [
        Listing.Column("id") { $0.record.id },
        Listing.Column(
            "name", Bilingual(ja: "名称", en: "NAME"), minimum: 14, value: { $0.record.name },
            cell: { line, _ in Cell(line.record.name, .strong) }),
        Listing.Column(
            "role", Bilingual(ja: "役割", en: "ROLE"), minimum: 8, value: { $0.record.role },
            cell: { line, style in
                // What only a maker's address block or a single hint suggests is no more than a guess.
                let isGuess = line.asset.roles.first?.confidence == .low
                return Cell(
                    line.asset.role.name(in: style.language) + (isGuess ? "?" : ""),
                    line.asset.role == .unknown || isGuess ? .faint : .plain)
            }),
        Listing.Column("purdue_level", Bilingual(ja: "レベル", en: "LEVEL"), importance: 8) { line in
            // The most certain claim; a declared zone's is certain.
            line.asset.attributes.filter { $0.attribute == .purdueLevel }.max { $0.confidence < $1.confidence }?
                .value.raw ?? ""
        },
        Listing.Column("role_confidence") { $0.asset.roles.first?.confidence.word ?? "" },
        Listing.Column(
            "addresses", Bilingual(ja: "IPアドレス", en: "IP ADDRESS"), minimum: 15,
            value: { $0.record.addresses.joined(separator: " ") },
            cell: { line, _ in
                guard let best = AssetList.address(line.asset) else { return Cell("-", .faint) }
                let others = Set(line.asset.addresses.filter { !$0.isLinkLocal }).subtracting([best]).count
                return Cell(others > 0 ? "\(best) +\(others)" : best.description)
            }),
        Listing.Column(
            "macs", Bilingual(ja: "MACアドレス", en: "MAC"), importance: 3,
            value: { $0.record.macs.joined(separator: " ") },
            cell: { line, _ in
                guard let first = line.asset.macs.first else { return Cell("-", .faint) }
                return Cell(line.asset.macs.count > 1 ? "\(first) +\(line.asset.macs.count - 1)" : first.description)
            }),
        Listing.Column("vendor", Bilingual(ja: "メーカー", en: "VENDOR"), minimum: 8, importance: 2) { $0.vendor },
        Listing.Column("model", Bilingual(ja: "型式", en: "MODEL"), minimum: 10, importance: 1) { $0.record.model ?? "" },
        Listing.Column("firmware", Bilingual(ja: "版", en: "FIRMWARE"), minimum: 8, importance: 4) {
            $0.record.firmware ?? ""
        },
        Listing.Column("serial", Bilingual(ja: "製造番号", en: "SERIAL"), minimum: 8, importance: 7) {
            $0.record.serial ?? ""
        },
        Listing.Column("os", Bilingual(ja: "OS", en: "OS"), minimum: 8, importance: 8) { $0.record.os ?? "" },
        Listing.Column("vlans", Bilingual(ja: "VLAN", en: "VLAN"), importance: 6) {
            $0.vlans.map(String.init).joined(separator: " ")
        },
        Listing.Column("hostname") { $0.record.hostname ?? "" },
        Listing.Column("is_ot") { $0.record.isOt ? "true" : "false" },
        Listing.Column("is_it") { $0.record.isIt ? "true" : "false" },
        Listing.Column("is_behind_router") { $0.record.isBehindRouter ? "true" : "false" },
        Listing.Column("services") { $0.record.services.joined(separator: " ") },
        Listing.Column("uses") { $0.record.uses.joined(separator: " ") },
        Listing.Column("first_seen") { $0.record.first.time },
        Listing.Column("last_seen") { $0.record.last.time },
        Listing.Column("first_frame") { "\($0.record.first.capture)#\($0.record.first.frame)" },
        Listing.Column("last_frame") { "\($0.record.last.capture)#\($0.record.last.frame)" },
    ]
}
