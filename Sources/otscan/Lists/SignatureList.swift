import Assessment
import Model
import Signatures
import Wording

/// A signature as JSON tells it.
struct SignatureRecord: Encodable, Sendable {
    var id: String
    var title: String?
    var rev: Int
    var status: String
    /// The attributes whose values it looks at.
    var attributes: [String]
    /// How it looks: `equals`, `begins`, `words`, `domain` or `pattern`.
    var match: String
    var texts: [String]
    /// What it says of the bearer, as `attribute: value`.
    var asserts: [String]
    var confidence: String
    var samples: Int
    var licence: String
    var references: [String]
    var file: String

    init(_ signature: Signature) {
        id = signature.id
        title = signature.title
        rev = signature.revision
        status = signature.status.rawValue
        attributes = signature.attributes.map(\.rawValue)
        match = signature.matcher.kind
        texts = signature.matcher.texts
        asserts = signature.asserts.map { "\($0.attribute.rawValue): \($0.value)" }
        confidence = signature.confidence.word
        samples = signature.matching.count + signature.notMatching.count
        licence = signature.licence
        references = signature.references
        file = signature.file
    }
}

enum SignatureList {
    static func listing(_ catalogue: Catalogue) -> Listing<SignatureRecord> {
        Listing(
            kind: "signatures", columns: columns, records: catalogue.signatures.map(SignatureRecord.init),
            whenEmpty: Bilingual(ja: "シグネチャがない。", en: "No signatures."), format: "otscan-signature-list/1")
    }

    private static let columns: [Listing<SignatureRecord>.Column] = [
        Listing.Column(
            "id", Bilingual(ja: "ID", en: "ID"), value: { $0.id }, cell: { record, _ in Cell(record.id, .strong) }),
        Listing.Column("rev", Bilingual(ja: "版", en: "REV"), isNumber: true, importance: 3) { "\($0.rev)" },
        Listing.Column(
            "status", Bilingual(ja: "状態", en: "STATUS"), importance: 4, value: { $0.status },
            cell: { record, style in Cell(status(record.status, style)) }),
        Listing.Column("attributes", Bilingual(ja: "見る値", en: "LOOKS AT"), minimum: 10, importance: 2) {
            $0.attributes.joined(separator: " ")
        },
        Listing.Column("match", Bilingual(ja: "照合", en: "MATCH"), importance: 3) { $0.match },
        Listing.Column("texts", Bilingual(ja: "照合する文字列", en: "TEXTS"), minimum: 16) {
            $0.texts.joined(separator: "  ")
        },
        Listing.Column("asserts", Bilingual(ja: "示すこと", en: "SAYS"), minimum: 16, importance: 1) {
            $0.asserts.joined(separator: "; ")
        },
        Listing.Column("title") { $0.title ?? "" },
        Listing.Column("confidence") { $0.confidence },
        Listing.Column("samples") { "\($0.samples)" },
        Listing.Column("licence") { $0.licence },
        Listing.Column("references") { $0.references.joined(separator: " ") },
        Listing.Column("file") { $0.file },
    ]

    private static func status(_ name: String, _ style: TerminalStyle) -> String {
        guard style.language == .japanese, let status = Signature.Status(rawValue: name) else { return name }
        return switch status {
        case .stable: "正式"
        case .experimental: "試験中"
        case .retired: "廃止"
        }
    }
}
