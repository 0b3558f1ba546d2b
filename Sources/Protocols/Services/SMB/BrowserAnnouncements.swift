import Model
import Wire

/// Computer Browser announcements: Windows hosts and Samba tell their neighbours every few minutes what they are, by
/// NetBIOS datagrams to the mailslot \MAILSLOT\BROWSE.
///
///     NetBIOS datagram   type 1 (0x10 … 0x12), flags 1, id 2, source address 4, port 2, length 2, offset 2, two names
///     SMB                header 32, Transaction with the mailslot's name; its data are the announcement
///     announcement       command 1, update count 1, period in ms 4, name 16, OS version 2, server type 4, browser version 2,
///                        signature 2, comment; integers little-endian, texts in
///                        the sender's OEM code page (in Japan 932)
package enum BrowserAnnouncements: Dissector {
    package static let description = ProtocolDescription(
        name: "browser", title: "Computer Browser", family: .service, level: .identity,
        reference: "[MS-BRWS] 2.2; RFC 1002, 4.4 (datagrams); [MS-MAIL] 2.2.1", bindings: [.udp([138])],
        displayFilter: "browser")

    private enum Command {
        static let host: UInt8 = 1, announcementRequest: UInt8 = 2, election: UInt8 = 8, backupListRequest: UInt8 = 9
        static let backupListResponse: UInt8 = 10, becomeBackup: UInt8 = 11, domain: UInt8 = 12, master: UInt8 = 13
        static let resetState: UInt8 = 14, localMaster: UInt8 = 15
    }
    private enum Offset {
        static let name = 6, major = 22, minor = 23, serverType = 24, comment = 32
        static let electionName = 14
    }
    private static let datagramHeaderSize = 14
    private static let smbHeaderSize = 32

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= datagramHeaderSize, bytes.u8(0) >= 0x10, bytes.u8(0) <= 0x12,
            NetBIOSName(bytes.from(datagramHeaderSize)) != nil
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let names = bytes.from(datagramHeaderSize)
        guard let sender = NetBIOSName(names), let receiver = NetBIOSName(names.from(sender.size)) else {
            return .consumed(bytes.byteCount)
        }
        if sender.kind == 0 || sender.kind == 0x20 {
            d.observe(.name, sender.text, field: "netbios_name", confidence: .medium)
        }
        let smb = names.from(sender.size &+ receiver.size)
        guard smb.be32(0) == 0xff53_4d42, smb.u8(4) == 0x25 else { return .consumed(bytes.byteCount) }
        let words = smb.from(smbHeaderSize)
        let dataLength = Int(words.le16(23))
        let dataOffset = Int(words.le16(25))
        // Word count, words, byte count: then the name of the mailslot.
        let name = smbHeaderSize &+ 1 &+ Int(words.u8(0)) &* 2 &+ 2
        guard words.u8(0) >= 14, smb.startsIgnoringCase(with: "\\mailslot\\browse", at: name) else {
            return .consumed(bytes.byteCount)
        }
        announcement(smb.slice(dataOffset, dataLength), &d)
        return .consumed(bytes.byteCount)
    }

    private static func announcement(_ data: RawSpan, _ d: inout Dissection) {
        let command = data.u8(0)
        d.message(UInt32(command))
        switch command {
        case Command.host, Command.localMaster:
            guard data.byteCount >= Offset.serverType &+ 4 else { return cut(data, &d) }
            d.observe(.name, WireText(shiftJIS: data.slice(Offset.name, 16)), field: "server")
            d.observe("os_version", version(data), field: "os_version")
            let type = data.le32(Offset.serverType)
            if let system = system(data.u8(Offset.major), data.u8(Offset.minor), type) {
                d.observe(.os, system, field: "os", confidence: .medium)
            }
            d.observe(.comment, WireText(shiftJIS: data.from(Offset.comment)), field: "comment")
            roles(type, &d)
        case Command.domain:
            guard data.byteCount >= Offset.serverType &+ 4 else { return cut(data, &d) }
            d.observe(.domain, WireText(shiftJIS: data.slice(Offset.name, 16)), field: "server")
            d.observe("os_version", version(data), field: "domain_os_version", confidence: .low)
            d.observe("master_browser", WireText(shiftJIS: data.from(Offset.comment)), field: "master_browser")
        case Command.election:
            guard data.byteCount > Offset.electionName else { return cut(data, &d) }
            d.observe(.name, WireText(shiftJIS: data.from(Offset.electionName)), field: "election_server")
        default: break
        }
    }

    private static func cut(_ data: RawSpan, _ d: inout Dissection) {
        if d.isCut { return }
        d.malformed(
            DecodeError(
                field: "browser announcement", offset: 0, needed: Offset.serverType &+ 4, available: data.byteCount))
    }

    private static func version(_ data: RawSpan) -> String { "\(data.u8(Offset.major)).\(data.u8(Offset.minor))" }

    /// SV_TYPE bits ([MS-BRWS] 2.2.1, from [MS-SRVS] 2.2.2.7).
    private enum ServerType {
        static let sql: UInt32 = 0x4, domainController: UInt32 = 0x8, backupController: UInt32 = 0x10
        static let unix: UInt32 = 0x800, workstation: UInt32 = 0x1000, serverNT: UInt32 = 0x8000
    }

    /// The product behind a version; Samba announces itself as Unix.
    private static func system(_ major: UInt8, _ minor: UInt8, _ type: UInt32) -> String? {
        if type & ServerType.unix != 0 { return nil }
        switch (major, minor) {
        case (4, 0) where type & (ServerType.workstation | ServerType.serverNT) != 0: return "Windows NT 4.0"
        case (5, 0): return "Windows 2000"
        case (5, 1): return "Windows XP"
        case (5, 2): return "Windows Server 2003"
        case (6, 0): return type & ServerType.serverNT != 0 ? "Windows Server 2008" : "Windows Vista"
        case (6, 1): return type & ServerType.serverNT != 0 ? "Windows Server 2008 R2" : "Windows 7"
        case (6, 2): return type & ServerType.serverNT != 0 ? "Windows Server 2012" : "Windows 8"
        case (6, 3): return type & ServerType.serverNT != 0 ? "Windows Server 2012 R2" : "Windows 8.1"
        case (10, 0): return "Windows 10.0"
        default: return nil
        }
    }

    private static func roles(_ type: UInt32, _ d: inout Dissection) {
        if type & (ServerType.domainController | ServerType.backupController) != 0 {
            d.role(.domainController, field: "server_type", confidence: .medium)
        } else if type & (ServerType.serverNT | ServerType.sql) != 0 {
            // Samba calls every host a server.
            d.role(.server, field: "server_type", confidence: type & ServerType.unix != 0 ? .low : .medium)
        } else if type & ServerType.workstation != 0 {
            d.role(.workstation, field: "server_type", confidence: .low)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case Command.host: "Host Announcement"
        case Command.announcementRequest: "Announcement Request"
        case Command.election: "Election Request"
        case Command.backupListRequest: "Get Backup List Request"
        case Command.backupListResponse: "Get Backup List Response"
        case Command.becomeBackup: "Become Backup Browser"
        case Command.domain: "Domain Announcement"
        case Command.master: "Master Announcement"
        case Command.resetState: "Reset State Request"
        case Command.localMaster: "Local Master Announcement"
        default: "command \(code)"
        }
    }
}
