import Model
import Wire

/// KUKAVARPROXY: reads and sets variables of KUKA robot controllers.
///
///     0  id      2
///     2  length  2   of what follows
///     4  mode    1   0 read, 1 write
///     5  name or value: length 2, text; to write: the value in the same form
///        answers end in 00 01 01
package enum KUKAVarProxy: Dissector {
    package static let description = ProtocolDescription(
        name: "kuka-var-proxy", title: "KUKA KUKAVARPROXY", family: .industrial, level: .operations,
        reference: "IMTS KUKAVARPROXY message format, as OpenShowVar speaks it", bindings: [.tcp([7000])],
        displayFilter: nil)

    private enum Offset { static let length = 2, mode = 4, textLength = 5, text = 7 }
    private static let longest = 4096

    /// True for a whole message whose lengths agree with one another.
    private static func isMessage(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.text &+ 1), bytes.u8(Offset.mode) <= 1 else { return false }
        let length = Int(bytes.be16(Offset.length))
        let text = Int(bytes.be16(Offset.textLength))
        guard length >= 4, length <= longest, text > 0, bytes.slice(Offset.text, text).isPrintable else { return false }
        if bytes.u8(Offset.mode) == 0, text &+ 3 == length { return true }
        // An answer: three bytes more.
        if text &+ 6 == length { return bytes.has(4 &+ length) ? bytes.u8(4 &+ length &- 1) <= 1 : true }
        return bytes.u8(Offset.mode) == 1 && text &+ 5 &+ Int(bytes.be16(Offset.text &+ text)) == length
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(7000), isMessage(bytes), Int(bytes.be16(Offset.length)) &+ 4 == bytes.byteCount else {
            return .no
        }
        return hint.destinationPort == 7000 ? .possible(from: .client) : .possible(from: .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(4) else { return .needMore(4) }
        let total = 4 &+ Int(bytes.be16(Offset.length))
        guard total <= longest else { return .malformed }
        guard bytes.has(total) else { return .needMore(total) }
        guard isMessage(bytes) else { return .malformed }
        let isWrite = bytes.u8(Offset.mode) == 1
        d.message((d.fromClient ? 0 : 2) | (isWrite ? 1 : 0), !d.fromClient ? .none : isWrite ? .write : .read)
        if !d.fromClient {
            d.role(.robot, field: "controller")
            d.observe(.vendor, "KUKA", field: "controller_vendor", confidence: .medium)
        }
        return .consumed(total)
    }

    package static func messageName(_ code: UInt32) -> String {
        ["Read variable", "Write variable", "Read variable (response)", "Write variable (response)"][Int(code & 3)]
    }
}
