import ArgumentParser
import Assessment
import Foundation

enum OutputFormat: String, CaseIterable, ExpressibleByArgument, Sendable {
    case table, json, ndjson, csv
}

extension ColorChoice: ExpressibleByArgument {}

/// `ja` or `en`, as typed.
enum LanguageChoice: String, CaseIterable, ExpressibleByArgument, Sendable {
    case ja, en

    var language: Language {
        switch self {
        case .ja: .japanese
        case .en: .english
        }
    }
}

/// The language and colours of texts for people.
struct StyleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Language of texts: ja or en (default: that of the locale).", valueName: "ja|en"))
    var lang: LanguageChoice?

    @Option(help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"))
    var color = ColorChoice.auto

    var language: Language {
        lang?.language ?? Language.preferred(environment: ProcessInfo.processInfo.environment)
    }

    var style: TerminalStyle {
        let environment = ProcessInfo.processInfo.environment
        return TerminalStyle(
            language: language,
            usesColor: color.usesColor(isTerminal: StandardOutput.isTerminal, environment: environment),
            width: TerminalWidth.current(environment: environment))
    }
}

/// How a command shows its list.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("table, json, ndjson or csv.", valueName: "format"))
    var format: OutputFormat?

    @Flag(help: "Short for --format json.")
    var json = false

    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        if json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) contradict each other; give one of them")
        }
    }

    var chosenFormat: OutputFormat { json ? .json : format ?? .table }
    var style: TerminalStyle { styleOptions.style }
}
