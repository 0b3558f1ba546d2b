/// Makers by their number in the registry of PROFIBUS & PROFINET International, as far as their device description files or
/// captures show it; others are shown by number.
enum ProfinetVendor {
    static func name(_ id: UInt16) -> String? { names[id] }

    private static let names: [UInt16: String] = [
        0x002a: "Siemens",
        0x00b0: "Phoenix Contact",
        0x010a: "SEW-Eurodrive",
        0x010c: "HMS Industrial Networks",
        0x011d: "WAGO",
        0x011e: "Hilscher",
        0x0120: "Beckhoff Automation",
        0x012f: "Murrelektronik",
        0x014d: "Festo",
        0x015a: "GE Intelligent Platforms",
    ]
}
