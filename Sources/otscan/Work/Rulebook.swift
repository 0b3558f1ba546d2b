import Assessment
import AssessmentFiles
import Embedded

/// The checklist and the scoring policy in force: those that travel in the program, or the user's own.
struct Rulebook: Sendable {
    let checklist: Checklist
    let policy: ScoringPolicy
    let scorer: Scorer

    private static let checklistFolder = "Signatures/checklist"
    private static let policyFile = "Signatures/policy/default.yaml"

    /// - Parameters:
    ///   - checklistFiles: all files of a checklist, or overlays over the built-in one in order; none for the built-in one.
    ///   - policyFile: nil for the built-in policy.
    init(checklistFiles: [String] = [], policyFile: String? = nil) throws {
        checklist = try Rulebook.checklist(checklistFiles.map(InputFile.text))
        policy = try PolicyFile.read(try policyFile.map(InputFile.text) ?? Rulebook.embedded(Rulebook.policyFile))
        do {
            scorer = try Scorer(checklist: checklist, policy: policy)
        } catch {
            throw CommandError("\(policyFile ?? Rulebook.policyFile): \(error); add it under category_weights")
        }
    }

    private static func checklist(_ files: [FileText]) throws -> Checklist {
        let overlays = files.filter { $0.text.contains(ChecklistFile.overlayFormat) }
        let whole = files.filter { !$0.text.contains(ChecklistFile.overlayFormat) }
        var checklist = try ChecklistFile.read(whole.isEmpty ? try builtIn() : whole)
        for overlay in overlays { checklist = try ChecklistFile.overlay(overlay, on: checklist) }
        return checklist
    }

    private static func builtIn() throws -> [FileText] {
        let names = EmbeddedArchive.names(under: checklistFolder).filter { $0.hasSuffix(".yaml") }
        guard !names.isEmpty else {
            throw CommandError("\(checklistFolder): missing from this build; name a checklist with --checklist")
        }
        return try names.map { try embedded($0) }
    }

    private static func embedded(_ name: String) throws -> FileText {
        guard let text = EmbeddedArchive.text(named: name) else {
            throw CommandError("\(name): missing from this build; name a file with --checklist or --policy")
        }
        return try FileText(name: name, text: text)
    }
}
