import Assessment
import AssessmentFiles
import Model

/// Files of the user's own, read as they would be, with what is wrong and what is odd in them.
struct FileLint {
    private var lines: [(file: String, text: Bilingual, isFine: Bool)] = []
    /// Why files cannot be used, one line each.
    private(set) var problems: [String] = []

    init(_ paths: [String]) throws {
        let builtIn = try Rulebook()
        let proposable = Set(builtIn.checklist.items.filter(\.isAutoFilled).map(\.id))
        var whole: [FileText] = []
        var overlays: [FileText] = []
        var policies: [FileText] = []
        for path in paths {
            do {
                let file = try InputFile.text(path)
                let format = try FileLint.format(file)
                switch format {
                case ChecklistFile.format: whole.append(file)
                case ChecklistFile.overlayFormat: overlays.append(file)
                case PolicyFile.format: policies.append(file)
                case AnswerSheet.format:
                    let sheet = try AnswerSheet(reading: file)
                    fine(path, "回答\(sheet.answers.count)件", "\(sheet.answers.count) answers")
                default:
                    let known = [
                        ChecklistFile.format, ChecklistFile.overlayFormat, PolicyFile.format, AnswerSheet.format,
                    ]
                    problems.append(
                        "\(WireText(path).visible): expected format: \(known.joined(separator: ", ")), found \(format.isEmpty ? "none" : format)"
                    )
                }
            } catch { problems.append(ErrorText.line(error)) }
        }
        var checklist = builtIn.checklist
        if let first = whole.first {
            do {
                checklist = try ChecklistFile.read(whole)
                fine(first.name, "\(checklist.items.count)項目", "\(checklist.items.count) items")
                add(CustomisationLint.remarks(on: checklist, proposable: proposable), first.name)
            } catch { problems.append(ErrorText.line(error)) }
        }
        for overlay in overlays {
            do {
                let changed = try ChecklistFile.overlay(overlay, on: checklist)
                fine(overlay.name, "\(checklist.id) のオーバーレイ", "an overlay of \(checklist.id)")
                let known = Set(CustomisationLint.remarks(on: checklist, proposable: proposable))
                add(
                    CustomisationLint.remarks(on: changed, over: checklist, proposable: proposable)
                        .filter { !known.contains($0) }, overlay.name)
                checklist = changed
            } catch { problems.append(ErrorText.line(error)) }
        }
        for file in policies {
            do {
                let policy = try PolicyFile.read(file)
                do { _ = try Scorer(checklist: checklist, policy: policy) } catch {
                    problems.append("\(WireText(file.name).visible): \(error); add it under category_weights")
                    continue
                }
                fine(file.name, "採点規則 \(policy.id)", "scoring policy \(policy.id)")
                add(CustomisationLint.remarks(on: policy, checklist: checklist), file.name)
            } catch { problems.append(ErrorText.line(error)) }
        }
    }

    /// What `format` says in a file; empty when it says nothing.
    private static func format(_ file: FileText) throws -> String {
        guard case .mapping(let entries) = try DocumentNode.read(file).value,
            let entry = entries.first(where: { $0.key == "format" }), case .scalar(let text) = entry.value.value
        else { return "" }
        return text
    }

    private mutating func fine(_ file: String, _ ja: String, _ en: String) {
        lines.append((file, Bilingual(ja: "問題なし、\(ja)", en: "fine, \(en)"), true))
    }

    private mutating func add(_ remarks: [CustomisationLint.Remark], _ file: String) {
        for remark in remarks { lines.append((file, remark.text, false)) }
    }

    func text(_ style: TerminalStyle) -> String {
        lines.map { line in
            "\(WireText(line.file).visible): " + style.paint(line.text[style.language], line.isFine ? .green : .yellow)
                + "\n"
        }.joined()
    }
}
