import Model
import Wire

/// TwinCAT's UDP service: searching for devices and adding routes, with tags that name the host, its system and its user.
///
///     0  cookie     4   71146603, little-endian
///     4  invoke id  4
///     8  service    4   high bit set in responses
///    12  NetID 6, port 2 of the sender
///    20  number of tags 4; then tags: id 2, length 2, value
package enum ADSDiscovery: Dissector {
    package static let description = ProtocolDescription(
        name: "ads-discovery", title: "Beckhoff TwinCAT discovery", family: .industrial, level: .operations,
        reference: "Beckhoff, unpublished; as TwinCAT System Manager and open libraries use it",
        bindings: [.udp([48899])],
        displayFilter: nil)

    private enum Offset { static let service = 8, netID = 12, tagCount = 20, tags = 24 }
    private static let cookie: UInt32 = 0x7114_6603
    private static let responseBit: UInt32 = 0x8000_0000

    private enum Service { static let info: UInt32 = 1, addRoute: UInt32 = 6 }
    private enum Tag {
        static let password: UInt16 = 2, version: UInt16 = 3, system: UInt16 = 4, computer: UInt16 = 5
        static let route: UInt16 = 12, user: UInt16 = 13
    }
    private static let mostTags: UInt32 = 64

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.le32(0) == cookie, bytes.byteCount >= Offset.tags else { return .no }
        return .certain(from: bytes.le32(Offset.service) & responseBit == 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.le32(0) == cookie, bytes.byteCount >= Offset.tags else { return .malformed }
        let service = bytes.le32(Offset.service)
        d.message(
            service,
            service == Service.info ? .identity : service == Service.addRoute ? .login : .none)
        if d.isNew(bytes.slice(Offset.netID, 6), field: "net_id") {
            let text = (0..<6).map { String(bytes.u8(Offset.netID &+ $0)) }.joined(separator: ".")
            d.observe("ams_net_id", text, field: "net_id")
        }
        let isResponse = service & responseBit != 0
        if isResponse {
            d.role(.plc, field: "response", confidence: .low)
            d.observe(.vendor, "Beckhoff", field: "response_vendor", confidence: .medium)
        }
        var reader = FieldReader(bytes, at: Offset.tags)
        do throws(DecodeError) {
            var left = min(bytes.le32(Offset.tagCount), mostTags)
            while left > 0, !reader.isAtEnd {
                left &-= 1
                let tag = try reader.le16("tag id")
                let size = Int(try reader.le16("tag length"))
                read(tag, try reader.take(size, "tag value"), isResponse: isResponse, &d)
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    private static func read(_ tag: UInt16, _ value: RawSpan, isResponse: Bool, _ d: inout Dissection) {
        switch tag {
        case Tag.computer where isResponse: d.observe(.name, text: value, field: "computer_name")
        case Tag.route: d.observe("route_name", text: value, field: "route_name")
        case Tag.user where !isResponse: d.observe(.user, text: value, field: "user_name", about: .conversation)
        case Tag.password where !isResponse && value.byteCount > 1:
            d.observe(.cleartextCredential, "TwinCAT route password", field: "password", about: .conversation)
        case Tag.version where value.byteCount >= 4:
            d.observe(.software, "TwinCAT \(value.u8(0)).\(value.u8(1)).\(value.le16(2))", field: "twincat_version")
        case Tag.system where isResponse && value.byteCount >= 20: system(value, &d)
        default: break
        }
    }

    /// Windows' version structure: size 4, major 4, minor 4, build 4, platform 4 (2 NT, 3 CE).
    private static func system(_ value: RawSpan, _ d: inout Dissection) {
        let platform = value.le32(16)
        guard platform == 2 || platform == 3, value.le32(4) < 100 else { return }
        let version = "\(value.le32(4)).\(value.le32(8))"
        d.observe(
            .os, platform == 3 ? "Windows CE \(version)" : "Windows \(version).\(value.le32(12))", field: "os_version")
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch code & ~responseBit {
            case Service.info: "Search"
            case Service.addRoute: "Add route"
            default: "Service \(code & ~responseBit)"
            }
        return code & responseBit != 0 ? name + " (response)" : name
    }
}
