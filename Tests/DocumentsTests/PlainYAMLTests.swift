import Foundation
import TestSupport
import Testing

@testable import Documents

/// The fast reader reads nothing differently from the full parser.
@Suite struct PlainYAMLTests {
    /// Kind, text and place of every value, one a line.
    private static func outline(_ node: DocumentNode, _ path: String = "", places: Bool = true) -> [String] {
        let place = places ? "@\(node.place.line):\(node.place.column)" : ""
        switch node.value {
        case .null: return ["\(path) null"]
        case .scalar(let text): return ["\(path) '\(text)' \(place)"]
        case .list(let list):
            return ["\(path) list"] + list.enumerated().flatMap { outline($1, "\(path)[\($0)]", places: places) }
        case .mapping(let entries):
            return ["\(path) mapping"]
                + entries.flatMap { entry in
                    outline(
                        entry.value,
                        "\(path).\(entry.key)\(places ? "@\(entry.place.line):\(entry.place.column)" : "")",
                        places: places)
                }
        }
    }

    private static func files() throws -> [FileText] {
        var files: [FileText] = []
        for folder in ["Signatures", "Samples"] {
            let top = CaptureCorpus.repository.appendingPathComponent(folder)
            for case let path as String in FileManager.default.enumerator(atPath: top.path) ?? .init()
            where path.hasSuffix(".yaml") {
                files.append(try FileText(path: top.appendingPathComponent(path).path))
            }
        }
        return files
    }

    @Test func agreesWithTheFullParserOnEveryFile() throws {
        var plain = 0
        let files = try PlainYAMLTests.files()
        for file in files {
            guard let read = PlainYAML.read(file.text) else { continue }
            plain += 1
            #expect(
                PlainYAMLTests.outline(read) == PlainYAMLTests.outline(try YAMLReader.readFully(file)), "\(file.name)")
        }
        print("\(plain) of \(files.count) files are plain")
        let signatures = files.filter { $0.text.contains("otscan-signatures/1") }
        #expect(signatures.count > 8)
        #expect(signatures.allSatisfy { PlainYAML.read($0.text) != nil })
    }

    @Test(arguments: [
        "a: b\n", "a: 'it''s'\nb: \"x: y # z\"\n", "a: [1, 'b, c', {k: v, l: [m]}] # note\n",
        "- a\n- b: c\n  d: e\n- - f\n",
        "a:\n- b\n- c\nd: e\n", "a:\n  - b\n\n  # note\n  - c\n", "a: ~\nb: null\nc: -1\nd: x#y\ne: http://h/p\n",
        "a: {b: 'c', d: []}\n", "日本: x\n", "a: 日本 # は\n",
    ])
    func agreesOnSmallTexts(_ text: String) throws {
        let full = try YAMLReader.readFully(FileText(name: "t.yaml", text: text))
        if let read = PlainYAML.read(text) { #expect(PlainYAMLTests.outline(read) == PlainYAMLTests.outline(full)) }
    }

    @Test(arguments: [
        "a: &x b\n", "a: *x\n", "a: !t b\n", "a: |\n  b\n", "a: >\n  b\n", "a: b\n  c\n", "a: b: c\n", "a: b\na: c\n",
        "? a\n: b\n", "--- \na: b\n", "%YAML 1.2\n", "a: [b,\n c]\n", "a: \"\\x41\"\n", "a: 'b\n", "a: [b, ]\n",
        "\ta: b\n",
        "a: b\r\n", "a:\n", "a: [b: c]\n", "{a: b}: c\n", "a: @b\n", "a: - b\n", "- a\n b: c\n", "  a: b\nc: d\n", "",
    ])
    func leavesTheRestToTheFullParser(_ text: String) {
        #expect(PlainYAML.read(text) == nil)
    }

    /// Damaged files: what the fast reader still takes, the full parser takes as the same.
    @Test func agreesOnDamagedFiles() throws {
        let pieces =
            "a: [b, {c: 'd'}]\nlist:\n  - id: x-1\n    rev: 2 # note\n    t: {m: [q, 'r s'], n: \"u\"}\n  - y\nend: z\n"
        let signs = Array("ab:-#'\"[]{}, \n&*!?|~\\".utf8)
        var state: UInt64 = 7
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var taken = 0
        for _ in 0..<6000 {
            var bytes = Array(pieces.utf8)
            for _ in 0...next(3) {
                let at = next(bytes.count)
                switch next(3) {
                case 0: bytes[at] = signs[next(signs.count)]
                case 1: bytes.insert(signs[next(signs.count)], at: at)
                default: bytes.remove(at: at)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let read = PlainYAML.read(text) else { continue }
            taken += 1
            let full = try? YAMLReader.readFully(FileText(name: "t.yaml", text: text))
            #expect(
                full.map { PlainYAMLTests.outline($0, places: false) } == PlainYAMLTests.outline(read, places: false),
                "\(text)")
        }
        #expect(taken > 500)
    }
}
