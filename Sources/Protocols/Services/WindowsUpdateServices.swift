import Model
import Wire

/// Windows Server Update Services: Windows computers ask a server of the plant's own for updates, in SOAP over HTTP to paths
/// that the protocol fixes. HTTP reads the messages; that they are of updates is known from their target.
package enum WindowsUpdateServices: Dissector {
    package static let description = ProtocolDescription(
        name: "wsus", title: "Windows Server Update Services (WSUS)", family: .service, level: .identity,
        reference: "[MS-WUSP] 2.1 and 2.2; [MS-WSUSSS] 2.1",
        // Asked before HTTP where both could be.
        bindings: [.tcp([80, 8530])], displayFilter: "http.request.uri contains \"WebService/\"")

    /// The services' paths below the server's root ([MS-WUSP] 2.1, [MS-WSUSSS] 2.1), whole; case does not count.
    private static func isService(_ path: RawSpan) -> Bool {
        switch path.u8(1) | 0x20 {
        case 0x63: has(path, "/clientwebservice/client.asmx")
        case 0x73:
            has(path, "/simpleauthwebservice/simpleauth.asmx") || has(path, "/selfupdate/wuident.cab")
                || has(path, "/serversyncwebservice/serversyncwebservice.asmx")
        case 0x72: has(path, "/reportingwebservice/reportingwebservice.asmx")
        case 0x64: has(path, "/dssauthwebservice/dssauthwebservice.asmx")
        default: false
        }
    }

    /// True when the request's target is `service`, or that with a query.
    private static func has(_ path: RawSpan, _ service: StaticString) -> Bool {
        guard path.startsIgnoringCase(with: service) else { return false }
        let next = path.u8(service.utf8CodeUnitCount)
        return next == 0x20 || next == 0x3f
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let start: Int
        switch bytes.u8(0) {
        case 0x50 where bytes.starts(with: "POST /"): start = 5
        case 0x47 where bytes.starts(with: "GET /"): start = 4
        case 0x48 where bytes.starts(with: "HEAD /"): start = 5
        default: return .no
        }
        return isService(bytes.from(start)) ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.role(.server, field: "update_server", about: .server, confidence: .medium)
        return HTTP.dissect(bytes, &d)
    }

    package static func messageName(_ code: UInt32) -> String { HTTP.messageName(code) }
}
