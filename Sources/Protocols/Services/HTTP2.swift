import Model
import Wire

/// HTTP/2 without TLS: the client opens with a fixed text and then frames, whose header fields are compressed.
package enum HTTP2: Dissector {
    package static let description = ProtocolDescription(
        name: "http2", title: "HTTP/2 (without TLS)", family: .service, level: .recognised, reference: "RFC 9113, 3.4",
        bindings: [.tcp([80, 8080, 50051])], displayFilter: "http2")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x50, bytes.starts(with: "PRI * HTTP/2.0\r\n") else { return .no }
        return .certain(from: .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if d.fromClient { d.message(0) }
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "connection preface" }
}
