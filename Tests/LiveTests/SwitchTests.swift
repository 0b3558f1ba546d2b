import Foundation
import Testing

/// A live capture on the mirror port of a real switch, Open vSwitch.
@Suite(.serialized) struct SwitchTests {
    @Test func whatTheMirrorPortOfASwitchSendsIsSeenAndNothingIsSentToIt() throws {
        guard let network = try MirroringSwitch() else { return }
        let folder = try Folder()
        let capture = try Capture(["-i", "eth0", "--duration", "6"], in: folder, namespace: network.watcher)
        try capture.waitUntilListening()
        try network.send(2000, rate: 2000)
        let summary = try capture.summary()
        #expect(summary.status == 0, "\(capture.messages)")
        #expect(summary.received == 2000)
        #expect(summary.analysed == 2000)
        summary.expectBalance()
        #expect(summary.assets == 8)
        // The port is in VLAN 10 without a tag; the mirror tells by a tag.
        let conversations = try Shell.run("'\(Built.otscan)' conversations --json plant.otscan", in: folder).output
        #expect(conversations.contains("\"vlan\":10") && !conversations.contains("\"vlan\":0"))
        // The switch itself counts what came from the collector, and what came from the station.
        #expect(try network.received(from: "watcher") == 0)
        #expect(try network.received(from: "station") == 2000)
    }
}

/// A switch with two ports: one in VLAN 10, without a tag, to a station; one that mirrors everything. Each of the three is in
/// a network namespace of its own.
final class MirroringSwitch {
    private static let number = Int.random(in: 10_000..<99_999)
    private let folder: Folder
    private let itself = "ots\(number)s"
    private let station = "ots\(number)t"
    let watcher = "ots\(number)w"

    /// Nil, after saying so, where there can be no such switch.
    init?() throws {
        guard Machine.has(["ip", "sysctl", "ethtool", "ovs-vsctl", "ovs-vswitchd", "ovsdb-server"], root: true) else {
            return nil
        }
        folder = try Folder()
        // Who waits for the script waits for whoever has its descriptors, so a daemon must not get them.
        let script = """
            set -e
            for n in \(itself) \(station) \(watcher); do
                ip netns add $n
                ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
            done
            for n in station:\(station) watcher:\(watcher); do
                ip link add eth0 netns ${n#*:} type veth peer name ${n%:*} netns \(itself)
                ip -n ${n#*:} link set eth0 up
                ip -n \(itself) link set ${n%:*} up
                ip netns exec ${n#*:} ethtool -K eth0 tx off gso off tso off gro off >/dev/null 2>&1 || true
                ip netns exec \(itself) ethtool -K ${n%:*} tx off gso off tso off gro off >/dev/null 2>&1 || true
            done
            daemon() (
                for fd in $(ls /proc/$BASHPID/fd); do [ $fd -le 2 ] || eval "exec $fd>&-"; done
                exec ip netns exec \(itself) "$@" --detach --no-chdir --pidfile=$PWD/$1.pid --log-file=$PWD/$1.log \
                    </dev/null >/dev/null 2>&1
            )
            export OVS_RUNDIR=$PWD OVS_LOGDIR=$PWD OVS_DBDIR=$PWD
            ovsdb-tool create conf.db /usr/share/openvswitch/vswitch.ovsschema
            daemon ovsdb-server conf.db --remote=punix:$PWD/db.sock
            \(control) --no-wait init
            daemon ovs-vswitchd unix:$PWD/db.sock
            \(control) add-br br0 -- set bridge br0 datapath_type=netdev other-config:forward-bpdu=true -- \
                add-port br0 station tag=10 -- add-port br0 watcher -- --id=@out get port watcher -- \
                --id=@mirror create mirror name=mirror select-all=true output-port=@out -- \
                set bridge br0 mirrors=@mirror
            """
        let result = try Shell.run(script, in: folder)
        guard result.status == 0 else {
            print("skipped: Open vSwitch does not run here: \(result.output)")
            end()
            return nil
        }
    }

    deinit { end() }

    private func end() {
        // They were born with the signals blocked that the test program's threads block; this one nobody can.
        _ = try? Shell.run(
            "for f in *.pid; do kill -KILL $(cat $f); done; for n in \(itself) \(station) \(watcher); do ip netns del $n; done",
            in: folder)
    }

    private var control: String { "ovs-vsctl --db=unix:'\(folder.path)/db.sock' --timeout=15" }

    /// Sends made-up frames from the station.
    func send(_ count: Int, rate: Int) throws {
        let result = try Shell.run(
            "ip netns exec \(station) '\(Built.helper)' send eth0 \(count) plain \(rate)")
        #expect(result.status == 0 && result.output.hasPrefix("sent \(count)"), "\(result.output)")
    }

    /// Frames that came to the switch on a port, as it counts itself; its figures are up to five seconds old.
    func received(from port: String) throws -> Int {
        let result = try Shell.run("sleep 5; \(control) get interface \(port) statistics:rx_packets")
        return try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(result.output)")
    }
}
