import ArgumentParser

/// Brings the evidence and decisions of several stores together.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Brings the evidence and decisions of several stores together in one.",
        discussion: """
            The result does not depend on the order of the stores, nor on how often one is merged. Where people answered an \
            item differently, unseen by each other, both answers stand until a person settles them.
            """)

    @Argument(help: "Stores to merge.")
    var stores: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Store to make, or to merge into.", valueName: "store"))
    var output: String

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        if stores.isEmpty { throw ValidationError("name at least one store to merge") }
    }

    func run() throws {
        try StoreMerging(stores: stores, output: output, knowledge: knowledge, style: styleOptions.style).run()
    }
}
