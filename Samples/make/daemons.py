"""Starts the daemons of a Debian machine inside a host of the closet, each with a configuration of its own."""


import os
import shutil
import subprocess
import time
from pathlib import Path

from closet import Closet, Host, wait_for


def write(host: Host, name: str, text: str, mode: int = 0o644) -> str:
    path = host.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def hide(closet: Closet, host: Host, *folders: str) -> None:
    """Covers folders of the machine with empty ones that only this host sees."""
    for folder in folders:
        closet.call(host, "mount", "-t", "tmpfs", "tmpfs", folder)


def dhcp_client(closet: Closet, host: Host, vendor_class: str | None, hostname: str) -> None:
    """One run of ISC dhclient until it has a lease; it stays in the background to renew."""
    script = write(host, "lease.sh", """#!/bin/sh
case "$reason" in
BOUND|RENEW|REBIND|REBOOT)
    ip addr replace "$new_ip_address/24" brd + dev "$interface"
    [ -n "$new_routers" ] && ip route replace default via "${new_routers%% *}"
    ;;
esac
exit 0
""", 0o755)
    asked = "subnet-mask, routers, domain-name-servers, domain-name, netbios-name-servers, ntp-servers"
    conf = write(host, "dhclient.conf", f'send host-name "{hostname}";\nrequest {asked};\ntimeout 20;\n' + (
        f'send vendor-class-identifier "{vendor_class}";\n' if vendor_class else ""))
    hide(closet, host, "/var/lib/dhcp")
    closet.call(host, "dhclient", "-1", "-q", "-4", "-cf", conf, "-sf", script, "-pf", "/run/dhclient.pid",
                "-lf", "/var/lib/dhcp/leases", host.ports[0].name, check=False)


def dnsmasq(closet: Closet, host: Host, lines: list[str]) -> None:
    """DNS and, when the lines say so, DHCP."""
    common = ["no-resolv", "no-hosts", "user=root", "keep-in-foreground", "pid-file=/run/dnsmasq.pid",
              "dhcp-leasefile=/run/dnsmasq.leases", "log-facility=-"]
    conf = write(host, "dnsmasq.conf", "\n".join(common + lines) + "\n")
    closet.start(host, "dnsmasq", "dnsmasq", "-C", conf)


def samba(closet: Closet, host: Host, workgroup: str, share: bool, users: dict[str, str] | None = None,
          comment: str = "") -> str:
    """nmbd, and smbd with one share when asked; returns the path of smb.conf for smbclient's use."""
    for folder in ("samba/private", "samba/share", "samba/var"):
        (host.folder / folder).mkdir(parents=True, exist_ok=True)
    base = host.folder / "samba"
    os.chmod(base / "share", 0o777)
    text = f"""[global]
    netbios name = {host.name}
    workgroup = {workgroup}
    server string = {comment}
    server role = standalone
    local master = {"yes" if share else "no"}
    preferred master = no
    private dir = {base}/private
    lock directory = {base}/var
    state directory = {base}/var
    cache directory = {base}/var
    pid directory = {base}/var
    ncalrpc dir = {base}/var/ncalrpc
    log level = 0
    log file = {base}/var/log
    passdb backend = smbpasswd:{base}/private/smbpasswd
    server multi channel support = no
    disable spoolss = yes
    load printers = no
    map to guest = never
"""
    if share:
        text += f"\n[seizou]\n    path = {base}/share\n    read only = no\n    force user = root\n"
    conf = write(host, "smb.conf", text)
    for user, password in (users or {}).items():
        subprocess.run(closet._inside(host, ("smbpasswd", "-c", conf, "-a", "-s", user)),
                       input=f"{password}\n{password}\n", text=True, check=True, stdout=subprocess.DEVNULL)
    closet.start(host, "nmbd", "nmbd", "-F", "--no-process-group", "-s", conf)
    if share:
        closet.start(host, "smbd", "smbd", "-F", "--no-process-group", "-s", conf)
    return conf


def nginx(closet: Closet, host: Host, servers: str) -> None:
    """A web server; `servers` holds nginx server blocks, in which PAGES stands for this host's folder of pages."""
    (host.folder / "www").mkdir(exist_ok=True)
    servers = servers.replace("PAGES", str(host.folder / "www"))
    conf = write(host, "nginx.conf", f"""user root; worker_processes 1; pid /run/nginx.pid; daemon off;
error_log /run/nginx.error;
events {{ worker_connections 256; }}
http {{
    types {{ text/html html; application/json json; application/octet-stream bin; }}
    default_type application/octet-stream;
    access_log off; client_body_temp_path /run/b; proxy_temp_path /run/p; fastcgi_temp_path /run/f;
    uwsgi_temp_path /run/u; scgi_temp_path /run/s; ssl_session_tickets off;
    {servers}
}}
""")
    closet.start(host, "nginx", "nginx", "-c", conf)


def certificate(host: Host, names: list[str], issuer: tuple[str, str] | None = None) -> tuple[str, str]:
    """A P-256 key and certificate for the names, signed by `issuer` (key, certificate) or by itself."""
    folder = host.folder / "tls"
    folder.mkdir(exist_ok=True)
    key, crt = folder / f"{names[0]}.key", folder / f"{names[0]}.crt"
    alternative = ",".join(f"DNS:{name}" for name in names)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
               "397", "-keyout", str(key), "-out", str(crt), "-subj", f"/C=JP/O=Minato Seiko K.K./CN={names[0]}",
               "-addext", f"subjectAltName={alternative}"]
    if issuer:
        command += ["-CAkey", issuer[0], "-CA", issuer[1]]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    key.chmod(0o644)
    return str(key), str(crt)


def snmpd(closet: Closet, host: Host, community: str, description: str, object_id: str, location: str) -> None:
    conf = write(host, "snmpd.conf", f"""rocommunity {community}
sysdescr {description}
sysobjectid {object_id}
sysname {host.name}
syslocation {location}
agentaddress udp:161
""")
    hide(closet, host, "/var/lib/snmp")
    closet.start(host, "snmpd", "snmpd", "-f", "-Lo", "-C", "-c", conf, "-p", "/run/snmpd.pid",
                 env={"SNMP_PERSISTENT_DIR": "/var/lib/snmp"})


def ntp_server(closet: Closet, host: Host) -> None:
    """chrony, serving its own clock; it sets no clock."""
    conf = write(host, "chrony.conf", "local stratum 2\nallow all\ncmdport 0\nbindcmdaddress /\npidfile /run/c.pid\n")
    closet.start(host, "chronyd", "chronyd", "-d", "-x", "-u", "root", "-f", conf)


def ntp_ask(closet: Closet, host: Host, server: str) -> None:
    """Asks a time server and only prints the offset."""
    closet.call(host, "chronyd", "-Q", "-t", "4", "-u", "root", f"server {server} iburst maxsamples 1",
                "pidfile /run/q.pid", "cmdport 0", check=False)


def lldp(closet: Closet, host: Host, description: str, platform: str, capabilities: str, cdp: bool = False) -> None:
    interface = host.ports[-1].name
    conf = write(host, "lldpd.conf", f"""configure system capabilities enabled {capabilities}
configure lldp tx-interval 20
configure lldp portidsubtype ifname
configure system interface pattern {interface}
""")
    flags = ["-d", "-u", "/run/lldpd.sock", "-O", conf, "-S", description, "-P", platform]
    closet.start(host, "lldpd", "lldpd", *flags, *(["-ccccc", "-l"] if cdp else []))


def syslog_server(closet: Closet, host: Host) -> None:
    conf = write(host, "rsyslog.conf", f"""module(load="imudp")
input(type="imudp" port="514")
*.* {host.folder}/received.log
""")
    hide(closet, host, "/var/spool")
    closet.start(host, "rsyslogd", "rsyslogd", "-n", "-f", conf, "-i", "/run/rsyslogd.pid")


def syslog_send(closet: Closet, host: Host, server: str, tag: str, message: str, priority: str) -> None:
    closet.call(host, "logger", "-n", server, "-P", "514", "-d", "--rfc3164", "-t", tag, "-p", priority, message)


def radius(closet: Closet, host: Host, clients: dict[str, str], users: dict[str, str]) -> None:
    """freeradius with EAP-PEAP; `clients` maps an address or prefix to its shared secret."""
    base = host.folder / "raddb"
    shutil.copytree("/etc/freeradius/3.0", base, symlinks=True)
    write(host, "raddb/clients.conf", "".join(
        f"client nas{n} {{\n  ipaddr = {address}\n  secret = {secret}\n  require_message_authenticator = no\n}}\n"
        for n, (address, secret) in enumerate(clients.items())))
    (base / "users").unlink(missing_ok=True)
    authorize = base / "mods-config/files/authorize"
    authorize.write_text("".join(f'{user} Cleartext-Password := "{password}"\n' for user, password in users.items()))
    main = (base / "radiusd.conf").read_text().replace("user = freerad", "user = root").replace(
        "group = freerad", "group = root").replace("/etc/freeradius/3.0", str(base))
    (base / "radiusd.conf").write_text(main)
    hide(closet, host, "/var/log")
    closet.call(host, "mkdir", "-p", "/var/log/freeradius", "/run/freeradius")
    closet.start(host, "freeradius", "freeradius", "-f", "-l", "stdout", "-d", str(base))


def eap_login(closet: Closet, host: Host, server: str, secret: str, user: str, password: str, station: str,
              access_point: str, ssid: str, own_address: str, identifier: str) -> str:
    """One EAP-PEAP login as a wireless LAN controller passes it on (NAS-Port-Type 19), by wpa_supplicant's eapol_test."""
    conf = write(host, f"eap-{user}.conf", f"""network={{
    ssid="{ssid}"
    key_mgmt=WPA-EAP
    eap=PEAP
    identity="{user}"
    anonymous_identity="{user}"
    password="{password}"
    phase2="autheap=MSCHAPV2"
}}
""")
    radio = access_point.upper().replace(":", "-")
    return closet.call(host, "eapol_test", "-c", conf, "-a", server, "-s", secret, "-M", station, "-t", "10", "-A",
                       own_address, "-N", f"30:s:{radio}:{ssid}", "-N", f"32:s:{identifier}", "-N", "61:d:19",
                       check=False)


def ftp_server(closet: Closet, host: Host, banner: str) -> None:
    conf = write(host, "vsftpd.conf", f"""listen=YES
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
pam_service_name=vsftpd
secure_chroot_dir=/run/vsftpd-empty
ftpd_banner={banner}
pasv_min_port=50000
pasv_max_port=50010
seccomp_sandbox=NO
""", 0o600)
    closet.call(host, "mkdir", "-p", "/run/vsftpd-empty")
    closet.start(host, "vsftpd", "vsftpd", conf)


def vnc_screen(closet: Closet, host: Host, password: str, title: str) -> None:
    """A small X screen served by TigerVNC on port 5900, with a clock that moves."""
    file = host.folder / "vnc.password"
    file.write_bytes(subprocess.run(["tigervncpasswd", "-f"], input=password.encode(), capture_output=True,
                                    check=True).stdout)
    closet.start(host, "xvnc", "Xtigervnc", ":1", "-rfbport", "5900", "-geometry", "480x320", "-depth", "16",
                 "-SecurityTypes", "VncAuth", "-PasswordFile", str(file), "-desktop", title, "-localhost=0")
    wait_for(lambda: Path(f"/proc/{host.pid}/root/tmp/.X11-unix/X1").exists(), f"the screen of {host.name}")
    closet.start(host, "xclock", "xclock", "-display", ":1", "-digital", "-update", "5")


def vnc_view(closet: Closet, host: Host, target: str, password: Path, clicks: int) -> None:
    """A person at `host` looks at the target's screen with TigerVNC's viewer and clicks about, once a second."""
    closet.start(host, "display", "Xtigervnc", ":7", "-SecurityTypes", "None", "-geometry", "640x480", "-localhost=1")
    wait_for(lambda: Path(f"/proc/{host.pid}/root/tmp/.X11-unix/X7").exists(), f"a display for {host.name}")
    viewer = closet.start(host, "viewer", "xtigervncviewer", "-PasswordFile", str(password), "-AlertOnFatalError=0",
                          "-FullColor=0", "-LowColorLevel=1", f"{target}::5900", env={"DISPLAY": ":7", "HOME": "/tmp"})
    time.sleep(3)
    for step in range(clicks):
        closet.call(host, "env", "DISPLAY=:7", "xdotool", "mousemove", str(80 + 25 * step), str(90 + 12 * step),
                    "click", "1", check=False)
        time.sleep(1)
    viewer.terminate()


def avahi(closet: Closet, host: Host, services: list[tuple[str, str, int, list[str]]] = ()) -> None:
    """Multicast DNS: the host's name and (instance, type, port, TXT) services."""
    conf = write(host, "avahi.conf", f"""[server]
host-name={host.name}
use-ipv4=yes
use-ipv6={"yes" if host.ipv6 else "no"}
enable-dbus=no
allow-interfaces={host.ports[0].name}
[publish]
publish-workstation=no
""")
    (host.folder / "services").mkdir(exist_ok=True)
    for number, (instance, kind, port, texts) in enumerate(services):
        records = "".join(f"<txt-record>{text}</txt-record>" for text in texts)
        write(host, f"services/{number}.service", f"""<?xml version="1.0"?>
<!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group><name>{instance}</name><service><type>{kind}</type><port>{port}</port>{records}</service></service-group>
""")
    closet.call(host, "mount", "--bind", str(host.folder / "services"), "/etc/avahi/services")
    closet.call(host, "mkdir", "-p", "/run/avahi-daemon")
    closet.start(host, "avahi", "avahi-daemon", "--no-drop-root", "--no-chroot", "--no-rlimits", "-f", conf)


def sshd(closet: Closet, host: Host) -> None:
    key = host.folder / "ssh_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", host.name, "-f", str(key)], check=True)
    conf = write(host, "sshd_config", f"""HostKey {key}
PasswordAuthentication yes
UsePAM no
PidFile /run/sshd.pid
PrintMotd no
""", 0o600)
    closet.call(host, "mkdir", "-p", "/run/sshd")
    closet.start(host, "sshd", "/usr/sbin/sshd", "-D", "-e", "-f", conf)




def openvpn_server(closet: Closet, host: Host, network: str, reachable: str) -> tuple[Path, str]:
    """OpenVPN over UDP 1194; returns the folder with the client's key and certificates, and the server's name."""
    name = f"{host.name.lower()}.minato-seiko.example"
    authority = certificate(host, ["vpn-ca"])
    key, crt = certificate(host, [name], authority)
    certificate(host, ["vendor"], authority)
    conf = write(host, "openvpn.conf", f"""port 1194
proto udp4
dev tun
topology subnet
server {network} 255.255.255.0
ca {authority[1]}
cert {crt}
key {key}
dh none
data-ciphers AES-256-GCM
keepalive 10 60
push "route {reachable} 255.255.255.255"
verb 3
""")
    closet.start(host, "openvpn", "openvpn", "--config", conf)
    return host.folder / "tls", name


def openvpn_client(closet: Closet, host: Host, server: str, keys: Path, name: str, own_address: str) -> None:
    conf = write(host, "openvpn.conf", f"""client
proto udp4
dev tun
remote {server} 1194
local {own_address}
lport 1195
ca {keys}/vpn-ca.crt
cert {keys}/vendor.crt
key {keys}/vendor.key
verify-x509-name {name} name
data-ciphers AES-256-GCM
verb 3
""")
    closet.start(host, "openvpn", "openvpn", "--config", conf)


def ssh_session(closet: Closet, host: Host, target: str, account: str, password: str, commands: str) -> str:
    """One login with a password and a few commands."""
    return closet.call(host, "sshpass", "-p", password, "ssh", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o",
                       "UserKnownHostsFile=/dev/null", f"{account}@{target}", commands, check=False)
