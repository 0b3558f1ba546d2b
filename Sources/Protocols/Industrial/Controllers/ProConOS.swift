import Model
import Wire

/// ProConOS: the run time of several makers' controllers, and its programming tool.
///
///     request  CC 01   size 2   … EE
///     answer   CC …    13  run time's version   45  controller   78  project, each ending in a zero
package enum ProConOS: Dissector {
    package static let description = ProtocolDescription(
        name: "proconos", title: "KW-Software ProConOS", family: .industrial, level: .identity,
        reference: "KW-Software, unpublished; as Digital Bond's Redpoint scripts speak it", bindings: [.tcp([port])],
        displayFilter: nil)

    private static let port: UInt16 = 20_547
    private static let start: UInt8 = 0xcc
    private static let end: UInt8 = 0xee
    private enum Offset { static let runtime = 13, controller = 45, project = 78, end = 96 }

    private static func isIdentity(_ bytes: RawSpan) -> Bool {
        bytes.u8(0) == start && bytes.starts(with: "ProConOS", at: Offset.runtime)
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == start else { return .no }
        if isIdentity(bytes) { return .certain(from: .server) }
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
        guard isIdentity(bytes) else { return .consumed(bytes.byteCount) }
        d.observe(.software, text: bytes.slice(Offset.runtime, Offset.controller &- Offset.runtime), field: "runtime")
        let controller = bytes.slice(Offset.controller, Offset.project &- Offset.controller)
        d.observe(
            .model, text: controller.first(controller.index(of: 0) ?? controller.byteCount).trimmingSpaces(),
            field: "controller")
        d.observe("project", text: bytes.slice(Offset.project, Offset.end &- Offset.project), field: "project")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "Request" : "Answer" }
}
