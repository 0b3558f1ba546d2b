import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Message brokers and small devices: MQTT with Sparkplug B, AMQP, CoAP, DDS.
@Suite struct MessagingTests {
    private func text(_ value: String) -> [UInt8] { be16(value.utf8.count) + ascii(value) }
    private func mqtt(_ first: UInt8, _ body: [UInt8]) -> [UInt8] {
        body.count < 128
            ? [first, UInt8(body.count)] + body : [first, UInt8(body.count & 127 | 128), UInt8(body.count >> 7)] + body
    }
    private var connect: [UInt8] {
        mqtt(0x10, text("MQTT") + hex("04 c2 003c") + text("edge-7") + text("press") + text("example"))
    }

    @Test func sparkplugNodesAndCommandsAreRead() {
        var bench = DissectorBench(MQTT.self)
        bench.feed(connect, fromClient: true)
        bench.feed(mqtt(0x20, [0, 0]), fromClient: false)
        let birth = mqtt(0x30, text("spBv1.0/Plant A/NBIRTH/edge-7") + [UInt8](repeating: 0, count: 200))
        bench.feed(birth + mqtt(0x30, text("spBv1.0/Plant A/DBIRTH/edge-7/press-1") + [1]), fromClient: true)
        bench.feed(mqtt(0x30, text("spBv1.0/Plant A/NCMD/edge-7") + [1]), fromClient: true)
        bench.feed(mqtt(0x30, text("line/temperature") + ascii("21")), fromClient: true)
        #expect(bench.values("sparkplug") == ["Plant A/edge-7", "Plant A/edge-7/press-1"])
        #expect(bench.values("mqtt_client_id") == ["edge-7"])
        #expect(bench.values(.user) == ["press"])
        #expect(bench.values(.cleartextCredential) == ["MQTT password"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("example") })
        #expect(bench.effects == [.login, .none, .none, .none, .write, .none])
        #expect(bench.value("broker", about: DissectorBench.server) == "server")
    }

    @Test func mqttIsKnownByItsName() {
        #expect(probe(MQTT.self, connect, port: 9) == .certain(from: .client))
        #expect(probe(MQTT.self, mqtt(0x10, text("MQTX") + [4]), port: 1883) == .no)
        #expect(probe(MQTT.self, mqtt(0x20, [0, 0]), port: 9) == .no)
    }

    private func frame(_ type: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [type, 0, 0] + be16(0) + be16(payload.count) + payload + [0xce]
    }
    private var start: [UInt8] {
        func property(_ name: String, _ value: String) -> [UInt8] {
            [UInt8(name.utf8.count)] + ascii(name) + [0x53] + be16(0) + text(value)
        }
        let table =
            property("product", "RabbitMQ") + property("version", "3.12.1") + property("cluster_name", "rabbit@mes")
        return frame(1, hex("000a000a 0009") + be16(0) + be16(table.count) + table)
    }

    @Test func brokersIntroduceThemselves() {
        var bench = DissectorBench(AMQP.self)
        bench.feed(hex("414d5150 00000901"), fromClient: true)
        bench.feed(start, fromClient: false)
        let answer = hex("000a000b 00000000 05") + ascii("PLAIN") + be16(0) + be16(14) + ascii("\u{0}line2\u{0}example")
        bench.feed(frame(1, answer), fromClient: true)
        #expect(bench.values(.software) == ["RabbitMQ 3.12.1"])
        #expect(bench.values("amqp_cluster") == ["rabbit@mes"])
        #expect(bench.values(.user) == ["line2"])
        #expect(bench.values(.cleartextCredential) == ["AMQP PLAIN password"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("example") })
        #expect(bench.effects == [.none, .none, .login])
        #expect(probe(AMQP.self, hex("414d5150 00000901"), port: 9) == .certain)
        #expect(probe(AMQP.self, start, port: 9) == .no)
        #expect(probe(AMQP.self, start, port: 5672) == .certain)
    }

    @Test func coapIsReadOnItsPort() {
        let get = hex("44 01 1234 aabbccdd b4") + ascii("temp") + hex("c1 00")
        #expect(probe(CoAP.self, get, port: 5683, isTCP: false) == .certain(from: .client))
        #expect(probe(CoAP.self, get, port: 9, isTCP: false) == .no)
        #expect(probe(CoAP.self, Array(get.dropLast()), port: 5683, isTCP: false) == .no)
        var bench = DissectorBench(CoAP.self, isTCP: false)
        bench.feed(get, fromClient: true)
        bench.feed(hex("44 03 1235 aabbccdd ff 31"), fromClient: true)
        bench.feed(hex("64 45 1234 aabbccdd ff 3231"), fromClient: false)
        #expect(bench.effects == [.read, .write, .none])
        #expect(bench.names()[2] == "Response 2.05")
    }

    private var participant: [UInt8] {
        func string(_ value: String) -> [UInt8] {
            let bytes = ascii(value) + [0]
            return le32(bytes.count) + bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        }
        func parameter(_ id: Int, _ value: [UInt8]) -> [UInt8] { le16(id) + le16(value.count) + value }
        let list =
            parameter(0x62, string("arm controller"))
            + parameter(0x59, le32(1) + string("dds.sys_info.hostname") + string("cell-3")) + parameter(1, [])
        let data = hex("0000 1000 00000000 000100c2 0000000001000000 00030000") + list
        return ascii("RTPS") + hex("0203 0101 0102030405060708090a0b0c 1505") + le16(data.count) + data
    }

    @Test func participantsAnnounceThemselves() {
        var bench = DissectorBench(RTPS.self, isTCP: false)
        bench.feed(participant, fromClient: true)
        #expect(bench.values("dds_participant") == ["arm controller"])
        #expect(bench.values(.name) == ["cell-3"])
        #expect(bench.values(.software) == ["RTI Connext DDS"])
        #expect(bench.names() == ["DATA"])
    }

    @Test func nothingHostileTraps() {
        #expect(DissectorBench.torment(MQTT.self, [connect, mqtt(0x30, text("spBv1.0/A/NBIRTH/b") + [1])]) > 2_000)
        #expect(DissectorBench.torment(AMQP.self, [hex("414d515000000901"), start]) > 2_000)
        #expect(DissectorBench.torment(CoAP.self, [hex("44011234aabbccddb474656d70c100")], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(RTPS.self, [participant], isTCP: false) > 1_000)
    }

    @Test func corpusIsRead() throws {
        let folder = "ntop__nDPI/tests/cfgs/default/pcap/"
        guard let mqtt = CaptureCorpus.file(folder + "mqtt.pcap"), let dds = CaptureCorpus.file(folder + "rtps.pcap"),
            let amqp = CaptureCorpus.file(folder + "amqp.pcap"),
            let both = CaptureCorpus.file(folder + "coap_mqtt.pcap")
        else { return }
        let first = try CaptureReading.read(path: mqtt.path)
        #expect(first.observations.first { $0.attribute == .user }?.value.raw == "02D5050223D3")
        #expect(first.conversations.allSatisfy { $0.service == "mqtt" })
        let second = try CaptureReading.read(path: dds.path)
        #expect(second.observations.contains { $0.attribute == "dds_participant" && $0.value.raw == "RTI Shapes Demo" })
        #expect(try CaptureReading.read(path: amqp.path).conversations.allSatisfy { $0.service == "amqp" })
        let services = try CaptureReading.read(path: both.path).conversations.compactMap(\.service)
        #expect(services.filter { $0 == "coap" }.count == 8)
        #expect(services.contains("mqtt"))
    }
}
