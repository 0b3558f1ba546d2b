import Model
import Wire

/// Trivial File Transfer Protocol: a request to port 69 names the file; data then flow between other ports, so that only
/// the request is read here.
///
///     0   opcode 2    1 read request, 2 write request
///     2   file name, 0, mode (netascii, octet, mail), 0, then options as pairs of strings
package enum TFTP: Dissector {
    package static let description = ProtocolDescription(
        name: "tftp", title: "TFTP", family: .service, level: .operations, reference: "RFC 1350, RFC 2347",
        bindings: [.udp([69])], displayFilter: "tftp")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, hint.destinationPort == 69 || !hint.uses(69), request(bytes) != nil else { return .no }
        return hint.destinationPort == 69 ? .certain(from: .client) : .possible(from: .client)
    }

    /// The length of a request's file name; nil when it is none.
    private static func request(_ bytes: RawSpan) -> Int? {
        guard bytes.u8(0) == 0, bytes.u8(1) == 1 || bytes.u8(1) == 2, let end = bytes.index(of: 0, from: 2, limit: 512),
            end > 2
        else { return nil }
        var index = 2
        while index < end {
            if bytes.u8(index) < 0x20 { return nil }
            index &+= 1
        }
        guard
            bytes.startsIgnoringCase(with: "octet", at: end &+ 1)
                || bytes.startsIgnoringCase(with: "netascii", at: end &+ 1)
                || bytes.startsIgnoringCase(with: "mail", at: end &+ 1)
        else { return nil }
        return end &- 2
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let size = request(bytes) else { return .malformed }
        // What is written to a server is not programmed into it; what it is, its name tells.
        d.message(UInt32(bytes.u8(1)), bytes.u8(1) == 1 ? .read : .write)
        d.observe("file_name", text: bytes.slice(2, size), field: "file_name", about: .conversation)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "Read request" : "Write request" }
}
