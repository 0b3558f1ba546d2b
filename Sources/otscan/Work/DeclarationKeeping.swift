import DeclarationFiles
import Evidence
import Foundation
import Model
import Wording

/// Brings declared zones and permitted remote access into a store.
struct DeclarationKeeping {
    let store: Store
    /// The store as the user named it.
    let path: String

    struct Outcome {
        var file: String
        var declaration: DeclarationFile
        var findings: Int
        var path: String

        func text(_ style: TerminalStyle) -> String {
            let name = WireText(file).visible
            let what =
                switch declaration {
                case .zones(let zones):
                    style.say("ゾーン \(zones.zones.count)件", Figures.count(UInt64(zones.zones.count), "zone"))
                case .remote(let remote):
                    style.say(
                        "ベンダー \(remote.vendors.count)件、保守の時間帯 \(remote.windows.count)件",
                        "\(Figures.count(UInt64(remote.vendors.count), "vendor")), \(Figures.count(UInt64(remote.windows.count), "window"))"
                    )
                }
            let found = style.say(
                "登録した内容から外れた通信の指摘 \(findings)件",
                "\(Figures.count(UInt64(findings), "finding")) of traffic that differs from it")
            let store = WireText(path).visible
            let next = style.say("次は: ", "next: ") + "otscan findings \(store) · otscan remote \(store)"
            return "\(name): \(what)\n\(found)\n\(next)\n"
        }
    }

    func importFile(_ file: String, knowledge: KnowledgeOptions) throws -> Outcome {
        let declaration = try DeclarationFile(try InputFile.text(file))
        var declarations = try store.declarations()
        switch declaration {
        case .zones(let zones): declarations.zones = zones
        case .remote(let remote): declarations.remote = remote
        }
        try store.setDeclarations(declarations)
        try PlantStudy(store: store, knowledge: try knowledge.knowledge(store)).derive()
        let rules: Set<String> =
            switch declaration {
            case .zones: ["zone-crossing"]
            case .remote: ["remote-outside-window", "remote-unknown-user", "remote-beyond-permission"]
            }
        return Outcome(
            file: file, declaration: declaration, findings: try store.findings().count { rules.contains($0.rule) },
            path: path)
    }
}
