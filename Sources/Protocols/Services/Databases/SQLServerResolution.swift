import Model
import Wire

/// The SQL Server Resolution Protocol (SQL Server Browser): clients ask which instances a server has and where they listen.
///
///     client   2 (broadcast) or 3; or 4, instance name, 0
///     server   5, length 2 (little-endian), "ServerName;PC;InstanceName;SQLEXPRESS;IsClustered;No;Version;15.0…;tcp;1433;;"
package enum SQLServerResolution: Dissector {
    package static let description = ProtocolDescription(
        name: "sql-browser", title: "SQL Server Browser", family: .service, level: .identity,
        reference: "[MS-SQLR] 2.2",
        bindings: [.udp([1434])], displayFilter: "udp.port == 1434")

    private static let port: UInt16 = 1434

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.u8(0) {
        case 2, 3:
            return bytes.byteCount == 1 && hint.destinationPort == port ? .possible(from: .client) : .no
        case 4:
            guard hint.destinationPort == port, bytes.byteCount >= 2, bytes.byteCount <= 34 else { return .no }
            return bytes.slice(1, bytes.byteCount &- 2).isPlainText() ? .possible(from: .client) : .no
        case 5:
            return bytes.starts(with: "ServerName;", at: 3) && Int(bytes.le16(1)) <= bytes.byteCount &- 3
                ? .certain(from: .server) : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(UInt32(bytes.u8(0)))
        guard bytes.u8(0) == 5 else { return .consumed(bytes.byteCount) }
        let text = bytes.slice(3, Int(bytes.le16(1)))
        var offset = 0
        var pairs = 0
        while offset < text.byteCount, pairs < 256 {
            pairs &+= 1
            guard let middle = text.index(of: 0x3b, from: offset) else { break }
            // Two semicolons end an instance.
            guard middle > offset else {
                offset &+= 1
                continue
            }
            let end = text.index(of: 0x3b, from: middle &+ 1) ?? text.byteCount
            let key = text.slice(offset, middle &- offset)
            let value = text.slice(middle &+ 1, end &- middle &- 1)
            if key.starts(with: "ServerName") {
                d.observe(.name, text: value, field: "server_name")
                d.role(.server, field: "database", confidence: .medium)
            } else if key.starts(with: "InstanceName") {
                d.observe("database_instance", text: value, field: "instance_name")
            } else if key.starts(with: "Version") {
                d.observe(.software, "Microsoft SQL Server \(WireText(wire: value).raw)", field: "version")
            }
            offset = end &+ 1
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 2: "CLNT_BCAST_EX"
        case 3: "CLNT_UCAST_EX"
        case 4: "CLNT_UCAST_INST"
        case 5: "SVR_RESP"
        default: "message \(code)"
        }
    }
}
