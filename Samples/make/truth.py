"""Writes the truth beside a sample: every host, every conversation, what was planted, what the capture should support.

The truth is written from the plan (plant.py and the scenario), then compared with the capture by check.py.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from pathlib import Path

import yaml

import plant
from machines import Plant


@dataclass(frozen=True)
class Flow:
    """A conversation that the scenario brings about. Ends are host names or outside addresses."""

    client: str
    server: str
    service: str
    transport: str
    port: int | str  # a number, or FIRST-LAST where the server picks one


def link_local(mac: str) -> str:
    """The IPv6 link-local address that a kernel forms from a MAC (RFC 4291, modified EUI-64)."""
    octets = [int(part, 16) for part in mac.split(":")]
    octets[0] ^= 2
    raw = b"\xfe\x80" + bytes(6) + bytes(octets[:3]) + b"\xff\xfe" + bytes(octets[3:])
    return str(ipaddress.ip_address(raw))


def host_entry(factory: Plant, device: plant.Device, interfaces: list[dict] | None) -> dict:
    segment = factory.layout[device.zone]
    return {
        "name": device.name,
        "role": device.role,
        "also": list(device.also),
        "accept": list(device.accept),
        "ot": device.ot,
        "interfaces": interfaces or [{
            "mac": device.mac,
            "ipv4": [segment.address(device.octet)],
            "ipv6": [link_local(device.mac)] if device.ipv6 else [],
            "vlan": segment.vlan,
            "dhcp": device.dhcp is not None,
        }],
        "vendor": device.vendor,
        "identity": {key: {"value": value, "from": source} for key, (value, source) in device.identity.items()},
        "ledger": device.number,
    }


def write(path: Path, capture: Path, factory: Plant, about: dict, interfaces: dict[str, list[dict]], flows: list[Flow],
          findings: list[dict], proposals: dict, rest: dict) -> None:
    """`interfaces` holds those of hosts that have more than one; `rest` is added as it is."""
    hosts = [host_entry(factory, device, interfaces.get(device.name)) for device in factory.devices.values()]
    data = {
        "about": about,
        "capture": {
            "file": capture.name,
            "sha256": hashlib.sha256(capture.read_bytes()).hexdigest(),
            "taken_at": "mirror of every switch port (SPAN of ports), both directions",
            "link_type": "ethernet",
        },
        "segments": [
            {"name": zone, "prefix": f"{segment.prefix}.0/24", "vlan": segment.vlan, "gateway": segment.gateway}
            for zone, segment in factory.layout.items()],
        "hosts": hosts,
        "outside": [{"address": o.address, "name": o.name, "purpose": o.purpose} for o in plant.OUTSIDE.values()],
        "flows": [vars(flow) for flow in flows],
        "findings": findings,
        "proposals": proposals,
        "secrets": [{"kind": kind, "account": account, "value": value}
                    for kind, (account, value) in plant.SECRETS.items() if kind in about["secrets_present"]],
        **rest,
    }
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    path.write_text("# Made by Samples/make; see Samples/README.md for the meaning of each key.\n" + text)


CLOCK_CLIENTS = ("SW-KOUJOU-01", "SCADA01", "HIST01", "PC-SOUMU01")


def line_flows() -> list[Flow]:
    """The machines' own talk, the same in both samples."""
    return [
        Flow("HMI-PRESS01", "PLC-PRESS01", "slmp", "tcp", 1025),
        Flow("SCADA01", "PLC-PRESS01", "slmp", "tcp", 1025),
        Flow("ENG-PC01", "PLC-PRESS01", "slmp", "tcp", 1025),
        Flow("HMI-PRESS01", "PLC-INSP01", "slmp", "tcp", 5000),
        Flow("HMI-PAINT01", "PLC-PAINT01", "s7comm", "tcp", 102),
        Flow("ENG-PC01", "PLC-PAINT01", "s7comm", "tcp", 102),
        Flow("HMI-ASSY01", "PLC-ASSY01", "omron-fins", "udp", 9600),
        Flow("ENG-PC01", "PLC-ASSY01", "omron-fins", "udp", 9600),
        Flow("SCADA01", "METER01", "modbus", "tcp", 502),
        Flow("ENG-PC01", "METER01", "modbus", "tcp", 502),
        Flow("SCADA01", "ROBOT01", "modbus", "tcp", 502),
        Flow("ENG-PC01", "ROBOT01", "modbus", "tcp", 502),
        Flow("SCADA01", "PLC-PACK01", "enip", "tcp", 44818),
        Flow("ENG-PC01", "PLC-PACK01", "enip", "tcp", 44818),
        Flow("ENG-PC01", "PLC-PACK01", "enip", "udp", 44818),
        Flow("SCADA01", "BAS-AHU01", "bacnet", "udp", 47808),
        Flow("SCADA01", "OPC01", "opcua", "tcp", 4840),
        Flow("HIST01", "OPC01", "opcua", "tcp", 4840),
        Flow("AP-KOUJOU-01", "WLC-01", "capwap-control", "udp", 5246),
        Flow("AP-KOUJOU-01", "WLC-01", "capwap-data", "udp", 5247),
        Flow("WLC-01", "SV-RADIUS01", "radius", "udp", 1812),
        Flow("SW-KOUJOU-01", "SV-LOG01", "syslog", "udp", 514),
        Flow("SV-LOG01", "SW-KOUJOU-01", "snmp", "udp", 161),
        Flow("SV-LOG01", "MFP-SOUMU01", "snmp", "udp", 161),
    ] + [Flow(client, "SV-TIME01", "ntp", "udp", 123) for client in CLOCK_CLIENTS]


def office_flows(share: tuple[str, ...]) -> list[Flow]:
    """File server, printer and camera; `share` names the clients of the file server."""
    return [Flow(client, "SV-FILE01", "smb", "tcp", 445) for client in share] + [
        Flow("PC-SOUMU01", "PC-HINSHO01", "llmnr", "udp", 5355),
        Flow("PC-SOUMU01", "MFP-SOUMU01", "jetdirect", "tcp", 9100),
        Flow("PC-SOUMU01", "CAM-LINE01", "rtsp", "tcp", 554),
    ]


WIRELESS = {
    "authenticator": "WLC-01", "server": "SV-RADIUS01", "ssid": plant.SSID,
    "accepted": [{"account": "hozen01", "station": "a4:83:e7:2a:31:82"}],
    "refused": [{"account": "tsujimoto", "station": plant.REFUSED_STATION, "randomised": True}],
}


def announcements(router: str, browser: str) -> list[dict]:
    """What hosts tell everybody: protocol, and who."""
    return [
        {"protocol": "lldp", "hosts": [router, "SW-KOUJOU-01", "AP-KOUJOU-01", "WLC-01"]},
        {"protocol": "cdp", "hosts": ["SW-KOUJOU-01"]},
        {"protocol": "pn_dcp", "hosts": sorted({browser, "PLC-PAINT01", "IO-PAINT01"})},
        {"protocol": "pn_rt", "hosts": ["PLC-PAINT01", "IO-PAINT01"]},
        {"protocol": "nbns", "hosts": ["SV-FILE01", "PC-SOUMU01", "PC-SEISAN01", "PC-HINSHO01"]},
        {"protocol": "browser", "hosts": ["SV-FILE01", "PC-SOUMU01", "PC-SEISAN01", "PC-HINSHO01"]},
        {"protocol": "llmnr", "hosts": ["PC-SOUMU01"]},
        {"protocol": "mdns", "hosts": ["MFP-SOUMU01", "CAM-LINE01", "TAB-HOZEN01"]},
        {"protocol": "bacnet", "hosts": ["SCADA01", "BAS-AHU01"]},
    ]
