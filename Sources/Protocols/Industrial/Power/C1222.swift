import Model
import Wire

/// ANSI C12.22: electricity meters and their collectors over TCP or UDP, ACSE association units with EPSEM services in them.
///
///     60 { A2 called title, A4 called id, A6 calling title, A8 calling invocation, AC authentication, BE { 28 { 81 EPSEM } } }
///     EPSEM: control 1 (10: four bytes of device class follow), then for each service length 1 or more, service 1, data
package enum C1222: Dissector {
    package static let description = ProtocolDescription(
        name: "c1222", title: "ANSI C12.22", family: .industrial, level: .messages,
        reference: "IEEE Std 1703-2012 / ANSI C12.22-2012, 5", bindings: [.tcp([port]), .udp([port])],
        displayFilter: "c1222")

    private static let port: UInt16 = 1153

    private enum Service { static let logon: UInt8 = 0x50, security: UInt8 = 0x51 }
    private enum Control { static let hasClass: UInt8 = 0x10, isSecured: UInt8 = 0x0c }
    private static let mostServices = 16

    /// Where the elements lie when they are those of an association unit of C12.22.
    private static func unit(_ bytes: RawSpan) -> Range<Int>? {
        var outer = TaggedReader(bytes)
        guard bytes.u8(0) == 0x60, outer.next() else { return nil }
        var items = TaggedReader(bytes.first(outer.end), at: outer.start)
        var hasInvocation = false
        var hasUser = false
        while items.next() {
            switch items.tag {
            case 0xa1, 0xa2, 0xa4, 0xa6, 0xa7, 0x8b, 0xac: break
            case 0xa8: hasInvocation = true
            case 0xbe: hasUser = true
            default: return nil
            }
        }
        return hasInvocation && hasUser && !items.isDamaged ? outer.start..<outer.end : nil
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x60, bytes.byteCount >= 2 else { return .no }
        guard unit(bytes) != nil else { return .no }
        return hint.uses(port) ? .certain : .possible
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 0x60, bytes.byteCount >= 2 else { return .malformed }
        guard let range = unit(bytes) else {
            return d.isTCP && bytes.byteCount < 4096 ? .needMore(bytes.byteCount &+ 1) : .malformed
        }
        var items = TaggedReader(bytes.first(range.upperBound), at: range.lowerBound)
        guard items.find(0xbe) else { return .malformed }
        var external = TaggedReader(items.contents)
        guard external.next(), external.tag == 0x28 else { return .consumed(range.upperBound) }
        var value = TaggedReader(external.contents)
        while value.next() {
            guard value.tag == 0x81 || value.tag == 0x82 else { continue }
            services(value.contents, &d)
            break
        }
        return .consumed(range.upperBound)
    }

    private static func services(_ bytes: RawSpan, _ d: inout Dissection) {
        let control = bytes.u8(0)
        // Encrypted, or authenticated with the code after the services.
        guard control & Control.isSecured != 0x08 else {
            d.message(0x100)
            return
        }
        var offset = control & Control.hasClass != 0 ? 5 : 1
        var left = mostServices
        while left > 0, offset < bytes.byteCount {
            left &-= 1
            var length = Int(bytes.u8(offset))
            offset &+= 1
            if length & 0x80 != 0 {
                let count = length & 0x7f
                guard count == 1 || count == 2 else { return }
                length = count == 1 ? Int(bytes.u8(offset)) : Int(bytes.be16(offset))
                offset &+= count
            }
            guard length > 0, bytes.has(length, at: offset) else { return }
            service(bytes.slice(offset, length), &d)
            offset &+= length
        }
    }

    private static func service(_ bytes: RawSpan, _ d: inout Dissection) {
        let code = bytes.u8(0)
        // Up to 1F are answers.
        guard code >= 0x20 else {
            d.message(UInt32(code))
            return
        }
        d.message(UInt32(code), effect(code))
        switch code {
        case Service.logon where bytes.byteCount >= 13:
            d.observe(.user, text: bytes.slice(3, 10), field: "user", about: .conversation)
        case Service.security:
            d.observe(.cleartextCredential, "C12.22 password", field: "security", about: .conversation)
        case 0x30...0x4f: d.role(.meter, field: "tables", about: .destination, confidence: .medium)
        default: break
        }
    }

    private static func effect(_ service: UInt8) -> MessageEffect {
        switch service {
        case 0x20: .identity
        case 0x30...0x3f: .read
        case 0x40...0x4f: .write
        case 0x50, 0x51: .login
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "OK"
        case 1...0x1f: "Error \(code)"
        case 0x20: "Identification"
        case 0x21: "Terminate"
        case 0x22: "Disconnect"
        case 0x24: "Deregister"
        case 0x25: "Resolve"
        case 0x26: "Trace"
        case 0x27: "Register"
        case 0x30: "Full read"
        case 0x3e: "Default read"
        case 0x31...0x3f: "Partial read"
        case 0x40: "Full write"
        case 0x41...0x4f: "Partial write"
        case 0x50: "Logon"
        case 0x51: "Security"
        case 0x52: "Logoff"
        case 0x60...0x6f: "Negotiate"
        case 0x70: "Wait"
        case 0x71: "Timing setup"
        case 0x100: "Encrypted service"
        default: "Service 0x" + String(code, radix: 16)
        }
    }
}
