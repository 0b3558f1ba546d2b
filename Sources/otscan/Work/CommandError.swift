import Captures

/// Why a command could not do its work: one line that names the file and says what to do.
struct CommandError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Errors as one line: what it is about, what is wrong, what to do.
enum ErrorText {
    static func line(_ error: any Error) -> String {
        let text = "\(error)\(advice(error))"
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    }

    private static func advice(_ error: any Error) -> String {
        guard let error = error as? CaptureError else { return "" }
        return switch error.problem {
        case .system: "; check the name and the permissions"
        case .empty: "; was the capture written to the end?"
        default: ""
        }
    }
}
