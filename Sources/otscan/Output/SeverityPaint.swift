import Model

extension Finding.Severity {
    var paint: TerminalStyle.Paint {
        switch self {
        case .high: .red
        case .medium: .yellow
        case .low: .cyan
        case .info: .plain
        }
    }
}
