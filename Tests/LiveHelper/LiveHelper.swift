import CTestCalls
import Glibc

/// What the tests of a live capture need beside otscan itself: a sender, a tap, a collector that makes its frames up, an
/// analyser that dies of a certain frame, and attempts to do from inside the collector's confinement what it forbids.
@main
enum LiveHelper {
    static func main() throws {
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "send": try Sender.run(Array(arguments.dropFirst()))
        case "tap": try Tap.run(Array(arguments.dropFirst()))
        case "attempt": Attempt.run(Array(arguments.dropFirst()))
        case "live-analyser": try TrappingAnalyser.run(Array(arguments.dropFirst()))
        // As the collector is called, with nothing but options.
        case .some(let first) where first.hasPrefix("--"): try StandIn.run(arguments)
        default: fail("send | tap | attempt | live-analyser | (a collector's options)")
        }
    }

    static func fail(_ text: String) -> Never {
        print("error: \(text)")
        exit(64)
    }

    /// A raw socket on an interface, for all protocols.
    static func socket(on interface: String) -> Int32 {
        let descriptor = packet_socket(interface)
        guard descriptor >= 0 else { fail("\(interface): \(String(cString: strerror(errno)))") }
        return descriptor
    }
}
