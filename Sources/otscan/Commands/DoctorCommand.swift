import ArgumentParser

/// Looks whether this machine is set up for a capture.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks interface, permissions, disk and clock before a capture.",
        discussion: "Changes nothing. Ends with 1 when a capture cannot work as things are.")

    @Option(name: .short, help: ArgumentHelp("Interface to listen on.", valueName: "interface"))
    var i: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Store that the capture will make or add to.", valueName: "store"))
    var output = "plant.otscan"

    @Flag(help: "One JSON document instead of the list.")
    var json = false

    @OptionGroup var styleOptions: StyleOptions

    func run() throws {
        let checks = DoctorChecks.all(interface: i, store: output)
        try StandardOutput.write(
            json ? try JSONText.document(DoctorChecks.document(checks)) : DoctorChecks.text(checks, styleOptions.style))
        if checks.contains(where: { $0.state == .fail }) { throw ExitCode.failure }
    }
}
