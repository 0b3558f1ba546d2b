/// What the plant's own people declare of their network, beside the asset list: zones and permitted remote access.
package struct Declarations: Hashable, Sendable, Codable {
    package var zones: DeclaredZones?
    package var remote: DeclaredRemoteAccess?

    package init(zones: DeclaredZones? = nil, remote: DeclaredRemoteAccess? = nil) {
        self.zones = zones
        self.remote = remote
    }
}

/// Zones (IEC 62443) as declared, and what may pass between them.
package struct DeclaredZones: Hashable, Sendable, Codable {
    package struct Zone: Hashable, Sendable, Codable {
        package var name: String
        package var level: PurdueLevel?
        package var prefixes: [IPPrefix]
        /// 802.1Q VLAN ids.
        package var vlans: [UInt16]
        package var macs: [MACAddress]
        /// Host names, compared without regard to case, with or without their domain.
        package var hosts: [String]

        package init(
            name: String, level: PurdueLevel? = nil, prefixes: [IPPrefix] = [], vlans: [UInt16] = [],
            macs: [MACAddress] = [], hosts: [String] = []
        ) {
            self.name = name
            self.level = level
            self.prefixes = prefixes
            self.vlans = vlans
            self.macs = macs
            self.hosts = hosts
        }
    }

    /// Traffic from clients of one zone to servers of another; `outside` names what lies beyond the plant.
    package struct Crossing: Hashable, Sendable, Codable {
        package var from: String
        package var to: String
        /// Registry names of protocols, or `tcp/502`; empty for all.
        package var services: [String]

        package init(from: String, to: String, services: [String] = []) {
            self.from = from
            self.to = to
            self.services = services
        }
    }

    /// The name of everything beyond the plant's boundary.
    package static let outside = "outside"

    package var zones: [Zone]
    /// What may cross; nil when only `forbidden` speaks, so that everything else may.
    package var allowed: [Crossing]?
    package var forbidden: [Crossing]

    package init(zones: [Zone], allowed: [Crossing]? = nil, forbidden: [Crossing] = []) {
        self.zones = zones
        self.allowed = allowed
        self.forbidden = forbidden
    }
}

/// Who may come in from outside, and when.
package struct DeclaredRemoteAccess: Hashable, Sendable, Codable {
    /// A permitted user of remote access.
    package struct Vendor: Hashable, Sendable, Codable {
        package var name: String
        /// Addresses it comes from, outside or of its tunnel.
        package var prefixes: [IPPrefix]
        /// Registry names of protocols it may use; empty for all.
        package var services: [String]
        /// Addresses it may reach; empty for all.
        package var targets: [IPPrefix]

        package init(name: String, prefixes: [IPPrefix], services: [String] = [], targets: [IPPrefix] = []) {
            self.name = name
            self.prefixes = prefixes
            self.services = services
            self.targets = targets
        }
    }

    /// A time in which remote access is expected.
    package struct Window: Hashable, Sendable, Codable {
        /// Names of vendors it is for; empty for everybody.
        package var vendors: [String]
        /// Days of the week, 1 for Monday to 7 for Sunday; empty for all. Not used where `begin` is given.
        package var weekdays: [Int]
        /// Minutes after midnight, local time, 0 to 1440; a window may pass midnight.
        package var from: Int
        package var to: Int
        /// One stretch of time instead.
        package var begin: Timestamp?
        package var end: Timestamp?

        package init(
            vendors: [String] = [], weekdays: [Int] = [], from: Int = 0, to: Int = 1440, begin: Timestamp? = nil,
            end: Timestamp? = nil
        ) {
            self.vendors = vendors
            self.weekdays = weekdays
            self.from = from
            self.to = to
            self.begin = begin
            self.end = end
        }

        /// True when `time` lies in it; `offset` is the plant's local time in minutes east of UTC.
        package func contains(_ time: Timestamp, offset: Int) -> Bool {
            if let begin { return time >= begin && time <= (end ?? begin) }
            let minutes = time.nanoseconds / 60_000_000_000 + Int64(offset)
            let day = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440
            let minute = Int(minutes - day * 1440)
            // 1970-01-01 was a Thursday, the fourth day of its week.
            func weekday(_ day: Int64) -> Int { Int(((day + 3) % 7 + 7) % 7) + 1 }
            func isOpen(_ day: Int64) -> Bool { weekdays.isEmpty || weekdays.contains(weekday(day)) }
            if from <= to { return isOpen(day) && minute >= from && minute < to }
            return (isOpen(day) && minute >= from) || (isOpen(day - 1) && minute < to)
        }
    }

    package var vendors: [Vendor]
    package var windows: [Window]
    /// The plant's local time in minutes east of UTC.
    package var offset: Int

    package init(vendors: [Vendor], windows: [Window], offset: Int = 540) {
        self.vendors = vendors
        self.windows = windows
        self.offset = offset
    }
}

/// Levels of the Purdue model (ISA-95, IEC 62443-1-1): what a device is for, from the process up to the office.
package enum PurdueLevel: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Sensors, drives and other field devices.
    case field = "0"
    /// Controllers.
    case control = "1"
    /// Panels, supervision.
    case supervision = "2"
    /// Operations of the works: engineering, history, servers of the plant.
    case operations = "3"
    /// What stands between plant and office: jump hosts, VPN gateways, relays.
    case boundary = "3.5"
    /// The office.
    case enterprise = "4"

    package static func < (a: PurdueLevel, b: PurdueLevel) -> Bool { a.rawValue < b.rawValue }
}
