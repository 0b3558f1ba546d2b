import Glibc

/// Lines to the supervisor.
package struct StatusLine: Sendable {
    private let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    func committed(_ number: UInt64, _ capture: UInt32) { write("committed \(number) \(capture)") }

    package func write(_ line: String) {
        var line = line.filter { $0 != "\n" } + "\n"
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
