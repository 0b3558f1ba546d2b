import Model

/// Writes message tallies as `JSONEncoder` with sorted keys does, many times faster: there is one for nearly every
/// conversation of a plant. `JSONDecoder` reads them.
enum MessageText {
    static func json(_ messages: [MessageTally]) -> String {
        var text = "["
        for (position, message) in messages.enumerated() {
            if position > 0 { text += "," }
            text += "{\"code\":"
            text += String(message.code)
            text += ",\"count\":"
            text += String(message.count)
            text += ",\"effect\":"
            text += String(message.effect.rawValue)
            text += ",\"first\":"
            append(message.first, to: &text)
            text += message.fromClient ? ",\"fromClient\":true" : ",\"fromClient\":false"
            text += ",\"last\":"
            append(message.last, to: &text)
            text += ",\"name\":"
            append(message.name, to: &text)
            text += "}"
        }
        return text + "]"
    }

    private static func append(_ frame: FrameRef, to text: inout String) {
        text += "{\"capture\":"
        text += String(frame.capture)
        text += ",\"number\":"
        text += String(frame.number)
        text += ",\"time\":"
        text += String(frame.time.nanoseconds)
        text += "}"
    }

    /// RFC 8259, 7: quotation mark, reverse solidus and control characters are escaped.
    private static func append(_ name: String, to text: inout String) {
        text += "\""
        if name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) {
            text += name
        } else {
            for scalar in name.unicodeScalars {
                switch scalar {
                case "\"": text += "\\\""
                case "\\": text += "\\\\"
                case "\u{0}"..<" ":
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
