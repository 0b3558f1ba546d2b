package import Assessment
package import Model
import Wording

/// Grades, marks and levels as small pieces of markup: always a letter or word, with colour on top.
extension Report {
    package func badge(_ grade: Grade?, size: HTML = "") -> HTML {
        guard let grade else {
            return "<span class=\"grade none \(size)\" title=\"\(t("判定不可", "not gradable"))\">–</span>"
        }
        return
            "<span class=\"grade \(grade.rawValue.lowercased()) \(size)\" title=\"\(grade.meaning(in: language))\">\(grade.rawValue)</span>"
    }

    /// The score with one decimal, or a dash.
    package func points(_ score: Fraction?) -> String { score.map { policy.text(of: $0) } ?? "–" }

    package func range(_ range: ClosedRange<Fraction>?) -> String {
        guard let range else { return "–" }
        let (low, high) = (policy.text(of: range.lowerBound), policy.text(of: range.upperBound))
        return low == high ? low : words("\(low)～\(high)", "\(low) – \(high)")
    }

    package func state(_ state: GradeState) -> String { state.text(in: language, checklist: checklist) }

    package func level(_ answer: Answer) -> HTML {
        let kind: HTML =
            switch answer {
            case .level(let level): "l\(level.rawValue)"
            case .notApplicable: "na"
            case .unanswered: "open"
            }
        return "<span class=\"level \(kind)\">\(answer.name(in: language))</span>"
    }

    package func levels(_ levels: ClosedRange<Level>) -> String {
        let (low, high) = (levels.lowerBound, levels.upperBound)
        return low == high
            ? "\(low.rawValue) \(low.name(in: language))"
            : words("\(low.rawValue)～\(high.rawValue)", "\(low.rawValue)–\(high.rawValue)")
    }

    package func mark(_ mark: ItemScore.Mark) -> HTML {
        "<span class=\"mark \(mark.rawValue.lowercased())\">\(mark.name(in: language))</span>"
    }

    package func severity(_ severity: Finding.Severity) -> HTML {
        "<span class=\"severity \(severity.rawValue)\">\(severity.name(in: language))</span>"
    }

    /// A horizontal bar of 0 to 100 with the bands' bounds ticked; the range of what is still open lies behind the score.
    package func bar(_ score: Fraction?, grade: Grade?, range: ClosedRange<Fraction>?) -> HTML {
        let width = 100.0
        var parts: [HTML] = ["<rect class=\"track\" x=\"0\" y=\"3\" width=\"100\" height=\"4\" />"]
        if let range, range.lowerBound != range.upperBound {
            let low = range.lowerBound.approximation
            parts.append(
                "<rect class=\"range\" x=\"\(low)\" y=\"2\" width=\"\(range.upperBound.approximation - low)\" height=\"6\" />"
            )
        }
        if let score {
            let kind: HTML = grade.map { "\($0.rawValue.lowercased())" } ?? "none"
            parts.append(
                "<rect class=\"fill-\(kind)\" x=\"0\" y=\"3\" width=\"\(min(score.approximation, width))\" height=\"4\" />"
            )
        }
        for bound in [policy.bands.c, policy.bands.b, policy.bands.a] {
            parts.append(
                "<rect class=\"tick\" x=\"\(bound.approximation - 0.2)\" y=\"1\" width=\"0.4\" height=\"8\" />")
        }
        return
            "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"\(points(score))\">\(parts)</svg>"
    }
}
