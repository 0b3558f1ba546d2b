import Assessment
import Foundation

/// The categories' scores on axes from a common centre.
extension Report {
    package var radar: HTML {
        let categories = checklist.categories
        let (radius, type) = (76.0, 12.5)
        let count = max(categories.count, 3)
        func angle(_ index: Int) -> Double { Double(index) / Double(count) * 2 * Double.pi - Double.pi / 2 }
        // Names stand beside the axes; the widest on either side sets the margin there.
        func margin(_ isSide: (Double) -> Bool) -> Double {
            categories.enumerated().filter { isSide(cos(angle($0.offset))) }
                .map { Report.textWidth(say($0.element.name)) * type }.max() ?? 0
        }
        let cx = margin { $0 < -0.05 } + 12 + radius
        let cy = radius + 30
        let (width, height) = (cx + radius + 12 + margin { $0 > 0.05 } + 2, 2 * radius + 58)
        func point(_ index: Int, _ value: Double) -> (x: Double, y: Double) {
            let length = radius * min(max(value, 0), 100) / 100
            return (cx + length * cos(angle(index)), cy + length * sin(angle(index)))
        }
        func ring(_ value: Double, _ kind: HTML) -> HTML {
            "<polygon class=\"\(kind)\" points=\"\(polygon((0..<count).map { point($0, value) }))\" />"
        }
        var parts: [HTML] = [ring(100, "ring outer")]
        for bound in [policy.bands.a, policy.bands.b, policy.bands.c] {
            parts.append(ring(bound.approximation, "ring"))
        }
        for index in 0..<count {
            let end = point(index, 100)
            parts.append("<line class=\"axis\" x1=\"\(cx)\" y1=\"\(cy)\" x2=\"\(end.x)\" y2=\"\(end.y)\" />")
        }
        for (bound, letter) in [(policy.bands.a, "A"), (policy.bands.b, "B"), (policy.bands.c, "C")]
            as [(Fraction, HTML)]
        {
            let place = point(0, bound.approximation)
            parts.append("<text class=\"bound\" x=\"\(place.x + 3)\" y=\"\(place.y + 9)\">\(letter)</text>")
        }
        if let earlierCard, let shape = shape(of: earlierCard, point) {
            parts.append("<polygon class=\"earlier\" points=\"\(shape)\" />")
        }
        if let shape = shape(of: card, point) {
            parts.append("<polygon class=\"now\" points=\"\(shape)\" />")
        }
        for (index, category) in categories.enumerated() {
            if let score = card.declared[category.id]?.score {
                let dot = point(index, score.approximation)
                parts.append("<circle class=\"dot\" cx=\"\(dot.x)\" cy=\"\(dot.y)\" r=\"2.6\" />")
            }
            let place = (x: cx + (radius + 10) * cos(angle(index)), y: cy + (radius + 10) * sin(angle(index)))
            let anchor: HTML = abs(place.x - cx) < 5 ? "middle" : place.x > cx ? "start" : "end"
            let rise = place.y < cy - 20 ? -4.0 : place.y > cy + 20 ? 10.0 : 4.0
            parts.append(
                "<text class=\"name\" x=\"\(place.x)\" y=\"\(place.y + rise)\" text-anchor=\"\(anchor)\">\(say(category.name))</text>"
            )
        }
        let spoken = categories.map { "\(say($0.name)) \(points(card.declared[$0.id]?.score))" }.joined(separator: ", ")
        let caption: HTML =
            earlierCard == nil
            ? .empty
            : "<figcaption>\(earlier == nil ? t("実線: 今回　破線: 変更前", "solid: now, dashed: before the changes") : t("実線: 今回　破線: 前回", "solid: now, dashed: last time"))</figcaption>"
        return
            "<svg class=\"radar-chart\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(spoken)\">\(parts)</svg>\(caption)"
    }

    /// Rough width of a text in units of its type size.
    private static func textWidth(_ text: String) -> Double {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 0.58 : 1) }
    }

    private func polygon(_ points: [(x: Double, y: Double)]) -> HTML {
        .joined(points.map { "\($0.x),\($0.y)" }, separator: " ")
    }

    /// Nil unless every category has a score: a polygon through missing values would lie.
    private func shape(of card: ScoreCard, _ point: (Int, Double) -> (x: Double, y: Double)) -> HTML? {
        var points: [(x: Double, y: Double)] = []
        for (index, category) in checklist.categories.enumerated() {
            guard let score = card.declared[category.id]?.score else { return nil }
            points.append(point(index, score.approximation))
        }
        return points.count < 3 ? nil : polygon(points)
    }
}
