import Model
import Wire

/// ONC RPC, on which NFS, the portmapper, NIS and instruments (VXI-11) stand. Over TCP a mark of four bytes goes before each
/// fragment: last 1 bit, length 31 bits.
///
///     call    xid 4, 0 4, version 4 (2), program 4, its version 4, procedure 4, credentials { kind 4, length 4, body }, …
///     reply   xid 4, 1 4, accepted 0 or denied 1 4, …
///     credentials of kind 1: stamp 4, length 4, computer's name, user id 4, group ids
package enum ONCRPC: Dissector {
    package static let description = ProtocolDescription(
        name: "onc-rpc", title: "ONC RPC (NFS, portmapper)", family: .service, level: .operations,
        reference: "RFC 5531; RFC 1833 (portmapper); RFC 1813, 7530 (NFS); VXI-11",
        bindings: [.tcp([111, 2049]), .udp([111, 2049])],
        displayFilter: "rpc")

    private enum Offset {
        static let type = 4, version = 8, program = 12, programVersion = 16, procedure = 20, credentials = 24
    }
    private enum Program {
        static let portmapper: UInt32 = 100_000, nfs: UInt32 = 100_003, instrument: UInt32 = 395_183
    }
    private static let callSize = 40

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else { return call(bytes, hint) }
        guard bytes.u8(0) & 0x7f == 0, bytes.byteCount >= 28 else { return .no }
        let length = Int(bytes.be32(0) & 0x7fff_ffff)
        guard length >= 16, length <= 2 << 20 else { return .no }
        return call(bytes.from(4), hint)
    }

    private static func call(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        switch bytes.be32(Offset.type) {
        case 0:
            guard bytes.byteCount >= callSize, bytes.be32(Offset.version) == 2, name(bytes.be32(Offset.program)) != nil,
                bytes.be32(Offset.programVersion) <= 16, bytes.be32(Offset.procedure) <= 256,
                bytes.be32(Offset.credentials) <= 6 || bytes.be32(Offset.credentials) == 390_004,
                bytes.be32(Offset.credentials &+ 4) <= 400
            else { return .no }
            return .certain(from: .client)
        case 1:
            guard bytes.byteCount >= 20, bytes.be32(8) <= 1, bytes.be32(12) <= 6, bytes.be32(16) <= 400 else {
                return .no
            }
            return hint.sourcePort == 111 || hint.sourcePort == 2049 ? .possible(from: .server) : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            read(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        guard bytes.byteCount >= 4 else { return .needMore(4) }
        let length = Int(bytes.be32(0) & 0x7fff_ffff)
        guard length > 0, length <= 16 << 20 else { return .malformed }
        // Credentials are at most 400 bytes (RFC 5531, 8.2).
        let wanted = min(length, 512)
        guard bytes.byteCount >= 4 &+ wanted else { return .needMore(4 &+ wanted) }
        read(bytes.slice(4, wanted), &d)
        return .consumed(4 &+ length)
    }

    private static func read(_ bytes: RawSpan, _ d: inout Dissection) {
        let state = d.state { ONCRPCState() }
        if bytes.be32(Offset.type) == 1, bytes.byteCount >= 12 {
            // A denied call proves no service.
            if bytes.be32(8) == 0, let program = state.program { serve(program, &d) }
            return
        }
        guard bytes.byteCount >= callSize, bytes.be32(Offset.type) == 0, bytes.be32(Offset.version) == 2 else { return }
        let program = bytes.be32(Offset.program)
        let procedure = bytes.be32(Offset.procedure)
        guard name(program) != nil else { return }
        state.program = program
        d.message(code(program, bytes.be32(Offset.programVersion), procedure), effect(program, procedure))
        guard bytes.be32(Offset.credentials) == 1 else { return }
        let length = Int(bytes.be32(Offset.credentials &+ 12))
        guard length <= 255, bytes.has(length, at: Offset.credentials &+ 16) else { return }
        d.observe(
            .name, text: bytes.slice(Offset.credentials &+ 16, length), field: "machine_name", confidence: .medium)
        d.observe(.security, "ONC RPC without proof (AUTH_SYS)", field: "credentials", about: .conversation)
    }

    private static func serve(_ program: UInt32, _ d: inout Dissection) {
        d.observe("rpc_program", name(program) ?? "\(program)", field: "program")
        if program == Program.nfs { d.role(.fileServer, field: "nfs", confidence: .medium) }
    }

    /// Program, version and procedure in one number: the programs differ in their low digits.
    private static func code(_ program: UInt32, _ version: UInt32, _ procedure: UInt32) -> UInt32 {
        (program & 0xffff) << 12 | (version & 15) << 8 | procedure & 255
    }

    private static func effect(_ program: UInt32, _ procedure: UInt32) -> MessageEffect {
        guard program == Program.instrument else { return .none }
        return switch procedure {
        case 11: .write
        case 12: .read
        case 14, 15: .control
        default: .none
        }
    }

    private static func name(_ program: UInt32) -> String? {
        switch program {
        case 100_000: "portmapper"
        case 100_001: "rstatd"
        case 100_002: "rusersd"
        case 100_003: "NFS"
        case 100_004: "NIS"
        case 100_005: "mount"
        case 100_007: "NIS bind"
        case 100_009: "NIS password"
        case 100_011: "rquotad"
        case 100_021: "NFS lock manager"
        case 100_024: "NFS status"
        case 100_026: "bootparam"
        case 100_083: "ToolTalk"
        case 100_227: "NFS access lists"
        case 100_232: "sadmind"
        case 395_183: "VXI-11 core"
        case 395_184: "VXI-11 abort"
        case 395_185: "VXI-11 interrupt"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let low = code >> 12 & 0xffff
        let version = code >> 8 & 15
        let procedure = code & 255
        let program = [UInt32(0x1_0000), 0x6_0000].map { $0 | low }.first { name($0) != nil }
        guard let program, let name = name(program) else { return "procedure \(procedure)" }
        if program == Program.portmapper {
            switch procedure {
            case 0: return "portmapper NULL"
            case 3: return "portmapper GETPORT"
            case 4: return "portmapper DUMP"
            case 5: return "portmapper CALLIT"
            default: break
            }
        }
        if program == Program.nfs, version == 3 {
            let names = [
                "NULL", "GETATTR", "SETATTR", "LOOKUP", "ACCESS", "READLINK", "READ", "WRITE", "CREATE", "MKDIR",
                "SYMLINK",
                "MKNOD", "REMOVE", "RMDIR", "RENAME", "LINK", "READDIR", "READDIRPLUS", "FSSTAT", "FSINFO", "PATHCONF",
                "COMMIT",
            ]
            if Int(procedure) < names.count { return "NFS \(names[Int(procedure)])" }
        }
        return "\(name) procedure \(procedure)"
    }
}

private final class ONCRPCState {
    var program: UInt32?
}
