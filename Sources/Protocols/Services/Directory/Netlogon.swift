import Model
import Wire

/// The answer of a domain controller to those who look for one, as an attribute of CLDAP ([MS-ADTS] 6.3.1.9). Numbers are
/// little-endian; names are written as in DNS, with pointers into this value.
///
///     0  operation  2   23 or 25
///     4  flags      4   bit 0: primary controller, bit 8: writable
///     8  domain's GUID  16
///    24  names of forest, domain, host, NetBIOS domain, NetBIOS computer, user, controller's site, client's site
enum Netlogon {
    private static let names = 24

    static func read(_ value: RawSpan, _ d: inout Dissection) {
        let operation = value.le16(0)
        guard operation == 23 || operation == 25, value.byteCount > names else { return }
        d.role(.domainController, field: "netlogon")
        var offset = names
        var index = 0
        while index < 8 {
            let name = DNSName.read(value, at: offset)
            guard let end = DNSName.end(value, at: offset) else { return }
            offset = end
            if let name { state(index, String(decoding: name, as: UTF8.self), &d) }
            index &+= 1
        }
    }

    private static func state(_ index: Int, _ name: String, _ d: inout Dissection) {
        switch index {
        case 1: d.observe(.domain, name, field: "netlogon_domain")
        case 2: d.observe(.name, name, field: "netlogon_host")
        case 3: d.observe(.domain, name, field: "netlogon_netbios_domain")
        case 4:
            d.observe(.name, String(name.drop { $0 == "\\" }), field: "netlogon_netbios_computer")
        case 6: d.observe(.location, name, field: "netlogon_site", confidence: .medium)
        default: break
        }
    }
}
