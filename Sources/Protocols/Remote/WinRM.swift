import Wire

/// Windows Remote Management (WS-Management): SOAP in HTTP to the path `/wsman`, which PowerShell remoting uses as well. HTTP
/// reads the messages; that they administer a Windows computer is known from their target.
package enum WinRM: Dissector {
    package static let description = ProtocolDescription(
        name: "winrm", title: "Windows Remote Management", family: .remoteAccess, level: .identity,
        reference: "DSP0226; [MS-WSMV] 2.1",
        // Asked before HTTP where both could be.
        bindings: [.tcp([80, 5985, 47001])], displayFilter: "http.request.uri contains \"/wsman\"")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x50, bytes.starts(with: "POST ") else { return .no }
        guard let line = bytes.line(limit: 1_024) else { return .no }
        guard line.text.starts(with: "/wsman", at: 5), line.text.u8(11) == 0x20 || line.text.u8(11) == 0x3f else {
            return .no
        }
        return .certain(from: .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress { HTTP.dissect(bytes, &d) }

    package static func messageName(_ code: UInt32) -> String { HTTP.messageName(code) }
}
