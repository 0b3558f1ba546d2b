/// A span of time in which something was seen.
package struct Seen: Hashable, Sendable, Codable {
    package var first: FrameRef
    package var last: FrameRef

    package init(first: FrameRef, last: FrameRef) {
        self.first = first
        self.last = last
    }

    /// Widens the span to hold `other`, by time.
    package mutating func include(_ other: Seen) {
        if other.first.time < first.time { first = other.first }
        if last.time < other.last.time { last = other.last }
    }
}

/// An address that an interface used, and when.
package struct AddressUse: Hashable, Sendable, Codable {
    package var address: IPAddress
    package var seen: Seen
    package init(address: IPAddress, seen: Seen) {
        self.address = address
        self.seen = seen
    }
}

/// One network interface of an asset.
package struct AssetInterface: Hashable, Sendable, Codable {
    /// Nil when the asset was only seen behind a router.
    package var mac: MACAddress?
    /// Who the IEEE assigned the MAC's block to.
    package var vendor: String?
    package var addresses: [AddressUse]
    /// VLAN ids in which it was seen; 0 stands for untagged.
    package var vlans: [UInt16]

    package init(mac: MACAddress?, vendor: String?, addresses: [AddressUse], vlans: [UInt16]) {
        self.mac = mac
        self.vendor = vendor
        self.addresses = addresses
        self.vlans = vlans
    }
}

/// One value of one attribute of an asset, and everything that said so.
package struct AssetAttribute: Hashable, Sendable, Codable {
    package var attribute: Attribute
    package var value: WireText
    package var confidence: Confidence
    package var sources: [Source]

    package struct Source: Hashable, Sendable, Codable {
        /// Protocol and field, or signature id.
        package var name: String
        package var sighting: Sighting
        package init(name: String, sighting: Sighting) {
            self.name = name
            self.sighting = sighting
        }
    }

    package init(attribute: Attribute, value: WireText, confidence: Confidence, sources: [Source]) {
        self.attribute = attribute
        self.value = value
        self.confidence = confidence
        self.sources = sources
    }
}

/// A role that an asset may have.
package struct RoleClaim: Hashable, Sendable, Codable {
    package var role: Role
    package var confidence: Confidence
    /// Protocols, fields and signatures that suggest it.
    package var grounds: [String]
    package init(role: Role, confidence: Confidence, grounds: [String]) {
        self.role = role
        self.confidence = confidence
        self.grounds = grounds
    }
}

/// A device of the plant as the traffic shows it.
package struct Asset: Hashable, Sendable, Codable {
    /// Stable over analyses: made from the lowest MAC, or from the address when no MAC is known.
    package var id: String
    /// What to call it: its own name, else model, else vendor and address.
    package var name: WireText
    package var interfaces: [AssetInterface]
    package var vendor: WireText?
    package var model: WireText?
    package var firmware: WireText?
    package var serial: WireText?
    package var os: WireText?
    package var hostname: WireText?
    /// The most likely role first; empty when nothing tells.
    package var roles: [RoleClaim]
    package var attributes: [AssetAttribute]
    /// Services it answered, by registry name.
    package var services: [String]
    /// Protocols it used as a client.
    package var uses: [String]
    package var seen: Seen
    package var sent: Volume
    package var received: Volume
    /// True when it was never seen with its own MAC: it sits behind a router.
    package var isBehindRouter: Bool
    /// True when it takes part in industrial traffic or has an OT role.
    package var isOT: Bool
    /// True for office-like hosts: no industrial talk, and mail, web, directory, file or print use.
    package var isIT: Bool

    package init(
        id: String, name: WireText, interfaces: [AssetInterface], vendor: WireText? = nil, model: WireText? = nil,
        firmware: WireText? = nil, serial: WireText? = nil, os: WireText? = nil, hostname: WireText? = nil,
        roles: [RoleClaim] = [], attributes: [AssetAttribute] = [], services: [String] = [], uses: [String] = [],
        seen: Seen,
        sent: Volume = Volume(), received: Volume = Volume(), isBehindRouter: Bool = false, isOT: Bool = false,
        isIT: Bool = false
    ) {
        self.id = id
        self.name = name
        self.interfaces = interfaces
        self.vendor = vendor
        self.model = model
        self.firmware = firmware
        self.serial = serial
        self.os = os
        self.hostname = hostname
        self.roles = roles
        self.attributes = attributes
        self.services = services
        self.uses = uses
        self.seen = seen
        self.sent = sent
        self.received = received
        self.isBehindRouter = isBehindRouter
        self.isOT = isOT
        self.isIT = isIT
    }

    package var role: Role { roles.first?.role ?? .unknown }
    package var macs: [MACAddress] { interfaces.compactMap(\.mac) }
    package var addresses: [IPAddress] { interfaces.flatMap { $0.addresses.map(\.address) } }
}
