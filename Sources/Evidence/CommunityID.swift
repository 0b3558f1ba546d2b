import Crypto
import Foundation
package import Model

extension ConversationKey {
    /// Community ID version 1, by which other tools know the same conversation (github.com/corelight/community-id-spec):
    /// `1:` and the Base64 of the SHA-1 over seed, lower end, upper end, IP protocol, a zero byte and both ports. Nil
    /// where there is no network layer, and for protocols whose ports or types a key does not hold (ICMP, SCTP).
    package func communityID(seed: UInt16 = 0) -> String? {
        let number: UInt8
        switch transport {
        case .tcp, .udp: number = transport.rawValue
        case .ip:
            guard let known = UInt8(exactly: code), ![1, 58, 132].contains(known) else { return nil }
            number = known
        case .ethernet: return nil
        }
        guard a.isV4 == b.isV4 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(40)
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        }
        add(seed)
        for address in [a, b] {
            if let v4 = address.v4 {
                add(v4)
            } else {
                add(address.high)
                add(address.low)
            }
        }
        bytes.append(number)
        bytes.append(0)
        if transport != .ip {
            add(aPort)
            add(bPort)
        }
        return "1:" + Data(Insecure.SHA1.hash(data: bytes)).base64EncodedString()
    }
}
