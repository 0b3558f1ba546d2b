import ArgumentParser

/// Lists the interfaces of this machine.
struct InterfacesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interfaces", abstract: "Lists the interfaces that capture can listen on.")

    @OptionGroup var output: OutputOptions

    func run() throws { try InterfaceList.listing().write(output) }
}
