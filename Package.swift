// swift-tools-version: 6.1
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

/// A target of the house, with the settings that every target shares.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], data: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, exclude: data,
        swiftSettings: house)
}

let package = Package(
    name: "otscan",
    products: [
        .executable(name: "otscan", targets: ["otscan"]),
        .executable(name: "otscan-collector", targets: ["otscan-collector"]),
        .library(name: "Assessment", targets: ["Assessment"]),
        .library(name: "AssessmentFiles", targets: ["AssessmentFiles"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // Every arrow points down; HouseTests reads the imports and fails when one does not.
        .executableTarget(
            name: "otscan",
            dependencies: [
                "Analysis", "Evidence", "Assessment", "AssessmentFiles", "Reporting", "Captures", "Protocols",
                "Signatures", "LedgerFiles", "DeclarationFiles", "Documents", "Embedded", "Model", "Wording", "Review",
                "Spreadsheets", "Supervision", "LiveAnalysis", "CLinux",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),
        // The only program with a privilege: as little as possible in it.
        .executableTarget(
            name: "otscan-collector", dependencies: ["Confinement", "CLinux", "CPcap"], swiftSettings: house),
        room("Supervision", ["Captures", "CLinux", "Model", .product(name: "Crypto", package: "swift-crypto")]),
        room("LiveAnalysis", ["Analysis", "Protocols", "Evidence", "Captures", "Confinement", "CLinux", "Model"]),
        room("Confinement", ["CLinux"]),
        .target(
            name: "Review",
            dependencies: [
                "Evidence", "Assessment", "Reporting", "Wording", "Embedded", "Model",
                .product(name: "FlyingFox", package: "FlyingFox"),
            ], exclude: ["Assets"], swiftSettings: house),
        room("Reporting", ["Evidence", "Assessment", "Wording", "Spreadsheets", "Model"]),
        room("Wording", ["Assessment", "Model"]),
        room(
            "Evidence",
            [
                "Model", "Assessment", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room(
            "Analysis",
            [
                "Protocols", "Wire", "Signatures", "Assessment", "Captures", "Model", "CPrefetch",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        room("Protocols", ["Wire", "Model", .product(name: "Crypto", package: "swift-crypto")]),
        room("Signatures", ["Model", "Embedded", "Documents"]),
        room("AssessmentFiles", ["Assessment", "Documents"]),
        room("Captures", ["Model", "CDecompression", .product(name: "Crypto", package: "swift-crypto")]),
        room("Wire", ["Model"]),
        room("LedgerFiles", ["Model", "Spreadsheets"]),
        room("DeclarationFiles", ["Model", "Documents"]),
        room("Spreadsheets", ["CXLSXWriter", "CZip"]),
        room("Embedded", ["CEmbedded"]),
        room("Documents", [.product(name: "Yams", package: "Yams")]),
        room("Assessment"),
        room("Model"),

        // C at the edges: embedded tables, the two decompressors of compressed captures, libpcap, and what of Linux and of
        // the processor Swift cannot call itself.
        .target(name: "CEmbedded", exclude: ["README.md", "archive.bin", "oui.bin"]),
        .systemLibrary(name: "CXLSXWriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CPcap", providers: [.apt(["libpcap-dev"])]),
        .target(name: "CPrefetch"),
        .target(name: "CLinux", linkerSettings: [.linkedLibrary("seccomp")]),
        .systemLibrary(name: "CDecompression", providers: [.apt(["zlib1g-dev", "libzstd-dev"])]),

        .target(name: "TestSupport", dependencies: ["Model"], path: "Tests/TestSupport", swiftSettings: house),
        // Inputs of the fuzz targets through the engine: for the fuzzer, and for replaying what it found.
        .target(
            name: "FuzzDriver", dependencies: ["Analysis", "Protocols", "Captures", "Wire", "Model"],
            path: "Tests/FuzzDriver", swiftSettings: house),
        // What tests of a live capture need: senders, a tap, a made-up collector, attempts to break out. Never installed.
        .target(name: "CTestCalls", path: "Tests/CTestCalls"),
        .executableTarget(
            name: "live-helper",
            dependencies: [
                "LiveAnalysis", "Analysis", "Protocols", "Evidence", "Captures", "Wire", "Confinement", "CLinux",
                "CTestCalls", "Model",
            ],
            path: "Tests/LiveHelper", swiftSettings: house),
        tests(of: "Supervision", ["Captures"]),
        // Tells under an instruction counter what single protocols cost the frames of others: Scripts/probe_cost.sh.
        .executableTarget(
            name: "probe-cost", dependencies: ["Analysis", "Protocols", "Model"], path: "Tests/ProbeCost",
            swiftSettings: house),
        .testTarget(
            name: "LiveTests", dependencies: ["TestSupport", "otscan", "otscan-collector", "live-helper"],
            swiftSettings: house),
        .testTarget(name: "HouseTests", dependencies: ["TestSupport"], swiftSettings: house),
        tests(of: "Assessment"),
        tests(of: "Documents"),
        tests(of: "AssessmentFiles", ["Assessment", "Documents"]),
        tests(of: "Captures", ["Model", "CDecompression"]),
        tests(of: "Wire", ["Model"]),
        tests(of: "LedgerFiles", ["Model"]),
        tests(of: "DeclarationFiles", ["Model", "Documents"]),
        tests(of: "Protocols", ["Analysis", "Captures", "Wire", "Model", "FuzzDriver"], data: ["Cases"]),
        tests(of: "Signatures", ["Embedded", "Documents", "Model"]),
        tests(
            of: "Analysis", ["Protocols", "Captures", "Wire", "Signatures", "Documents", "Assessment", "Model"],
            data: ["Labels", "Stacks"]),
        tests(
            of: "Evidence",
            ["Analysis", "Captures", "Assessment", "Model", .product(name: "GRDB", package: "GRDB.swift")]),
        tests(of: "Reporting", ["Evidence", "Analysis", "Captures", "Assessment", "AssessmentFiles", "Model"]),
        tests(of: "Review", ["Evidence", "Analysis", "Captures", "Assessment", "AssessmentFiles", "Model"]),
        tests(of: "Spreadsheets", ["AssessmentFiles", "Assessment", "LedgerFiles"]),
        .testTarget(
            name: "CommandLineTests", dependencies: ["TestSupport"], exclude: ["Browser", "Office"],
            swiftSettings: house),
    ]
)

// libFuzzer brings its own main and wants every file instrumented: Scripts/fuzz.sh builds this apart from the products.
if Context.environment["OTSCAN_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzDriver", "Analysis", "Protocols", "Captures", "Wire", "Model"],
            path: "Tests/Fuzz", exclude: ["words.dict"],
            swiftSettings: house + [.unsafeFlags(["-parse-as-library"])]))
}
