import Model
import Wire

/// Niagara Fox: stations and workbenches of Tridium's Niagara framework, which many makers sell under their own names. Messages are
/// text; the first one each way says who speaks.
///
///     fox a <number> <reply to> fox hello LF { LF key=type:value LF … } ;; LF
package enum Fox: Dissector {
    package static let description = ProtocolDescription(
        name: "fox", title: "Niagara Fox", family: .building, level: .identity,
        reference: "Tridium, unpublished; as Niagara AX 3 stations and workbenches speak it",
        bindings: [.tcp([1911, 4911])], displayFilter: nil)

    /// Longest greeting read, and longest line.
    private static let longestHello = 16_384
    private static let mostLines = 128
    private static let mostMessages = 8

    private final class State {
        var isStation = false
        var messages = 0
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x66 else { return .no }
        guard bytes.byteCount >= 6 else { return hint.isTCP && hint.uses(1911) ? .wait : .no }
        return bytes.starts(with: "fox a ") ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.starts(with: "fox ") else { return bytes.byteCount < 4 ? .needMore(4) : .malformed }
        guard let lineEnd = bytes.index(of: 10, limit: 256) else {
            return bytes.byteCount < 256 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        let head = bytes.first(lineEnd)
        let state = d.state { State() }
        guard let end = end(bytes, from: lineEnd) else {
            return bytes.byteCount < longestHello ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        let kind = kind(head)
        state.messages &+= 1
        d.message(kind, kind == Kind.login ? .login : .none)
        if kind == Kind.hello { hello(bytes.slice(lineEnd &+ 1, end &- lineEnd), state, &d) }
        return state.messages < mostMessages ? .consumed(end) : .conversationDone
    }

    private enum Kind { static let other: UInt32 = 0, hello: UInt32 = 1, challenge: UInt32 = 2, login: UInt32 = 3 }

    private static func kind(_ head: RawSpan) -> UInt32 {
        let start = max(0, head.byteCount &- 20)
        var offset = start
        while let space = head.index(of: 0x20, from: offset) {
            if head.starts(with: "fox hello", at: space &+ 1) { return Kind.hello }
            if head.starts(with: "fox challenge", at: space &+ 1) { return Kind.challenge }
            if head.starts(with: "fox login", at: space &+ 1) || head.starts(with: "fox authenticate", at: space &+ 1) {
                return Kind.login
            }
            offset = space &+ 1
        }
        return Kind.other
    }

    /// Offset after the `;;` that ends a message.
    private static func end(_ bytes: RawSpan, from start: Int) -> Int? {
        var offset = start
        while let semicolon = bytes.index(of: 0x3b, from: offset, limit: longestHello) {
            if bytes.u8(semicolon &- 1) == 0x7d, bytes.u8(semicolon &+ 1) == 0x3b, bytes.has(3, at: semicolon) {
                return semicolon &+ 3
            }
            offset = semicolon &+ 1
        }
        return nil
    }

    private static func hello(_ body: RawSpan, _ state: State, _ d: inout Dissection) {
        var application = 0..<0
        var version = 0..<0
        var system = 0..<0
        var systemVersion = 0..<0
        var offset = 0
        var left = mostLines
        while left > 0, let lineEnd = body.index(of: 10, from: offset) {
            left &-= 1
            let line = body.slice(offset, lineEnd &- offset)
            let start = offset
            offset = lineEnd &+ 1
            // Key, equals sign, one letter for the type, colon, value.
            guard let equals = line.index(of: 0x3d), line.u8(equals &+ 2) == 0x3a else { continue }
            let range = start &+ equals &+ 3..<max(start &+ equals &+ 3, lineEnd)
            let value = body.slice(range.lowerBound, range.count)
            if line.starts(with: "app.name=") { application = range }
            if line.starts(with: "app.version=") { version = range }
            if line.starts(with: "os.name=") { system = range }
            if line.starts(with: "os.version=") { systemVersion = range }
            if line.starts(with: "station.name=") {
                d.observe(.name, text: value, field: "station_name")
            } else if line.starts(with: "hostName="), value.u8(0) > 0x39 {
                d.observe(.name, text: value, field: "host_name", confidence: .medium)
            } else if line.starts(with: "hostId=") {
                d.observe(.serial, text: value, field: "host_id", confidence: .medium)
            } else if line.starts(with: "brandId=") {
                d.observe("brand", text: value, field: "brand_id")
            } else if line.starts(with: "fox.version=") {
                d.observe(.version, text: value, field: "fox_version", about: .conversation)
            }
        }
        let name = WireText(wire: body.slice(application.lowerBound, application.count)).raw
        let number = WireText(wire: body.slice(version.lowerBound, version.count)).raw
        if !name.isEmpty { d.observe(.software, "Niagara \(name) \(number)", field: "application") }
        if !system.isEmpty {
            let os = WireText(wire: body.slice(system.lowerBound, system.count)).raw
            let release = WireText(wire: body.slice(systemVersion.lowerBound, systemVersion.count)).raw
            d.observe(.os, release.isEmpty ? os : "\(os) \(release)", field: "os")
        }
        if name == "Station" { d.role(.buildingController, field: "station", confidence: .medium) }
        if name == "Workbench" { d.role(.engineeringStation, field: "workbench", confidence: .medium) }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Kind.hello: "hello"
        case Kind.challenge: "challenge"
        case Kind.login: "login"
        default: "message"
        }
    }
}
