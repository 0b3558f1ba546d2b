import Crypto
import Foundation
import Glibc
import Synchronization

/// What came from a stream that cannot be rewound, kept so that the few frames that prove something can be read again.
///
/// Which frames those are is known only when everything was read, for many are the last of their kind; so the stream is
/// kept whole, in a file without a name that only this process can open and that is gone with it. It is encrypted under a key
/// that is nowhere but in memory: passwords in the stream do not reach the disk, not even as deleted blocks.
///
/// The file is a row of chunks of `chunkSize` bytes, each sealed with AES-GCM (12 bytes nonce, ciphertext, 16 bytes tag).
final class CaptureSpool: Sendable {
    static let chunkSize = 256 * 1024
    private static let sealedSize = chunkSize + 28
    /// No more than this of a stream is kept.
    static let defaultLimit: UInt64 = 16 << 30

    private struct State {
        var descriptor: Int32 = -1
        var chunks = 0
        /// What does not yet fill a chunk.
        var open: [UInt8] = []
        var isGivenUp = false
    }

    private let key = SymmetricKey(size: .bits128)
    private let limit: UInt64
    private let state = Mutex(State())

    init(limit: UInt64 = defaultLimit) { self.limit = limit }

    deinit { state.withLock { if $0.descriptor >= 0 { _ = close($0.descriptor) } } }

    /// True when the stream was too long or the disk too full: nothing is kept then.
    var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

    func append(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            if state.isGivenUp { return }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = min(rest.count, CaptureSpool.chunkSize - state.open.count)
                state.open.append(contentsOf: rest.prefix(count))
                rest = rest.dropFirst(count)
                if state.open.count == CaptureSpool.chunkSize, !seal(&state) {
                    giveUp(&state)
                    return
                }
            }
        }
    }

    /// The chunk in which `offset` lies, from `offset` on; empty behind the end.
    func bytes(at offset: UInt64) -> ArraySlice<UInt8> {
        state.withLock { state in
            let index = Int(clamping: offset / UInt64(CaptureSpool.chunkSize))
            let within = Int(offset % UInt64(CaptureSpool.chunkSize))
            if index == state.chunks { return state.open.dropFirst(within) }
            guard index < state.chunks, let chunk = unseal(index, state) else { return [] }
            return chunk.dropFirst(within)
        }
    }

    private func seal(_ state: inout State) -> Bool {
        guard UInt64(state.chunks + 1) * UInt64(CaptureSpool.chunkSize) <= limit else { return false }
        if state.descriptor < 0 { state.descriptor = CaptureSpool.openUnnamed() }
        guard state.descriptor >= 0, let sealed = try? AES.GCM.seal(state.open, using: key).combined else {
            return false
        }
        var done = 0
        while done < sealed.count {
            let count = sealed.withUnsafeBytes { bytes in
                pwrite(
                    state.descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(state.chunks * CaptureSpool.sealedSize + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        state.chunks += 1
        state.open.removeAll(keepingCapacity: true)
        return true
    }

    private func unseal(_ index: Int, _ state: State) -> [UInt8]? {
        var sealed = [UInt8](repeating: 0, count: CaptureSpool.sealedSize)
        var done = 0
        while done < sealed.count {
            let count = sealed.withUnsafeMutableBytes { bytes in
                pread(
                    state.descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
                    off_t(index * CaptureSpool.sealedSize + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            done += count
        }
        guard let box = try? AES.GCM.SealedBox(combined: sealed), let chunk = try? AES.GCM.open(box, using: key) else {
            return nil
        }
        return [UInt8](chunk)
    }

    /// Leaves the room to the results, which matter more.
    private func giveUp(_ state: inout State) {
        state.isGivenUp = true
        if state.descriptor >= 0 { _ = close(state.descriptor) }
        state = State(isGivenUp: true)
    }

    /// A file without a name in the folder for temporary files, open to this user alone; -1 when there can be none.
    private static func openUnnamed() -> Int32 {
        let environment = getenv("TMPDIR").map { String(cString: $0) }
        for folder in [environment, "/var/tmp", "/tmp"].compactMap({ $0 }) {
            // O_TMPFILE (open(2)) is a macro of several flags that Swift does not import.
            let descriptor = open(folder, O_RDWR | O_CLOEXEC | O_DIRECTORY | 0o20000000, 0o600)
            if descriptor >= 0 { return descriptor }
            var template = Array("\(folder)/otscan-XXXXXX".utf8CString)
            let named = mkstemp(&template)
            if named >= 0 {
                unlink(template)
                _ = fcntl(named, F_SETFD, FD_CLOEXEC)
                return named
            }
        }
        return -1
    }
}

/// Hands on what it reads and keeps it in a spool as well.
final class SpoolingSource: ByteSource {
    private let upstream: any ByteSource
    private let spool: CaptureSpool

    init(upstream: any ByteSource, spool: CaptureSpool) {
        self.upstream = upstream
        self.spool = spool
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError) -> Int {
        let count = try upstream.read(into: buffer)
        spool.append(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        return count
    }
}

/// A spool read from an offset on.
final class SpoolSource: ByteSource {
    private let spool: CaptureSpool
    private var offset: UInt64
    private var chunk: ArraySlice<UInt8> = []

    init(_ spool: CaptureSpool, at offset: UInt64) {
        self.spool = spool
        self.offset = offset
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if chunk.isEmpty { chunk = spool.bytes(at: offset) }
        let count = min(buffer.count, chunk.count)
        buffer.copyBytes(from: chunk.prefix(count))
        chunk = chunk.dropFirst(count)
        offset &+= UInt64(count)
        return count
    }
}
