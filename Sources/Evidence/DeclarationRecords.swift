import Foundation
package import Model

extension Store {
    private static let declarationFact = "declarations"

    /// What the plant's people declare of their network.
    package func declarations() throws(StoreError) -> Declarations {
        guard let text = try fact(Store.declarationFact) else { return Declarations() }
        do { return try StoreCoding.decode(Declarations.self, text) } catch { throw StoreError(path, error) }
    }

    package func setDeclarations(_ declarations: Declarations) throws(StoreError) {
        let text: String
        do { text = try StoreCoding.encode(declarations) } catch { throw StoreError(path, error) }
        try setFact(Store.declarationFact, text)
    }
}
