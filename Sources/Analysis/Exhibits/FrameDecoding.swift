import Captures
package import Model
import Protocols
import Wire

/// Decodes one kept frame for people to read: its headers field by field, and what a dissector read in it.
package enum FrameDecoding {
    package static func layers(of kept: KeptFrame) -> [DecodedLayer] {
        let link = LinkType(rawValue: kept.linkType)
        var headers = FrameLayers()
        headers.decode(kept.bytes.span.bytes, link: link, wireLength: Int(kept.originalLength))
        var layers = [frameLayer(kept)]
        if headers.hasMAC { layers.append(linkLayer(headers)) }
        if headers.ipProtocol != 0 || headers.kind == .network { layers.append(networkLayer(headers)) }
        if headers.hasPorts { layers.append(transportLayer(headers)) }
        layers += messages(of: kept, link)
        if headers.problem != .none {
            layers.append(DecodedLayer(name: "!", fields: [.init("decoding ended", headers.problem.name)]))
        }
        return layers
    }

    private static func frameLayer(_ kept: KeptFrame) -> DecodedLayer {
        DecodedLayer(
            name: "Frame",
            fields: [
                .init("number", String(kept.frame.number)), .init("time", kept.frame.time.rfc3339),
                .init("length on the wire", "\(kept.originalLength) bytes"), .init("kept", "\(kept.bytes.count) bytes"),
                .init("link type", String(kept.linkType)),
            ])
    }

    private static func linkLayer(_ headers: FrameLayers) -> DecodedLayer {
        var fields: [DecodedLayer.Field] = [
            .init("destination", headers.destinationMAC.description), .init("source", headers.sourceMAC.description),
        ]
        if headers.outerVLAN != 0 { fields.append(.init("outer VLAN", String(headers.outerVLAN))) }
        if headers.vlanTags > 0 { fields.append(.init("VLAN", String(headers.vlan))) }
        if headers.etherType != 0 { fields.append(.init("EtherType", hexadecimal(headers.etherType, digits: 4))) }
        if headers.kind == .llc { fields.append(.init("DSAP", hexadecimal(headers.code, digits: 2))) }
        if headers.kind == .snap {
            fields.append(.init("SNAP OUI", hexadecimal(headers.snapOUI, digits: 6)))
            fields.append(.init("SNAP protocol", hexadecimal(headers.code, digits: 4)))
        }
        return DecodedLayer(name: headers.kind == .wirelessManagement ? "802.11" : "Ethernet", fields: fields)
    }

    private static func networkLayer(_ headers: FrameLayers) -> DecodedLayer {
        var fields: [DecodedLayer.Field] = [
            .init("source", headers.sourceIP.description), .init("destination", headers.destinationIP.description),
            .init(headers.isV6 ? "hop limit" : "TTL", String(headers.ttl)),
            .init(headers.isV6 ? "next header" : "protocol", String(headers.ipProtocol)),
        ]
        if headers.isFragment {
            fields.append(
                .init(
                    "fragment", "offset \(headers.fragmentOffset)\(headers.moreFragments ? ", more follow" : ", last")")
            )
        }
        return DecodedLayer(name: headers.isV6 ? "IPv6" : "IPv4", fields: fields)
    }

    private static func transportLayer(_ headers: FrameLayers) -> DecodedLayer {
        var fields: [DecodedLayer.Field] = [
            .init("source port", String(headers.sourcePort)),
            .init("destination port", String(headers.destinationPort)),
        ]
        let isTCP = headers.ipProtocol == 6
        if isTCP {
            fields.append(.init("sequence", String(headers.sequence)))
            fields.append(.init("acknowledgement", String(headers.acknowledgement)))
            fields.append(.init("flags", flags(headers.tcpFlags)))
        }
        fields.append(.init("payload", "\(headers.payloadWireLength) bytes"))
        return DecodedLayer(name: isTCP ? "TCP" : headers.ipProtocol == 17 ? "UDP" : "ports", fields: fields)
    }

    private static func flags(_ bits: UInt8) -> String {
        let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
        let set = names.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element)
        return set.isEmpty ? "none" : set.joined(separator: ", ")
    }

    /// What the dissectors read in this one frame; a message that goes on in others may stay unread here.
    private static func messages(of kept: KeptFrame, _ link: LinkType) -> [DecodedLayer] {
        var analyzer = CaptureAnalyzer(capture: 0)
        analyzer.read(
            kept.bytes.span.bytes,
            Frame(
                number: kept.frame.number, time: kept.frame.time, originalLength: kept.originalLength,
                capturedLength: UInt32(clamping: kept.bytes.count), linkType: link))
        let result = analyzer.finish(CaptureSummary(name: "", sha256: "", format: ""))
        var layers: [DecodedLayer] = []
        func add(_ name: String, _ field: DecodedLayer.Field) {
            if let index = layers.firstIndex(where: { $0.name == name }) {
                if !layers[index].fields.contains(field) { layers[index].fields.append(field) }
            } else {
                layers.append(DecodedLayer(name: name, fields: [field]))
            }
        }
        for conversation in result.conversations {
            guard let service = conversation.service else { continue }
            for message in conversation.messages {
                add(service, .init("message", "\(message.name) (\(message.fromClient ? "request" : "reply"))"))
            }
            if conversation.messages.isEmpty { add(service, .init("recognised", "yes")) }
        }
        for observation in result.observations {
            let parts = observation.source.split(separator: ".", maxSplits: 1)
            guard let name = parts.first else { continue }
            let field = parts.count > 1 ? String(parts[1]) : observation.attribute.rawValue
            add(String(name), .init(field, observation.value.raw))
        }
        return layers
    }
}
