/// What two ends say to each other: once at the beginning, and then again and again.
struct Dialog {
    struct Turn {
        var fromClient: Bool
        var bytes: [UInt8]
    }

    var opening: [Turn] = []
    var repeated: [Turn] = []

    init(_ opening: [(Bool, [UInt8])], _ repeated: [(Bool, [UInt8])] = []) {
        self.opening = opening.map { Turn(fromClient: $0.0, bytes: $0.1) }
        self.repeated = repeated.map { Turn(fromClient: $0.0, bytes: $0.1) }
    }

    private static func hex(_ text: String) -> [UInt8] { Bytes.hex(text) }
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func filled(_ count: Int, _ byte: UInt8 = 0xa5) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    // MARK: Industrial

    /// Read Holding Registers, and the answer.
    static let modbusRead = Dialog(
        [], [(true, hex("0001 0000 0006 01 03 0000 0002")), (false, hex("0001 0000 0007 01 03 04 0001 0002"))])
    /// Write Multiple Registers, and the answer.
    static let modbusWrite = Dialog(
        [], [(true, hex("0001 0000 0009 01 10 0000 0001 02 0007")), (false, hex("0001 0000 0006 01 10 0000 0001"))])
    /// Connection, Setup Communication, then Read Var.
    static let s7Read = Dialog(s7Opening, [(true, s7Job(s7ReadVar, 14)), (false, s7Answer)])
    /// As an engineering tool stops a CPU: PLC Stop with the routine's name.
    static let s7Stop = Dialog(
        s7Opening,
        [
            (true, s7Job(hex("29 00000000 0009") + text("P_PROGRAM"), 16)),
            (false, hex("0300 0014 02f080 3203 0000 0002 0001 0000 00 00 29")),
        ])
    /// A block is written into the CPU: Request Download, Download Ended.
    static let s7Download = Dialog(
        s7Opening,
        [
            (true, s7Job(hex("1a 00 0000 00000000 09 5f30413030303031 50") + [13] + text("1000026000010"), 32)),
            (false, hex("0300 0014 02f080 3203 0000 0003 0001 0000 00 00 1a")),
        ])
    private static let s7Opening: [(Bool, [UInt8])] = [
        (true, hex("0300 0016 11 e0 0000 0001 00 c0010a c1020100 c2020102")),
        (false, hex("0300 0016 11 d0 0001 0002 00 c0010a c1020100 c2020102")),
        (true, s7Job(hex("f000 0001 0001 01e0"), 8)),
        (false, hex("0300 001b 02f080 3203 0000 0001 0008 0000 00 00 f000 0001 0001 01e0")),
    ]
    private static let s7ReadVar = hex("0401 120a10 02 0004 0001 84 000000")
    private static let s7Answer = hex("0300 001d 02f080 3203 0000 0002 0002 0008 00 00 0401 ff04 0020 00000001")
    private static func s7Job(_ parameters: [UInt8], _ count: Int) -> [UInt8] {
        let message = hex("02f080 3201 0000 0002") + Bytes.be16(parameters.count) + hex("0000") + parameters
        return hex("0300") + Bytes.be16(message.count + 4) + message
    }

    /// SLMP 3E, binary: Batch Read of D100.
    static let slmpRead = Dialog(
        [],
        [
            (true, hex("5000 00 ff ff03 00 0c00 1000 0104 0000 640000 a8 0100")),
            (false, hex("d000 00 ff ff03 00 0400 0000 0700")),
        ])
    /// SLMP 3E: Remote Stop.
    static let slmpStop = Dialog(
        [], [(true, hex("5000 00 ff ff03 00 0800 1000 0210 0000 0100")), (false, hex("d000 00 ff ff03 00 0200 0000"))])

    // MARK: Office and web

    static let http = Dialog(
        [],
        [
            (true, text("GET / HTTP/1.1\r\nHost: portal\r\nUser-Agent: Mozilla/5.0\r\n\r\n")),
            (false, text("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhome")),
        ])
    static let tls = Dialog(
        [(true, clientHello), (false, serverHello)],
        [(true, hex("170303 0080") + filled(128)), (false, hex("170303 0400") + filled(1_024))])
    private static let clientHello: [UInt8] = {
        let name = Array("www.example.com".utf8)
        let entry = [0] + Bytes.be16(name.count) + name
        let list = Bytes.be16(entry.count) + entry
        let extensions = Bytes.be16(0) + Bytes.be16(list.count) + list
        let body =
            hex("0303") + filled(32, 7) + [0] + hex("0004 1301 c02f") + [1, 0] + Bytes.be16(extensions.count)
            + extensions
        return record(1, body)
    }()
    private static let serverHello = record(2, hex("0303") + filled(32, 9) + [0] + hex("c02f") + [0])
    private static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let message = [type, 0] + Bytes.be16(body.count) + body
        return hex("16 0303") + Bytes.be16(message.count) + message
    }
    static let smb = Dialog(
        [
            (true, smb2(0, isAnswer: false, hex("2400 0100 0100 0000 00000000") + filled(24, 3) + hex("1103"))),
            (false, smb2(0, isAnswer: true, hex("4100 0100 1103 0000") + filled(56, 0))),
        ],
        [(true, smb2(5, isAnswer: false, filled(60, 1))), (false, smb2(5, isAnswer: true, filled(88, 1)))])
    private static func smb2(_ command: UInt8, isAnswer: Bool, _ body: [UInt8]) -> [UInt8] {
        let message =
            hex("fe534d42 4000 0000 00000000") + [command, 0] + hex("0100") + [isAnswer ? 1 : 0, 0, 0, 0]
            + filled(44, 0)
            + body
        return [0, 0] + Bytes.be16(message.count) + message
    }

    // MARK: Remote access

    /// A desktop by RFB 3.8 without a password: keys one way, pictures the other.
    static let vnc = Dialog(
        [
            (false, text("RFB 003.008\n")), (true, text("RFB 003.008\n")), (false, [1, 1]), (true, [1]),
            (false, hex("00000000")), (true, [1]),
            (false, hex("0400 0300 20 18 00 01 00ff 00ff 00ff 10 08 00 000000 00000005") + text("panel")),
        ], [(true, hex("04 01 0000 00000061")), (false, filled(900, 0x33))])
    static let ssh = Dialog(
        [(false, text("SSH-2.0-OpenSSH_9.2\r\n")), (true, text("SSH-2.0-OpenSSH_9.6\r\n"))],
        [(true, hex("00000024 06 15") + filled(62, 0x71)), (false, hex("00000044 06 15") + filled(110, 0x55))])
    static let rdp = Dialog(
        [
            (
                true,
                hex("0300 002a 25 e0 0000 0000 00") + text("Cookie: mstshash=suzuki\r\n")
                    + hex("01 00 0800 0b000000").prefix(8)
            ),
            (false, hex("0300 0013 0e d0 0000 1234 00 02 1f 0800 02000000")),
        ], [(true, filled(60, 0x17)), (false, filled(1_200, 0x17))])
    static let telnet = Dialog(
        [
            (false, hex("fffd18 fffd20") + text("\r\nlogin: ")), (true, text("admin\r\n")),
            (false, text("\r\nPassword: ")),
        ],
        [(true, text("guess\r\n")), (false, text("\r\nLogin incorrect\r\nlogin: "))])
    /// A refused login, as each guess of a password looks.
    static let ftpGuess = Dialog(
        [(false, text("220 ready\r\n"))],
        [
            (true, text("USER admin\r\n")), (false, text("331 password\r\n")), (true, text("PASS guess\r\n")),
            (false, text("530 Login incorrect\r\n")),
        ])
    /// OpenVPN over UDP: both resets, then data.
    static let openVPN = Dialog(
        [
            (true, hex("38") + filled(8) + hex("00 00000000")),
            (false, hex("40") + filled(8, 0x5a) + hex("01 00000000") + filled(8) + hex("00000000")),
        ],
        [(true, hex("48 000001") + filled(120, 0x9c)), (false, hex("48 000002") + filled(240, 0x9d))])

    // MARK: Names and addresses

    /// A question for a host's address, and an answer that nothing bears the name.
    static func dns(_ name: String, id: Int = 1) -> Dialog {
        var question: [UInt8] = []
        for label in name.split(separator: ".") {
            question.append(UInt8(label.utf8.count))
            question += Array(label.utf8)
        }
        question += hex("00 0001 0001")
        let asks: [UInt8] = Bytes.be16(id) + hex("0100 0001 0000 0000 0000") + question
        let answers: [UInt8] = Bytes.be16(id) + hex("8180 0001 0000 0000 0000") + question
        return Dialog([(true, asks), (false, answers)])
    }
    static let snmp = Dialog(
        [],
        [
            (true, hex("3026 020101 0406 7075626c6963 a019 020101 020100 020100 300e 300c 0608 2b06010201010500 0500")),
            (
                false,
                hex(
                    "302b 020101 0406 7075626c6963 a21e 020101 020100 020100 3013 3011 0608 2b06010201010500 0405 73772d3031"
                )
            ),
        ])
    /// Traffic that nobody recognises.
    static let opaque = Dialog([], [(true, filled(40, 0xd1)), (false, filled(90, 0xd2))])
}

extension Dialog {
    /// A DHCP acknowledgement that leases `address` and names `router` as the way out.
    static func dhcpLease(of address: [UInt8], from server: [UInt8], router: [UInt8], to mac: [UInt8]) -> Dialog {
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        let head: [UInt8] =
            [2, 1, 6, 0, 0, 0, 0x12, 0x34, 0, 0, 0, 0] + zeros(4) + address + zeros(8) + mac + zeros(10)
        let options: [UInt8] =
            [0x63, 0x82, 0x53, 0x63, 53, 1, 5, 54, 4] + server + [1, 4, 255, 255, 255, 0, 3, 4] + router
            + [51, 4, 0, 0, 14, 16, 255]
        return Dialog([(false, head + zeros(192) + options)])
    }
}
