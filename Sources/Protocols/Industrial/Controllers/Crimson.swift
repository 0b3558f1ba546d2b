import Model
import Wire

/// Red Lion Crimson 3: panels and data stations of Red Lion, and their programming tool.
///
///     0  length    2   of what follows
///     2  register  2   012A maker, 012B model
///     4  kind      2
///     6  text of an answer, ending in a zero
package enum Crimson: Dissector {
    package static let description = ProtocolDescription(
        name: "crimson", title: "Red Lion Crimson 3", family: .industrial, level: .identity,
        reference: "Red Lion, unpublished; as the public cr3-fingerprint script speaks it", bindings: [.tcp([port])],
        displayFilter: nil)

    private static let port: UInt16 = 789
    private enum Offset { static let register = 2, text = 6 }
    private enum Register { static let maker: UInt16 = 0x012a, model: UInt16 = 0x012b }
    private static let longest = 1024

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), bytes.has(Offset.text), Int(bytes.be16(0)) &+ 2 == bytes.byteCount,
            bytes.byteCount <= longest
        else { return .no }
        let register = bytes.be16(Offset.register)
        guard register == Register.maker || register == Register.model else { return .no }
        return .certain(from: hint.destinationPort == port ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(4) else { return .needMore(4) }
        let total = Int(bytes.be16(0)) &+ 2
        guard total >= 4, total <= longest else { return .malformed }
        guard bytes.has(total) else { return .needMore(total) }
        let register = bytes.be16(Offset.register)
        let isIdentity = register == Register.maker || register == Register.model
        d.message((d.fromClient ? 0 : 0x1_0000) | UInt32(register), d.fromClient && isIdentity ? .identity : .none)
        if !d.fromClient, isIdentity, total > Offset.text {
            let text = bytes.slice(Offset.text, total &- Offset.text)
            let end = text.index(of: 0) ?? text.byteCount
            guard text.first(end).isPrintable else { return .consumed(total) }
            d.observe(
                register == Register.maker ? .vendor : .model, text: text.first(end),
                field: register == Register.maker ? "maker" : "model")
        }
        return .consumed(total)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch UInt16(truncatingIfNeeded: code) {
            case Register.maker: "Read maker"
            case Register.model: "Read model"
            default: "Register 0x" + String(code & 0xffff, radix: 16)
            }
        return code & 0x1_0000 != 0 ? name + " (response)" : name
    }
}
