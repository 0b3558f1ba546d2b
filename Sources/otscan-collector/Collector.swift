import Confinement
import Glibc

/// The only program of otscan with a privilege. It opens an interface for listening, gives up every privilege before
/// the first frame is looked at, and copies frames into a pipe. It reads nothing of what the frames say.
@main
enum Collector {
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        guard let arguments = CollectorArguments(CommandLine.arguments) else { exit(Exit.usage) }
        do throws(CaptureHandle.Failure) {
            let handle = try CaptureHandle(arguments)
            let files = InterfaceFiles(arguments.interface)
            do throws(ConfinementError) {
                try Confinement.dropPrivileges(user: arguments.user, group: arguments.group)
            } catch {
                fail(error.description, Exit.failure)
            }
            try handle.prepare(arguments)
            do throws(ConfinementError) {
                _ = try Confinement.confineCollector(
                    socket: handle.socket, stream: STDOUT_FILENO, log: STDERR_FILENO, control: STDIN_FILENO,
                    counters: files.descriptors)
            } catch {
                fail(error.description, Exit.failure)
            }
            exit(CaptureRun(handle, files, arguments).run())
        } catch {
            fail(error.text, error.exit)
        }
    }

    private static func fail(_ text: String, _ status: Int32) -> Never {
        Log.say("error: \(text)")
        exit(status)
    }
}
