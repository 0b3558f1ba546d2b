import Foundation

/// What a column of a list holds.
package enum LedgerField: String, Sendable, CaseIterable {
    case key, name, address, mac, vendor, model, serial, hostname, location, owner
}

/// The headings that lists use, in Japanese and English.
enum Headings {
    private static let synonyms: [LedgerField: [String]] = [
        .key: [
            "管理番号", "資産番号", "資産管理番号", "台帳番号", "機器番号", "設備番号", "固定資産番号", "no", "番号", "項番", "id", "key", "assetid",
            "assetno", "assetnumber", "assettag", "tag", "inventorynumber", "controlnumber",
        ],
        .name: [
            "名前", "名称", "機器名", "機器名称", "装置名", "装置名称", "設備名", "設備名称", "資産名", "資産名称", "品名", "端末名", "name", "assetname",
            "asset", "device", "devicename", "equipment", "equipmentname", "machine",
        ],
        .address: [
            "ip", "ipアドレス", "ipアドレス範囲", "ipaddress", "ipaddr", "ipv4", "ipv4アドレス", "ipv4address", "ipv6", "ipv6アドレス",
            "ipv6address", "アドレス", "address", "ネットワークアドレス", "addresses", "ipaddresses", "ips",
        ],
        .mac: [
            "mac", "macアドレス", "macaddress", "macaddr", "物理アドレス", "physicaladdress", "ハードウェアアドレス", "hardwareaddress",
            "ethernetaddress", "イーサネットアドレス", "macs", "macaddresses",
        ],
        .vendor: [
            "メーカー", "メーカ", "メーカー名", "メーカ名", "製造元", "製造者", "製造会社", "製造業者", "ベンダー", "ベンダ", "ベンダー名", "vendor",
            "vendorname", "manufacturer", "maker", "make", "brand",
        ],
        .model: [
            "型番", "型式", "型名", "形式", "形名", "機種", "機種名", "製品名", "モデル", "モデル名", "製品型番", "model", "modelname",
            "modelnumber",
            "modelno", "type", "product", "productname", "partnumber", "partno",
        ],
        .serial: [
            "シリアル", "シリアル番号", "シリアルno", "シリアルナンバー", "製造番号", "製番", "機番", "s/n", "serial", "serialnumber", "serialno",
            "sn",
        ],
        .hostname: [
            "ホスト名", "ホスト", "コンピュータ名", "コンピューター名", "マシン名", "pc名", "ノード名", "dns名", "hostname", "host", "computername",
            "nodename", "fqdn", "dnsname", "netbiosname",
        ],
        .location: [
            "設置場所", "場所", "設置箇所", "設置先", "所在", "所在地", "保管場所", "拠点", "建屋", "ロケーション", "location", "place", "site",
            "installedat", "installationlocation",
        ],
        .owner: [
            "管理者", "管理責任者", "管理部署", "担当", "担当者", "担当部署", "責任者", "所有者", "使用者", "利用者", "主管部署", "所管", "部署", "owner",
            "responsible", "responsibleperson", "custodian", "contact", "department", "user", "administrator",
        ],
    ]

    private static let fields: [String: LedgerField] = {
        var fields: [String: LedgerField] = [:]
        for (field, names) in synonyms {
            for name in names { fields[normalized(name)] = field }
        }
        return fields
    }()

    /// What a column with this heading holds; nil when the heading is none of the known ones.
    static func field(_ heading: String) -> LedgerField? {
        let name = normalized(heading)
        if name.isEmpty { return nil }
        if let field = fields[name] { return field }
        // `IPアドレス1`, `MACアドレス(有線)`, `設置場所【棟】`: the same with a number or a remark after it.
        let bare = normalized(withoutRemark(heading))
        if let field = fields[bare] { return field }
        let stem = String(bare.reversed().drop { $0.isNumber }.reversed())
        return stem.isEmpty ? nil : fields[stem]
    }

    /// Half-width, lower case, without spaces and separators, long vowels at the end left out.
    private static func normalized(_ text: String) -> String {
        var name = text.precomposedStringWithCompatibilityMapping.lowercased()
        name.removeAll { $0.isWhitespace || "_-‐–—./・:#*＊※".contains($0) }
        while name.last == "ー" { name.removeLast() }
        return name
    }

    private static func withoutRemark(_ text: String) -> String {
        let openings: Set<Character> = ["(", "（", "[", "［", "【", "〔", "<", "＜", "\n", "\r", "\r\n"]
        return String(text.prefix { !openings.contains($0) })
    }
}
