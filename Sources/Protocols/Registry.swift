import Wire

/// One protocol as the engine calls it. Built from a dissector type, so that adding a protocol is one line below.
package struct ProtocolEntry: Sendable {
    package let description: ProtocolDescription
    package let probe: @Sendable (RawSpan, ProbeHint) -> Verdict
    package let dissect: @Sendable (RawSpan, inout Dissection) -> Progress
    package let messageName: @Sendable (UInt32) -> String

    package init<D: Dissector>(_: D.Type) {
        description = D.description
        probe = { D.probe($0, $1) }
        dissect = { D.dissect($0, &$1) }
        messageName = { D.messageName($0) }
    }
}

/// Every protocol that otscan knows. Order matters only between probes that are equally certain: the more specific first.
package enum ProtocolRegistry {
    package static let all: [ProtocolEntry] = [
        ProtocolEntry(Modbus.self),
        ProtocolEntry(HTTP.self),
        ProtocolEntry(TLS.self),
        ProtocolEntry(DTLS.self),
        ProtocolEntry(SSH.self),
        ProtocolEntry(SMB.self),
        ProtocolEntry(BrowserAnnouncements.self),
        ProtocolEntry(FTP.self),
        ProtocolEntry(SMTP.self),
        ProtocolEntry(POP3.self),
        ProtocolEntry(IMAP.self),
        ProtocolEntry(Telnet.self),
        ProtocolEntry(RDP.self),
    ]
}
