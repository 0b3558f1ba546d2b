import ArgumentParser

/// The plant's own zones and permitted remote access.
struct DeclareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declare", abstract: "Imports declared zones or permitted remote access, and judges by them.",
        discussion: """
            A YAML file whose format says otscan-zones/1 (zones and what may cross) or otscan-remote/1 (vendors and \
            maintenance windows). It takes the place of the one of its kind imported before. The assessment is derived \
            anew; the captures need not be there.
            """)

    @Argument(help: "Declaration as YAML; - is standard input.")
    var file: String
    @Argument(help: "Store made by analyze or init.")
    var store: String
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var styleOptions: StyleOptions

    func run() throws {
        let keeping = DeclarationKeeping(store: try StoreReading.open(store), path: store)
        try StandardOutput.write(try keeping.importFile(file, knowledge: knowledge).text(styleOptions.style))
    }
}
