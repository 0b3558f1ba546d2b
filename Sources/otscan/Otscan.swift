import ArgumentParser
import Foundation
import Glibc

@main
struct Otscan: AsyncParsableCommand {
    /// Printed by `--version`, and in reports.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "otscan", abstract: "Looks at a factory network without touching it, and answers for it.",
        version: version,
        subcommands: [LiveAnalyserCommand.self, LiveDeriverCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Evidence",
                subcommands: [
                    CaptureCommand.self, DoctorCommand.self, InterfacesCommand.self, AnalyzeCommand.self,
                    InitCommand.self, MergeCommand.self, BundleCommand.self, VerifyCommand.self,
                ]),
            CommandGroup(
                name: "What was seen",
                subcommands: [
                    AssetsCommand.self, ConversationsCommand.self, SegmentsCommand.self, RemoteCommand.self,
                    FindingsCommand.self, ExhibitsCommand.self, CoverageCommand.self, ObservationsCommand.self,
                ]),
            CommandGroup(
                name: "Assessment",
                subcommands: [
                    ReviewCommand.self, AnswersCommand.self, AnswerCommand.self, LedgerCommand.self,
                    DeclareCommand.self,
                    ScoreCommand.self, ReportCommand.self, DiffCommand.self, ChecklistCommand.self,
                ]),
            CommandGroup(name: "About otscan", subcommands: [ProtocolsCommand.self, SignaturesCommand.self]),
        ])

    static func main() async {
        // A closed pipe is told by the write that meets it, not by a signal that ends the program unheard.
        signal(SIGPIPE, SIG_IGN)
        do {
            let typed = Array(CommandLine.arguments.dropFirst())
            var command = try parseAsRoot(
                try Settings.applied(to: typed, environment: ProcessInfo.processInfo.environment))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Ends the program: 0 ok, 1 failure at run time, 64 wrong use, 3 when `--fail-on` found something.
    private static func end(_ error: any Error) -> Never {
        switch error {
        case is ClosedPipe: Glibc.exit(0)
        case let code as ExitCode: Glibc.exit(code.rawValue)
        default: break
        }
        switch exitCode(for: error) {
        case .success: exit(withError: error)
        case .validationFailure:
            StandardError.say(ErrorText.line(CommandError(message(for: error))) + "; see \(helpCommand(error))")
            Glibc.exit(ExitCode.validationFailure.rawValue)
        default:
            StandardError.say(ErrorText.line(error))
            Glibc.exit(ExitCode.failure.rawValue)
        }
    }
}

extension Otscan {
    /// The command that explains the one that was used wrongly, as ArgumentParser names it at the end of its message.
    private static func helpCommand(_ error: any Error) -> String {
        let parts = fullMessage(for: error).split(separator: "See '", maxSplits: 1)
        guard parts.count == 2, let command = parts[1].split(separator: "'", maxSplits: 1).first else {
            return "otscan --help"
        }
        return String(command)
    }
}

extension ExitCode {
    /// `--fail-on`: a finding of that severity, or a graver one, is there.
    static let found = ExitCode(3)
}
