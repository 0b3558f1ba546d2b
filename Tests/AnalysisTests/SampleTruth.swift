import Analysis
import Assessment
import Documents
import Foundation
import Model
import TestSupport

/// What a sample holds, as the script that made it says. Samples/README.md tells the meaning of each key.
struct SampleTruth {
    struct Identity {
        let attribute: String
        let value: String
        /// The protocol that says it.
        let from: String
    }

    struct Host {
        let name: String
        let role: String
        /// Further roles that it truly has, and roles that are no mistake either.
        let alternatives: Set<String>
        let isOT: Bool
        let interfaces: [(mac: MACAddress, addresses: [IPAddress], vlan: UInt16?)]
        let vendor: String
        let identity: [Identity]

        var macs: [MACAddress] { interfaces.map(\.mac) }
    }

    struct Segment {
        let prefix: IPPrefix
        let vlan: UInt16
        let gateway: IPAddress
    }

    let root: Node
    let hosts: [Host]
    let segments: [Segment]

    init(sample: String) throws {
        let url = CaptureCorpus.repository.appendingPathComponent("Samples/\(sample).truth.yaml")
        root = Node(value: try DocumentNode.read(FileText(path: url.path)).value)
        hosts = try root["hosts"].list.map { host in
            Host(
                name: host["name"].text, role: host["role"].text,
                alternatives: Set((host["also"].list + host["accept"].list).map(\.text)),
                isOT: host["ot"].text == "true",
                interfaces: try host["interfaces"].list.map { interface in
                    guard let mac = MACAddress(interface["mac"].text) else { throw Failure(text: "mac") }
                    return (
                        mac, (interface["ipv4"].list + interface["ipv6"].list).compactMap { IPAddress($0.text) },
                        UInt16(interface["vlan"].text)
                    )
                }, vendor: host["vendor"].text,
                identity: host["identity"].entries.map {
                    Identity(attribute: $0.key, value: $0.value["value"].text, from: $0.value["from"].text)
                })
        }
        segments = root["segments"].list.compactMap { segment in
            guard let prefix = IPPrefix(segment["prefix"].text), let gateway = IPAddress(segment["gateway"].text) else {
                return nil
            }
            return Segment(prefix: prefix, vlan: UInt16(segment["vlan"].text) ?? 0, gateway: gateway)
        }
    }

    struct Failure: Error {
        let text: String
    }

    /// A document's value, read without ceremony: what is missing is empty.
    struct Node {
        let value: DocumentNode.Value

        subscript(_ key: String) -> Node {
            guard case .mapping(let entries) = value, let entry = entries.first(where: { $0.key == key }) else {
                return Node(value: .null)
            }
            return Node(value: entry.value.value)
        }

        var text: String {
            guard case .scalar(let text) = value else { return "" }
            return text
        }

        var list: [Node] {
            guard case .list(let list) = value else { return [] }
            return list.map { Node(value: $0.value) }
        }

        var entries: [(key: String, value: Node)] {
            guard case .mapping(let entries) = value else { return [] }
            return entries.map { ($0.key, Node(value: $0.value.value)) }
        }
    }
}
