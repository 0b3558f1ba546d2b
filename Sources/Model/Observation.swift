/// The kind of fact an observation states. Open: a protocol may add its own names.
package struct Attribute: Hashable, Sendable, Codable, RawRepresentable, ExpressibleByStringLiteral, Comparable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { rawValue = value }
    package static func < (a: Attribute, b: Attribute) -> Bool { a.rawValue < b.rawValue }

    // Identity of a device
    package static let vendor: Attribute = "vendor"
    /// A vendor's number in a protocol's registry, decimal (CIP, BACnet, PROFINET).
    package static let vendorID: Attribute = "vendor_id"
    package static let model: Attribute = "model"
    /// Product, device or order code.
    package static let productCode: Attribute = "product_code"
    /// Device type or profile number, decimal.
    package static let deviceType: Attribute = "device_type"
    package static let serial: Attribute = "serial"
    package static let firmware: Attribute = "firmware"
    package static let hardware: Attribute = "hardware"
    /// Host, station or system name.
    package static let name: Attribute = "name"
    package static let description: Attribute = "description"
    package static let location: Attribute = "location"
    package static let contact: Attribute = "contact"
    /// Operating system as the device says (`Windows 10.0.19041`, `Linux`).
    package static let os: Attribute = "os"
    package static let domain: Attribute = "domain"
    package static let comment: Attribute = "comment"
    package static let software: Attribute = "software"
    package static let status: Attribute = "status"
    /// A `Role` raw value.
    package static let role: Attribute = "role"
    package static let rack: Attribute = "rack_slot"
    package static let applicationURI: Attribute = "application_uri"
    package static let objectName: Attribute = "object_name"
    package static let instance: Attribute = "instance"

    /// A `PurdueLevel` raw value.
    package static let purdueLevel: Attribute = "purdue_level"

    // Interfaces and neighbours
    package static let chassisID: Attribute = "chassis_id"
    package static let portID: Attribute = "port_id"
    package static let portDescription: Attribute = "port_description"
    package static let managementAddress: Attribute = "management_address"
    package static let nativeVLAN: Attribute = "native_vlan"
    package static let capability: Attribute = "capability"
    /// An address that this subject owns (ARP, NDP, DHCP, LLDP).
    package static let ip: Attribute = "ip"
    package static let mac: Attribute = "mac"
    /// Prefix length, decimal.
    package static let subnet: Attribute = "subnet"
    package static let gateway: Attribute = "gateway"
    package static let dnsServer: Attribute = "dns_server"
    /// A virtual router address (VRRP, HSRP).
    package static let virtualRouter: Attribute = "virtual_router"
    package static let dhcpFingerprint: Attribute = "dhcp_fingerprint"
    package static let vendorClass: Attribute = "vendor_class"

    // Conversations and sessions
    package static let user: Attribute = "user"
    package static let serverName: Attribute = "server_name"
    package static let certificateName: Attribute = "certificate_name"
    package static let certificateIssuer: Attribute = "certificate_issuer"
    package static let version: Attribute = "version"
    package static let cipher: Attribute = "cipher"
    package static let ja4: Attribute = "ja4"
    package static let userAgent: Attribute = "user_agent"
    package static let security: Attribute = "security"
    package static let url: Attribute = "url"
    /// How an authentication ended: `accepted` or `rejected`.
    package static let authentication: Attribute = "authentication"
    /// A credential crossed in clear: the kind of credential, never its value.
    package static let cleartextCredential: Attribute = "cleartext_credential"

    // Wireless
    package static let ssid: Attribute = "ssid"
    package static let channel: Attribute = "channel"
    package static let bssid: Attribute = "bssid"
}

/// How sure an observation is of what it says.
package enum Confidence: UInt8, Hashable, Sendable, Codable, Comparable, CaseIterable {
    /// Compatible with what was seen; other explanations are as good.
    case low = 1
    case medium = 2
    /// Said by the device itself in a field that exists to say it.
    case high = 3
    package static func < (a: Confidence, b: Confidence) -> Bool { a.rawValue < b.rawValue }
}

/// One fact from the wire, apart from when and how often it was seen.
package struct Observation: Hashable, Sendable {
    package var subject: Subject
    package var attribute: Attribute
    package var value: WireText
    /// Registry name of the protocol that said it, a dot, and the field: `lldp.system_name`.
    package var source: String
    package var confidence: Confidence

    package init(
        subject: Subject, attribute: Attribute, value: WireText, source: String, confidence: Confidence = .high
    ) {
        self.subject = subject
        self.attribute = attribute
        self.value = value
        self.source = source
        self.confidence = confidence
    }
}

/// When and how often an observation was made in one capture segment. Merging takes the first, the last and the larger count.
package struct Sighting: Hashable, Sendable, Codable {
    package var first: FrameRef
    package var last: FrameRef
    package var count: UInt64

    package init(first: FrameRef, last: FrameRef, count: UInt64) {
        self.first = first
        self.last = last
        self.count = count
    }
}
