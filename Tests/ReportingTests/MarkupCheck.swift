import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Reads a report strictly as XML: ids, links, elements and text.
final class MarkupCheck: NSObject, XMLParserDelegate {
    private(set) var ids: [String] = []
    private(set) var links: [String] = []
    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    private(set) var text = ""
    private(set) var problem: String?
    private var isStyle = false

    init(_ html: String) {
        super.init()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = self
        if !parser.parse() {
            problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "not well-formed")"
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes values: [String: String] = [:]
    ) {
        elements.insert(name)
        attributes.formUnion(values.keys)
        if let id = values["id"] { ids.append(id) }
        if let link = values["href"] { links.append(link) }
        isStyle = name == "style"
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        isStyle = false
        text += " "
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { if !isStyle { text += string } }

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
