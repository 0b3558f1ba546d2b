"""Turns the plant's devices into running hosts: the programs that each one serves with, whatever network it is in."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import daemons
import plant
from closet import Closet, Host, Port

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Segment:
    """One subnet: the first three octets (always /24), its access VLAN, its gateway."""

    prefix: str
    vlan: int | None
    gateway: str

    def address(self, octet: int) -> str:
        return f"{self.prefix}.{octet}"


class Plant:
    """The devices as hosts of a closet, addressed by a layout from zone to segment."""

    def __init__(self, closet: Closet, layout: dict[str, Segment], dns: str):
        self.closet, self.layout, self.dns = closet, layout, dns
        self.hosts: dict[str, Host] = {}
        self.devices: dict[str, plant.Device] = {}
        self.samba_files: dict[str, str] = {}
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

    def ip(self, name: str) -> str:
        device = self.devices[name]
        return self.layout[device.zone].address(device.octet)

    def mac(self, name: str) -> str:
        return self.devices[name].mac

    def add(self, device: plant.Device, accounts: dict[str, str] | None = None) -> Host:
        segment = self.layout[device.zone]
        address = None if device.dhcp is not None else f"{segment.address(device.octet)}/24"
        port = Port("eth0", device.mac, address, segment.vlan)
        gateway = segment.gateway if address and segment.gateway != segment.address(device.octet) else None
        host = Host(device.name, [port], gateway=gateway, ttl=device.ttl, ipv6=device.ipv6, dns=self.dns,
                    accounts=accounts or {})
        self.devices[device.name] = device
        self.hosts[device.name] = self.closet.add(host)
        return host

    def python(self, name: str, script: str, *arguments: str) -> None:
        """Starts one of this folder's programs in a device and leaves it running."""
        label = f"{Path(script).stem}-{len(self.closet.processes)}"
        self.closet.start(self.hosts[name], label, sys.executable, str(HERE / script), *map(str, arguments))

    def call(self, name: str, *command: str) -> str:
        return self.closet.call(self.hosts[name], *command, check=False)

    def script(self, name: str, script: str, *arguments: str) -> str:
        return self.call(name, sys.executable, str(HERE / script), *map(str, arguments))

    # -- what the devices serve ---------------------------------------------------------------------------------

    def serve_line_a(self) -> None:
        self.python("PLC-PRESS01", "devices/slmp_plc.py", 1025, "R04ENCPU", "4805")
        self.python("PLC-INSP01", "devices/slmp_plc.py", 5000)
        self.python("ROBOT01", "devices/modbus_device.py", "FANUC CORPORATION", "A05B-2670", "V9.40P/38",
                    "https://www.fanuc.example", "R-30iB Plus", "R-30iB Plus")
        self.python("METER01", "devices/modbus_device.py", "Schneider Electric", "METSEPM5560", "V10.6.3",
                    "https://www.se.example", "PowerLogic PM5560", "PM5560")

    def serve_line_b(self) -> None:
        self.python("PLC-PAINT01", "devices/s7_plc.py", "6ES7 315-2EH14-0AB0", "3.2.6", "CPU 315-2 PN/DP",
                    "S C-C2UR28922012", "PAINT01")
        gateway = self.layout[plant.LINE_B].gateway
        controller, station = "PLC-PAINT01", "IO-PAINT01"
        self.python(controller, "devices/dcp_station.py", "eth0", "plc-paint01", "S7-300", "002A", "0102", 2,
                    f"{self.ip(controller)}/24", gateway, self.mac(station), "8001", "0.512")
        self.python(station, "devices/dcp_station.py", "eth0", "io-paint01", "ET200SP", "002A", "0313", 1,
                    f"{self.ip(station)}/24", gateway, self.mac(controller), "8000", "0.512")
        self.python("PLC-ASSY01", "devices/fins_plc.py", "CJ2M-CPU33", "02.01")
        pack = self.hosts["PLC-PACK01"]
        daemons.write(pack, "cpppo.cfg", """[Identity]
Vendor Number = 1
Device Type = 14
Product Code Number = 107
Product Revision = 2846
Status Word = 96
Serial Number = 1621209795
Product Name = 1769-L30ER/A LOGIX5330ER
State = 3
[TCPIP]
IP Address = %s
""" % self.ip("PLC-PACK01"))
        self.closet.start(pack, "cpppo", "sh", "-c", f"cd {pack.folder} && exec {sys.executable} -m "
                          "cpppo.server.enip --config cpppo.cfg SPEED=INT[10] RECIPE=INT[4]")
        self.python("BAS-AHU01", "devices/bacnet_controller.py", f"{self.ip('BAS-AHU01')}/24", "BAS-AHU01", 100166, 90,
                    "azbil Corporation", "WJ-1111", "4.2.1")

    def serve_control(self) -> None:
        self.python("OPC01", "devices/opcua_server.py", "CONPROSYS OPC UA Server", "CONTEC CO., LTD.", "3.4.2")

    def serve_office(self, share_users: dict[str, str]) -> None:
        """File server, name announcements of the PCs, printer and camera."""
        closet, hosts = self.closet, self.hosts
        self.samba_files["SV-FILE01"] = daemons.samba(closet, hosts["SV-FILE01"], plant.WORKGROUP, share=True,
                                                      users=share_users, comment="Seizou share")
        daemons.ntp_server(closet, hosts["SV-TIME01"])
        daemons.syslog_server(closet, hosts["SV-LOG01"])
        printer = hosts["MFP-SOUMU01"]
        self.python("MFP-SOUMU01", "devices/raw_printer.py", "RICOH IM C3000")
        daemons.snmpd(closet, printer, plant.SECRETS["snmp"][1], plant.PRINTER_TEXT, "1.3.6.1.4.1.367.1.1", "事務所")
        ricoh = ["txtvers=1", "ty=RICOH IM C3000", "product=(RICOH IM C3000)", "usb_MFG=RICOH", "usb_MDL=IM C3000",
                 "note=Soumu", "pdl=application/postscript,application/vnd.hp-PCL"]
        daemons.avahi(closet, printer, [("RICOH IM C3000 Soumu", "_pdl-datastream._tcp", 9100, ricoh),
                                        ("RICOH IM C3000 Soumu", "_ipp._tcp", 631, ricoh)])
        self.python("CAM-LINE01", "devices/rtsp_camera.py", "i-PRO RTSP Server")
        daemons.avahi(closet, hosts["CAM-LINE01"], [("WV-S1131 Line1", "_rtsp._tcp", 554, ["model=WV-S1131"])])

    def serve_network(self) -> None:
        closet, hosts = self.closet, self.hosts
        self.python("WLC-01", "devices/wlan_controller.py", "WLC-01", self.ip("WLC-01"), self.mac("WLC-01"))
        daemons.snmpd(closet, hosts["SW-KOUJOU-01"], plant.SECRETS["snmp"][1], plant.SWITCH_TEXT,
                      "1.3.6.1.4.1.9.1.1745", "第1工場 制御盤室")
        daemons.radius(closet, hosts["SV-RADIUS01"], {self.ip("WLC-01"): plant.RADIUS_SECRET}, plant.WIRELESS_USERS)

    def announce_network(self) -> None:
        """LLDP and CDP begin with the capture, so that their first frames are in it."""
        closet, hosts = self.closet, self.hosts
        daemons.lldp(closet, hosts["SW-KOUJOU-01"], plant.SWITCH_TEXT, "cisco WS-C2960X-24TS-L", "bridge", cdp=True)
        daemons.lldp(closet, hosts["AP-KOUJOU-01"], plant.AP_TEXT, "C9115AXI-Q", "bridge,wlan")
        daemons.lldp(closet, hosts["WLC-01"], plant.WLC_TEXT, "C9800-L", "bridge,router")
        self.python("AP-KOUJOU-01", "clients/capwap_ap.py", self.ip("WLC-01"), self.mac("AP-KOUJOU-01"), "C9115AXI-Q",
                    "FJC2434A0XY", "17.9.4.27", "AP-KOUJOU-01", 600)

    # -- talk that both samples have ------------------------------------------------------------------------------

    def poll_lines(self, seconds: float) -> None:
        """Panels, the SCADA and the historian go about their work."""
        local = self.layout[plant.CONTROL] == self.layout[plant.LINE_B]  # a broadcast does not leave its segment
        self.python("HMI-PRESS01", "clients/slmp_poll.py", self.ip("PLC-PRESS01"), 1025, 1.0, seconds, "write")
        self.python("HMI-PRESS01", "clients/slmp_poll.py", self.ip("PLC-INSP01"), 5000, 2.0, seconds)
        self.python("HMI-PAINT01", "clients/s7_poll.py", self.ip("PLC-PAINT01"), 1.0, seconds, "write")
        self.python("HMI-ASSY01", "clients/fins_poll.py", self.ip("PLC-ASSY01"), 64, 1.0, seconds, "write")
        self.python("SCADA01", "clients/modbus_poll.py", self.ip("METER01"), 2.0, seconds)
        self.python("SCADA01", "clients/modbus_poll.py", self.ip("ROBOT01"), 2.0, seconds, "write")
        self.python("SCADA01", "clients/cip_poll.py", self.ip("PLC-PACK01"), 2.0, seconds, "write")
        self.python("SCADA01", "clients/slmp_poll.py", self.ip("PLC-PRESS01"), 1025, 3.0, seconds)
        self.python("SCADA01", "clients/bacnet_read.py", f"{self.ip('SCADA01')}/24", 70, self.ip("BAS-AHU01"), 10,
                    seconds, *([] if local else ["unicast"]))
        self.python("SCADA01", "clients/opcua_collect.py", f"opc.tcp://{self.ip('OPC01')}:4840/line",
                    "SCADA01 Supervisor", seconds, 5000)
        self.python("HIST01", "clients/opcua_collect.py", f"opc.tcp://{self.ip('OPC01')}:4840/line", "HIST01 Historian",
                    seconds, 2000)

    def engineer_reads_identities(self) -> None:
        """The engineering station goes round the controllers, as before a backup."""
        name = "ENG-PC01"
        self.script(name, "clients/slmp_poll.py", self.ip("PLC-PRESS01"), 1025, 0.5, 2, "identify")
        self.script(name, "clients/fins_poll.py", self.ip("PLC-ASSY01"), 73, 0.5, 2, "identify")
        self.script(name, "clients/s7_poll.py", self.ip("PLC-PAINT01"), 0.5, 2, "identify")
        self.script(name, "clients/cip_poll.py", self.ip("PLC-PACK01"), 0.5, 2, "identify")
        self.script(name, "clients/modbus_poll.py", self.ip("ROBOT01"), 0.5, 1, "identify")
        self.script(name, "clients/modbus_poll.py", self.ip("METER01"), 0.5, 1, "identify")

    def wireless_logins(self) -> None:
        """The controller passes on one login that is accepted and one that is refused."""
        host, server = self.hosts["WLC-01"], self.ip("SV-RADIUS01")
        common = dict(secret=plant.RADIUS_SECRET, access_point=self.mac("AP-KOUJOU-01"), ssid=plant.SSID,
                      own_address=self.ip("WLC-01"), identifier="WLC-01")
        user, password = next(iter(plant.WIRELESS_USERS.items()))
        daemons.eap_login(self.closet, host, server, user=user, password=password, station=self.mac("TAB-HOZEN01"),
                          **common)
        daemons.eap_login(self.closet, host, server, user="tsujimoto", password="guess-1", **common,
                          station=plant.REFUSED_STATION)

    def share_files(self, client: str, user: str, commands: str) -> None:
        """An SMB session on the file server."""
        conf = self.samba_files.get(client) or self.samba_files["SV-FILE01"]
        self.call(client, "smbclient", f"//{self.ip('SV-FILE01')}/seizou", "-s", conf, "-m", "SMB3", "-p", "445",
                  "-U", f"{plant.WORKGROUP}/{user}%{plant.SMB_USERS[user]}", "-c", commands)

    def web(self, client: str, *urls: str, options: tuple[str, ...] = ()) -> None:
        self.call(client, "curl", "-s", "-S", "-o", "/dev/null", "--max-time", "15", *options, *urls)
