import CLinux
import Glibc

/// Assets, findings and proposals are derived now and then by a process of their own, so that neither the time nor the
/// memory that takes holds the analyser up.
extension Supervisor {
    func deriveWhenDue(_ now: Double) {
        guard deriver == nil, !options.deriver.isEmpty, !captures.isEmpty else { return }
        if isFinishing {
            guard isComplete, wantsDerivation else { return }
        } else {
            guard now >= deriveDue else { return }
        }
        wantsDerivation = false
        startDeriver()
    }

    private func startDeriver() {
        guard let path = options.deriver.first else { return }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        do throws(SupervisionError) {
            let log = try Pipe()
            defer { close(log.writing) }
            linux_set_nonblocking(log.reading)
            let process = try ChildProcess(
                path: path, arguments: Array(options.deriver.dropFirst()), descriptors: [null, null, log.writing])
            deriver = (process, log.reading, LineReader(), Clock.monotonic)
        } catch {
            handler(.message(from: .deriver, "error: \(error)"))
            deriveDue = Clock.monotonic + options.deriveInterval
        }
    }

    func readDeriver() {
        guard var running = deriver else { return }
        let lines = running.lines.read(running.log)
        deriver = running
        guard let lines else {
            deriverEnded(running.process.wait())
            return
        }
        for line in lines { handler(.message(from: .deriver, line)) }
    }

    func deriverEnded(_ ending: ProcessEnding) {
        guard let ended = deriver else { return }
        deriver = nil
        close(ended.log)
        let seconds = Clock.monotonic - ended.began
        if ending == .exited(0) {
            handler(.derived(seconds: seconds))
        } else {
            handler(.message(from: .deriver, "error: ended with \(ending)"))
        }
        // No more than a twentieth of the time is spent on it.
        deriveDue = Clock.monotonic + max(options.deriveInterval, seconds * 20)
    }
}
