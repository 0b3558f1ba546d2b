/// Transport or, for traffic without ports, the layer that carries it.
package enum Transport: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable, Codable {
    case ethernet = 0
    case tcp = 6
    case udp = 17
    /// Any other IP protocol; the number is in `ConversationKey.code`.
    case ip = 255
}

/// The identity of a conversation: both ends, ordered so that either direction gives the same key.
package struct ConversationKey: Hashable, Sendable, Codable {
    /// The lower end (by address, then port); MACs stand in where there is no network layer.
    package var a: IPAddress
    package var b: IPAddress
    package var aPort: UInt16
    package var bPort: UInt16
    package var transport: Transport
    /// EtherType (or LLC SAP) for `.ethernet`, IP protocol number for `.ip`; otherwise 0.
    package var code: UInt16
    /// Innermost VLAN id, 0 when untagged.
    package var vlan: UInt16
    /// The two MACs, only where there is no network layer (they are then the ends); otherwise zero.
    package var aMAC: MACAddress
    package var bMAC: MACAddress

    package init(
        a: IPAddress, b: IPAddress, aPort: UInt16, bPort: UInt16, transport: Transport, code: UInt16 = 0,
        vlan: UInt16 = 0,
        aMAC: MACAddress = .zero, bMAC: MACAddress = .zero
    ) {
        self.a = a
        self.b = b
        self.aPort = aPort
        self.bPort = bPort
        self.transport = transport
        self.code = code
        self.vlan = vlan
        self.aMAC = aMAC
        self.bMAC = bMAC
    }
}

/// Frames and bytes one way.
package struct Volume: Hashable, Sendable, Codable {
    package var frames: UInt64
    /// Bytes on the wire (original length), link header included.
    package var bytes: UInt64
    /// Bytes of transport payload.
    package var payload: UInt64

    package init(frames: UInt64 = 0, bytes: UInt64 = 0, payload: UInt64 = 0) {
        self.frames = frames
        self.bytes = bytes
        self.payload = payload
    }
}

/// How often one kind of message was seen in a conversation.
package struct MessageTally: Hashable, Sendable, Codable {
    /// The protocol's own function or service code.
    package var code: UInt32
    package var name: String
    package var effect: MessageEffect
    /// True for messages from the client.
    package var fromClient: Bool
    package var count: UInt64
    package var first: FrameRef
    package var last: FrameRef

    package init(
        code: UInt32, name: String, effect: MessageEffect, fromClient: Bool, count: UInt64, first: FrameRef,
        last: FrameRef
    ) {
        self.code = code
        self.name = name
        self.effect = effect
        self.fromClient = fromClient
        self.count = count
        self.first = first
        self.last = last
    }
}

/// What a message does to the device it is sent to, in the order of consequence.
package enum MessageEffect: UInt8, BitwiseCopyable, Hashable, Sendable, Codable, Comparable, CaseIterable {
    case none = 0
    case identity = 1
    case read = 2
    case write = 3
    case login = 4
    /// Start, stop, reset, mode change.
    case control = 5
    /// Program or configuration upload from the device.
    case upload = 6
    /// Program or configuration download to the device.
    case download = 7
    case firmware = 8
    package static func < (a: MessageEffect, b: MessageEffect) -> Bool { a.rawValue < b.rawValue }
}

/// Traffic between two ends, both directions together.
package struct Conversation: Sendable, Codable {
    package var key: ConversationKey
    /// The end that opened it (SYN, first datagram, or by well-known port when the opening was not seen).
    package var client: Endpoint
    package var server: Endpoint
    package var clientPort: UInt16
    package var serverPort: UInt16
    /// Registry name of the protocol recognised in the payload; nil when none was.
    package var service: String?
    package var fromClient: Volume
    package var fromServer: Volume
    package var first: FrameRef
    package var last: FrameRef
    /// True when the opening (TCP SYN) was seen, so `client` is certain.
    package var openingSeen: Bool
    /// Union of TCP flags seen from client and server.
    package var clientTCPFlags: UInt8
    package var serverTCPFlags: UInt8
    /// TTL or hop limit of the first frame each way; 0 when none was seen.
    package var clientTTL: UInt8
    package var serverTTL: UInt8
    package var messages: [MessageTally]
    /// True when each end's frames were addressed to the MAC that the other sends from: the same link carries both ways.
    package var isSymmetric: Bool

    package init(
        key: ConversationKey, client: Endpoint, server: Endpoint, clientPort: UInt16, serverPort: UInt16,
        service: String?,
        fromClient: Volume, fromServer: Volume, first: FrameRef, last: FrameRef, openingSeen: Bool,
        clientTCPFlags: UInt8 = 0,
        serverTCPFlags: UInt8 = 0, clientTTL: UInt8 = 0, serverTTL: UInt8 = 0, messages: [MessageTally] = [],
        isSymmetric: Bool = true
    ) {
        self.key = key
        self.client = client
        self.server = server
        self.clientPort = clientPort
        self.serverPort = serverPort
        self.service = service
        self.fromClient = fromClient
        self.fromServer = fromServer
        self.first = first
        self.last = last
        self.openingSeen = openingSeen
        self.clientTCPFlags = clientTCPFlags
        self.serverTCPFlags = serverTCPFlags
        self.clientTTL = clientTTL
        self.serverTTL = serverTTL
        self.messages = messages
        self.isSymmetric = isSymmetric
    }
}
