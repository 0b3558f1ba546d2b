import Wire

/// The message format that DNS, multicast DNS, LLMNR and NetBIOS name service share (RFC 1035, 4.1).
///
///     0   id 2, flags 2      response 8000, opcode 7800, authoritative 0400, truncated 0200, recursion available 0080
///     4   questions 2, answers 2, authorities 2, additionals 2
///     12  questions (name, type 2, class 2), records (name, type 2, class 2, time to live 4, length 2, data)
struct DNSHeader {
    static let size = 12

    var isResponse: Bool
    var opcode: UInt8
    var isAuthoritative: Bool
    var recursionAvailable: Bool
    var responseCode: UInt8
    var questions: Int
    var answers: Int
    var authorities: Int
    var additionals: Int

    /// Nil when there are too few bytes.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= DNSHeader.size else { return nil }
        let flags = bytes.be16(2)
        isResponse = flags & 0x8000 != 0
        opcode = UInt8(truncatingIfNeeded: flags >> 11 & 15)
        isAuthoritative = flags & 0x0400 != 0
        recursionAvailable = flags & 0x0080 != 0
        responseCode = UInt8(truncatingIfNeeded: flags & 15)
        questions = Int(bytes.be16(4))
        answers = Int(bytes.be16(6))
        authorities = Int(bytes.be16(8))
        additionals = Int(bytes.be16(10))
    }
}

/// One question or resource record; offsets are within the message.
struct DNSRecord {
    enum Section { case question, answer, authority, additional }

    var section: Section
    var name: Int
    var type: UInt16
    /// Without the top bit, which multicast DNS uses for other things.
    var classNumber: UInt16
    var data: Int
    var length: Int
}

enum DNSType {
    static let a: UInt16 = 1, ptr: UInt16 = 12, hinfo: UInt16 = 13, txt: UInt16 = 16, aaaa: UInt16 = 28,
        srv: UInt16 = 33
    static let netBIOS: UInt16 = 32, nodeStatus: UInt16 = 33
}

enum DNSRecords {
    /// Most questions and records read of one message.
    private static let limit = 256

    /// Questions and records up to the first that makes no sense, and whether that was all.
    static func read(_ bytes: RawSpan, _ header: DNSHeader) -> (records: [DNSRecord], isWhole: Bool) {
        var records: [DNSRecord] = []
        var offset = DNSHeader.size
        let ends = [
            header.questions, header.questions &+ header.answers,
            header.questions &+ header.answers &+ header.authorities,
            header.questions &+ header.answers &+ header.authorities &+ header.additionals,
        ]
        var index = 0
        while index < ends[3], index < limit {
            let start = offset
            guard let end = DNSName.end(bytes, at: offset), bytes.has(4, at: end) else { return (records, false) }
            var record = DNSRecord(
                section: .question, name: start, type: bytes.be16(end), classNumber: bytes.be16(end &+ 2) & 0x7fff,
                data: end &+ 4, length: 0)
            offset = end &+ 4
            if index >= ends[0] {
                record.section = index < ends[1] ? .answer : index < ends[2] ? .authority : .additional
                guard bytes.has(6, at: offset) else { return (records, false) }
                record.length = Int(bytes.be16(offset &+ 4))
                record.data = offset &+ 6
                guard bytes.has(record.length, at: record.data) else { return (records, false) }
                offset = record.data &+ record.length
            }
            records.append(record)
            index &+= 1
        }
        return (records, index == ends[3])
    }
}
