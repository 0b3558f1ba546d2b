import Foundation
import Model
import Protocols
import Testing

@Suite struct DatabaseTests {
    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    private func be32(_ value: Int) -> [UInt8] { be16(value >> 16) + be16(value & 0xffff) }
    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { le16(Int($0)) } }

    // MARK: SQL Server

    private func tds(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 1] + be16(body.count + 8) + [0, 0, 1, 0] + body
    }
    private func prelogin(_ version: [UInt8], _ encryption: UInt8) -> [UInt8] {
        hex("00 000b 0006 01 0011 0001 ff") + version + [encryption]
    }
    private var login: [UInt8] {
        var texts: [UInt8] = []
        var table: [UInt8] = []
        // Host, user, password, application, server, extension, library, language, database.
        for text in ["HMI-PC-3", "hist", "geheim", "FactoryTalk", "SQL-1", "", "ODBC", "", "Historian"] {
            table += le16(94 + texts.count) + le16(text.utf16.count)
            texts += utf16(text)
        }
        table += zeros(6) + le16(0) + le16(0)
        let fixed = le32(94 + texts.count) + hex("04000074") + zeros(28)
        return tds(16, fixed + table + zeros(94 - fixed.count - table.count) + texts)
    }

    @Test func tdsNamesBothEnds() {
        let request = tds(18, prelogin(hex("0b000c380000"), 2))
        #expect(probe(TDS.self, request) == .certain(from: .client))
        #expect(probe(TDS.self, login) == .certain(from: .client))
        #expect(probe(TDS.self, hex("0301 0006 0000 0000 0000 0000")) == .no)
        var bench = DissectorBench(TDS.self)
        bench.feed(request, fromClient: true)
        bench.feed(tds(4, prelogin(hex("0f0007d00000"), 2)), fromClient: false)
        bench.feed(login, fromClient: true)
        let name = utf16("Microsoft SQL Server")
        let token = [UInt8(1)] + hex("74000004") + [20] + name + hex("0f0007d0")
        bench.feed(tds(4, [0xad] + le16(token.count) + token), fromClient: false)
        #expect(bench.value("server_version", about: DissectorBench.server) == "Microsoft SQL Server 15.0.2000")
        #expect(bench.value("host_name", about: DissectorBench.client) == "HMI-PC-3")
        #expect(bench.value("application_name") == "FactoryTalk")
        #expect(bench.value("user_name") == "hist")
        #expect(bench.values("database") == ["Historian"])
        #expect(bench.values(.cleartextCredential) == ["TDS login"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.names() == ["PRELOGIN", "PRELOGIN", "LOGIN7", "LOGINACK"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func sqlBrowserListsInstances() {
        let text = ascii("ServerName;SQL-1;InstanceName;WINCC;IsClustered;No;Version;15.0.2000.5;tcp;49172;;")
        let answer = [5] + le16(text.count) + text
        #expect(probe(SQLServerResolution.self, answer, isTCP: false) == .certain(from: .server))
        #expect(probe(SQLServerResolution.self, [2], port: 1_434, isTCP: false) == .possible(from: .client))
        #expect(probe(SQLServerResolution.self, [2], port: 1_435, isTCP: false) == .no)
        var bench = DissectorBench(SQLServerResolution.self, isTCP: false)
        bench.feed(answer, fromClient: false)
        #expect(bench.value("server_name") == "SQL-1")
        #expect(bench.value("instance_name") == "WINCC")
        #expect(bench.value("version") == "Microsoft SQL Server 15.0.2000.5")
    }

    // MARK: MySQL, PostgreSQL, Oracle

    private func mysql(_ number: UInt8, _ body: [UInt8]) -> [UInt8] { le16(body.count) + [0, number] + body }
    private var greeting: [UInt8] {
        mysql(
            0,
            [10] + ascii("5.5.5-10.6.12-MariaDB\0") + le32(9) + zeros(8) + [0] + hex("fff7 21 0200 ff81 15") + zeros(23)
        )
    }
    private var answer: [UInt8] {
        mysql(1, hex("84a6ff20 00000001 21") + zeros(23) + ascii("hist\0") + [20] + [UInt8](repeating: 9, count: 20))
    }

    @Test func mysqlNamesVersionAndAccount() {
        #expect(probe(MySQL.self, greeting) == .certain(from: .server))
        var bench = DissectorBench(MySQL.self)
        bench.feed(greeting, fromClient: false)
        bench.feed(answer, fromClient: true)
        bench.feed(mysql(2, hex("00000002000000")), fromClient: false)
        bench.feed(mysql(0, [3] + ascii("select 1")), fromClient: true)
        #expect(bench.value("server_version", about: DissectorBench.server) == "MariaDB 10.6.12-MariaDB")
        #expect(bench.value("user") == "hist")
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.names() == ["greeting", "login", "COM_QUERY"])
    }

    @Test func lostMySQLLoginLeavesThePasswordAlone() {
        var bench = DissectorBench(MySQL.self)
        bench.feed(greeting, fromClient: false)
        bench.d.afterGap = true
        bench.feed(mysql(3, ascii("sehr geheim\0")), fromClient: true)
        bench.d.afterGap = false
        bench.feed(mysql(3, ascii("sehr geheim\0")), fromClient: true)
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    private var startup: [UInt8] {
        let pairs = ascii("user\0hist\0database\0plant\0application_name\0collector\0\0")
        return be32(8 + pairs.count) + be32(0x30000) + pairs
    }

    @Test func postgresTellsLoginAndVersion() {
        #expect(probe(PostgreSQL.self, startup) == .certain(from: .client))
        #expect(probe(PostgreSQL.self, be32(8) + be32(80_877_103)) == .certain(from: .client))
        var bench = DissectorBench(PostgreSQL.self)
        bench.feed(be32(8) + be32(80_877_103), fromClient: true)
        bench.feed(ascii("N"), fromClient: false)
        bench.feed(startup, fromClient: true)
        bench.feed(ascii("R") + be32(8) + be32(3), fromClient: false)
        bench.feed(ascii("p") + be32(11) + ascii("geheim\0"), fromClient: true)
        let setting = ascii("server_version\014.5\0")
        bench.feed(ascii("R") + be32(8) + be32(0) + ascii("S") + be32(4 + setting.count) + setting, fromClient: false)
        #expect(bench.value("ssl_answer") == "PostgreSQL without TLS")
        #expect(bench.value("user") == "hist")
        #expect(bench.value("application_name") == "collector")
        #expect(bench.value("server_version", about: DissectorBench.server) == "PostgreSQL 14.5")
        #expect(bench.values(.cleartextCredential) == ["PostgreSQL"])
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    private var connect: [UInt8] {
        let text = ascii(
            "(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=MES)(CID=(PROGRAM=mes.exe)(HOST=MES-1)(USER=kato))))")
        let body =
            hex("013c 012c 0c41 2000 ffff 7f08 0000 0100") + be16(text.count) + be16(58) + zeros(58 - 28) + text
        return be16(8 + body.count) + hex("0000 01 00 0000") + body
    }

    @Test func oracleNamesClient() {
        #expect(probe(OracleTNS.self, connect) == .certain(from: .client))
        var bench = DissectorBench(OracleTNS.self)
        bench.feed(connect, fromClient: true)
        #expect(bench.value("host", about: DissectorBench.client) == "MES-1")
        #expect(bench.value("program") == "mes.exe")
        #expect(bench.value("service_name") == "MES")
        #expect(bench.values(.user) == ["kato"])
    }

    // MARK: Redis, MongoDB

    @Test func redisCountsCommandsAndKeepsNoPassword() {
        let commands = ascii("*3\r\n$4\r\nAUTH\r\n$4\r\nhist\r\n$6\r\ngeheim\r\n*1\r\n$4\r\nINFO\r\n")
        #expect(probe(Redis.self, commands) == .certain(from: .client))
        #expect(probe(Redis.self, ascii("*** system ***\r\n")) == .no)
        var bench = DissectorBench(Redis.self)
        bench.feed(commands, fromClient: true)
        bench.feed(
            ascii("$90\r\n# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux 6.1\r\n"),
            fromClient: false)
        #expect(bench.names() == ["AUTH", "INFO"])
        #expect(bench.effects == [.login, .none])
        #expect(bench.value("auth_user") == "hist")
        #expect(bench.value("redis_version") == "Redis 7.0.15")
        #expect(bench.value("os") == "Linux 6.1")
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    private func document(_ elements: [UInt8]) -> [UInt8] { le32(elements.count + 5) + elements + [0] }
    private func string(_ name: String, _ value: String) -> [UInt8] {
        [2] + ascii(name + "\0") + le32(value.utf8.count + 1) + ascii(value + "\0")
    }
    private func nested(_ name: String, _ elements: [UInt8]) -> [UInt8] {
        [3] + ascii(name + "\0") + document(elements)
    }
    private var hello: [UInt8] {
        let client = nested(
            "client",
            nested("driver", string("name", "PyMongo") + string("version", "4.6"))
                + nested("os", string("type", "Linux") + string("name", "Debian") + string("version", "12")))
        let body = le32(0) + [0] + document([0x10] + ascii("hello\0") + le32(1) + client)
        return le32(16 + body.count) + le32(1) + le32(0) + le32(2_013) + body
    }

    @Test func mongoNamesDriver() {
        #expect(probe(MongoDB.self, hello) == .certain(from: .client))
        #expect(probe(MongoDB.self, le32(60) + le32(1) + le32(0) + le32(2_014) + zeros(44)) == .no)
        var bench = DissectorBench(MongoDB.self)
        bench.feed(hello, fromClient: true)
        #expect(bench.value("driver") == "PyMongo 4.6")
        #expect(bench.value("os") == "Debian 12")
        #expect(bench.names() == ["OP_MSG"])
    }

    // MARK: Files and disks

    private var nfsCall: [UInt8] {
        be32(0x0102_0304) + be32(0) + be32(2) + be32(100_003) + be32(3) + be32(7) + be32(1) + be32(28) + be32(5)
            + be32(5)
            + ascii("mes-1", padTo: 8) + be32(1_000) + be32(1_000) + zeros(12)
    }

    @Test func oncRPCNamesTheClientAndProgram() {
        #expect(probe(ONCRPC.self, nfsCall, isTCP: false) == .certain(from: .client))
        #expect(probe(ONCRPC.self, [0x80, 0] + be16(nfsCall.count) + nfsCall) == .certain(from: .client))
        var bench = DissectorBench(ONCRPC.self, isTCP: false)
        bench.feed(nfsCall, fromClient: true)
        bench.feed(be32(0x0102_0304) + be32(1) + be32(0) + zeros(12), fromClient: false)
        #expect(bench.value("machine_name", about: DissectorBench.client) == "mes-1")
        #expect(bench.names() == ["NFS WRITE"])
        #expect(bench.values(.role) == ["file_server"])
        #expect(bench.value("program", about: DissectorBench.server) == "NFS")
    }

    private var iscsiLogin: [UInt8] {
        let text = ascii("InitiatorName=iqn.1991-05.com.microsoft:mes-1\0TargetName=iqn.2000-01.com.example:disk\0")
        return hex("43 87 0000 00") + [0] + be16(text.count) + zeros(40) + text + zeros((4 - text.count % 4) % 4)
    }

    @Test func iscsiNamesBothEnds() {
        #expect(probe(ISCSI.self, iscsiLogin) == .certain(from: .client))
        var bench = DissectorBench(ISCSI.self)
        bench.feed(iscsiLogin, fromClient: true)
        #expect(bench.value("initiator_name", about: DissectorBench.client) == "iqn.1991-05.com.microsoft:mes-1")
        #expect(bench.value("target_name", about: DissectorBench.server) == "iqn.2000-01.com.example:disk")
    }

    // MARK: Messages and monitoring

    private var zabbixAgent: [UInt8] {
        let text = ascii("{\"request\":\"active checks\",\"host\":\"MES-1\"}")
        return ascii("ZBXD") + [1] + le32(text.count) + zeros(4) + text
    }

    @Test func zabbixNamesItsAgents() {
        #expect(probe(Zabbix.self, zabbixAgent) == .certain)
        var bench = DissectorBench(Zabbix.self)
        bench.serverPort = 10_051
        bench.feed(zabbixAgent, fromClient: true)
        #expect(bench.value("host", about: DissectorBench.client) == "MES-1")
        #expect(bench.value("trapper", about: DissectorBench.server) == "server")
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(Zabbix.self, [zabbixAgent]) > 1_000)
        #expect(DissectorBench.torment(TDS.self, [login, tds(4, prelogin(hex("0f0007d00000"), 2))]) > 2_000)
        #expect(
            DissectorBench.torment(SQLServerResolution.self, [[5, 9, 0] + ascii("ServerName;A;;")], isTCP: false)
                > 1_000)
        #expect(DissectorBench.torment(MySQL.self, [greeting, answer]) > 2_000)
        #expect(DissectorBench.torment(PostgreSQL.self, [startup, ascii("R") + be32(8) + be32(3)]) > 2_000)
        #expect(DissectorBench.torment(OracleTNS.self, [connect]) > 1_000)
        #expect(
            DissectorBench.torment(Redis.self, [ascii("*2\r\n$3\r\nGET\r\n$1\r\na\r\n"), ascii("*1\r\n$")]) > 2_000)
        #expect(DissectorBench.torment(MongoDB.self, [hello]) > 1_000)
        #expect(DissectorBench.torment(ONCRPC.self, [nfsCall, nfsCall], isTCP: false) > 2_000)
        #expect(DissectorBench.torment(ONCRPC.self, [[0x80, 0] + be16(nfsCall.count) + nfsCall]) > 1_000)
        #expect(DissectorBench.torment(ISCSI.self, [iscsiLogin]) > 1_000)
    }
}
