import Evidence
import Foundation
import Model

/// A store opened for a reading command, with the names of its captures.
struct StoreReading: Sendable {
    let store: Store
    let captures: [UInt32: CaptureRecord]

    init(path: String) throws {
        store = try StoreReading.open(path)
        captures = Dictionary(
            try store.captures().map { ($0.id, $0.record) }, uniquingKeysWith: { first, _ in first })
    }

    /// Opens a store that exists.
    static func open(_ path: String) throws -> Store {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw CommandError("\(path): a folder; name the store file, such as plant.otscan")
        }
        return try Store(path: path, create: false)
    }

    func frame(_ reference: FrameRef) -> FrameRecord { FrameRecord(reference, captures[reference.capture]) }

    /// `factory.pcapng#123`
    func label(_ reference: FrameRef) -> String {
        let name = captures[reference.capture].map { WireText($0.name).visible } ?? "capture \(reference.capture)"
        return "\(name)#\(reference.number)"
    }
}

/// A frame as JSON refers to it: by the capture's name and hash, and Wireshark's number.
struct FrameRecord: Encodable, Sendable {
    var capture: String
    var captureSha256: String
    var frame: UInt64
    var time: String

    init(_ reference: FrameRef, _ capture: CaptureRecord?) {
        self.capture = capture.map { WireText($0.name).visible } ?? ""
        captureSha256 = capture?.sha256 ?? ""
        frame = reference.number
        time = reference.time.rfc3339
    }
}

/// Frames and bytes one way, in JSON.
struct VolumeRecord: Encodable, Sendable {
    var frames: UInt64
    var bytes: UInt64

    init(_ volume: Volume) {
        frames = volume.frames
        bytes = volume.bytes
    }
}
