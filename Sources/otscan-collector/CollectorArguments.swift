import Glibc

/// What the supervisor asks for, on the command line. Everything else it gives as open descriptors: 0 is the control
/// pipe, whose end means stop; 1 takes the pcapng stream; 2 takes messages, one a line.
struct CollectorArguments {
    var interface = ""
    var filter = ""
    var snapLength: Int32 = 262_144
    /// Bytes of the kernel's ring.
    var bufferSize: Int32 = 16 << 20
    /// Milliseconds after which the kernel hands on a block of the ring that is not full.
    var timeout: Int32 = 50
    var isPromiscuous = true
    /// Name of the wanted link type; empty for the interface's own.
    var linkType = ""
    /// Frames after which to stop; 0 for never.
    var count: UInt64 = 0
    /// Whom to become when started by root. 65534 is `nobody` everywhere.
    var user: uid_t = 65534
    var group: gid_t = 65534
    /// True to take the time stamps of the network adapter where it has them.
    var wantsAdapterTime = false

    /// Nil, after saying why, when the arguments are wrong.
    init?(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            switch option {
            case "--no-promiscuous": isPromiscuous = false
            case "--adapter-time": wantsAdapterTime = true
            default:
                guard let value = rest.popFirst(), set(option, value) else {
                    Log.say("error: \(option): unknown option, or not a value for it")
                    return nil
                }
            }
        }
        guard !interface.isEmpty else {
            Log.say("error: this program is started by otscan capture")
            return nil
        }
    }

    private mutating func set(_ option: String, _ value: String) -> Bool {
        switch option {
        case "--interface": interface = value
        case "--filter": filter = value
        case "--link-type": linkType = value
        case "--snap": return set(&snapLength, value, 1...262_144)
        case "--buffer": return set(&bufferSize, value, 1 << 16...1 << 30)
        case "--timeout": return set(&timeout, value, 1...10_000)
        case "--count": return set(&count, value, 0...UInt64.max)
        case "--user": return set(&user, value, 1...uid_t.max - 1)
        case "--group": return set(&group, value, 1...gid_t.max - 1)
        default: return false
        }
        return true
    }

    private func set<Number: FixedWidthInteger>(
        _ field: inout Number, _ text: String, _ range: ClosedRange<Number>
    ) -> Bool {
        guard let number = Number(text), range.contains(number) else { return false }
        field = number
        return true
    }
}

/// Messages to the supervisor, one a line: a word for what it is, a colon, and text.
enum Log {
    static func say(_ message: String) {
        var line = message.filter { $0 != "\n" } + "\n"
        line.withUTF8 { bytes in
            while write(STDERR_FILENO, bytes.baseAddress, bytes.count) < 0, errno == EINTR {}
        }
    }
}

/// How the collector ends, in the manner of sysexits.h.
enum Exit {
    static let done: Int32 = 0
    static let failure: Int32 = 1
    static let usage: Int32 = 64
    /// There is no such interface, or no more.
    static let unavailable: Int32 = 69
    static let noPermission: Int32 = 77
}
