import Model
import Wire

/// ProConOS: the run time of several makers' controllers, and its programming tool.
///
///     request  CC 01   size 2   … EE
///     answer   CC …    run time's version, which begins with its name at 12 or 13; 32 bytes after that the controller, 65 bytes
///                      after it the project, each ending in a zero
package enum ProConOS: Dissector {
    package static let description = ProtocolDescription(
        name: "proconos", title: "KW-Software ProConOS", family: .industrial, level: .identity,
        reference: "KW-Software, unpublished; as Digital Bond's Redpoint scripts speak it", bindings: [.tcp([port])],
        displayFilter: nil)

    private static let port: UInt16 = 20_547
    private static let start: UInt8 = 0xcc
    private static let end: UInt8 = 0xee
    private enum Distance { static let controller = 32, project = 65, end = 83 }

    /// Where the run time's version starts.
    private static func runtime(_ bytes: RawSpan) -> Int? {
        guard bytes.u8(0) == start else { return nil }
        if bytes.starts(with: "ProConOS", at: 13) { return 13 }
        return bytes.starts(with: "ProConOS", at: 12) ? 12 : nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == start else { return .no }
        if runtime(bytes) != nil { return .certain(from: .server) }
        return hint.uses(port) && bytes.be16(0) == 0xcc01 && bytes.byteCount >= 8 && bytes.u8(2) == 0
            && bytes.u8(bytes.byteCount &- 1) == end ? .possible(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == start else { return .malformed }
        guard !d.fromClient else {
            d.message(0, bytes.u8(4) == 0x40 ? .identity : .none)
            return .consumed(bytes.byteCount)
        }
        d.message(1)
        d.role(.plc, field: "runtime", confidence: .medium)
        guard let runtime = runtime(bytes) else { return .consumed(bytes.byteCount) }
        let version = bytes.slice(runtime, min(Distance.controller, bytes.byteCount &- runtime))
        d.observe(.software, text: version, field: "runtime")
        let controller = bytes.from(runtime &+ Distance.controller)
        d.observe(
            .model, text: controller.first(controller.index(of: 0, limit: 33) ?? 32).trimmingSpaces(),
            field: "controller")
        let project = bytes.from(runtime &+ Distance.project)
        d.observe("project", text: project.first(Distance.end &- Distance.project), field: "project")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "Request" : "Answer" }
}
