import Model
import Wire

/// The names and the validity in an X.509 certificate (RFC 5280, 4.1): enough to say whose it is; signatures are not checked.
struct X509Names {
    private(set) var subjectCommonName = WireText("")
    private(set) var subjectOrganization = WireText("")
    /// Attribute serialNumber of the subject: device certificates (IEEE 802.1AR) carry the product's there.
    private(set) var subjectSerialNumber = WireText("")
    private(set) var issuerCommonName = WireText("")
    private(set) var issuerOrganization = WireText("")
    /// Extension subjectAltName: DNS names and addresses, the first 16.
    private(set) var alternativeNames: [WireText] = []
    /// As `2031-12-31`.
    private(set) var notBefore = ""
    private(set) var notAfter = ""
    /// Subject and issuer are byte for byte the same.
    private(set) var isSelfIssued = false

    private static let alternativeLimit = 16

    /// Nil when the bytes are no certificate.
    init?(_ certificate: RawSpan) {
        var outer = DERReader(certificate)
        guard let whole = outer.next(), whole.tag == DERTag.sequence else { return nil }
        var parts = DERReader(whole.content)
        guard let tbs = parts.next(), tbs.tag == DERTag.sequence else { return nil }
        var fields = DERReader(tbs.content)
        guard var field = fields.next() else { return nil }
        if field.tag == 0xa0 {  // [0] version
            guard let serial = fields.next() else { return nil }
            field = serial
        }
        guard field.tag == DERTag.integer else { return nil }
        guard let algorithm = fields.next(), algorithm.tag == DERTag.sequence else { return nil }
        guard let issuer = fields.next(), issuer.tag == DERTag.sequence else { return nil }
        guard let validity = fields.next(), validity.tag == DERTag.sequence else { return nil }
        guard let subject = fields.next(), subject.tag == DERTag.sequence else { return nil }
        isSelfIssued = X509Names.same(issuer.content, subject.content)
        readName(issuer.content, isSubject: false)
        readName(subject.content, isSubject: true)
        var dates = DERReader(validity.content)
        if let from = dates.next() { notBefore = X509Names.date(from.content, isGeneralized: from.tag == 0x18) }
        if let until = dates.next() { notAfter = X509Names.date(until.content, isGeneralized: until.tag == 0x18) }
        while let rest = fields.next() {
            if rest.tag == 0xa3 { readExtensions(rest.content) }
        }
    }

    /// Name ::= SEQUENCE OF SET OF SEQUENCE { type, value }
    private mutating func readName(_ name: RawSpan, isSubject: Bool) {
        var sets = DERReader(name)
        var seen = 0
        while seen < 64, let set = sets.next() {
            seen &+= 1
            var pairs = DERReader(set.content)
            guard let pair = pairs.next(), pair.tag == DERTag.sequence else { continue }
            var both = DERReader(pair.content)
            guard let type = both.next(), type.tag == DERTag.objectIdentifier, let value = both.next() else { continue }
            // 2.5.4.x: id-at
            guard type.content.byteCount == 3, type.content.be16(0) == 0x5504 else { continue }
            let text =
                value.tag == 0x1e ? WireText(utf16: value.content, bigEndian: true) : WireText(wire: value.content)
            switch (type.content.u8(2), isSubject) {
            case (3, true): subjectCommonName = text
            case (5, true): subjectSerialNumber = text
            case (10, true): subjectOrganization = text
            case (3, false): issuerCommonName = text
            case (10, false): issuerOrganization = text
            default: break
            }
        }
    }

    private mutating func readExtensions(_ bytes: RawSpan) {
        var outer = DERReader(bytes)
        guard let list = outer.next(), list.tag == DERTag.sequence else { return }
        var each = DERReader(list.content)
        var seen = 0
        while seen < 64, let item = each.next() {
            seen &+= 1
            var parts = DERReader(item.content)
            guard let type = parts.next(), type.tag == DERTag.objectIdentifier else { continue }
            // 2.5.29.17: id-ce-subjectAltName
            guard type.content.byteCount == 3, type.content.be24(0) == 0x55_1d11 else { continue }
            while let value = parts.next() {
                if value.tag == DERTag.octetString { readAlternativeNames(value.content) }
            }
        }
    }

    private mutating func readAlternativeNames(_ bytes: RawSpan) {
        var outer = DERReader(bytes)
        guard let list = outer.next(), list.tag == DERTag.sequence else { return }
        var names = DERReader(list.content)
        while alternativeNames.count < X509Names.alternativeLimit, let name = names.next() {
            switch (name.tag, name.content.byteCount) {
            case (0x82, _): alternativeNames.append(WireText(wire: name.content))
            case (0x87, 4): alternativeNames.append(WireText(name.content.ipv4(0).description))
            case (0x87, 16): alternativeNames.append(WireText(name.content.ipv6(0).description))
            default: break
            }
        }
    }

    /// UTCTime YYMMDD… (years from 50 on are 19YY: RFC 5280, 4.1.2.5.1) or GeneralizedTime YYYYMMDD…
    private static func date(_ bytes: RawSpan, isGeneralized: Bool) -> String {
        let width = isGeneralized ? 8 : 6
        guard bytes.byteCount >= width else { return "" }
        var digits = ""
        var index = 0
        while index < width {
            let byte = bytes.u8(index)
            guard byte >= 0x30, byte <= 0x39 else { return "" }
            digits.unicodeScalars.append(Unicode.Scalar(byte))
            index &+= 1
        }
        if !isGeneralized { digits = (bytes.u8(0) >= 0x35 ? "19" : "20") + digits }
        return digits.prefix(4) + "-" + digits.dropFirst(4).prefix(2) + "-" + digits.suffix(2)
    }

    private static func same(_ a: RawSpan, _ b: RawSpan) -> Bool {
        guard a.byteCount == b.byteCount, a.byteCount > 0 else { return false }
        var index = 0
        while index < a.byteCount {
            if a.u8(index) != b.u8(index) { return false }
            index &+= 1
        }
        return true
    }
}

/// Universal tags of X.690 that certificates are made of.
private enum DERTag {
    static let integer: UInt8 = 0x02, octetString: UInt8 = 0x04, objectIdentifier: UInt8 = 0x06, sequence: UInt8 = 0x30
}

/// One element: identifier octet and contents.
private struct DERElement: ~Escapable {
    let tag: UInt8
    let content: RawSpan

    @_lifetime(copy content)
    init(tag: UInt8, content: RawSpan) {
        self.tag = tag
        self.content = content
    }
}

/// Walks the elements of one level of DER (X.690): definite lengths and one-octet tags only, as certificates have them. It
/// never descends by itself, so depth is what the caller writes down.
private struct DERReader: ~Escapable {
    private let bytes: RawSpan
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// The next element, or nil at the end and where the bytes make no sense.
    @_lifetime(copy self)
    mutating func next() -> DERElement? {
        guard bytes.has(2, at: offset) else { return nil }
        let tag = bytes.u8(offset)
        var length = Int(bytes.u8(offset &+ 1))
        var header = 2
        if length >= 0x80 {
            let octets = length & 0x7f
            guard octets >= 1, octets <= 4, bytes.has(octets, at: offset &+ 2) else { return nil }
            length = 0
            var index = 0
            while index < octets {
                length = length << 8 | Int(bytes.u8(offset &+ 2 &+ index))
                index &+= 1
            }
            header = 2 &+ octets
        }
        let start = offset &+ header
        guard bytes.has(length, at: start) else { return nil }
        offset = start &+ length
        return DERElement(tag: tag, content: bytes.slice(start, length))
    }
}
