import Foundation
import Testing

/// Two network namespaces of a test's own with a cable between them: `sender` with interface `a`, `watcher` with `b`. Nothing
/// in them has an address, and IPv6 is off, so that nothing is sent but what a test sends.
final class Wire {
    let sender: String
    let watcher: String
    let a = "wirea"
    let b = "wireb"

    /// Nil, after saying so, where namespaces cannot be made.
    init?() throws {
        // Another one may be there in the same run.
        let number = Int.random(in: 100_000..<1_000_000)
        sender = "ots\(number)a"
        watcher = "ots\(number)b"
        guard Machine.has(["ip", "sysctl"], root: true) else { return nil }
        let script = """
            set -e
            ip netns add \(sender)
            ip netns add \(watcher)
            for n in \(sender) \(watcher); do
                ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
                ip -n $n link set lo up
            done
            """
        let result = try Shell.run(script)
        guard result.status == 0 else {
            print("skipped: network namespaces cannot be made here: \(result.output)")
            _ = try? Shell.run("ip netns del \(sender); ip netns del \(watcher)")
            return nil
        }
        try connect()
    }

    deinit { _ = try? Shell.run("ip netns del \(sender); ip netns del \(watcher)") }

    /// Puts the cable in, with new interfaces at both ends.
    func connect() throws {
        let script = """
            set -e
            ip link add \(a) netns \(sender) type veth peer name \(b) netns \(watcher)
            ip -n \(sender) link set \(a) up
            ip -n \(watcher) link set \(b) up
            command -v ethtool >/dev/null || exit 0
            for end in "\(sender) \(a)" "\(watcher) \(b)"; do
                set -- $end
                ip netns exec $1 ethtool -K $2 tx off rx off gso off tso off gro off >/dev/null 2>&1 || true
            done
            """
        let result = try Shell.run(script)
        #expect(result.status == 0, "\(result.output)")
    }

    /// Takes the cable out, and both interfaces with it.
    func disconnect() throws { try Shell.run("ip -n \(sender) link del \(a)") }

    func setLink(up: Bool) throws { try Shell.run("ip -n \(watcher) link set \(b) \(up ? "up" : "down")") }

    /// Sends made-up frames; as fast as can be where `rate` is 0.
    func send(_ count: Int, _ kind: String = "plain", rate: Int = 0) throws {
        let result = try Shell.run(
            "ip netns exec \(sender) '\(Built.helper)' send \(a) \(count) \(kind) \(rate)")
        #expect(result.status == 0 && result.output.hasPrefix("sent \(count)"), "\(result.output)")
    }
}
