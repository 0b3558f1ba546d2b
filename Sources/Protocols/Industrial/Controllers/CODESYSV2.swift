import Model
import Wire

/// CODESYS V2: the older runtime, to which the programming system connects without a password unless one was set.
///
///     0  BB BB      2
///     2  length     4   of the data, in the controller's byte order
///     6  service    1   first byte of the data; 1 asks who is there
///
/// The answer to service 1 names the operating system (64), its kind (96) and the product (128), each text ending in NUL.
package enum CODESYSV2: Dissector {
    package static let description = ProtocolDescription(
        name: "codesys-v2", title: "CODESYS V2", family: .industrial, level: .identity,
        reference: "3S/CODESYS, unpublished; Redpoint's codesys-v2-discover, ICS-CERT advisory ICSA-13-011-01",
        bindings: [.tcp([1_200, 2_455])])

    private enum Offset { static let length = 2, service = 6, system = 64, kind = 96, product = 128 }
    private static let mark: UInt16 = 0xbbbb
    private static let login: UInt8 = 1
    /// Longest message that is believed; programs come in blocks.
    private static let longest: UInt32 = 0x1_0000

    /// Bytes of the data: the one reading of the length that is small.
    private static func length(_ bytes: RawSpan) -> Int? {
        let little = bytes.le32(Offset.length)
        let big = bytes.be32(Offset.length)
        let length = min(little, big)
        return length > 0 && length <= longest ? Int(length) : nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be16(0) == mark, bytes.byteCount > Offset.service, let length = length(bytes) else { return .no }
        let isWhole = Offset.service &+ length == bytes.byteCount
        if length == 1 || isWhole { return isWhole ? .certain : .possible }
        return hint.uses(1_200) || hint.uses(2_455) ? .possible : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount > Offset.service else { return .needMore(Offset.service &+ 1) }
        guard bytes.be16(0) == mark, let length = length(bytes) else { return .malformed }
        let end = Offset.service &+ length
        guard bytes.has(end) || d.isCut else { return .needMore(end) }
        let service = bytes.u8(Offset.service)
        guard !d.fromClient else {
            d.message(UInt32(service), service == login ? .identity : .none)
            return .consumed(end)
        }
        d.message(UInt32(service) | 0x100)
        d.role(.plc, field: "answer")
        let product = text(bytes, Offset.product)
        if end > Offset.product, product.byteCount > 1 {
            d.observe(.model, text: product, field: "product")
            d.observe(.os, text: text(bytes, Offset.system), field: "operating_system", confidence: .medium)
            d.observe("os_kind", text: text(bytes, Offset.kind), field: "operating_system_kind", confidence: .medium)
        }
        return .consumed(end)
    }

    /// The text in the 32 bytes at `offset`, up to its NUL; empty where it is not printable.
    @_lifetime(copy bytes)
    private static func text(_ bytes: RawSpan, _ offset: Int) -> RawSpan {
        let field = bytes.slice(offset, 32)
        let text = field.first(field.index(of: 0) ?? field.byteCount)
        return text.isPrintable ? text : text.first(0)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name = UInt8(truncatingIfNeeded: code) == login ? "identify" : "service \(code & 0xff)"
        return code & 0x100 != 0 ? name + " (answer)" : name
    }
}
