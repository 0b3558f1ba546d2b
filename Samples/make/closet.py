"""The switch closet: hosts in namespaces of their own, joined by one Open vSwitch bridge whose mirror port is captured.

Everything lives inside the namespaces made by `enter()`: nothing is added to the machine's own network, and
every process ends when the closet's first process does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

BRIDGE = "closet"
LIFETIME = 900  # seconds after which a host ends by itself, whatever happens


def enter() -> None:
    """Restarts this script inside new network, mount, process and host-name namespaces; returns once inside."""
    if os.environ.get("OTSCAN_IN_CLOSET"):
        return
    os.environ["OTSCAN_IN_CLOSET"] = "1"
    os.execvp(
        "unshare",
        ["unshare", "--net", "--mount", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc",
         "--propagation", "private", sys.executable, *sys.argv],
    )


def run(*command: str, **options) -> str:
    """Runs a command to its end and returns what it printed; a failure names the command and its words."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout.strip()}")
    return done.stdout


@dataclass
class Port:
    """One cable from a host to the switch."""

    name: str  # the interface as the host knows it
    mac: str
    ipv4: str | None = None  # with prefix length; none while DHCP has not answered
    vlan: int | None = None  # the access VLAN of the switch port
    mirrored: bool = True  # false: joined to the far side of a router, out of the mirror's sight


@dataclass
class Host:
    """A computer or device: a name, its cables, and what the kernel should say of it."""

    name: str
    ports: list[Port]
    gateway: str | None = None
    ttl: int = 64
    ipv6: bool = False
    forwards: bool = False
    dns: str | None = None
    accounts: dict[str, str] = field(default_factory=dict)  # login name to password
    pid: int = 0
    folder: Path = Path()


class Closet:
    """Builds the network, starts programs in its hosts and captures what the mirror port delivers."""

    def __init__(self, work: Path):
        self.work = work
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        work.chmod(0o755)
        self.hosts: dict[str, Host] = {}
        self.processes: list[subprocess.Popen] = []
        self.cables = 0

    # -- the switch ---------------------------------------------------------------------------------------------

    def start_switch(self) -> None:
        run("mount", "-t", "tmpfs", "tmpfs", "/run")
        os.makedirs("/run/openvswitch")
        database = self.work / "switch.db"
        run("ovsdb-tool", "create", str(database), "/usr/share/openvswitch/vswitch.ovsschema")
        run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
        run("ip", "link", "set", "lo", "up")
        self._background(["ovsdb-server", str(database), "--remote=punix:/run/openvswitch/db.sock",
                          "--pidfile", "--unixctl=/run/openvswitch/ovsdb.ctl"], "ovsdb")
        wait_for(lambda: os.path.exists("/run/openvswitch/db.sock"), "the switch's database")
        run("ovs-vsctl", "--no-wait", "init")
        self._background(["ovs-vswitchd", "unix:/run/openvswitch/db.sock", "--pidfile",
                          "--unixctl=/run/openvswitch/vswitchd.ctl"], "vswitchd")
        run("ovs-vsctl", "--timeout=20", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev",
            "other-config:forward-bpdu=true", "other-config:mac-aging-time=3600")

    def plug_mirror(self) -> None:
        """Adds the mirror port; call it when every mirrored port is in place."""
        run("ip", "link", "add", "mirror", "type", "veth", "peer", "name", "probe")
        for name in ("mirror", "probe"):
            self._quiet_link(name)
        run("ip", "link", "set", "probe", "promisc", "on")
        run("ovs-vsctl", "--timeout=20", "add-port", BRIDGE, "mirror", "--",
            "--id=@out", "get", "port", "mirror", "--",
            "--id=@m", "create", "mirror", "name=span", "select-all=true", "output-port=@out", "--",
            "set", "bridge", BRIDGE, "mirrors=@m")

    def _quiet_link(self, name: str) -> None:
        subprocess.run(["ethtool", "-K", name, "tx", "off", "rx", "off", "gso", "off", "tso", "off", "gro", "off"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        run("ip", "link", "set", name, "up")

    # -- hosts --------------------------------------------------------------------------------------------------

    def add(self, host: Host) -> Host:
        """Makes the host's namespaces and plugs its mirrored cables into the switch."""
        self.hosts[host.name] = host
        host.folder = self.work / host.name
        host.folder.mkdir()
        host.folder.chmod(0o755)
        script = (
            f"hostname {host.name}; mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /tmp; chmod 1777 /tmp; mkdir -p /run/lock /run/samba /run/lldpd; ip link set lo up; "
            f"sysctl -qw net.ipv4.ip_default_ttl={host.ttl} net.ipv6.conf.all.disable_ipv6={0 if host.ipv6 else 1} "
            f"net.ipv6.conf.default.disable_ipv6={0 if host.ipv6 else 1} net.ipv4.ip_forward={int(host.forwards)} "
            f"net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0; "
            f"exec sleep {LIFETIME}"
        )
        parent = self._background(
            ["unshare", "--net", "--uts", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
             "--propagation", "private", "sh", "-c", script], f"{host.name}.init")
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        wait_for(lambda: children.read_text().strip(), f"{host.name}'s namespaces")
        host.pid = int(children.read_text().split()[0])
        wait_for(lambda: Path(f"/proc/{host.pid}/comm").read_text().strip() == "sleep", f"{host.name}'s first process")
        if host.dns:
            self._private_file(host, "/etc/resolv.conf", f"nameserver {host.dns}\n")
        own = [f"{port.ipv4.split('/')[0]} {host.name}" for port in host.ports if port.ipv4][:1] or [f"127.0.1.1 {host.name}"]
        self._private_file(host, "/etc/hosts", "\n".join(["127.0.0.1 localhost", *own]) + "\n")
        if host.accounts:
            self._private_accounts(host)
        for port in host.ports:
            if port.mirrored:
                self._plug(host, port)
        if host.gateway:
            self.call(host, "ip", "route", "add", "default", "via", host.gateway)
        return host

    def join(self, host: Host, port: Port, other: Host, other_port: Port) -> None:
        """A cable between two hosts that passes the switch by, such as a router's line to its provider."""
        first, second = self._cable()
        self._hand_over(host, port, first)
        self._hand_over(other, other_port, second)

    def _cable(self) -> tuple[str, str]:
        self.cables += 1
        first, second = f"p{self.cables}", f"h{self.cables}"
        run("ip", "link", "add", first, "type", "veth", "peer", "name", second)
        return first, second

    def _plug(self, host: Host, port: Port) -> None:
        inside, outside = self._cable()
        self._hand_over(host, port, inside)
        self._quiet_link(outside)
        tag = [f"tag={port.vlan}"] if port.vlan else []
        run("ovs-vsctl", "--timeout=20", "add-port", BRIDGE, outside, *tag)

    def _hand_over(self, host: Host, port: Port, link: str) -> None:
        run("ip", "link", "set", link, "address", port.mac)
        run("ip", "link", "set", link, "netns", str(host.pid))
        self.call(host, "ip", "link", "set", link, "name", port.name)
        self.call(host, "sh", "-c", f"ethtool -K {port.name} tx off rx off gso off tso off gro off >/dev/null 2>&1; "
                                    f"ip link set {port.name} up")
        if port.ipv4:
            self.call(host, "ip", "addr", "add", port.ipv4, "brd", "+", "dev", port.name)

    def _private_file(self, host: Host, path: str, text: str, mode: int = 0o644) -> None:
        own = host.folder / path.strip("/").replace("/", "_")
        own.write_text(text)
        own.chmod(mode)
        target = os.path.realpath(path)
        self.call(host, "mount", "--bind", str(own), target)

    def _private_accounts(self, host: Host) -> None:
        users = Path("/etc/passwd").read_text()
        shadow = Path("/etc/shadow").read_text()
        for number, (name, password) in enumerate(host.accounts.items()):
            home = host.folder / f"home_{name}"
            home.mkdir()
            os.chown(home, 5000 + number, 5000 + number)
            users += f"{name}:x:{5000 + number}:{5000 + number}::{home}:/bin/sh\n"
            hashed = run("openssl", "passwd", "-6", password).strip()
            shadow += f"{name}:{hashed}:19000:0:99999:7:::\n"
        self._private_file(host, "/etc/passwd", users)
        self._private_file(host, "/etc/shadow", shadow, 0o640)

    # -- programs -----------------------------------------------------------------------------------------------

    def _inside(self, host: Host, command: tuple[str, ...]) -> list[str]:
        return ["nsenter", "-t", str(host.pid), "-n", "-u", "-m", "-p", "--", *command]

    def call(self, host: Host, *command: str, check: bool = True) -> str:
        """Runs a command in the host to its end."""
        if check:
            return run(*self._inside(host, command), stdin=subprocess.DEVNULL)
        done = subprocess.run(self._inside(host, command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, errors="replace")
        with open(host.folder / "calls.log", "a") as log:
            log.write(f"$ {' '.join(command)}\n[{done.returncode}] {done.stdout}\n")
        return done.stdout

    def start(self, host: Host, label: str, *command: str, env: dict[str, str] | None = None) -> subprocess.Popen:
        """Starts a program in the host; its words go to the host's folder."""
        return self._background(self._inside(host, command), label, host.folder, env)

    def _background(self, command: list[str], label: str, folder: Path | None = None,
                    env: dict[str, str] | None = None) -> subprocess.Popen:
        log = open((folder or self.work) / f"{label}.log", "ab")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   env={**os.environ, **(env or {})})
        self.processes.append(process)
        return process

    # -- the capture --------------------------------------------------------------------------------------------

    def start_capture(self, path: Path, comment: str) -> subprocess.Popen:
        capture = self._background(
            ["dumpcap", "-q", "-i", "probe", "-s", "0", "-B", "16", "--capture-comment", comment, "-w", str(path)],
            "dumpcap")
        wait_for(lambda: path.exists() and path.stat().st_size > 0, "the capture to begin")
        time.sleep(1)
        return capture

    def stop_capture(self, capture: subprocess.Popen) -> str:
        """Ends the capture and returns dumpcap's own count of received and dropped frames."""
        time.sleep(1)
        capture.send_signal(signal.SIGINT)
        capture.wait(timeout=20)
        return (self.work / "dumpcap.log").read_text(errors="replace").strip()

    def close(self) -> None:
        """Ends every program that was started here; a host's namespaces go with its first process."""
        for process in reversed(self.processes):
            if process.poll() is None:
                process.kill()
        for process in self.processes:
            process.wait(timeout=5)


def wait_for(ready, what: str, seconds: float = 20.0) -> None:
    """Waits until `ready()` is true; says what was missing when it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(f"waited {seconds:.0f} s for {what}")
