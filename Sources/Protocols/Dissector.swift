import Wire

/// Reads one protocol. A conforming type is a namespace without cases: its state, where it needs any, lives in the
/// conversation (`Dissection.state(_:)`). One file, one type, one line in the registry.
package protocol Dissector: SendableMetatype {
    /// Name, level, specification and where to look for it.
    static var description: ProtocolDescription { get }

    /// Cheap test by invariants, never by port alone: could the first bytes of a payload, sent one way, be this protocol's?
    /// For TCP the bytes are the start of the stream in that direction as far as it has been seen (or of a segment, when
    /// the capture began in the middle); for UDP one datagram. Link-layer and IP-protocol bindings are not probed.
    static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict

    /// Where a datagram that `probe` calls possible stands in a numbered stream; nil for protocols without one. A protocol whose
    /// single datagrams bear few marks shows in several, each with the number after the one before.
    static func place(_ bytes: RawSpan) -> StreamPlace?

    /// Reads from the start of `bytes`: for TCP the unread part of the stream in one direction, otherwise one datagram or
    /// link-layer payload. Says what it learnt through `d` and how far it came.
    static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress

    /// The name of a message code reported with `Dissection.message`, as the specification calls it.
    static func messageName(_ code: UInt32) -> String
}

extension Dissector {
    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict { .no }
    package static func place(_ bytes: RawSpan) -> StreamPlace? { nil }
    package static func messageName(_ code: UInt32) -> String { "function \(code)" }
}

/// A datagram's place in the numbered stream of one sender.
package struct StreamPlace: Sendable, Equatable {
    package var stream: UInt32
    /// Counts up by one, and round.
    package var number: UInt16

    package init(stream: UInt32, number: UInt16) {
        self.stream = stream
        self.number = number
    }
}

/// What is known of a conversation while its protocol is not.
package struct ProbeHint: Sendable {
    package var sourcePort: UInt16
    package var destinationPort: UInt16
    package var isTCP: Bool
    /// True when these bytes came from the end that opened the conversation, as far as that is known.
    package var fromClient: Bool
    /// False when the capture began in the middle of the stream or bytes before these were lost.
    package var isStreamStart: Bool

    package init(sourcePort: UInt16, destinationPort: UInt16, isTCP: Bool, fromClient: Bool, isStreamStart: Bool) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.isTCP = isTCP
        self.fromClient = fromClient
        self.isStreamStart = isStreamStart
    }

    /// True when either end uses `port`.
    package func uses(_ port: UInt16) -> Bool { sourcePort == port || destinationPort == port }
}

/// A probe's answer.
package struct Verdict: Sendable, Equatable {
    package enum Certainty: UInt8, Sendable, Comparable {
        /// Not this protocol.
        case no = 0
        /// Too few bytes to tell.
        case wait = 1
        /// Consistent, but others could look like this: believed on a registered port, when the other direction agrees and
        /// nobody is certain, or when datagrams follow each other in a numbered stream.
        case possible = 2
        /// The invariants leave no reasonable doubt, on any port.
        case certain = 3
        package static func < (a: Certainty, b: Certainty) -> Bool { a.rawValue < b.rawValue }
    }

    /// Who sent the probed bytes, as far as they themselves tell (a request or a response).
    package enum Sender: UInt8, Sendable { case unknown, client, server }

    package var certainty: Certainty
    package var sender: Sender

    package init(_ certainty: Certainty, sender: Sender = .unknown) {
        self.certainty = certainty
        self.sender = sender
    }

    package static let no = Verdict(.no)
    package static let wait = Verdict(.wait)
    package static let possible = Verdict(.possible)
    package static let certain = Verdict(.certain)
    package static func possible(from sender: Sender) -> Verdict { Verdict(.possible, sender: sender) }
    package static func certain(from sender: Sender) -> Verdict { Verdict(.certain, sender: sender) }
}

/// How far `dissect` came.
package enum Progress: Sendable, Equatable {
    /// This many bytes are done with; may exceed what was given, to skip a body unread. Called again while bytes are left.
    case consumed(Int)
    /// Nothing done; call again when at least this many bytes are there (bounded by the reassembly limit).
    case needMore(Int)
    /// Nothing more to learn from this direction.
    case directionDone
    /// Nothing more to learn from this conversation: only its volume is counted from here on.
    case conversationDone
    /// The bytes are not this protocol's after all; the rest of this segment is not trusted.
    case malformed
    /// The conversation was wrongly recognised; probing starts again without this protocol.
    case notMine
}

/// What the registry knows of a protocol.
package struct ProtocolDescription: Sendable {
    package enum Family: String, Sendable, CaseIterable {
        case industrial, building, network, service, remoteAccess = "remote_access", tunnel, wireless
    }

    /// What otscan reads of it, each step including the ones before.
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case recognised, messages, identity, operations

        package static func < (a: Level, b: Level) -> Bool {
            (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
        }
    }

    /// Where frames of a protocol are looked for.
    package enum Binding: Sendable, Equatable {
        /// TCP: registered ports are tried first; the probe decides, on any port.
        case tcp([UInt16])
        case udp([UInt16])
        /// Ethernet II type (or SNAP with OUI 00-00-00).
        case etherType(UInt16)
        /// IEEE 802.2 destination service access point.
        case llc(UInt8)
        /// SNAP with another OUI: OUI and protocol id.
        case snap(UInt32, UInt16)
        case ipProtocol(UInt8)
        /// 802.11 management frames, from the frame-control field on.
        case wirelessManagement
    }

    /// Lower-case registry name, `[a-z0-9-]+`: what tables, filters and observations' sources use.
    package var name: String
    /// As its makers write it.
    package var title: String
    package var family: Family
    package var level: Level
    /// Specification and edition, with section where one is enough.
    package var reference: String
    package var bindings: [Binding]
    /// Wireshark's name for a display filter; nil when Wireshark has none.
    package var displayFilter: String?
    /// What the dissector reads beside, by the names that people look for: protocols that travel inside, variants, codes.
    package var includes: [String]

    package init(
        name: String, title: String, family: Family, level: Level, reference: String, bindings: [Binding],
        displayFilter: String? = nil, includes: [String] = []
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.level = level
        self.reference = reference
        self.bindings = bindings
        self.displayFilter = displayFilter
        self.includes = includes
    }
}
