#!/usr/bin/env python3
"""Makes factory.pcapng: the little factory as many are, office and machines in one flat network.

Usage: factory.py OUTPUT_FOLDER   (root, with the packages that make_samples.sh installs)
"""

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
from machines import Plant, Segment
from truth import Flow

SECONDS = 150.0  # how long the pollers go on
SUBNET = Segment("192.168.10", None, "192.168.10.1")
ZONES = (plant.OFFICE, plant.SERVERS, plant.LINE_A, plant.LINE_B, plant.CONTROL, plant.NETWORK)


def build(room: closet.Closet) -> Plant:
    factory = Plant(room, {zone: SUBNET for zone in ZONES}, dns=SUBNET.gateway)
    accounts = {"HMI-PRESS01": dict([plant.SECRETS["ftp"]]), "SV-FILE01": plant.SMB_USERS}
    for device in plant.DEVICES + [plant.ROGUE]:
        factory.add(device, accounts.get(device.name))
    router = factory.hosts["RTX830-HAMA"]
    room.call(router, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    internet.connect(room, router)
    names = [f"host-record={name.lower()}.{plant.DOMAIN},{factory.ip(name)}"
             for name in ("SV-FILE01", "SV-LOG01", "SV-TIME01", "SCADA01")]
    leases = [f"dhcp-host={device.mac},{factory.ip(name)}"
              for name, device in factory.devices.items() if device.dhcp is not None]
    daemons.dnsmasq(room, router, ["interface=eth0", f"domain={plant.DOMAIN}", "domain-needed",
                                   f"server={plant.OUTSIDE['dns'].address}", "dhcp-authoritative", "no-ping",
                                   "dhcp-range=192.168.10.101,192.168.10.220,12h",
                                   f"dhcp-option=option:ntp-server,{factory.ip('SV-TIME01')}"] + names + leases)
    factory.serve_line_a()
    factory.serve_line_b()
    factory.serve_control()
    factory.serve_office(plant.SMB_USERS)
    factory.serve_network()
    scada = factory.hosts["SCADA01"]
    daemons.nginx(room, scada, "server { listen 80; root PAGES; location /report { "
                  "auth_basic 'SCADA01 report'; auth_basic_user_file PAGES/.users; try_files /report.html =404; } }")
    user, password = plant.SECRETS["http_basic"]
    daemons.write(scada, "www/index.html", "<html><title>SCADA01 ライン監視</title>" + "<p>正常</p>" * 60 + "</html>")
    daemons.write(scada, "www/report.html", "<html><title>日報</title>" + "<tr><td>1234</td></tr>" * 80 + "</html>")
    daemons.write(scada, "www/.users", f"{user}:{closet.run('openssl', 'passwd', '-apr1', password)}")
    daemons.ftp_server(room, factory.hosts["HMI-PRESS01"], "GT27 FTP server ready.")
    daemons.vnc_screen(room, factory.hosts["HMI-PAINT01"], plant.VNC_PASSWORD, "HMI-PAINT01 TP700")
    daemons.avahi(room, factory.hosts["TAB-HOZEN01"])
    return factory


def office_meets_machines(factory: Plant) -> None:
    """What a flat network lets happen: office PCs and machines, MAC to MAC."""
    scada = f"http://{factory.ip('SCADA01')}"
    user, password = plant.SECRETS["http_basic"]
    for _ in range(3):
        factory.web("PC-SEISAN01", f"{scada}/", f"{scada}/report", options=("-u", f"{user}:{password}"))
    for _ in range(4):
        factory.web("PC-SOUMU01", f"{scada}/")
    login, secret = plant.SECRETS["ftp"]
    alarms = factory.hosts["PC-HINSHO01"].folder / "alarm.csv"
    alarms.write_text("".join(f"2026-04-0{d},E{d}01,荷重上限\n" for d in range(1, 9)), encoding="utf-8")
    target = f"ftp://{factory.ip('HMI-PRESS01')}/alarm.csv"
    factory.web("PC-HINSHO01", target, options=("-u", f"{login}:{secret}", "-T", str(alarms)))
    factory.web("PC-HINSHO01", target, options=("-u", f"{login}:{secret}"))
    office.backup(factory)


def cleartext_download(factory: Plant) -> None:
    """A maker's download page, in clear and with a password."""
    user, password = plant.SECRETS["http_basic_outside"]
    support = f"http://{plant.OUTSIDE['support'].name}"
    factory.web("PC-SEISAN01", f"{support}/manual.html", f"{support}/file.bin", options=("-u", f"{user}:{password}"))


def vendor_visits(factory: Plant) -> None:
    """The maintenance vendor's viewer comes from its public address straight to the paint line's panel."""
    room = factory.closet
    outside = room.hosts["outside"]
    room.call(outside, "ip", "route", "replace", f"{factory.ip('HMI-PAINT01')}/32", "via", internet.LINE, "src",
              plant.OUTSIDE["vendor"].address)
    daemons.vnc_view(room, outside, factory.ip("HMI-PAINT01"), factory.hosts["HMI-PAINT01"].folder / "vnc.password", 12)


def rogue_joins(factory: Plant) -> None:
    name = plant.ROGUE.name
    daemons.dhcp_client(factory.closet, factory.hosts[name], None, name)
    factory.call(name, "dig", "+short", "+tries=1", f"@{SUBNET.gateway}", "www.portal-news.example")
    office.surf(factory, name, [("portal", "index.html")])


def play(factory: Plant) -> None:
    began = time.monotonic()
    factory.announce_network()
    daemons.lldp(factory.closet, factory.hosts["RTX830-HAMA"], plant.RTX_TEXT, "RTX830", "bridge,router")
    factory.poll_lines(SECONDS)
    factory.wireless_logins()
    office.tablet(factory)
    office.morning(factory)
    for station in ("PLC-PAINT01", "IO-PAINT01"):
        factory.call("ENG-PC01", "ping", "-c", "2", "-i", "0.3", factory.ip(station))
    factory.script("ENG-PC01", "clients/dcp_browse.py", "eth0")
    factory.engineer_reads_identities()
    office.day(factory)
    cleartext_download(factory)
    office.network_gear_reports(factory, truth.CLOCK_CLIENTS)
    daemons.syslog_send(factory.closet, factory.hosts["RTX830-HAMA"], factory.ip("SV-LOG01"), "INFO",
                        "[DHCPD] LAN1 Allocates 192.168.10.130", "user.info")
    rogue_joins(factory)
    office_meets_machines(factory)
    vendor_visits(factory)
    time.sleep(max(0.0, SECONDS + 6 - (time.monotonic() - began)))


OUT = {key: outside.address for key, outside in plant.OUTSIDE.items()}


def flows() -> list[Flow]:
    listed = truth.line_flows() + truth.office_flows(share=("PC-SOUMU01", "ENG-PC01"))
    for client, kinds in {"PC-SOUMU01": ("portal", "mail"), "PC-SEISAN01": ("mail", "storage"),
                          "PC-HINSHO01": ("portal", "mail"), "TAB-HOZEN01": ("mail",), "AirStation": ("portal",)}.items():
        listed += [Flow(client, OUT[kind], "tls", "tcp", 443) for kind in kinds]
        listed.append(Flow(client, "RTX830-HAMA", "dns", "udp", 53))
    return listed + [
        Flow("PC-SEISAN01", "SV-FILE01", "nbns", "udp", 137),
        Flow("PC-SEISAN01", OUT["support"], "http", "tcp", 80),
        Flow("PC-SEISAN01", "SCADA01", "http", "tcp", 80),
        Flow("PC-SOUMU01", "SCADA01", "http", "tcp", 80),
        Flow("PC-HINSHO01", "HMI-PRESS01", "ftp", "tcp", 21),
        Flow("PC-HINSHO01", "HMI-PRESS01", "ftp-data", "tcp", "50000-50010"),
        Flow(OUT["vendor"], "HMI-PAINT01", "vnc", "tcp", 5900),
        Flow("RTX830-HAMA", "SV-LOG01", "syslog", "udp", 514),
    ]


FINDINGS = [
    {"id": "flat-network", "item": "3-5",
     "what": "office and machine hosts exchange frames with each other's own MACs in one subnet and broadcast domain",
     "pairs": [["PC-SEISAN01", "SCADA01"], ["PC-SOUMU01", "SCADA01"], ["PC-HINSHO01", "HMI-PRESS01"],
               ["SV-FILE01", "ENG-PC01"]],
     "frames_each_way_at_least": 10},
    {"id": "remote-public-to-ot", "item": "3-6", "what": "a public address controls a panel by VNC, without VPN or bastion",
     "client": OUT["vendor"], "server": "HMI-PAINT01", "service": "vnc", "port": 5900},
    {"id": "cleartext-outside", "item": "3-7", "what": "an office PC downloads over HTTP with a password in clear",
     "client": "PC-SEISAN01", "server": OUT["support"], "service": "http", "port": 80},
    {"id": "unlisted-device", "item": "2-6", "what": "seen on the wire, not in the ledger", "hosts": ["AirStation"]},
    {"id": "ledger-not-seen", "item": "2-6", "what": "in the ledger, not seen (a question, not a contradiction)",
     "ledger": [row[0] for row in plant.NEVER_SEEN]},
    {"id": "home-access-point", "item": "2-7", "what": "a home wireless router's vendor and name", "hosts": ["AirStation"]},
    {"id": "wireless-authenticated", "item": "2-7",
     "what": "RADIUS requests with NAS-Port-Type 19: one accepted, one refused", **truth.WIRELESS},
    {"id": "cleartext-credentials", "item": "2-10", "what": "passwords and a community in clear", "at": [
        {"kind": "ftp", "client": "PC-HINSHO01", "server": "HMI-PRESS01"},
        {"kind": "http_basic", "client": "PC-SEISAN01", "server": "SCADA01"},
        {"kind": "http_basic_outside", "client": "PC-SEISAN01", "server": OUT["support"]},
        {"kind": "snmp", "client": "SV-LOG01", "server": "SW-KOUJOU-01"},
        {"kind": "snmp", "client": "SV-LOG01", "server": "MFP-SOUMU01"}]},
]

PROPOSALS = {
    "2-6": {"levels": [1, 2], "verdict": "contradicts", "because": ["unlisted-device"]},
    "2-7": {"levels": [2], "verdict": "supports", "because": ["wireless-authenticated"]},
    "3-5": {"levels": [1], "verdict": "contradicts", "because": ["flat-network"]},
    "3-6": {"levels": [1], "verdict": "contradicts", "because": ["remote-public-to-ot"]},
    "3-7": {"levels": [1, 2], "verdict": "undetermined", "because": [],
            "https_share": "too little to say: under 100 outside conversations and under 10 MB"},
}


def write_truth(output: Path, capture: Path, factory: Plant) -> None:
    truth.write(output / "factory.truth.yaml", capture, factory,
                {"plant": "Minato Seiko K.K., Hamamatsu works (invented)", "sample": "flat",
                 "secrets_present": list(plant.SECRETS)},
                {}, flows(), FINDINGS, PROPOSALS, {"announcements": truth.announcements("RTX830-HAMA", browser="ENG-PC01")})
    ledger.write(factory, output / "ledger.csv", output / "ledger-sjis.csv")


def main() -> None:
    output = Path(sys.argv[1]).resolve()
    room = closet.Closet(Path(sys.prefix).parent / "factory")
    try:
        room.start_switch()
        factory = build(room)
        time.sleep(6)  # servers come up
        room.plug_mirror()
        path = output / "factory.pcapng"
        capture = room.start_capture(path, "otscan sample: an invented flat factory, real protocol stacks")
        play(factory)
        print(room.stop_capture(capture))
        path.chmod(0o644)
        write_truth(output, path, factory)
    finally:
        room.close()


main()
