import Glibc
import Model

/// What stopped the reading or writing of a capture: which file, where in it, what was expected and what was there.
package struct CaptureError: Error, Hashable, Sendable {
    /// The file's name as given, or "standard input".
    package let file: String
    /// Offset in the capture's bytes, after decompression; nil when the place is no matter.
    package let offset: UInt64?
    package let problem: Problem

    package init(file: String, offset: UInt64? = nil, problem: Problem) {
        self.file = file
        self.offset = offset
        self.problem = problem
    }

    package enum Problem: Hashable, Sendable {
        /// The operating system refused: what was tried, and errno.
        case system(operation: String, code: Int32)
        /// Not a byte in it.
        case empty
        /// The first bytes are no capture that is read here: what they are, and what can be done about it.
        case notACapture(found: String, advice: String?)
        /// The file ends within a part that has begun.
        case cut(part: Part, needed: UInt64, present: UInt64)
        /// A field holds what it cannot hold.
        case invalid(part: Part, expected: String, found: String)
        /// The compressed stream around the capture is damaged.
        case compression(format: String, reason: String)
    }

    /// The part of a capture in which an error lies.
    package enum Part: Hashable, Sendable {
        case fileHeader
        case frame(UInt64)
        case block(type: UInt32)
    }
}

extension CaptureError: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        var line = WireText(file).visible + ": "
        if case .compression(let format, let reason) = problem {
            // Offsets are the uncompressed capture's, which nobody finds in the compressed file.
            let place = offset.map { ", \($0) bytes into the capture" } ?? ""
            return line + "damaged \(format) data\(place): \(reason)"
        }
        if let offset { line += "offset \(offset): " }
        switch problem {
        case .system(let operation, let code):
            line += "cannot \(operation): \(String(cString: strerror(code)))"
        case .empty:
            line += "the file is empty; expected a pcap or pcapng capture"
        case .notACapture(let found, let advice):
            line += "expected a pcap or pcapng capture, found \(found)"
            if let advice { line += "; \(advice)" }
        case .cut(let part, let needed, let present):
            line += "the capture ends within \(part): expected \(needed) bytes, found \(present)"
        case .invalid(let part, let expected, let found):
            line += "\(part): expected \(expected), found \(found)"
        case .compression: break
        }
        return line
    }
}

extension CaptureError.Part: CustomStringConvertible {
    package var description: String {
        switch self {
        case .fileHeader: "the file header"
        case .frame(let number): "frame \(number)"
        case .block(let type): PcapngBlockType(rawValue: type).description
        }
    }
}

/// How the reading of a capture ended.
package enum CaptureEnding: Hashable, Sendable {
    /// Frames may follow: the reader was not yet asked for all.
    case unfinished
    /// The last byte was read and everything was in order.
    case complete
    /// Reading stopped at an error; every frame before it was delivered.
    case damaged(CaptureError)

    /// The error, when there is one.
    package var error: CaptureError? {
        if case .damaged(let error) = self { return error }
        return nil
    }
}
