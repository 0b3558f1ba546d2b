import Assessment
import Foundation

/// The categories' scores on axes from a common centre.
extension Report {
    var radar: HTML {
        let categories = checklist.categories
        let (width, height) = (364.0, 230.0)
        let (cx, cy, radius) = (182.0, 116.0, 80.0)
        let count = max(categories.count, 3)
        func point(_ index: Int, _ value: Double) -> (x: Double, y: Double) {
            let angle = Double(index) / Double(count) * 2 * Double.pi - Double.pi / 2
            let length = radius * min(max(value, 0), 100) / 100
            return (cx + length * cos(angle), cy + length * sin(angle))
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
            let angle = Double(index) / Double(count) * 2 * Double.pi - Double.pi / 2
            let place = (x: cx + (radius + 12) * cos(angle), y: cy + (radius + 12) * sin(angle))
            let anchor: HTML = abs(place.x - cx) < 5 ? "middle" : place.x > cx ? "start" : "end"
            let rise = place.y < cy - 20 ? -4.0 : place.y > cy + 20 ? 10.0 : 4.0
            parts.append(
                "<text class=\"name\" x=\"\(place.x)\" y=\"\(place.y + rise)\" text-anchor=\"\(anchor)\">\(say(category.name))</text>"
            )
        }
        let spoken = categories.map { "\(say($0.name)) \(points(card.declared[$0.id]?.score))" }.joined(separator: ", ")
        let caption: HTML =
            earlierCard == nil
            ? .empty : "<figcaption>\(t("実線: 今回　破線: 変更前", "solid: now, dashed: before the changes"))</figcaption>"
        return
            "<svg class=\"radar-chart\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(spoken)\">\(parts)</svg>\(caption)"
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
