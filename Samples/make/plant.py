"""The little factory: every device, with what it says of itself on the wire. Both samples and the ledger are made from it.

Minato Seiko K.K. and everything else here is invented; addresses outside are from the documentation ranges (RFC 5737).
"""

from dataclasses import dataclass, field

DOMAIN = "minato-seiko.example"
WORKGROUP = "MINATO"
SSID = "MINATO-PLANT"

OFFICE, SERVERS, LINE_A, LINE_B, CONTROL, NETWORK, DMZ = (
    "office", "servers", "line_a", "line_b", "control", "network", "dmz")


@dataclass(frozen=True)
class Device:
    """A device of the plant. `identity` maps an attribute to (value, protocol that says it)."""

    name: str
    role: str
    vendor: str
    mac: str
    octet: int
    zone: str
    also: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()  # other roles that are no mistake, where the wire leaves room
    ttl: int = 64
    ipv6: bool = False
    dhcp: str | None = None  # the vendor class it sends ("" for none); None when its address is fixed
    identity: dict[str, tuple[str, str]] = field(default_factory=dict)
    product: str = ""  # as a person would write it into a ledger
    place: str = ""
    keeper: str = ""
    number: str | None = None  # the ledger's; None when the ledger does not know the device

    @property
    def ot(self) -> bool:
        # A historian in the DMZ still takes part: it collects from the plant by an industrial protocol.
        return self.zone in (LINE_A, LINE_B, CONTROL) or self.role == "historian"


SWITCH_TEXT = ("Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E7, RELEASE SOFTWARE (fc3)")
AP_TEXT = "Cisco AP Software, ap1g7-k9w8 Version: 17.9.4.27"
WLC_TEXT = "Cisco IOS Software [Cupertino], C9800-L Software (C9800-L-UNIVERSALK9_WLC-M), Version 17.9.4"
RTX_TEXT = "RTX830 Rev.15.02.31 (Wed Feb 28 10:20:30 2024)"
PRINTER_TEXT = "RICOH IM C3000 1.12 / RICOH Network Printer C model / RICOH Network Scanner C model"
OFFICE_KEEPER, PLANT_KEEPER, IT_KEEPER = "総務部 佐藤", "生産技術課 鈴木", "情報システム係 高橋"

DEVICES = [
    Device("RTX830-HAMA", "router", "Yamaha", "ac:44:f2:10:20:01", 1, NETWORK, also=("dhcp_server", "dns_server"),
           identity={"firmware": ("Rev.15.02.31", "lldp"), "model": ("RTX830", "lldp")}, product="RTX830",
           place="事務所 ラック", keeper=IT_KEEPER, number="NW-001"),
    Device("SW-KOUJOU-01", "switch", "Cisco", "00:1b:54:a1:00:02", 2, NETWORK, ttl=255,
           identity={"model": ("WS-C2960X-24TS-L", "cdp"), "firmware": ("15.2(7)E7", "lldp")},
           product="Catalyst 2960X-24TS-L", place="第1工場 制御盤室", keeper=IT_KEEPER, number="NW-002"),
    Device("AP-KOUJOU-01", "access_point", "Cisco", "70:7d:b9:3c:11:03", 3, NETWORK,
           identity={"model": ("C9115AXI-Q", "capwap"), "serial": ("FJC2434A0XY", "capwap"),
                     "firmware": ("17.9.4.27", "capwap")},
           product="Catalyst 9115AXI-Q", place="第1工場 柱3", keeper=IT_KEEPER, number="NW-003"),
    Device("WLC-01", "wireless_controller", "Cisco", "70:7d:b9:3c:10:04", 4, NETWORK, ttl=255,
           identity={"model": ("C9800-L", "lldp"), "firmware": ("17.9.4", "lldp")}, product="Catalyst 9800-L",
           place="事務所 ラック", keeper=IT_KEEPER, number="NW-004"),
    Device("SV-FILE01", "file_server", "Hewlett Packard Enterprise", "94:18:82:5d:01:11", 11, SERVERS,
           product="ProLiant ML110", place="事務所 ラック", keeper=IT_KEEPER, number="SV-001"),
    Device("SV-RADIUS01", "radius_server", "Hewlett Packard Enterprise", "14:02:ec:5d:01:12", 12, SERVERS,
           product="ProLiant DL20", place="事務所 ラック", keeper=IT_KEEPER, number="SV-002"),
    Device("SV-LOG01", "log_server", "Dell", "d4:be:d9:5d:01:13", 13, SERVERS, product="PowerEdge T150",
           place="事務所 ラック", keeper=IT_KEEPER, number="SV-003"),
    Device("SV-TIME01", "time_server", "Seiko", "00:80:15:5d:01:14", 14, SERVERS, product="TS-2550",
           place="事務所 ラック", keeper=IT_KEEPER, number="SV-004"),
    Device("PC-SOUMU01", "workstation", "Dell", "f8:b1:56:2a:31:65", 101, OFFICE, ttl=128, ipv6=True, dhcp="MSFT 5.0",
           product="OptiPlex 3090", place="事務所", keeper=OFFICE_KEEPER, number="PC-101"),
    Device("PC-SEISAN01", "workstation", "Hewlett Packard", "3c:d9:2b:2a:31:66", 102, OFFICE, ttl=128, ipv6=True,
           dhcp="MSFT 5.0", product="EliteDesk 800", place="生産管理室", keeper="生産管理課 伊藤", number="PC-102"),
    Device("PC-HINSHO01", "workstation", "NEC", "00:0d:5e:2a:31:67", 103, OFFICE, ttl=128, ipv6=True, dhcp="MSFT 5.0",
           product="Mate MB-3", place="品質保証室", keeper="品質保証課 渡辺", number="PC-103"),
    Device("TAB-HOZEN01", "mobile", "Apple", "a4:83:e7:2a:31:82", 130, OFFICE, ipv6=True, dhcp="",
           accept=("workstation",), product="iPad (第9世代)", place="第1工場 巡回", keeper="保全課 中村", number="PC-130"),
    Device("MFP-SOUMU01", "printer", "Ricoh", "58:38:79:44:02:6e", 110, OFFICE, ipv6=True,
           identity={"model": ("RICOH IM C3000", "snmp")}, product="IM C3000", place="事務所", keeper=OFFICE_KEEPER,
           number="PR-001"),
    Device("CAM-LINE01", "camera", "Panasonic", "00:80:f0:44:02:78", 120, OFFICE, product="WV-S1131",
           place="第1工場 プレス列", keeper=OFFICE_KEEPER, number="CM-001"),
    Device("PLC-PRESS01", "plc", "Mitsubishi Electric", "58:52:8a:10:31:32", 50, LINE_A,
           identity={"model": ("R04ENCPU", "slmp")}, product="MELSEC iQ-R R04ENCPU", place="第1工場 プレス1号機",
           keeper=PLANT_KEEPER, number="OT-001"),
    Device("HMI-PRESS01", "hmi", "Mitsubishi Electric", "28:e9:8e:10:31:33", 51, LINE_A, product="GOT2000 GT2712",
           place="第1工場 プレス1号機", keeper=PLANT_KEEPER, number="OT-002"),
    Device("PLC-INSP01", "plc", "Keyence", "00:01:fc:10:31:34", 52, LINE_A, product="KV-8000", place="第1工場 検査機",
           keeper=PLANT_KEEPER, number="OT-003"),
    Device("ROBOT01", "robot", "FANUC", "00:e0:e4:10:31:35", 53, LINE_A,
           identity={"vendor": ("FANUC CORPORATION", "modbus"), "model": ("R-30iB Plus", "modbus"),
                     "firmware": ("V9.40P/38", "modbus")},
           product="R-30iB Plus / M-20iD", place="第1工場 プレス1号機", keeper=PLANT_KEEPER, number="OT-004"),
    Device("METER01", "meter", "Schneider Electric", "00:80:f4:10:31:36", 54, LINE_A,
           identity={"vendor": ("Schneider Electric", "modbus"), "model": ("PM5560", "modbus"),
                     "firmware": ("V10.6.3", "modbus")},
           product="PowerLogic PM5560", place="受電盤", keeper="保全課 中村", number="OT-005"),
    Device("PLC-PAINT01", "plc", "Siemens", "28:63:36:10:31:3c", 60, LINE_B,
           identity={"model": ("6ES7 315-2EH14-0AB0", "s7comm"), "firmware": ("3.2.6", "s7comm"),
                     "serial": ("S C-C2UR28922012", "s7comm"), "name": ("plc-paint01", "pn_dcp")},
           product="SIMATIC S7-300 CPU 315-2 PN/DP", place="第2工場 塗装", keeper=PLANT_KEEPER, number="OT-006"),
    Device("HMI-PAINT01", "hmi", "Siemens", "ac:64:17:10:31:3d", 61, LINE_B, product="SIMATIC TP700 Comfort",
           place="第2工場 塗装", keeper=PLANT_KEEPER, number="OT-007"),
    Device("IO-PAINT01", "io", "Siemens", "e0:dc:a0:10:31:3e", 62, LINE_B,
           identity={"name": ("io-paint01", "pn_dcp"), "model": ("ET200SP", "pn_dcp")},
           product="ET 200SP IM 155-6 PN", place="第2工場 塗装", keeper=PLANT_KEEPER, number="OT-008"),
    Device("PLC-ASSY01", "plc", "OMRON", "00:00:0a:10:31:3f", 63, LINE_B,
           identity={"model": ("CJ2M-CPU33", "omron"), "firmware": ("02.01", "omron")},
           product="CJ2M-CPU33", place="第2工場 組立", keeper=PLANT_KEEPER, number="OT-009"),
    Device("HMI-ASSY01", "hmi", "OMRON", "00:00:0a:10:31:40", 64, LINE_B, product="NB7W-TW01B", place="第2工場 組立",
           keeper=PLANT_KEEPER, number="OT-010"),
    Device("PLC-PACK01", "plc", "Rockwell Automation", "00:1d:9c:10:31:41", 65, LINE_B,
           identity={"model": ("1769-L30ER/A LOGIX5330ER", "enip"), "firmware": ("30.11", "enip"),
                     "serial": ("0x60a1b2c3", "enip"), "vendor": ("Rockwell Automation/Allen-Bradley", "enip")},
           product="CompactLogix 1769-L30ER", place="第2工場 包装", keeper=PLANT_KEEPER, number="OT-011"),
    Device("BAS-AHU01", "building_controller", "Azbil", "00:20:04:10:31:42", 66, LINE_B,
           identity={"model": ("WJ-1111", "bacnet"), "firmware": ("4.2.1", "bacnet"), "name": ("BAS-AHU01", "bacnet"),
                     "vendor": ("azbil Corporation", "bacnet")},
           product="Infilex GC WJ-1111", place="第2工場 空調機室", keeper="保全課 中村", number="OT-012"),
    Device("SCADA01", "scada", "Advantech", "74:fe:48:10:31:46", 70, CONTROL, ttl=128, product="IPC-610",
           place="監視室", keeper=PLANT_KEEPER, number="OT-013"),
    Device("HIST01", "historian", "Dell", "b8:ac:6f:10:31:47", 71, CONTROL, ttl=128, product="PowerEdge R350",
           place="監視室", keeper=PLANT_KEEPER, number="OT-014"),
    Device("OPC01", "opc_server", "Contec", "00:80:4c:10:31:48", 72, CONTROL, also=("gateway",), accept=("gateway",),
           identity={"vendor": ("CONTEC CO., LTD.", "opcua"), "model": ("CONPROSYS OPC UA Server", "opcua"),
                     "firmware": ("3.4.2", "opcua")},
           product="CPS-MG341", place="監視室", keeper=PLANT_KEEPER, number="OT-015"),
    Device("ENG-PC01", "engineering_station", "Fujitsu", "00:0b:5d:10:31:49", 73, CONTROL, ttl=128,
           product="CELSIUS J550", place="監視室", keeper=PLANT_KEEPER, number="OT-016"),
]

ROGUE = Device("AirStation", "access_point", "Buffalo", "00:24:a5:77:0c:c9", 201, OFFICE, dhcp="",
               accept=("router", "unknown"))

# Ledger rows of devices that no capture shows.
NEVER_SEEN = [
    ("OT-090", "旧プレス2号機PLC", 55, "00:26:92:10:31:37", "三菱電機", "MELSEC-Q Q03UDECPU", "第1工場 プレス2号機（休止）",
     PLANT_KEEPER),
    ("PC-190", "経理用PC", 190, "00:0b:5d:2a:31:be", "富士通", "ESPRIMO D7010", "事務所", "経理課 小林"),
]

MAKER_JA = {
    "Yamaha": "ヤマハ", "Cisco": "シスコ", "Hewlett Packard Enterprise": "HPE", "Hewlett Packard": "HP", "Dell": "デル",
    "Seiko": "セイコーソリューションズ", "NEC": "NEC", "Apple": "アップル", "Ricoh": "リコー", "Panasonic": "パナソニック",
    "Mitsubishi Electric": "三菱電機", "Keyence": "キーエンス", "FANUC": "ファナック",
    "Schneider Electric": "シュナイダーエレクトリック", "Siemens": "シーメンス", "OMRON": "オムロン",
    "Rockwell Automation": "ロックウェル・オートメーション", "Azbil": "アズビル", "Advantech": "アドバンテック",
    "Contec": "コンテック", "Fujitsu": "富士通", "Fortinet": "フォーティネット",
}

JA_NAME = {
    "router": "ルータ", "switch": "工場スイッチ", "access_point": "無線アクセスポイント", "wireless_controller": "無線コントローラ",
    "file_server": "ファイルサーバ", "radius_server": "認証サーバ", "log_server": "ログサーバ", "time_server": "タイムサーバ",
    "workstation": "事務用PC", "mobile": "保全タブレット", "printer": "複合機", "camera": "監視カメラ", "plc": "PLC", "hmi": "表示器",
    "robot": "ロボット制御装置", "meter": "電力計", "io": "リモートI/O", "building_controller": "空調コントローラ",
    "scada": "監視PC", "historian": "データ収集サーバ", "opc_server": "OPC UAゲートウェイ", "engineering_station": "保守用PC",
    "firewall": "ファイアウォール", "vpn_gateway": "VPN装置", "jump_host": "踏み台サーバ",
}


@dataclass(frozen=True)
class Outside:
    """A host beyond the plant's own network: a peer, never an asset."""

    address: str
    name: str
    purpose: str


OUTSIDE = {
    "vendor": Outside("203.0.113.45", "remote.sanwa-robotics.example", "the maintenance vendor's office"),
    "dns": Outside("192.0.2.53", "ns.provider.example", "the provider's DNS"),
    "portal": Outside("198.51.100.10", "www.portal-news.example", "a web site (TLS 1.3)"),
    "storage": Outside("198.51.100.20", "drive.kumo-storage.example", "cloud storage (TLS 1.3)"),
    "mail": Outside("198.51.100.25", "mail.kumo-mail.example", "web mail (TLS 1.3)"),
    "support": Outside("198.51.100.30", "download.kikai-support.example", "a maker's download page in clear HTTP"),
}

SECRETS = {
    "ftp": ("gotuser", "canary-ftp-7f3a91"),
    "http_basic": ("seisan", "canary-http-51c0de"),
    "http_basic_outside": ("minato", "canary-web-9be210"),
    "snmp": (None, "canary-snmp-20ab64"),
}

# Passwords that never cross the wire in clear.
SMB_USERS = {"soumu01": "Sm-3391-xk", "seisan01": "Sn-7720-qp", "eng01": "En-5512-rt"}
RADIUS_SECRET = "r4d1us-s3cret-0417"
WIRELESS_USERS = {"hozen01": "Hz-8842-mn"}
VNC_PASSWORD = "vnc-4471"
REFUSED_STATION = "da:a1:19:52:07:3e"  # a randomised address, seen only inside RADIUS
