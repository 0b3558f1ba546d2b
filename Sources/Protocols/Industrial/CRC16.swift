import Wire

/// The 16-bit cyclic redundancy checks of fieldbus and telecontrol frames. They prove a frame in a probe, or one that states
/// an identity; nothing is checked frame by frame on the hot path.
enum CRC16 {
    /// CRC-16/DNP (IEEE 1815-2012, 9.2.4.3.3): polynomial 3D65, least significant bit first, complemented at the end.
    static func dnp(_ bytes: RawSpan) -> UInt16 { ~reflected(bytes, polynomial: 0xa6bc, start: 0) }

    /// CRC-16/MODBUS: polynomial 8005, least significant bit first, from all ones (Modbus RTU, Genisys, ROC Plus).
    static func modbus(_ bytes: RawSpan) -> UInt16 { reflected(bytes, polynomial: 0xa001, start: 0xffff) }

    /// CRC-CCITT with all ones at the start (IEEE C37.118.2, annex B): polynomial 1021, most significant bit first.
    static func ccitt(_ bytes: RawSpan) -> UInt16 { plain(bytes, start: 0xffff) }

    /// CRC-CCITT from zero (SAIA S-Bus): polynomial 1021, most significant bit first.
    static func sbus(_ bytes: RawSpan) -> UInt16 { plain(bytes, start: 0) }

    /// The frame check sequence of HDLC (ISO/IEC 13239, annex A): polynomial 1021, least significant bit first, from all ones,
    /// complemented at the end.
    static func hdlc(_ bytes: RawSpan) -> UInt16 { ~reflected(bytes, polynomial: 0x8408, start: 0xffff) }

    private static func plain(_ bytes: RawSpan, start: UInt16) -> UInt16 {
        var crc = start
        var index = 0
        while index < bytes.byteCount {
            crc ^= UInt16(bytes.u8(index)) << 8
            var bit = 0
            while bit < 8 {
                crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1
                bit &+= 1
            }
            index &+= 1
        }
        return crc
    }

    private static func reflected(_ bytes: RawSpan, polynomial: UInt16, start: UInt16) -> UInt16 {
        var crc = start
        var index = 0
        while index < bytes.byteCount {
            crc ^= UInt16(bytes.u8(index))
            var bit = 0
            while bit < 8 {
                crc = crc & 1 != 0 ? crc >> 1 ^ polynomial : crc >> 1
                bit &+= 1
            }
            index &+= 1
        }
        return crc
    }
}
