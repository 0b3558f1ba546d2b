import Model
import Wire

/// IEEE 802.11 management frames: which networks there are, how they are secured, who asks to join and who is let in.
///
///      0  frame control  2   little-endian: type 0, subtype in bits 4…7, order bit 15, protected bit 14
///      2  duration       2
///      4  receiver       6
///     10  transmitter    6
///     16  BSSID          6
///     22  sequence       2
///     24  HT control     4   only with the order bit
///     24  body
package enum WirelessManagement: Dissector {
    package static let description = ProtocolDescription(
        name: "wlan", title: "IEEE 802.11 management", family: .wireless, level: .identity,
        reference: "IEEE 802.11-2020, 9.3.3; Wi-Fi Simple Configuration 2.0.8", bindings: [.wirelessManagement],
        displayFilter: "wlan.fc.type == 0", includes: ["RSN, WPA, WEP and open networks", "WPS", "probe requests"])

    private enum Offset {
        static let receiver = 4, transmitter = 10, bssid = 16, body = 24
    }

    private enum Subtype {
        static let associationRequest: UInt16 = 0, associationResponse: UInt16 = 1
        static let reassociationRequest: UInt16 = 2, reassociationResponse: UInt16 = 3
        static let probeRequest: UInt16 = 4, probeResponse: UInt16 = 5, beacon: UInt16 = 8
        static let disassociation: UInt16 = 10, authentication: UInt16 = 11, deauthentication: UInt16 = 12
        static let action: UInt16 = 13
    }

    private enum Capability {
        static let ess: UInt16 = 0x0001, ibss: UInt16 = 0x0002, privacy: UInt16 = 0x0010
    }

    /// Authentication algorithm numbers (9.4.1.1).
    private enum Algorithm {
        static let sharedKey: UInt16 = 1, sae: UInt16 = 3
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.body else { return .malformed }
        let control = bytes.le16(0)
        let subtype = control >> 4 & 15
        d.message(UInt32(subtype))
        let transmitter = bytes.mac(Offset.transmitter)
        let receiver = bytes.mac(Offset.receiver)
        let bssid = bytes.mac(Offset.bssid)
        // Protected management frames (802.11w) and the third shared-key frame are encrypted.
        guard control & 0x4000 == 0, transmitter.isUnicast else { return .consumed(bytes.byteCount) }
        let body = bytes.from(control & 0x8000 != 0 ? Offset.body + 4 : Offset.body)
        switch subtype {
        case Subtype.beacon, Subtype.probeResponse:
            network(body, bssid, isBeacon: subtype == Subtype.beacon, &d)
        case Subtype.probeRequest: probeRequest(body, transmitter, &d)
        case Subtype.associationRequest: association(body.from(4), transmitter, bssid, &d)
        case Subtype.reassociationRequest:
            association(body.from(10), transmitter, bssid, &d)
            let current = body.mac(4)
            if current.isUnicast, current != bssid {
                d.observe(.bssid, mac: current, field: "current_bssid", about: .mac(transmitter))
            }
        case Subtype.associationResponse, Subtype.reassociationResponse:
            associationResult(body, receiver, bssid, &d)
        case Subtype.authentication: authentication(body, transmitter, receiver, bssid, &d)
        case Subtype.deauthentication, Subtype.disassociation:
            if body.byteCount >= 2 {
                d.observe(
                    "deauthentication_reason", number: UInt64(body.le16(0)), field: "reason", about: .mac(transmitter))
            }
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    /// Beacon and probe response: timestamp 8, interval 2, capabilities 2, elements.
    private static func network(_ body: RawSpan, _ bssid: MACAddress, isBeacon: Bool, _ d: inout Dissection) {
        guard body.byteCount >= 12, bssid.isUnicast else { return }
        let capabilities = body.le16(10)
        let network = WirelessElements(body.from(12))
        let about: Dissection.About = .mac(bssid)
        d.observe(.bssid, mac: bssid, field: isBeacon ? "beacon" : "probe_response", about: about)
        if capabilities & Capability.ibss != 0 {
            d.observe("network_type", "ad-hoc", field: "ibss_capability", about: about)
        } else if capabilities & Capability.ess != 0 {
            // Wi-Fi Direct owners (printers, telephones) act as access points for their group alone.
            d.role(
                .accessPoint, field: network.isPeerToPeer ? "peer_to_peer" : "ess_capability", about: about,
                confidence: network.isPeerToPeer ? .low : .high)
        }
        let ssid = body.slice(12 &+ network.ssid.offset, network.ssid.length)
        if network.hasSSID {
            if network.isHidden(ssid) {
                d.observe("ssid_hidden", "yes", field: "empty_ssid", about: about)
            } else {
                d.observe(.ssid, text: ssid, field: "ssid", about: about)
            }
        }
        if let channel = network.channel ?? WirelessChannel.number(megahertz: d.radioFrequency) {
            d.observe(.channel, number: UInt64(channel), field: "channel", about: about)
        }
        WirelessSecurity.state(network, privacy: capabilities & Capability.privacy != 0, about: about, &d)
        network.identity(body.from(12), about: about, &d)
    }

    private static func probeRequest(_ body: RawSpan, _ station: MACAddress, _ d: inout Dissection) {
        // Randomised addresses never come back: facts about them would only fill the table.
        guard !station.isLocallyAdministered else { return }
        let elements = WirelessElements(body)
        let ssid = body.slice(elements.ssid.offset, elements.ssid.length)
        if elements.hasSSID, !elements.isHidden(ssid) {
            d.observe("probed_ssid", text: ssid, field: "probe_request", about: .mac(station), confidence: .medium)
        }
        elements.identity(body, about: .mac(station), &d)
    }

    private static func association(
        _ elements: RawSpan, _ station: MACAddress, _ bssid: MACAddress, _ d: inout Dissection
    ) {
        let read = WirelessElements(elements)
        let ssid = elements.slice(read.ssid.offset, read.ssid.length)
        if bssid.isUnicast {
            d.observe(
                .bssid, mac: bssid, field: "association_request", about: .mac(station), confidence: .medium)
        }
        if read.hasSSID, !read.isHidden(ssid) {
            d.observe(.ssid, text: ssid, field: "association_request_ssid", about: .mac(station))
            // The name of a hidden network shows here.
            if bssid.isUnicast { d.observe(.ssid, text: ssid, field: "requested_ssid", about: .mac(bssid)) }
        }
        read.identity(elements, about: .mac(station), &d)
    }

    /// Capabilities 2, status 2, association id 2, elements.
    private static func associationResult(
        _ body: RawSpan, _ station: MACAddress, _ bssid: MACAddress, _ d: inout Dissection
    ) {
        guard body.byteCount >= 4, station.isUnicast, bssid.isUnicast else { return }
        let status = body.le16(2)
        if status == 0 {
            d.observe(.bssid, mac: bssid, field: "associated", about: .mac(station))
        } else {
            d.observe("association_refused", number: UInt64(status), field: "association_status", about: .mac(station))
        }
    }

    /// Algorithm 2, transaction 2, status 2. Open system succeeds always and proves nothing; SAE and shared key prove a key.
    private static func authentication(
        _ body: RawSpan, _ transmitter: MACAddress, _ receiver: MACAddress, _ bssid: MACAddress, _ d: inout Dissection
    ) {
        guard body.byteCount >= 6, receiver.isUnicast else { return }
        let algorithm = body.le16(0)
        let transaction = body.le16(2)
        let status = body.le16(4)
        let isFromAP = transmitter == bssid
        if algorithm == Algorithm.sharedKey {
            d.observe(.security, "wep", field: "shared_key", about: .mac(bssid), confidence: .medium)
        }
        guard isFromAP else { return }
        switch (algorithm, transaction, status) {
        case (Algorithm.sae, 2, 0), (Algorithm.sharedKey, 4, 0):
            d.observe(.authentication, "accepted", field: "authentication", about: .mac(receiver))
        // SAE: 76 asks for a token, 126 and 127 name the way the commitment was made (9.4.1.9).
        case (_, _, 0), (Algorithm.sae, 1, 76), (Algorithm.sae, 1, 126), (Algorithm.sae, 1, 127): break
        default: d.observe(.authentication, "rejected", field: "authentication", about: .mac(receiver))
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt16(truncatingIfNeeded: code) {
        case Subtype.associationRequest: "Association Request"
        case Subtype.associationResponse: "Association Response"
        case Subtype.reassociationRequest: "Reassociation Request"
        case Subtype.reassociationResponse: "Reassociation Response"
        case Subtype.probeRequest: "Probe Request"
        case Subtype.probeResponse: "Probe Response"
        case 6: "Timing Advertisement"
        case Subtype.beacon: "Beacon"
        case 9: "ATIM"
        case Subtype.disassociation: "Disassociation"
        case Subtype.authentication: "Authentication"
        case Subtype.deauthentication: "Deauthentication"
        case Subtype.action: "Action"
        case 14: "Action No Ack"
        default: "Subtype \(code)"
        }
    }
}

/// Channel numbers of centre frequencies (IEEE 802.11-2020, annex E; 6 GHz from 802.11ax).
enum WirelessChannel {
    static func number(megahertz: UInt16) -> UInt8? {
        switch megahertz {
        case 2484: 14
        case 2412...2472 where (megahertz - 2407) % 5 == 0: UInt8(truncatingIfNeeded: (megahertz - 2407) / 5)
        case 5160...5885 where megahertz % 5 == 0: UInt8(truncatingIfNeeded: (megahertz - 5000) / 5)
        case 5935: 2
        case 5955...7115 where megahertz % 5 == 0: UInt8(truncatingIfNeeded: (megahertz - 5950) / 5)
        default: nil
        }
    }
}
