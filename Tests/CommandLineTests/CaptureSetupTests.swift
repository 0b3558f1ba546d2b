import Foundation
import Testing

/// What surrounds a live capture: interfaces, checks, settings, and how wrong use is told.
@Suite struct CaptureSetupTests {
    @Test func interfacesAreListed() throws {
        let folder = try Folder()
        let document = try JSON.object(try Program.run(["interfaces", "--json"], in: folder).output)
        let names = (document["interfaces"] as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
        #expect(names.contains("lo"))
        let table = try Program.run(["capture", "-D"], in: folder)
        #expect(table.status == 0)
        #expect(table.output.contains("loopback"))
    }

    @Test func theDoctorSaysWhatToDo() throws {
        let folder = try Folder()
        let missing = try Program.run(["doctor", "-i", "nosuch"], in: folder)
        #expect(missing.status == 1)
        #expect(missing.output.contains("FAIL  there is no interface nosuch\n      → otscan interfaces lists them"))
        #expect(missing.output.contains("a capture cannot work as things are"))
        let japanese = try Program.run(["doctor", "-i", "nosuch", "--lang", "ja"], in: folder)
        #expect(japanese.output.contains("nosuch というインタフェースはない"))
        let document = try JSON.object(try Program.run(["doctor", "-i", "lo", "--json"], in: folder).output)
        #expect(document["format"] as? String == "otscan-doctor/1")
        let checks = (document["checks"] as? [[String: Any]])?.compactMap { $0["check"] as? String } ?? []
        #expect(
            Set(checks).isSuperset(of: [
                "interface", "link", "addresses", "ipv6", "offloads", "permission", "confinement", "disk", "clock",
            ]))
        // A folder that is not there is no place for a store.
        let nowhere = try Program.run(["doctor", "-i", "lo", "-o", "no/where.otscan"], in: folder)
        #expect(nowhere.status == 1)
        #expect(nowhere.output.contains("there is no folder"))
    }

    @Test func settingsComeFromFilesAndTheEnvironment() throws {
        let folder = try Folder()
        // What is wrong with an interface tells which one was meant.
        func interface(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
            let errors = try Program.run(["capture"] + arguments, in: folder, environment: environment).errors
            return String(errors.dropFirst("otscan: ".count).prefix { $0 != ":" })
        }
        try folder.write("otscan.yaml", "capture:\n  interface: nosuch-file\n  own: [203.0.113.0/24]\n  quiet: true\n")
        try folder.write("other.yaml", "capture: {interface: nosuch-other}\n")
        let environment = ["OTSCAN_INTERFACE": "nosuch-env"]
        #expect(try interface([]) == "nosuch-file")
        #expect(try interface(["--config", "other.yaml"]) == "nosuch-other")
        #expect(try interface(["--config=other.yaml"], environment) == "nosuch-env")
        #expect(try interface(["-i", "nosuch-typed"], environment) == "nosuch-typed")
        for (text, place) in [
            ("capture:\n  interfce: x\n", "otscan.yaml:2:3: capture: expected one of the keys interface, "),
            ("capture:\n  promiscuous: perhaps\n", "otscan.yaml:2:16: capture.promiscuous: expected true or false"),
            ("capturing: {}\n", "otscan.yaml:1:1: expected one of the keys capture"),
        ] {
            try folder.write("otscan.yaml", text)
            let run = try Program.run(["capture"], in: folder)
            #expect(run.status == 1)
            #expect(run.errors.hasPrefix("otscan: \(place)"), "\(run.errors)")
        }
    }

    @Test func wrongUseIsToldBeforeAnythingIsDone() throws {
        let folder = try Folder()
        for (arguments, text) in [
            ([], "name an interface"), (["-i", "lo", "-C", "5"], "give -w as well"),
            (["-i", "lo", "-w", "x", "-W", "5"], "-W goes with -C or -G"),
            (["-i", "lo", "-f", "tcp", "udp"], "not both"), (["-i", "lo", "--duration", "soon"], "duration"),
            (["-i", "lo", "-c", "0"], "-c"),
        ] {
            let run = try Program.run(["capture"] + arguments, in: folder)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.errors.contains(text), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1)
        }
        let nowhere = try Program.run(["capture", "-i", "lo", "-o", "no/where.otscan"], in: folder)
        #expect(nowhere.status == 1)
        #expect(nowhere.errors.contains("does not exist"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { $0.hasPrefix(".") })
    }
}
