package import Foundation

#if canImport(FoundationXML)
    package import FoundationXML
#endif

/// Reads a page strictly as XML: ids, links, elements and text.
package final class MarkupCheck: NSObject, XMLParserDelegate {
    package private(set) var ids: [String] = []
    package private(set) var links: [String] = []
    /// Values of `src`, and of `action` and `formaction`.
    package private(set) var sources: [String] = []
    package private(set) var targets: [String] = []
    package private(set) var elements: Set<String> = []
    package private(set) var attributes: Set<String> = []
    package private(set) var text = ""
    package private(set) var problem: String?
    private var isStyle = false

    package init(_ html: String) {
        super.init()
        let parser = XMLParser(data: Data(html.utf8))
        parser.delegate = self
        if !parser.parse() {
            problem = "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "not well-formed")"
        }
    }

    package func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes values: [String: String] = [:]
    ) {
        elements.insert(name)
        attributes.formUnion(values.keys)
        if let id = values["id"] { ids.append(id) }
        if let link = values["href"] { links.append(link) }
        if let source = values["src"] { sources.append(source) }
        if let target = values["action"] ?? values["formaction"] { targets.append(target) }
        isStyle = name == "style"
    }

    package func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?)
    {
        isStyle = false
        text += " "
    }

    package func parser(_ parser: XMLParser, foundCharacters string: String) { if !isStyle { text += string } }
}
