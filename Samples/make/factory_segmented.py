#!/usr/bin/env python3
"""Makes factory-segmented.pcapng: the same factory once a firewall keeps office, machines and DMZ apart.

Usage: factory_segmented.py OUTPUT_FOLDER   (root, with the packages that make_samples.sh installs)
"""

import dataclasses
import sys
import time
from pathlib import Path

import closet

closet.enter()

import daemons
import internet
import ledger
import office
import plant
import truth
from closet import Host, Port
from machines import Plant, Segment
from truth import Flow

SECONDS = 140.0  # how long the pollers go on
VLANS = {plant.OFFICE: 10, plant.SERVERS: 11, plant.LINE_A: 20, plant.LINE_B: 21, plant.CONTROL: 22, plant.DMZ: 30,
         plant.NETWORK: 99}
LAYOUT = {zone: Segment(f"192.168.{vlan}", vlan, f"192.168.{vlan}.1") for zone, vlan in VLANS.items()}

FW_TEXT = "FortiGate-60F v7.2.8,build1639,240313 (GA.M)"
FIREWALL = plant.Device("FW-01", "firewall", "Fortinet", "90:6c:ac:20:30:01", 1, plant.NETWORK,
                        also=("router", "dhcp_server", "dns_server"), accept=("router",), ttl=255,
                        identity={"model": ("FortiGate-60F", "lldp"), "firmware": ("v7.2.8", "lldp")},
                        product="FortiGate-60F", place="事務所 ラック", keeper=plant.IT_KEEPER, number="NW-010")
VPN_GATEWAY = plant.Device("VPN-GW01", "vpn_gateway", "Hewlett Packard Enterprise", "94:18:82:5d:01:1a", 10, plant.DMZ,
                           product="ProLiant MicroServer", place="事務所 ラック", keeper=plant.IT_KEEPER, number="NW-011")
BASTION = plant.Device("BASTION01", "jump_host", "Hewlett Packard Enterprise", "94:18:82:5d:01:14", 20, plant.DMZ,
                       accept=("server",), product="ProLiant DL20", place="事務所 ラック", keeper=plant.IT_KEEPER,
                       number="SV-010")
TUNNEL, VENDOR_IN_TUNNEL = "10.8.0.0", "10.8.0.2"
ACCOUNTS = {"BASTION01": {"sanwa": "Sw-2218-kt"}, "ENG-PC01": {"hosyu": "Hs-6034-bd"}}

# Names by which security products fetch their signatures; here they lead to documentation addresses.
SIGNATURES = {"definitionupdates.microsoft.com": "198.51.100.40", "osce14-p.activeupdate.trendmicro.com": "198.51.100.41"}


def policy(factory: Plant) -> str:
    """The firewall's rules: what may cross, by zone; all else is refused and said so (ICMP 3/13)."""
    ip = factory.ip
    net = {zone: f"{segment.prefix}.0/24" for zone, segment in LAYOUT.items()}
    lines = f"{net[plant.LINE_A]}, {net[plant.LINE_B]}"
    return f"""table inet plant {{
  chain forward {{
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ip saddr {net[plant.OFFICE]} ip daddr {net[plant.SERVERS]} accept
    ip saddr {net[plant.OFFICE]} ip daddr {ip("HIST01")} tcp dport 80 accept
    ip saddr {{ {net[plant.OFFICE]}, {net[plant.SERVERS]} }} oifname "wan" tcp dport 443 accept
    ip saddr {net[plant.SERVERS]} ip daddr {{ {net[plant.NETWORK]}, {net[plant.OFFICE]} }} udp dport 161 accept
    ip saddr {net[plant.NETWORK]} ip daddr {net[plant.SERVERS]} udp dport {{ 123, 514, 1812 }} accept
    ip saddr {net[plant.CONTROL]} ip daddr {{ {lines} }} accept
    ip saddr {ip("ENG-PC01")} ip daddr {ip("SV-FILE01")} tcp dport 445 accept
    ip saddr {{ {net[plant.CONTROL]}, {net[plant.DMZ]} }} ip daddr {ip("SV-TIME01")} udp dport 123 accept
    ip saddr {ip("HIST01")} ip daddr {ip("OPC01")} tcp dport 4840 accept
    ip saddr {ip("BASTION01")} ip daddr {ip("HMI-PAINT01")} tcp dport 5900 accept
    ip saddr {ip("BASTION01")} ip daddr {ip("ENG-PC01")} tcp dport 22 accept
    iifname "wan" ip daddr {ip("VPN-GW01")} udp dport 1194 accept
    iifname "wan" drop
    reject with icmpx type admin-prohibited
  }}
}}
"""


def add_firewall(factory: Plant) -> Host:
    """One leg in every VLAN, all with one MAC, as a firewall on a trunk has."""
    legs = [Port(f"v{vlan}", FIREWALL.mac, f"{LAYOUT[zone].gateway}/24", vlan) for zone, vlan in VLANS.items()]
    host = factory.closet.add(Host(FIREWALL.name, legs, ttl=FIREWALL.ttl, dns="127.0.0.1", forwards=True))
    factory.devices[FIREWALL.name], factory.hosts[FIREWALL.name] = FIREWALL, host
    internet.connect(factory.closet, host, SIGNATURES)
    leases = [f"dhcp-host={device.mac},{factory.ip(name)}"
              for name, device in factory.devices.items() if device.dhcp is not None]
    prefix = LAYOUT[plant.OFFICE].prefix
    daemons.dnsmasq(factory.closet, host, [f"domain={plant.DOMAIN}", "domain-needed", "except-interface=wan",
                                           f"server={plant.OUTSIDE['dns'].address}", "dhcp-authoritative", "no-ping",
                                           f"dhcp-range={prefix}.101,{prefix}.220,12h",
                                           f"dhcp-option=option:ntp-server,{factory.ip('SV-TIME01')}"] + leases)
    rules = daemons.write(host, "policy.nft", policy(factory))
    factory.closet.call(host, "nft", "-f", rules)
    return host


def devices() -> list[plant.Device]:
    """The flat factory's devices, less its router; the historian moves to the DMZ, the PLC's DCP name is not heard."""
    changed = []
    for device in plant.DEVICES:
        if device.name == "RTX830-HAMA":
            continue
        if device.name == "HIST01":
            device = dataclasses.replace(device, zone=plant.DMZ)
        if device.name == "PLC-PAINT01":
            heard = {key: fact for key, fact in device.identity.items() if fact[1] != "pn_dcp"}
            device = dataclasses.replace(device, identity=heard)
        changed.append(device)
    return changed + [VPN_GATEWAY, BASTION]


def build(room: closet.Closet) -> Plant:
    factory = Plant(room, LAYOUT, dns=LAYOUT[plant.OFFICE].gateway)
    for device in devices():
        accounts = plant.SMB_USERS if device.name == "SV-FILE01" else ACCOUNTS.get(device.name)
        factory.add(device, accounts)
    add_firewall(factory)
    factory.serve_line_a()
    factory.serve_line_b()
    factory.serve_control()
    factory.serve_office(plant.SMB_USERS)
    factory.serve_network()
    daemons.nginx(room, factory.hosts["HIST01"], "server { listen 80; root PAGES; }")
    daemons.write(factory.hosts["HIST01"], "www/index.html",
                  "<html><title>HIST01 生産実績</title>" + "<tr><td>1234</td></tr>" * 80 + "</html>")
    daemons.vnc_screen(room, factory.hosts["HMI-PAINT01"], plant.VNC_PASSWORD, "HMI-PAINT01 TP700")
    daemons.avahi(room, factory.hosts["TAB-HOZEN01"])
    for name in ACCOUNTS:
        daemons.sshd(room, factory.hosts[name])
    gateway = factory.hosts["VPN-GW01"]
    room.call(gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    room.call(factory.hosts["BASTION01"], "ip", "route", "add", f"{TUNNEL}/24", "via", factory.ip("VPN-GW01"))
    return factory


def vendor_visits(factory: Plant, keys: Path, name: str) -> None:
    """The vendor's VPN ends in the DMZ, its login at the bastion, and from there two machines are in reach."""
    room, outside = factory.closet, factory.closet.hosts["outside"]
    daemons.openvpn_client(room, outside, factory.ip("VPN-GW01"), keys, name, plant.OUTSIDE["vendor"].address)
    log = outside.folder / "openvpn.log"
    closet.wait_for(lambda: "Initialization Sequence Completed" in log.read_text(errors="replace"), "the vendor's VPN")
    account, password = next(iter(ACCOUNTS["BASTION01"].items()))
    bastion = factory.hosts["BASTION01"]
    for commands in ("hostname; date; ls -l /etc | head -30", "uptime; df -h | head -5; cat /etc/debian_version"):
        daemons.ssh_session(room, outside, factory.ip("BASTION01"), account, password, commands)
    account, password = next(iter(ACCOUNTS["ENG-PC01"].items()))
    daemons.ssh_session(room, bastion, factory.ip("ENG-PC01"), account, password, "hostname; ls -l /etc | head -20")
    daemons.vnc_view(room, bastion, factory.ip("HMI-PAINT01"), factory.hosts["HMI-PAINT01"].folder / "vnc.password", 10)


def firewall_at_work(factory: Plant) -> None:
    """One refused attempt from the office, then what the firewall reports; endpoints fetch their signatures."""
    room, firewall = factory.closet, factory.hosts[FIREWALL.name]
    factory.web("PC-SEISAN01", f"http://{factory.ip('PLC-PRESS01')}/")
    collector, pc, plc = factory.ip("SV-LOG01"), factory.ip("PC-SEISAN01"), factory.ip("PLC-PRESS01")
    for message in (
        f"CEF:0|Fortinet|Fortigate|v7.2.8|00013|traffic:forward deny|5|deviceExternalId=FGT60FTK20000001 "
        f"src={pc} spt=50412 dst={plc} dpt=80 proto=6 act=deny cs5=office-to-line",
        f"CEF:0|Fortinet|Fortigate|v7.2.8|16384|utm:ips signature|7|deviceExternalId=FGT60FTK20000001 "
        f"src=198.51.100.77 dst={factory.ip('VPN-GW01')} dpt=1194 act=dropped msg=OpenVPN.Reset.Flood",
        "CEF:0|Fortinet|Fortigate|v7.2.8|32209|event:system update|2|deviceExternalId=FGT60FTK20000001 "
        "msg=Fortigate update virdb(91.04512) etdb(91.04512) exdb(91.04400) flmdb(1.00000)",
    ):
        daemons.syslog_send(room, firewall, collector, "FW-01", message, "local7.notice")
    names = list(SIGNATURES)
    factory.web("PC-SOUMU01", f"https://{names[0]}/index.html", options=("-k",))
    factory.web("PC-HINSHO01", f"https://{names[0]}/index.html", options=("-k",))
    factory.web("SV-FILE01", f"https://{names[1]}/index.html", options=("-k",))


def play(factory: Plant, keys: Path, name: str) -> None:
    began = time.monotonic()
    factory.announce_network()
    daemons.lldp(factory.closet, factory.hosts[FIREWALL.name], FW_TEXT, "FortiGate-60F", "router")
    factory.poll_lines(SECONDS)
    factory.wireless_logins()
    office.tablet(factory)
    office.morning(factory)
    factory.call("PLC-PAINT01", "ping", "-c", "2", "-i", "0.3", factory.ip("IO-PAINT01"))
    factory.script("PLC-PAINT01", "clients/dcp_browse.py", "eth0")
    factory.engineer_reads_identities()
    office.day(factory)
    office.backup(factory)
    for client in ("PC-SEISAN01", "PC-SEISAN01", "PC-SOUMU01"):
        factory.web(client, f"http://{factory.ip('HIST01')}/")
    office.network_gear_reports(factory, truth.CLOCK_CLIENTS)
    firewall_at_work(factory)
    vendor_visits(factory, keys, name)
    time.sleep(max(0.0, SECONDS + 6 - (time.monotonic() - began)))


OUT = {key: outside.address for key, outside in plant.OUTSIDE.items()}


def flows() -> list[Flow]:
    listed = truth.line_flows() + truth.office_flows(share=("PC-SOUMU01", "ENG-PC01"))
    for client, kinds in {"PC-SOUMU01": ("portal", "mail"), "PC-SEISAN01": ("mail", "storage"),
                          "PC-HINSHO01": ("portal", "mail"), "TAB-HOZEN01": ("mail",)}.items():
        listed += [Flow(client, OUT[kind], "tls", "tcp", 443) for kind in kinds]
    listed += [Flow(client, FIREWALL.name, "dns", "udp", 53)
               for client in ("PC-SOUMU01", "PC-SEISAN01", "PC-HINSHO01", "TAB-HOZEN01", "SV-FILE01")]
    first, second = SIGNATURES.values()
    return listed + [
        Flow("PC-SOUMU01", first, "tls", "tcp", 443),
        Flow("PC-HINSHO01", first, "tls", "tcp", 443),
        Flow("SV-FILE01", second, "tls", "tcp", 443),
        Flow("PC-SEISAN01", "HIST01", "http", "tcp", 80),
        Flow("PC-SOUMU01", "HIST01", "http", "tcp", 80),
        Flow("PC-SEISAN01", "PLC-PRESS01", "refused", "tcp", 80),
        Flow(OUT["vendor"], "VPN-GW01", "openvpn", "udp", 1194),
        Flow(VENDOR_IN_TUNNEL, "BASTION01", "ssh", "tcp", 22),
        Flow("BASTION01", "ENG-PC01", "ssh", "tcp", 22),
        Flow("BASTION01", "HMI-PAINT01", "vnc", "tcp", 5900),
        Flow(FIREWALL.name, "SV-LOG01", "syslog", "udp", 514),
    ]


CROSSINGS = [{"host": host, "gateway": FIREWALL.name} for host in (
    "PC-SOUMU01", "PC-SEISAN01", "SV-FILE01", "SCADA01", "HIST01", "ENG-PC01", "BASTION01", "WLC-01", "PLC-PRESS01",
    "PLC-PACK01")]

FINDINGS = [
    {"id": "segmented", "item": "3-5",
     "what": "VLANs and subnets that meet only at the firewall's MAC, with the TTL one lower behind it",
     "gateway": FIREWALL.name, "vlans": sorted(VLANS.values())},
    {"id": "refused-at-boundary", "item": "3-5", "what": "an attempt from the office to a PLC, refused with ICMP 3/13",
     "client": "PC-SEISAN01", "server": "PLC-PRESS01", "port": 80, "refused_by": FIREWALL.name},
    {"id": "remote-vpn-bastion", "item": "3-6",
     "what": "the vendor's VPN ends in the DMZ, its SSH at the bastion; the bastion reaches two OT hosts",
     "client": OUT["vendor"], "vpn": "VPN-GW01", "tunnel_address": VENDOR_IN_TUNNEL, "bastion": "BASTION01",
     "reached": ["ENG-PC01", "HMI-PAINT01"]},
    {"id": "detection-hints", "item": "3-7", "what": "CEF events to the log server and signature updates fetched",
     "cef": {"from": FIREWALL.name, "to": "SV-LOG01"}, "names": sorted(SIGNATURES)},
    {"id": "wireless-authenticated", "item": "2-7",
     "what": "RADIUS requests with NAS-Port-Type 19: one accepted, one refused", **truth.WIRELESS},
    {"id": "ledger-not-seen", "item": "2-6", "what": "in the ledger, not seen (a question, not a contradiction)",
     "ledger": [row[0] for row in plant.NEVER_SEEN]},
    {"id": "cleartext-credentials", "item": "2-10", "what": "an SNMP community in clear", "at": [
        {"kind": "snmp", "client": "SV-LOG01", "server": "SW-KOUJOU-01"},
        {"kind": "snmp", "client": "SV-LOG01", "server": "MFP-SOUMU01"}]},
]

PROPOSALS = {
    "2-6": {"levels": [1, 2], "verdict": "undetermined", "because": ["ledger-not-seen"]},
    "2-7": {"levels": [2], "verdict": "supports", "because": ["wireless-authenticated"]},
    "3-5": {"levels": [2], "verdict": "supports", "because": ["segmented", "refused-at-boundary"]},
    "3-6": {"levels": [2], "verdict": "supports", "because": ["remote-vpn-bastion"]},
    "3-7": {"levels": [2], "verdict": "supports", "because": ["detection-hints"],
            "https_share": "too little to say: under 100 outside conversations and under 10 MB"},
}


def write_truth(output: Path, capture: Path, factory: Plant) -> None:
    legs = [{"mac": FIREWALL.mac, "ipv4": [LAYOUT[zone].gateway], "ipv6": [], "vlan": vlan, "dhcp": False}
            for zone, vlan in VLANS.items()]
    announced = truth.announcements(FIREWALL.name, browser="PLC-PAINT01")
    truth.write(output / "factory-segmented.truth.yaml", capture, factory,
                {"plant": "Minato Seiko K.K., Hamamatsu works (invented)", "sample": "segmented",
                 "secrets_present": ["snmp"]},
                {FIREWALL.name: legs}, flows(), FINDINGS, PROPOSALS,
                {"announcements": announced, "crossings": CROSSINGS,
                 "behind": [{"gateway": "VPN-GW01", "addresses": [VENDOR_IN_TUNNEL],
                             "what": "the vendor's end of the tunnel; no asset of the plant"}]})
    ledger.write(factory, output / "ledger-segmented.csv", None)


def main() -> None:
    output = Path(sys.argv[1]).resolve()
    room = closet.Closet(Path(sys.prefix).parent / "factory-segmented")
    try:
        room.start_switch()
        factory = build(room)
        keys, name = daemons.openvpn_server(room, factory.hosts["VPN-GW01"], TUNNEL, factory.ip("BASTION01"))
        time.sleep(6)  # servers come up
        room.plug_mirror()
        path = output / "factory-segmented.pcapng"
        capture = room.start_capture(path, "otscan sample: an invented segmented factory, real protocol stacks")
        play(factory, keys, name)
        print(room.stop_capture(capture))
        path.chmod(0o644)
        write_truth(output, path, factory)
    finally:
        room.close()


main()
