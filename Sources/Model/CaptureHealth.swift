/// What one capture segment tells of how the network bore its traffic. Frames are told by number: they are those of the
/// segment itself, whatever number a store gives it.
package struct CaptureHealth: Hashable, Sendable, Codable {
    /// The most that passed within one second, or one minute, of the clock.
    package struct Peak: Hashable, Sendable, Codable {
        /// Bytes on the wire (original length).
        package var bytes: UInt64
        package var begin: Timestamp

        package init(bytes: UInt64, begin: Timestamp) {
            self.bytes = bytes
            self.begin = begin
        }
    }

    /// A TCP conversation in which segments with data were sent again.
    package struct Repeats: Hashable, Sendable, Codable {
        package var key: ConversationKey
        package var client: Endpoint
        package var server: Endpoint
        /// Frames of both directions, and how many of them brought data that had been sent before.
        package var frames: UInt64
        package var repeated: UInt64
        /// Number and time of the first and the last repeated segment.
        package var first: Place
        package var last: Place

        package init(
            key: ConversationKey, client: Endpoint, server: Endpoint, frames: UInt64, repeated: UInt64, first: Place,
            last: Place
        ) {
            self.key = key
            self.client = client
            self.server = server
            self.frames = frames
            self.repeated = repeated
            self.first = first
            self.last = last
        }
    }

    /// What one end sends in a fixed rhythm.
    package struct Cycle: Hashable, Sendable, Codable {
        package var sender: Endpoint
        package var receiver: Endpoint
        /// Registry name.
        package var service: String
        /// Time from one frame to the next: how many such times, their mean and standard deviation, the longest, in
        /// nanoseconds. Pauses of a second and more are left out.
        package var intervals: UInt64
        package var mean: Int64
        package var deviation: Int64
        package var longest: Int64
        /// Intervals of three mean ones or more: a receiver may have missed its data.
        package var missed: UInt64
        /// The frame that ended the longest interval.
        package var longestEnd: Place

        package init(
            sender: Endpoint, receiver: Endpoint, service: String, intervals: UInt64, mean: Int64, deviation: Int64,
            longest: Int64, missed: UInt64, longestEnd: Place
        ) {
            self.sender = sender
            self.receiver = receiver
            self.service = service
            self.intervals = intervals
            self.mean = mean
            self.deviation = deviation
            self.longest = longest
            self.missed = missed
            self.longestEnd = longestEnd
        }
    }

    /// One frame or packet that goes round.
    package struct Loop: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable {
            /// The same frame to a group, again and again within a tenth of a second: a loop of switches.
            case frames
            /// The same packet with less and less time to live: a loop of routers.
            case packets
        }
        package var kind: Kind
        package var sender: Endpoint
        package var receiver: Endpoint
        /// How often the same one came.
        package var copies: UInt64
        package var first: Place
        package var last: Place

        package init(
            kind: Kind, sender: Endpoint, receiver: Endpoint, copies: UInt64, first: Place, last: Place
        ) {
            self.kind = kind
            self.sender = sender
            self.receiver = receiver
            self.copies = copies
            self.first = first
            self.last = last
        }
    }

    /// A frame of the segment.
    package struct Place: Hashable, Sendable, Codable {
        package var number: UInt64
        package var time: Timestamp

        package init(number: UInt64, time: Timestamp) {
            self.number = number
            self.time = time
        }

        /// The frame, when the segment is known by this number.
        package func reference(in capture: UInt32) -> FrameRef {
            FrameRef(capture: capture, number: number, time: time)
        }
    }

    package var busiestSecond: Peak?
    package var busiestMinute: Peak?
    /// The slowest interface's speed in bits per second, as the capture tells it.
    package var linkSpeed: UInt64?
    /// TCP segments with data, and those of them that had been sent before. What the mirror delivers twice is no repeat.
    package var dataSegments: UInt64
    package var repeatedSegments: UInt64
    /// The conversations with the most repeated segments.
    package var repeats: [Repeats]
    /// The least steady first.
    package var cycles: [Cycle]
    package var loops: [Loop]

    package init(
        busiestSecond: Peak? = nil, busiestMinute: Peak? = nil, linkSpeed: UInt64? = nil, dataSegments: UInt64 = 0,
        repeatedSegments: UInt64 = 0, repeats: [Repeats] = [], cycles: [Cycle] = [], loops: [Loop] = []
    ) {
        self.busiestSecond = busiestSecond
        self.busiestMinute = busiestMinute
        self.linkSpeed = linkSpeed
        self.dataSegments = dataSegments
        self.repeatedSegments = repeatedSegments
        self.repeats = repeats
        self.cycles = cycles
        self.loops = loops
    }
}
