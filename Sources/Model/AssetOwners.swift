/// Which asset an end of a conversation is: by its IP address, else by its MAC.
package struct AssetOwners: Sendable {
    private var byAddress: [IPAddress: String] = [:]
    private var byMAC: [MACAddress: String] = [:]
    private var names: [String: String] = [:]

    package init(_ assets: [Asset]) {
        for asset in assets {
            for address in asset.addresses where byAddress[address] == nil { byAddress[address] = asset.id }
            for mac in asset.macs where byMAC[mac] == nil { byMAC[mac] = asset.id }
            names[asset.id] = asset.name.visible
        }
    }

    /// Asset id; nil for an end that is no asset's.
    package func asset(of end: Endpoint) -> String? {
        if let ip = end.ip { return byAddress[ip] }
        return end.mac.flatMap { byMAC[$0] }
    }

    /// What to call the asset with this id.
    package func name(_ id: String) -> String { names[id] ?? id }
}
