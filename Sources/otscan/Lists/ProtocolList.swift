import Assessment
import Protocols

/// A protocol of the registry as JSON tells it.
struct ProtocolRecord: Encodable, Sendable {
    var name: String
    var title: String
    var family: String
    var level: String
    /// What is read inside it or beside it: protocols that it carries, variants, codes.
    var includes: [String]
    /// Where its frames are looked for: `tcp/502`, `ethertype/0x88cc`, …; `name/…` is a name in DNS, TLS or a certificate.
    var bindings: [String]
    var specification: String
    var displayFilter: String?
    /// What it was tested with: `capture`, `stack`, `specification`, or `samples` of names; nil when it is not supported.
    var testedWith: String?
    /// The capture, or the stack.
    var testedBy: String?

    init(_ description: ProtocolDescription) {
        name = description.name
        title = description.title
        family = description.family.rawValue
        level = description.level.rawValue
        includes = description.includes
        bindings = description.bindings.flatMap(ProtocolRecord.words)
        specification = description.reference
        displayFilter = description.displayFilter
        switch ProtocolRegistry.proof(description.name) {
        case .capture(let path): (testedWith, testedBy) = ("capture", path)
        case .stack(let name): (testedWith, testedBy) = ("stack", name)
        case .specification: testedWith = "specification"
        }
    }

    /// One that is not read, and why.
    init(_ unsupported: ProtocolRegistry.Unsupported) {
        name = unsupported.name
        title = unsupported.title
        family = unsupported.family.rawValue
        level = ProtocolRecord.unsupported
        includes = []
        bindings = []
        specification = unsupported.reason
    }

    /// One that is known by the names under which it is reached.
    init(_ name: String, _ service: NamedServices.Service) {
        self.name = name
        title = service.title ?? name
        family = ProtocolDescription.Family.remoteAccess.rawValue
        level = ProtocolRecord.byName
        includes = []
        bindings = service.names.map { "name/\($0)" }
        specification = service.references.joined(separator: " ")
        testedWith = "samples"
    }

    static let unsupported = "not_supported"
    static let byName = "by_name"

    private static func words(_ binding: ProtocolDescription.Binding) -> [String] {
        func hex(_ number: some BinaryInteger) -> String { "0x" + String(number, radix: 16) }
        return switch binding {
        case .tcp(let ports): ports.isEmpty ? ["tcp/any"] : ports.map { "tcp/\($0)" }
        case .udp(let ports): ports.isEmpty ? ["udp/any"] : ports.map { "udp/\($0)" }
        case .etherType(let type): ["ethertype/\(hex(type))"]
        case .llc(let point): ["llc/\(hex(point))"]
        case .snap(let organisation, let id): ["snap/\(hex(organisation))/\(hex(id))"]
        case .ipProtocol(let number): ["ip/\(number)"]
        case .wirelessManagement: ["802.11/management"]
        }
    }
}

enum ProtocolList {
    static func listing() -> Listing<ProtocolRecord> {
        Listing(
            kind: "protocols", columns: columns,
            records: records,
            whenEmpty: Bilingual(ja: "プロトコルがない。", en: "No protocols."))
    }

    /// What is read, then what is known by name alone, then what is not read.
    static var records: [ProtocolRecord] {
        var read = ProtocolRegistry.all.map { ProtocolRecord($0.description) }
        var named: [ProtocolRecord] = []
        let places = Dictionary(uniqueKeysWithValues: read.indices.map { (read[$0].name, $0) })
        for (name, service) in NamedServices.all() {
            // The frames of some are read, too: their names are further places where they are looked for.
            if let place = places[name] {
                read[place].bindings += service.names.map { "name/\($0)" }
            } else {
                named.append(ProtocolRecord(name, service))
            }
        }
        return read + named + ProtocolRegistry.unsupported.map(ProtocolRecord.init)
    }

    private static func family(_ name: String, _ style: TerminalStyle) -> String {
        guard style.language == .japanese, let family = ProtocolDescription.Family(rawValue: name) else {
            return name.replacing("_", with: " ")
        }
        return switch family {
        case .industrial: "産業用"
        case .building: "ビル設備"
        case .network: "ネットワーク"
        case .service: "サービス"
        case .remoteAccess: "遠隔操作"
        case .tunnel: "トンネル"
        case .wireless: "無線"
        }
    }

    private static func level(_ name: String, _ style: TerminalStyle) -> String {
        if name == ProtocolRecord.byName { return style.language == .japanese ? "名前で識別" : "by name" }
        if name == ProtocolRecord.unsupported { return style.language == .japanese ? "非対応" : "not supported" }
        guard style.language == .japanese, let level = ProtocolDescription.Level(rawValue: name) else { return name }
        return switch level {
        case .recognised: "識別"
        case .messages: "メッセージ"
        case .identity: "機器情報"
        case .operations: "操作内容"
        }
    }

    private static func tested(_ name: String?, _ style: TerminalStyle) -> String {
        let isJapanese = style.language == .japanese
        return switch name {
        case "capture": isJapanese ? "実キャプチャ" : "capture"
        case "stack": isJapanese ? "実スタック" : "real stack"
        case "samples": isJapanese ? "名前の例" : "sample names"
        case "specification": isJapanese ? "仕様のみ" : "specification only"
        default: ""
        }
    }

    private static let columns: [Listing<ProtocolRecord>.Column] = [
        Listing.Column(
            "name", Bilingual(ja: "名前", en: "NAME"), value: { $0.name },
            cell: { record, _ in Cell(record.name, .strong) }),
        Listing.Column("title", Bilingual(ja: "プロトコル", en: "PROTOCOL"), minimum: 14, importance: 1) { $0.title },
        Listing.Column(
            "family", Bilingual(ja: "分類", en: "FAMILY"), importance: 2, value: { $0.family },
            cell: { record, style in Cell(family(record.family, style)) }),
        Listing.Column(
            "level", Bilingual(ja: "読む深さ", en: "READS"), importance: 3, value: { $0.level },
            cell: { record, style in Cell(level(record.level, style)) }),
        Listing.Column(
            "tested_with", Bilingual(ja: "検証", en: "TESTED WITH"), importance: 3, value: { $0.testedWith ?? "" },
            cell: { record, style in Cell(tested(record.testedWith, style)) }),
        Listing.Column(
            "bindings", Bilingual(ja: "探す場所", en: "LOOKED FOR ON"), minimum: 16,
            value: { $0.bindings.joined(separator: " ") }),
        Listing.Column("specification", Bilingual(ja: "仕様", en: "SPECIFICATION"), minimum: 20, importance: 4) {
            $0.specification
        },
        Listing.Column("includes", Bilingual(ja: "含むもの", en: "INCLUDES"), minimum: 12, importance: 4) {
            $0.includes.joined(separator: "; ")
        },
        Listing.Column("tested_by") { $0.testedBy ?? "" },
        Listing.Column("display_filter") { $0.displayFilter ?? "" },
    ]
}
