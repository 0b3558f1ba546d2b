"""The world outside the plant: one host that answers for every outside address, behind the router's line."""

import os
import subprocess

import daemons
import plant
from closet import Closet, Host, Port

OUTSIDE_MAC, LINE_MAC = "00:00:5e:00:53:fe", "00:00:5e:00:53:01"  # never mirrored; RFC 7042 documentation addresses
LINE = "203.0.113.2"  # the plant's own public address


def connect(closet: Closet, router: Host, extra_names: dict[str, str] | None = None) -> Host:
    """Adds the outside host, joins it to the router and starts DNS and web servers there."""
    host = closet.add(Host("outside", [], ttl=57, dns="127.0.0.1"))
    closet.join(router, Port("wan", LINE_MAC, f"{LINE}/24"), host, Port("wan", OUTSIDE_MAC, "203.0.113.1/24"))
    for outside in plant.OUTSIDE.values():
        closet.call(host, "ip", "addr", "add", f"{outside.address}/32", "dev", "wan")
    closet.call(router, "ip", "route", "add", "default", "via", "203.0.113.1")
    closet.call(host, "ip", "route", "add", "192.168.0.0/16", "via", LINE)
    names = {o.name: o.address for o in plant.OUTSIDE.values()} | (extra_names or {})
    daemons.dnsmasq(closet, host, ["port=53", f"listen-address={plant.OUTSIDE['dns'].address}", "bind-interfaces"] + [
        f"address=/{name}/{address}" for name, address in names.items()])
    pages = host.folder / "www"
    pages.mkdir()
    for name, size in (("index.html", 6000), ("news.html", 9000), ("file.bin", 40000), ("manual.html", 5000)):
        # Text-like filler that does not grow with compression and names what it is.
        (pages / name).write_bytes(subprocess.run(["openssl", "rand", "-hex", str(size // 2)], check=True,
                                                  capture_output=True).stdout[:size])
    secure = ""
    tls_names = [plant.OUTSIDE[k] for k in ("portal", "storage", "mail")]
    for number, outside in enumerate(tls_names):
        key, crt = daemons.certificate(host, [outside.name])
        secure += f"""server {{ listen {outside.address}:443 ssl; server_name {outside.name}; root PAGES;
            ssl_protocols TLSv1.3; ssl_certificate {crt}; ssl_certificate_key {key}; }}\n"""
    for name, address in (extra_names or {}).items():
        key, crt = daemons.certificate(host, [name])
        closet.call(host, "ip", "addr", "replace", f"{address}/32", "dev", "wan")
        secure += f"""server {{ listen {address}:443 ssl; server_name {name}; root PAGES;
            ssl_protocols TLSv1.3; ssl_certificate {crt}; ssl_certificate_key {key}; }}\n"""
    support = plant.OUTSIDE["support"]
    daemons.nginx(closet, host, secure + f"""server {{ listen {support.address}:80; server_name {support.name};
        root PAGES; server_tokens on; }}\n""")
    os.environ.setdefault("TZ", "Asia/Tokyo")
    return host
