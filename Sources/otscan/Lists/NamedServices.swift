import Model
import Protocols
import Signatures

/// Remote access that no frame format tells, but the names under which it is reached: one record for each service that the
/// built-in signatures assert.
enum NamedServices {
    private static let attribute: Attribute = "remote_service"

    /// What signatures know of one service.
    struct Service {
        var title: String?
        var names: [String] = []
        var references: [String] = []
    }

    /// By what is asserted, such as `talk2m`.
    static func all(_ catalogue: Catalogue = .embedded) -> [(name: String, service: Service)] {
        var services: [String: Service] = [:]
        var order: [String] = []
        for signature in catalogue.signatures where signature.status != .retired {
            for assertion in signature.asserts where assertion.attribute == attribute {
                let known = services[assertion.value]
                if known == nil { order.append(assertion.value) }
                var service = known ?? Service()
                service.title = service.title ?? signature.title
                service.names += names(signature)
                service.references += signature.references.filter { !service.references.contains($0) }
                services[assertion.value] = service
            }
        }
        return order.compactMap { name in services[name].map { (name, $0) } }
    }

    /// The names it looks for; of a pattern, a sample that it matches.
    private static func names(_ signature: Signature) -> [String] {
        if case .domain(let names) = signature.matcher { return names }
        return Array(signature.matching.map(\.value).prefix(1))
    }
}
