import Analysis
import Model
import TestSupport
import Testing

/// What is derived costs in proportion to what was read.
@Suite struct DeriveCostTests {
    /// A plant of so many hosts, each of which asks some servers and is asked by some.
    private static func plant(_ hosts: Int) -> CaptureResult {
        var random = SplitMix(seed: 7)
        var plant = MadePlant()
        let all = (0..<hosts).map { number -> MadePlant.Host in
            let subnet = UInt32(number / 200) << 8
            let address: UInt32 = 0xc0a8_0000 + subnet + UInt32(number % 200)
            let mac: UInt64 = 0x0030_de00_0000 + UInt64(number)
            return MadePlant.Host(mac: MACAddress(bits: mac), ip: IPAddress(v4: address), vlan: 0)
        }
        let services: [(String, UInt16)] = [("modbus", 502), ("http", 80), ("smb", 445), ("ssh", 22), ("dns", 53)]
        for (number, host) in all.enumerated() {
            for _ in 0..<6 {
                let (service, port) = services[Int(random.next() % 5)]
                // Mostly within its own subnet, as in a works.
                let near = number / 200 * 200 + Int(random.next() % 200)
                let peer = all[random.next() % 8 == 0 ? Int(random.next() % UInt64(hosts)) : min(near, hosts - 1)]
                plant.talk(host, peer, service, port: port)
            }
            if number % 50 == 0 {
                plant.arrive(MadePlant.outside("203.0.113.7"), host, "vnc", port: 5900, by: all[0].mac)
            }
        }
        return plant.result()
    }

    private static func time(_ hosts: Int) -> Duration {
        let result = plant(hosts)
        return (0..<3).map { _ in
            let started = ContinuousClock.now
            _ = PlantAnalysis.derive([result])
            return ContinuousClock.now - started
        }.min() ?? .zero
    }

    @Test func costIsLinear() {
        _ = DeriveCostTests.time(100)
        let small = DeriveCostTests.time(500)
        let large = DeriveCostTests.time(4_000)
        print("derived 500 hosts in \(small), 4000 in \(large)")
        // Eight times as much; twice the proportion is left for caches and for other tests at work.
        #expect(large < small * 24)
    }
}
