#!/usr/bin/env python3
"""Compares a sample with its truth, both ways: all that is promised is in the capture, and nothing else is.

Usage: check.py CAPTURE TRUTH
"""

import sys
from collections import defaultdict
from pathlib import Path

import yaml
from scapy.all import ARP, IP, TCP, UDP, Dot1Q, Dot3, Ether, IPv6, PcapNgReader, PcapReader

# What a protocol carries in binary, where the truth has it in words.
BINARY = {
    ("s7comm", "3.2.6"): b"V\x03\x02\x06",
    ("enip", "30.11"): b"\x1e\x0b",
    ("enip", "0x60a1b2c3"): b"\xc3\xb2\xa1\x60",
    ("enip", "Rockwell Automation/Allen-Bradley"): b"\x01\x00\x0e\x00",  # vendor 1, device type 14
}


def ports(entry) -> range:
    first, _, last = str(entry).partition("-")
    return range(int(first), int(last or first) + 1)


class Seen:
    """What one pass over the capture finds."""

    def __init__(self, path: Path):
        self.frames = 0
        self.first = self.last = 0.0
        self.macs: dict[str, set[str]] = defaultdict(set)  # source MAC to sender addresses
        self.vlans: dict[str, set] = defaultdict(set)
        self.payload: dict[str, bytearray] = defaultdict(bytearray)  # source MAC to everything it sent
        self.conversations: dict[tuple, int] = defaultdict(int)  # (client, server, transport, port) to frames
        self.pairs: dict[tuple[str, str], int] = defaultdict(int)  # (source MAC, target MAC) of unicast IPv4
        self.ttls: dict[tuple[str, str], set[int]] = defaultdict(set)  # (sender address, source MAC) to TTLs
        opened: set[tuple] = set()
        asked_all: set[tuple] = set()  # (address, port) that asked everybody by UDP
        reader = PcapNgReader(str(path)) if path.suffix == ".pcapng" else PcapReader(str(path))
        for frame in reader:
            self.frames += 1
            self.first = self.first or float(frame.time)
            self.last = float(frame.time)
            link = frame.getlayer(Ether) or frame.getlayer(Dot3)
            if link is None:
                continue
            source, target = link.src, link.dst
            self.payload[source] += bytes(link.payload)
            if frame.haslayer(Dot1Q) and frame[Dot1Q].vlan:
                self.vlans[source].add(frame[Dot1Q].vlan)
            self.macs[source]
            if frame.haslayer(ARP):
                self.macs[source].add(frame[ARP].psrc)
            if frame.haslayer(IPv6):
                self.macs[source].add(frame[IPv6].src)
            if not frame.haslayer(IP):
                continue
            packet = frame[IP]
            self.macs[source].add(packet.src)
            self.ttls[packet.src, source].add(packet.ttl)
            group = int(target[:2], 16) & 1
            if not group:
                self.pairs[source, target] += 1
            if frame.haslayer(TCP):
                segment = frame[TCP]
                key = (packet.src, segment.sport, packet.dst, segment.dport)
                if segment.flags & 0x12 == 0x02:
                    opened.add(key)
                if key in opened:
                    self.conversations[packet.src, packet.dst, "tcp", segment.dport] += 1
                elif key[2:] + key[:2] not in opened:
                    self.conversations[packet.src, packet.dst, "tcp-without-start", segment.dport] += 1
            elif frame.haslayer(UDP):
                datagram = frame[UDP]
                if group:
                    asked_all.add((packet.src, datagram.sport))
                    continue
                reverse = (packet.dst, datagram.dport, packet.src, datagram.sport)
                key = (packet.src, datagram.sport, packet.dst, datagram.dport)
                if key in opened or reverse in opened:
                    continue
                if (packet.dst, datagram.dport) in asked_all:  # an answer to a question to everybody
                    opened.add(reverse)
                    self.conversations[packet.dst, packet.src, "udp", datagram.sport] += 1
                else:
                    opened.add(key)
                    self.conversations[packet.src, packet.dst, "udp", datagram.dport] += 1


def main() -> int:
    capture, truth_file = Path(sys.argv[1]), Path(sys.argv[2])
    truth = yaml.safe_load(truth_file.read_text())
    seen = Seen(capture)
    faults: list[str] = []
    addresses: dict[str, list[str]] = {}  # host name to addresses
    known_macs: dict[str, str] = {}
    for host in truth["hosts"]:
        addresses[host["name"]] = [a for i in host["interfaces"] for a in i["ipv4"]]
        for interface in host["interfaces"]:
            mac = interface["mac"]
            known_macs[mac] = host["name"]
            if mac not in seen.macs:
                faults.append(f"{host['name']}: {mac} sent nothing")
            for address in interface["ipv4"]:
                if address not in seen.macs[mac]:
                    faults.append(f"{host['name']}: {mac} never used {address}")
            if interface["vlan"] and interface["vlan"] not in seen.vlans[mac]:
                faults.append(f"{host['name']}: {mac} not seen in VLAN {interface['vlan']}")
        for attribute, fact in host["identity"].items():
            wanted = BINARY.get((fact["from"], fact["value"]), fact["value"].encode())
            if not any(wanted in seen.payload[i["mac"]] for i in host["interfaces"]):
                faults.append(f"{host['name']}: {attribute} {fact['value']} is not on the wire")
    for mac in set(seen.macs) - set(known_macs):
        faults.append(f"{mac} ({sorted(seen.macs[mac])}) is in the capture and not in the truth")

    def ends(name: str) -> list[str]:
        return addresses.get(name, [name])

    explained = set()
    for flow in truth["flows"]:
        hits = [key for key in seen.conversations
                if key[0] in ends(flow["client"]) and key[1] in ends(flow["server"]) and key[2] == flow["transport"]
                and key[3] in ports(flow["port"])]
        explained.update(hits)
        if not hits:
            faults.append(f"flow not seen: {flow}")
    for key in set(seen.conversations) - explained:
        if key[2] == "udp" and key[3] in (67, 68):
            continue  # leases are told by `dhcp: true`
        faults.append(f"conversation not in the truth: {key}")
    everything = b"".join(bytes(p) for p in seen.payload.values())
    for secret in truth["secrets"]:
        if secret["kind"].startswith("http_basic"):
            import base64
            wanted = base64.b64encode(f"{secret['account']}:{secret['value']}".encode())
        else:
            wanted = secret["value"].encode()
        if wanted not in everything:
            faults.append(f"secret not on the wire: {secret['kind']}")
    mac_of = {host["name"]: host["interfaces"][0]["mac"] for host in truth["hosts"]}
    for finding in truth["findings"]:
        for one, other in finding.get("pairs", []):
            there, back = seen.pairs[mac_of[one], mac_of[other]], seen.pairs[mac_of[other], mac_of[one]]
            if min(there, back) < finding["frames_each_way_at_least"]:
                faults.append(f"{finding['id']}: {one} and {other} exchanged only {there} and {back} frames")
    for crossing in truth.get("crossings", []):
        own, beyond = mac_of[crossing["host"]], mac_of[crossing["gateway"]]
        address = addresses[crossing["host"]][0]
        if not seen.ttls[address, own] or {t - 1 for t in seen.ttls[address, own]} & seen.ttls[address, beyond] == set():
            faults.append(f"{crossing['host']} is not seen behind {crossing['gateway']} with its TTL one lower")
    print(f"{capture.name}: {seen.frames} frames, {seen.last - seen.first:.1f} s, {len(truth['hosts'])} hosts, "
          f"{len(seen.conversations)} conversations by service, {len(faults)} faults")
    for fault in faults:
        print(" ", fault)
    return 1 if faults else 0


sys.exit(main())
