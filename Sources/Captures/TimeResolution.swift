package import Model

/// The unit of an interface's time stamps (pcapng if_tsresol) and what is added to them (if_tsoffset).
package struct TimeResolution: Hashable, Sendable {
    /// Bit 7 clear: units of 10^-n seconds; set: units of 2^-n seconds, n being the other bits.
    package let exponent: UInt8
    /// Seconds added to every time stamp.
    package let offset: Int64

    package static let microseconds = TimeResolution(unchecked: 6, offset: 0)
    package static let nanoseconds = TimeResolution(unchecked: 9, offset: 0)

    private let multiplier: UInt64
    private let divisor: UInt64

    /// Nil when the unit is finer than 64-bit ticks can give sense to: 10^-19 and 2^-63 are the finest.
    package init?(exponent: UInt8, offset: Int64 = 0) {
        guard exponent & 0x7f <= (exponent & 0x80 == 0 ? 19 : 63) else { return nil }
        self.init(unchecked: exponent, offset: offset)
    }

    private init(unchecked exponent: UInt8, offset: Int64) {
        self.exponent = exponent
        self.offset = offset
        if exponent & 0x80 != 0 {
            multiplier = 1_000_000_000
            divisor = 1 << UInt64(exponent & 0x7f)
        } else if exponent <= 9 {
            multiplier = TimeResolution.powerOfTen(9 - exponent)
            divisor = 1
        } else {
            multiplier = 1
            divisor = TimeResolution.powerOfTen(exponent - 9)
        }
    }

    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power &*= 10 }
        return power
    }

    package func with(offset: Int64) -> TimeResolution { TimeResolution(unchecked: exponent, offset: offset) }

    /// The moment that `ticks` stand for; beyond what nanoseconds in 64 bits can hold (the year 2262), that end.
    package func time(ticks: UInt64) -> Timestamp {
        let product = ticks.multipliedFullWidth(by: multiplier)
        var nanoseconds: UInt64
        if divisor == 1 {
            nanoseconds = product.high == 0 ? product.low : .max
        } else if product.high < divisor {
            nanoseconds = divisor.dividingFullWidth(product).quotient
        } else {
            nanoseconds = .max
        }
        nanoseconds = min(nanoseconds, UInt64(Int64.max))
        guard offset != 0 else { return Timestamp(nanoseconds: Int64(nanoseconds)) }
        let added = offset.multipliedReportingOverflow(by: 1_000_000_000)
        let shift = added.overflow ? (offset < 0 ? Int64.min : Int64.max) : added.partialValue
        let sum = Int64(nanoseconds).addingReportingOverflow(shift)
        return Timestamp(nanoseconds: sum.overflow ? (shift < 0 ? Int64.min : Int64.max) : sum.partialValue)
    }
}

extension TimeResolution: CustomStringConvertible {
    package var description: String {
        exponent & 0x80 == 0 ? "10^-\(exponent) s" : "2^-\(exponent & 0x7f) s"
    }
}
