import Foundation
import Model

/// A conversation's message tallies as text: one line each, fields parted by tabs, without the capture's number, which differs from store to store.
///
///     code  effect  1 from the client or 0  count  first frame  its time in ns  last frame  its time  name
enum TallyCoding {
    static func add(_ tallies: [MessageTally], to text: inout TextBytes) {
        var isFirst = true
        for tally in tallies {
            if !isFirst { text.add(UInt8(ascii: "\n")) }
            isFirst = false
            add(Int64(tally.code), to: &text)
            add(Int64(tally.effect.rawValue), to: &text)
            add(tally.fromClient ? 1 : 0, to: &text)
            text.add(decimal: tally.count)
            text.add(tab)
            text.add(decimal: tally.first.number)
            text.add(tab)
            add(tally.first.time.nanoseconds, to: &text)
            text.add(decimal: tally.last.number)
            text.add(tab)
            add(tally.last.time.nanoseconds, to: &text)
            text.add(escaped(tally.name))
        }
    }

    private static let tab = UInt8(ascii: "\t")

    private static func add(_ number: Int64, to text: inout TextBytes) {
        text.add(decimal: number)
        text.add(tab)
    }

    /// Lines that are no tally are left out.
    static func tallies(_ text: String, capture: UInt32) -> [MessageTally] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 9, let code = UInt32(fields[0]),
                let effect = UInt8(fields[1]).flatMap(MessageEffect.init(rawValue:)), let count = UInt64(fields[3]),
                let first = frame(fields[4], fields[5], capture), let last = frame(fields[6], fields[7], capture)
            else { return nil }
            return MessageTally(
                code: code, name: unescaped(fields[8]), effect: effect, fromClient: fields[2] == "1", count: count,
                first: first, last: last)
        }
    }

    /// `\\`, `\t` and `\n` for what would part fields and lines.
    private static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x5c || $0 == 0x09 || $0 == 0x0a }) else { return name }
        return name.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\t", with: "\\t")
            .replacingOccurrences(of: "\n", with: "\\n")
    }

    private static func unescaped(_ field: Substring) -> String {
        guard field.utf8.contains(0x5c) else { return String(field) }
        var name = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in field.unicodeScalars {
            if isEscaped {
                name.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                name.append(scalar)
            }
        }
        return String(name)
    }

    private static func frame(_ number: Substring, _ time: Substring, _ capture: UInt32) -> FrameRef? {
        guard let number = UInt64(number), let time = Int64(time) else { return nil }
        return FrameRef(capture: capture, number: number, time: Timestamp(nanoseconds: time))
    }
}
