"""An office's day: leases, names, shares, printing, the web; the same in both samples."""

import daemons
import plant
from machines import Plant


def morning(factory: Plant) -> None:
    """PCs come up: leases, names, shares."""
    room, hosts = factory.closet, factory.hosts
    for name in ("PC-SOUMU01", "PC-SEISAN01", "PC-HINSHO01"):
        daemons.dhcp_client(room, hosts[name], factory.devices[name].dhcp, name)
        factory.samba_files[name] = daemons.samba(room, hosts[name], plant.WORKGROUP, share=False)
        factory.python(name, "clients/name_query.py", "answer", name, factory.ip(name))
    factory.share_files("PC-SOUMU01", "soumu01", f"put {hosts['PC-SOUMU01'].folder}/dhclient.conf; ls")
    factory.script("PC-SOUMU01", "clients/name_query.py", "ask", "PC-HINSHO01", factory.ip("PC-SOUMU01"))
    factory.call("PC-SEISAN01", "nmblookup", "-s", factory.samba_files["PC-SEISAN01"], "SV-FILE01")
    factory.call("PC-SOUMU01", "sh", "-c", f"printf '\\033%%-12345X@PJL INFO ID\\r\\n@PJL JOB NAME=\"soumu\"\\r\\n' | "
                 f"nc -w 2 {factory.ip('MFP-SOUMU01')} 9100")


def surf(factory: Plant, client: str, pages: list[tuple[str, str]]) -> None:
    """Fetches pages of outside sites over HTTPS; each is (key in plant.OUTSIDE, page)."""
    for kind, page in pages:
        factory.web(client, f"https://{plant.OUTSIDE[kind].name}/{page}", options=("-k",))


def day(factory: Plant) -> None:
    surf(factory, "PC-SOUMU01", [("portal", "index.html"), ("portal", "news.html"), ("mail", "index.html")])
    surf(factory, "PC-SEISAN01", [("mail", "index.html"), ("storage", "file.bin")])
    surf(factory, "PC-HINSHO01", [("portal", "news.html"), ("mail", "news.html")])
    factory.script("PC-SOUMU01", "clients/rtsp_view.py", factory.ip("CAM-LINE01"))


def tablet(factory: Plant) -> None:
    """The tablet that the wireless network let in takes a lease and reads its mail."""
    daemons.dhcp_client(factory.closet, factory.hosts["TAB-HOZEN01"], None, "iPad-HOZEN01")
    surf(factory, "TAB-HOZEN01", [("mail", "index.html")])


def backup(factory: Plant) -> None:
    """The engineering station keeps a controller's program on the file server."""
    program = factory.hosts["ENG-PC01"].folder / "press01.gx3"
    program.write_bytes(b"GXW3 backup\n" * 1500)
    factory.share_files("ENG-PC01", "eng01", f"lcd {program.parent}; put press01.gx3; ls")


def network_gear_reports(factory: Plant, clock_clients: tuple[str, ...]) -> None:
    room, hosts = factory.closet, factory.hosts
    daemons.syslog_send(room, hosts["SW-KOUJOU-01"], factory.ip("SV-LOG01"), "%LINK-3-UPDOWN",
                        "Interface GigabitEthernet1/0/7, changed state to up", "local7.err")
    for target in ("SW-KOUJOU-01", "MFP-SOUMU01"):
        factory.call("SV-LOG01", "snmpget", "-v2c", "-c", plant.SECRETS["snmp"][1], "-t", "3", factory.ip(target),
                     "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0")
    for client in clock_clients:
        daemons.ntp_ask(room, hosts[client], factory.ip("SV-TIME01"))
