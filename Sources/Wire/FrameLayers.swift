package import Model

/// Why a frame could not be read to its transport layer. Each is a class of the accounting: frames read = analysed + each of these.
package enum DecodeProblem: UInt8, Sendable, CaseIterable {
    case none = 0
    /// The snap length cut the frame inside a header.
    case cutHeader
    /// A header claims more than the frame holds, or contradicts itself.
    case malformedLink
    case malformedNetwork
    case malformedTransport
    /// The link type is not one that otscan reads.
    case unsupportedLinkType
    /// 802.11 control frames and encrypted or empty data frames: seen and counted, with nothing more to read.
    case opaqueRadio

    /// Short name for tables and JSON.
    package var name: String {
        switch self {
        case .none: "none"
        case .cutHeader: "cut_header"
        case .malformedLink: "malformed_link"
        case .malformedNetwork: "malformed_network"
        case .malformedTransport: "malformed_transport"
        case .unsupportedLinkType: "unsupported_link_type"
        case .opaqueRadio: "opaque_radio"
        }
    }
}

/// The headers of one frame, from link to transport, as offsets into the frame's bytes. Reused from frame to frame.
package struct FrameLayers: Sendable {
    /// What the innermost decoded layer is.
    package enum Kind: UInt8, Sendable {
        case none
        /// IPv4 or IPv6; `ipProtocol` says what follows.
        case network
        /// Ethernet II (or SNAP 00-00-00) with an EtherType that is not IP: in `etherType`.
        case etherType
        /// IEEE 802.2 LLC without SNAP: DSAP in `code`.
        case llc
        /// SNAP with an organisation's own protocol id: in `snapOUI` and `code`.
        case snap
        /// 802.11 management: payload starts at the frame control field.
        case wirelessManagement
    }

    package var kind: Kind = .none
    package var problem: DecodeProblem = .none
    package var hasMAC = false
    package var sourceMAC = MACAddress.zero
    package var destinationMAC = MACAddress.zero
    /// Innermost 802.1Q VLAN id, 0 when untagged.
    package var vlan: UInt16 = 0
    /// Outermost VLAN id where two or more tags were stacked, otherwise 0.
    package var outerVLAN: UInt16 = 0
    package var vlanTags: UInt8 = 0
    /// The EtherType of the innermost payload; 0 for LLC.
    package var etherType: UInt16 = 0
    /// DSAP or SNAP protocol id.
    package var code: UInt16 = 0
    package var snapOUI: UInt32 = 0
    /// Radio frequency in MHz (radiotap, PPI), 0 when unknown.
    package var radioFrequency: UInt16 = 0
    /// Encapsulations passed (GRE, IP-in-IP, VXLAN, …).
    package var tunnelDepth: UInt8 = 0
    /// Set while a tunnel hides whose link address it is.
    package var addressesAreTunnelled = false

    package var isV6 = false
    package var sourceIP = IPAddress(v4: 0)
    package var destinationIP = IPAddress(v4: 0)
    package var ipProtocol: UInt8 = 0
    package var ttl: UInt8 = 0
    package var isFragment = false
    package var moreFragments = false
    /// In bytes.
    package var fragmentOffset: Int = 0
    package var fragmentID: UInt32 = 0

    /// True when TCP or UDP ports were read.
    package var hasPorts = false
    package var sourcePort: UInt16 = 0
    package var destinationPort: UInt16 = 0
    package var tcpFlags: UInt8 = 0
    package var sequence: UInt32 = 0
    package var acknowledgement: UInt32 = 0

    /// Where the payload of the innermost layer starts in the frame, and how much of it was captured.
    package var payloadOffset = 0
    package var payloadLength = 0
    /// The payload's length on the wire, by the headers; larger than `payloadLength` when the frame was cut.
    package var payloadWireLength = 0
    /// True when bytes of the frame are missing because of the snap length.
    package var isCut = false

    package init() {}

    /// As `self = FrameLayers()`, but in place: a value of this size made apart and copied costs more than all it holds.
    @inline(__always)
    mutating func reset() {
        kind = .none
        problem = .none
        hasMAC = false
        sourceMAC = MACAddress.zero
        destinationMAC = MACAddress.zero
        vlan = 0
        outerVLAN = 0
        vlanTags = 0
        etherType = 0
        code = 0
        snapOUI = 0
        radioFrequency = 0
        tunnelDepth = 0
        addressesAreTunnelled = false
        isV6 = false
        sourceIP = IPAddress(v4: 0)
        destinationIP = IPAddress(v4: 0)
        ipProtocol = 0
        ttl = 0
        isFragment = false
        moreFragments = false
        fragmentOffset = 0
        fragmentID = 0
        hasPorts = false
        sourcePort = 0
        destinationPort = 0
        tcpFlags = 0
        sequence = 0
        acknowledgement = 0
        payloadOffset = 0
        payloadLength = 0
        payloadWireLength = 0
        isCut = false
    }

    /// TCP flag bits (RFC 9293, 3.1).
    package enum Flag {
        @inlinable @inline(__always) package static var fin: UInt8 { 0x01 }
        @inlinable @inline(__always) package static var syn: UInt8 { 0x02 }
        @inlinable @inline(__always) package static var rst: UInt8 { 0x04 }
        @inlinable @inline(__always) package static var push: UInt8 { 0x08 }
        @inlinable @inline(__always) package static var ack: UInt8 { 0x10 }
    }
}

/// Limits of the header decoding; hostile frames stack headers without end.
enum LayerLimit {
    static let vlanTags: UInt8 = 8
    static let tunnels: UInt8 = 4
    static let extensionHeaders = 16
    static let mplsLabels = 16
}
