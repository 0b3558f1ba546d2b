import TestSupport
import Testing

extension MarkupCheck {
    /// What every report must be, whatever it is about.
    func expectSound(_ html: String) {
        #expect(problem == nil)
        #expect(Set(ids).count == ids.count, "ids that occur twice")
        let known = Set(ids)
        let dangling = links.filter { !$0.hasPrefix("#") || !known.contains(String($0.dropFirst())) }
        #expect(dangling.isEmpty, "links to nowhere: \(dangling.prefix(5))")
        #expect(elements.isDisjoint(with: ["script", "link", "iframe", "object", "img", "base"]))
        let handlers = attributes.filter { $0.hasPrefix("on") }
        #expect(handlers.isEmpty)
        #expect(!attributes.contains("src"))
        #expect(
            html.contains(
                "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""))
        // Markup that was escaped by mistake would show to the reader.
        for tag in ["<span", "<p ", "<li>", "<td", "HTML(", "</"] { #expect(!text.contains(tag), "\(tag) is shown") }
    }
}
