import ArgumentParser
import Model

/// Listens on an interface and keeps a store up to date with what is seen.
struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Listens on a mirror port and keeps a store up to date; never sends.",
        discussion: """
            Letters mean what they mean to tcpdump. Only the small program that opens the interface has a privilege, and it \
            gives that up before it looks at the first frame; the program that reads frames can touch nothing but the store. \
            It ends, and sums up, on SIGINT or SIGTERM; SIGHUP begins the next file, SIGUSR1 prints figures.
            """)

    @Option(
        name: [.customShort("i"), .customLong("interface")],
        help: ArgumentHelp("Interface to listen on.", valueName: "interface"))
    var i: String = ""

    @Flag(name: .customShort("D"), help: "List the interfaces, as otscan interfaces does.")
    var listsInterfaces = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Store to make or to add to.", valueName: "store"))
    var output = "plant.otscan"

    @Option(
        name: [.customShort("w"), .customLong("write")],
        help: ArgumentHelp("Keep the raw frames, too, in this pcapng file.", valueName: "file"))
    var w: String?

    @Option(
        name: [.customShort("C"), .long],
        help: ArgumentHelp("Begin another file after this many million bytes.", valueName: "size"))
    var fileSize: Double?

    @Option(
        name: [.customShort("G"), .long],
        help: ArgumentHelp(
            "Begin another file after this many seconds; the name may hold strftime(3) marks.", valueName: "seconds"))
    var fileSeconds: Double?

    @Option(
        name: [.customShort("W"), .long],
        help: ArgumentHelp(
            "With -C: write over the first after this many files. With -G: end after them.", valueName: "count"))
    var fileCount: Int?

    @Option(
        name: [.customShort("c"), .customLong("count")],
        help: ArgumentHelp("End after this many frames.", valueName: "count"))
    var c: UInt64?

    @Option(help: ArgumentHelp("End after this long, such as 8h or 7d.", valueName: "time"))
    var duration: DurationText?

    @Option(
        name: [.customShort("s"), .customLong("snap-length")],
        help: ArgumentHelp("Bytes to take of each frame.", valueName: "length"))
    var s = 262_144

    @Option(
        name: [.customShort("B"), .long], help: ArgumentHelp("Size of the kernel's buffer in KiB.", valueName: "KiB"))
    var bufferSize = 16_384

    @Flag(
        name: [.customShort("p"), .customLong("no-promiscuous")],
        help: "Do not put the interface into promiscuous mode.")
    var isNotPromiscuous = false

    @Option(
        name: [.customShort("y"), .customLong("link-type")],
        help: ArgumentHelp("Link type, as tcpdump -L names it.", valueName: "type"))
    var y: String?

    @Option(name: .short, help: ArgumentHelp("Capture filter, instead of words at the end.", valueName: "filter"))
    var f: String?

    @Argument(help: "Capture filter, as with tcpdump.")
    var filter: [String] = []

    /// The filter of a settings file, which one on the command line replaces.
    @Option(help: .hidden)
    var standingFilter: String?

    @Option(
        help: ArgumentHelp(
            "Settings file to read after /etc/otscan/otscan.yaml and ./otscan.yaml.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("User that the collector becomes when started by root.", valueName: "name"))
    var user = "nobody"

    @Option(help: ArgumentHelp("Memory for frames that are not analysed yet, in MiB.", valueName: "MiB"))
    var backlog = 256

    @Option(help: ArgumentHelp("Name of the plant, for the report.", valueName: "name"))
    var plant: String?

    @OptionGroup var knowledge: KnowledgeOptions

    @Flag(help: "One JSON document instead of the summary.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but warnings and the summary.")
    var quiet = false

    @OptionGroup var styleOptions: StyleOptions

    func validate() throws {
        if listsInterfaces { return }
        if i.isEmpty { throw ValidationError("name an interface; otscan interfaces lists them") }
        if f != nil, !filter.isEmpty { throw ValidationError("give the filter either with -f or as words, not both") }
        if let fileSize, !(fileSize > 0 && fileSize < 1e9) { throw ValidationError("-C: expected millions of bytes") }
        if let fileSeconds, !(fileSeconds >= 1 && fileSeconds < 1e9) { throw ValidationError("-G: expected seconds") }
        if let fileCount, !(1...1_000_000).contains(fileCount) {
            throw ValidationError("-W: expected a number of files")
        }
        if w == nil, fileSize != nil || fileSeconds != nil || fileCount != nil {
            throw ValidationError("-C, -G and -W say how the file of -w is divided; give -w as well")
        }
        if fileCount != nil, fileSize == nil, fileSeconds == nil { throw ValidationError("-W goes with -C or -G") }
        if !(1...262_144).contains(s) && s != 0 { throw ValidationError("-s: expected 1 to 262144 bytes") }
        if !(64...1_048_576).contains(bufferSize) { throw ValidationError("-B: expected 64 to 1048576 KiB") }
        if !(8...65_536).contains(backlog) { throw ValidationError("--backlog: expected 8 to 65536 MiB") }
        if c == 0 { throw ValidationError("-c: expected at least 1") }
    }

    func run() throws {
        if listsInterfaces {
            let style = styleOptions.style
            return try StandardOutput.write(
                InterfaceList.listing().table(style).lines(style).lines.joined(separator: "\n") + "\n")
        }
        try LiveCapture(self).run()
    }
}
