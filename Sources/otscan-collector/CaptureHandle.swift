import CPcap
import Glibc

/// The interface, opened through libpcap (pcap(3)).
struct CaptureHandle {
    struct Failure: Error {
        let text: String
        let exit: Int32
    }

    private let handle: OpaquePointer

    /// Opens the interface. Nothing after this needs a privilege.
    init(_ arguments: CollectorArguments) throws(Failure) {
        var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_create(arguments.interface, &text) else {
            throw Failure(text: CaptureHandle.string(text), exit: Exit.failure)
        }
        self.handle = handle
        pcap_set_snaplen(handle, arguments.snapLength)
        pcap_set_promisc(handle, arguments.isPromiscuous ? 1 : 0)
        pcap_set_timeout(handle, arguments.timeout)
        pcap_set_buffer_size(handle, arguments.bufferSize)
        pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
        if arguments.wantsAdapterTime { pcap_set_tstamp_type(handle, PCAP_TSTAMP_ADAPTER_UNSYNCED) }
        let result = pcap_activate(handle)
        if result < 0 { throw failure(result, arguments.interface) }
        if result > 0 {
            // A warning: the capture works, but not quite as asked for.
            let detail = String(cString: pcap_geterr(handle))
            Log.say("warning: " + (detail.isEmpty ? String(cString: pcap_statustostr(result)) : detail))
        }
    }

    private func failure(_ result: Int32, _ interface: String) -> Failure {
        let status = String(cString: pcap_statustostr(result))
        let detail = String(cString: pcap_geterr(handle))
        switch result {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            return Failure(text: "\(interface): no such interface", exit: Exit.unavailable)
        case PCAP_ERROR_IFACE_NOT_UP:
            return Failure(text: "\(interface): the interface is down", exit: Exit.unavailable)
        case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
            return Failure(text: "\(interface): no permission to capture", exit: Exit.noPermission)
        default:
            let why = detail.isEmpty ? status : "\(status): \(detail)"
            return Failure(text: "\(interface): \(why)", exit: Exit.failure)
        }
    }

    /// Chooses link type and filter; the filter's language is read here, without privilege.
    func prepare(_ arguments: CollectorArguments) throws(Failure) {
        if !arguments.linkType.isEmpty {
            let type = pcap_datalink_name_to_val(arguments.linkType)
            guard type >= 0, pcap_set_datalink(handle, type) == 0 else {
                throw Failure(
                    text: "\(arguments.interface) has no link type \(arguments.linkType); it has \(linkTypes)",
                    exit: Exit.usage)
            }
        }
        if !arguments.filter.isEmpty {
            var program = bpf_program()
            // The netmask matters to "ip broadcast" alone, which then matches nothing but 255.255.255.255.
            guard pcap_compile(handle, &program, arguments.filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
                throw Failure(text: "filter: \(String(cString: pcap_geterr(handle)))", exit: Exit.usage)
            }
            defer { pcap_freecode(&program) }
            guard pcap_setfilter(handle, &program) == 0 else { throw failure(PCAP_ERROR, arguments.interface) }
        }
        var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard pcap_setnonblock(handle, 1, &text) == 0 else {
            throw Failure(text: CaptureHandle.string(text), exit: Exit.failure)
        }
    }

    private var linkTypes: String {
        var list: UnsafeMutablePointer<Int32>?
        let count = pcap_list_datalinks(handle, &list)
        defer { pcap_free_datalinks(list) }
        guard count > 0, let list else { return "its own only" }
        return (0..<Int(count)).compactMap { pcap_datalink_val_to_name(list[$0]).map { String(cString: $0) } }
            .joined(separator: ", ")
    }

    var socket: Int32 { pcap_get_selectable_fd(handle) }
    /// As registered (LINKTYPE_), which for all that Linux delivers is the number that libpcap uses itself, but raw IP.
    var linkType: UInt16 {
        let type = pcap_datalink(handle)
        return type == 12 ? 101 : UInt16(truncatingIfNeeded: type)
    }
    var snapLength: UInt32 { UInt32(max(0, pcap_snapshot(handle))) }

    /// Moves what is in the ring into the stream, at most `limit` frames; returns how many, or nil after an error.
    func dispatch(into stream: UnsafeMutablePointer<FrameStream>, limit: Int32) -> Int? {
        let count = pcap_dispatch(
            handle, limit,
            { user, header, bytes in
                guard let user, let header, let bytes else { return }
                // `tv_usec` holds nanoseconds, as was asked for at opening.
                let time = header.pointee.ts
                let seconds = UInt64(max(0, time.tv_sec))
                UnsafeMutableRawPointer(user).assumingMemoryBound(to: FrameStream.self).pointee.add(
                    bytes, captured: header.pointee.caplen, original: header.pointee.len,
                    nanoseconds: seconds &* 1_000_000_000 &+ UInt64(max(0, time.tv_usec)))
            }, UnsafeMutableRawPointer(stream).assumingMemoryBound(to: UInt8.self))
        return count < 0 ? nil : Int(count)
    }

    var error: String { String(cString: pcap_geterr(handle)) }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
