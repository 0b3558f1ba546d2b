import Testing

/// What the lists look like on a terminal.
@Suite struct TerminalTests {
    private static let commands = [
        ["assets"], ["conversations"], ["segments"], ["remote"], ["findings"], ["findings", "--brief"], ["answers"],
        ["coverage"], ["exhibits"], ["ledger", "match"], ["score"], ["assets", "--detail", "192.168.10.60"],
        ["protocols"],
        ["exhibits", "flat-network"],
    ]

    private func plain(_ text: String) -> String { text.replacing(/\u{1b}\[[0-9;]*m/, with: "") }

    @Test(arguments: [UInt16(60), 80, 140], ["ja", "en"])
    func fitsTheWidth(columns: UInt16, language: String) throws {
        let folder = try Folder.withSample()
        try Program.run(["ledger", "import", Program.sample("ledger.csv"), "plant.otscan"], in: folder)
        for command in TerminalTests.commands {
            let store = command == ["protocols"] ? [] : ["plant.otscan"]
            let run = try Program.onTerminal(
                command + store + ["--lang", language], columns: columns, in: folder)
            #expect(run.status == 0)
            #expect(!run.output.isEmpty)
            for line in plain(run.output).split(separator: "\n") {
                #expect(terminalColumns(String(line)) <= columns, "\(command) \(columns): \(line)")
            }
        }
    }

    @Test func theSummaryFitsToo() throws {
        let folder = try Folder()
        for language in ["ja", "en"] {
            let run = try Program.onTerminal(
                ["analyze", Program.sample("factory.pcapng"), "--lang", language], columns: 80, in: folder)
            for line in plain(run.output).split(separator: "\n") {
                #expect(terminalColumns(String(line)) <= 80, "\(line)")
            }
        }
    }

    @Test func coloursFollowTheTerminalAndTheUser() throws {
        let folder = try Folder.withSample()
        func hasColour(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Bool {
            try Program.onTerminal(
                ["assets", "plant.otscan"] + arguments, columns: 80, in: folder, environment: environment
            ).output.contains("\u{1b}[")
        }
        #expect(try hasColour([]))
        #expect(try !hasColour([], ["NO_COLOR": "1"]))
        #expect(try hasColour([], ["NO_COLOR": ""]))
        #expect(try !hasColour([], ["TERM": "dumb"]))
        #expect(try !hasColour(["--color", "never"]))
        #expect(try hasColour(["--color", "always"], ["NO_COLOR": "1"]))
        #expect(
            try Program.run(["assets", "plant.otscan", "--color", "always"], in: folder).output.contains("\u{1b}["))
        #expect(try !Program.run(["assets", "plant.otscan"], in: folder).output.contains("\u{1b}["))
    }

    @Test func columnsMayBeToldByTheEnvironment() throws {
        let folder = try Folder.withSample()
        let narrow = try Program.onTerminal(
            ["assets", "plant.otscan", "--color", "never"], columns: 140, in: folder, environment: ["COLUMNS": "60"])
        #expect(narrow.output.split(separator: "\n").allSatisfy { terminalColumns(String($0)) <= 60 })
    }

    @Test func theLanguageIsThatOfTheLocale() throws {
        let folder = try Folder.withSample()
        func head(_ environment: [String: String], _ arguments: [String] = []) throws -> String {
            try Program.run(["assets", "plant.otscan"] + arguments, in: folder, environment: environment).lines[0]
        }
        #expect(try head(["LANG": "ja_JP.UTF-8"]).hasPrefix("名称"))
        #expect(try head(["LANG": "en_US.UTF-8"]).hasPrefix("NAME"))
        #expect(try head(["LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"]).hasPrefix("名称"))
        #expect(try head(["LANG": "ja_JP.UTF-8", "LC_ALL": "C"]).hasPrefix("NAME"))
        #expect(try head(["LANG": "ja_JP.UTF-8"], ["--lang", "en"]).hasPrefix("NAME"))
    }
}
