import Foundation
import FuzzDriver
import Protocols

// libFuzzer's own main calls these two. Which target runs is in OTSCAN_FUZZ_PROTOCOL; the word `seeds` instead writes the
// seeds of every target below OTSCAN_FUZZ_SEEDS and exits, and `list` names the targets.

private func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

private func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(2)
}

private let target: FuzzTarget = {
    let name = environment("OTSCAN_FUZZ_PROTOCOL") ?? "all"
    guard let target = FuzzTarget(name) else {
        fail("unknown fuzz target \(name); expected a protocol's registry name, all, frames or captures")
    }
    return target
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<Int32>?, _ arguments: UnsafeMutableRawPointer?) -> Int32 {
    switch environment("OTSCAN_FUZZ_PROTOCOL") {
    case "list":
        for entry in ProtocolRegistry.all { print(entry.description.name) }
        exit(0)
    case "seeds":
        guard let captures = environment("OTSCAN_CAPTURES"), let folder = environment("OTSCAN_FUZZ_SEEDS") else {
            fail("seeds need OTSCAN_CAPTURES and OTSCAN_FUZZ_SEEDS")
        }
        print("\(FuzzSeeds.write(from: captures, to: folder)) seeds")
        exit(0)
    default: return 0
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    target.run(bytes.bytes)
    return 0
}
