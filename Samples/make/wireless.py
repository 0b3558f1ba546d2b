#!/usr/bin/env python3
"""Makes the wireless sample: what a receiver in monitor mode would have heard in the plant. Synthetic: no radio was used.

Every frame is put together here, byte by byte (IEEE 802.11-2020, radiotap.org, pcapng draft), with the Python standard
library alone; the same script gives the same bytes.

Usage: wireless.py [OUTPUT_FOLDER]
"""

import hashlib
import struct
import sys
import zlib
from pathlib import Path

START = 1_791_939_600_000_000  # 2026-10-14 10:00:00 in Japan, in microseconds
COMMENT = ("Synthetic sample of otscan, made by Samples/make/wireless.py: "
           "no such network was ever on the air, all names are invented")
BROADCAST = "ff:ff:ff:ff:ff:ff"
FREQUENCY = {1: 2412, 6: 2437, 11: 2462, 36: 5180, 44: 5220}

NETWORKS = [
    # name, BSSID, channel, security, what it is
    ("MINATO-PLANT", "70:7d:b9:3c:11:0f", 36, "wpa2-eap", "the plant's network, 802.1X"),
    ("湊精工-事務所", "70:7d:b9:3c:11:0e", 1, "wpa2-psk", "the office's network, shared key"),
    ("MINATO-GUEST", "70:7d:b9:3c:11:0d", 6, "open", "for visitors, without encryption"),
    ("倉庫ハンディ", "00:24:a5:77:0c:ca", 11, "wep", "old hand-held terminals in the warehouse, WEP"),
    ("MINATO-PLANT", "00:c0:ca:97:51:20", 6, "open", "an evil twin: the plant's name, another maker, no encryption"),
    ("検査室-AP", "ac:44:f2:31:20:07", 44, "wpa3-sae", "the inspection room's, WPA3"),
]
PLANT, OFFICE, GUEST, HANDY, TWIN, LAB = range(6)

CLIENTS = [
    # name, MAC, network, in the ledger
    ("TAB-HOZEN01", "a4:83:e7:2a:31:82", PLANT, True),
    ("HT-SOUKO01", "00:a0:f8:4c:10:21", HANDY, True),
    ("PC-SOUMU05", "9c:b6:d0:12:9a:44", OFFICE, False),
    ("visitor", "da:a1:19:52:07:3e", GUEST, False),
    ("victim", "a4:83:e7:2a:31:99", TWIN, True),
]
WANDERERS = ["6a:3f:11:90:2b:c4", "f2:0c:7d:55:e1:08", "36:91:aa:04:7f:d3"]  # randomised, only ask
REFUSED = "9c:b6:d0:12:9a:45"  # refused by the inspection room


def mac(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))


def noise(seed: str, size: int) -> bytes:
    """Bytes that look encrypted, the same at each run."""
    return hashlib.shake_128(seed.encode()).digest(size)


def element(number: int, value: bytes) -> bytes:
    return bytes([number, len(value)]) + value


def rsn(management: int, capabilities: int = 0) -> bytes:
    """RSN element: CCMP for group and pairs, one key management suite."""
    return element(48, struct.pack("<H4sH4sH4sH", 1, b"\x00\x0f\xac\x04", 1, b"\x00\x0f\xac\x04", 1,
                                   b"\x00\x0f\xac" + bytes([management]), capabilities))


SECURITY = {"wpa2-eap": rsn(1), "wpa2-psk": rsn(2), "wpa3-sae": rsn(8, 0x00C0), "open": b"", "wep": b""}


def rates(channel: int) -> bytes:
    if channel > 14:
        return element(1, bytes([0x8C, 0x12, 0x98, 0x24, 0xB0, 0x48, 0x60, 0x6C]))
    return element(1, bytes([0x82, 0x84, 0x8B, 0x96, 0x0C, 0x12, 0x18, 0x24]))


class Air:
    """The frames, in the order of their sending."""

    def __init__(self):
        self.frames: list[tuple[int, bytes]] = []
        self.sequence: dict[str, int] = {}

    def send(self, time: int, channel: int, control: int, addresses: tuple[str, str, str], body: bytes,
             signal: int = -52, duration: int = 0):
        """One frame: radiotap header, MAC header, body and check sequence."""
        transmitter = addresses[1]
        number = self.sequence.get(transmitter, 0)
        self.sequence[transmitter] = (number + 1) % 4096
        frame = struct.pack("<HH", control, duration) + b"".join(map(mac, addresses)) + struct.pack("<H", number << 4)
        frame += body
        frame += struct.pack("<I", zlib.crc32(frame))
        # Present: flags, rate, channel, antenna signal, antenna. Flags: the check sequence is included.
        band = 0x0140 if channel > 14 else 0x00A0
        head = struct.pack("<BBHIBBHHbB", 0, 0, 16, 0x0000082E, 0x10, 12 if channel > 14 else 2, FREQUENCY[channel],
                           band, signal, 0)
        self.frames.append((time, head + frame))

    def pcapng(self) -> bytes:
        def option(code: int, value: bytes) -> bytes:
            return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)

        def block(kind: int, body: bytes) -> bytes:
            size = 12 + len(body)
            return struct.pack("<II", kind, size) + body + struct.pack("<I", size)

        end = struct.pack("<HH", 0, 0)
        out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, COMMENT.encode())
                    + option(4, b"Samples/make/wireless.py") + end)
        out += block(1, struct.pack("<HHI", 127, 0, 0) + option(2, b"mon0") + option(9, b"\x06") + end)
        for time, frame in sorted(self.frames, key=lambda entry: entry[0]):
            out += block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, len(frame), len(frame)) + frame
                         + bytes(-len(frame) % 4))
        return out


# Frame control: type and subtype as first byte, flags as second; little-endian here.
BEACON, PROBE_REQUEST, PROBE_RESPONSE, AUTHENTICATION = 0x0080, 0x0040, 0x0050, 0x00B0
ASSOCIATION_REQUEST, ASSOCIATION_RESPONSE, DEAUTHENTICATION = 0x0000, 0x0010, 0x00C0
TO_AP, FROM_AP, PROTECTED, DATA = 0x0100, 0x0200, 0x4000, 0x0008


def announcement(network: int, time: int, is_beacon: bool) -> bytes:
    name, _, channel, security, _ = NETWORKS[network]
    capabilities = 0x0421 if security == "open" else 0x0431
    body = struct.pack("<QHH", time - START + 1_000_000 * (network + 1), 100, capabilities)
    body += element(0, name.encode()) + rates(channel)
    if channel <= 14:
        body += element(3, bytes([channel]))
    if is_beacon:
        body += element(5, bytes([0, 1, 0, 0]))
    body += element(7, b"JP " + (bytes([36, 4, 23]) if channel > 14 else bytes([1, 13, 20])))
    body += SECURITY[security]
    if channel > 14:
        body += element(61, bytes([channel]) + bytes(21))
    return body


def associate(air: Air, time: int, network: int, station: str, status: int = 0):
    """Open authentication and association, as before every kind of security but shared keys and SAE."""
    name, bssid, channel, security, _ = NETWORKS[network]
    air.send(time, channel, AUTHENTICATION, (bssid, station, bssid), struct.pack("<HHH", 0, 1, 0), -60)
    air.send(time + 1_800, channel, AUTHENTICATION, (station, bssid, bssid), struct.pack("<HHH", 0, 2, 0))
    capabilities = 0x0421 if security == "open" else 0x0431
    request = struct.pack("<HH", capabilities, 10) + element(0, name.encode()) + rates(channel) + SECURITY[security]
    air.send(time + 3_900, channel, ASSOCIATION_REQUEST, (bssid, station, bssid), request, -60)
    answer = struct.pack("<HHH", capabilities, status, 0xC001 if status == 0 else 0) + rates(channel)
    air.send(time + 6_200, channel, ASSOCIATION_RESPONSE, (station, bssid, bssid), answer)


def shared_key(air: Air, time: int, station: str):
    """WEP: a challenge in clear and its answer encrypted."""
    _, bssid, channel, _, _ = NETWORKS[HANDY]
    air.send(time, channel, AUTHENTICATION, (bssid, station, bssid), struct.pack("<HHH", 1, 1, 0), -66)
    air.send(time + 2_000, channel, AUTHENTICATION, (station, bssid, bssid),
             struct.pack("<HHH", 1, 2, 0) + element(16, noise("challenge", 128)))
    air.send(time + 4_000, channel, AUTHENTICATION | PROTECTED, (bssid, station, bssid),
             noise("iv", 3) + b"\x00" + noise("answer", 136) + noise("icv", 4), -66)
    air.send(time + 6_000, channel, AUTHENTICATION, (station, bssid, bssid), struct.pack("<HHH", 1, 4, 0))


def sae(air: Air, time: int, station: str, status: int):
    """WPA3: commit and confirm (group 19); the confirm is refused when the password was wrong."""
    _, bssid, channel, _, _ = NETWORKS[LAB]

    def commit(seed: str) -> bytes:
        return struct.pack("<HHHH", 3, 1, 0, 19) + noise(seed, 32) + noise(seed + "x", 64)

    air.send(time, channel, AUTHENTICATION, (bssid, station, bssid), commit("station"), -70)
    air.send(time + 5_000, channel, AUTHENTICATION, (station, bssid, bssid), commit("ap"))
    confirm = struct.pack("<HHHH", 3, 2, 0, 1) + noise("confirm", 32)
    air.send(time + 9_000, channel, AUTHENTICATION, (bssid, station, bssid), confirm, -70)
    refusal = struct.pack("<HHHH", 3, 2, status, 1) + noise("confirm2", 32)
    air.send(time + 12_000, channel, AUTHENTICATION, (station, bssid, bssid), refusal)


def snap(kind: int, payload: bytes) -> bytes:
    return b"\xaa\xaa\x03\x00\x00\x00" + struct.pack(">H", kind) + payload


def login(air: Air, time: int, station: str):
    """802.1X: identity asked and told, success; the method's own messages are left out."""
    _, bssid, channel, _, _ = NETWORKS[PLANT]

    def eap(code: int, number: int, data: bytes) -> bytes:
        packet = struct.pack(">BBH", code, number, 4 + len(data)) + data
        return snap(0x888E, struct.pack(">BBH", 2, 0, len(packet)) + packet)

    air.send(time, channel, DATA | FROM_AP, (station, bssid, bssid), eap(1, 1, b"\x01"))
    air.send(time + 4_000, channel, DATA | TO_AP, (bssid, station, bssid), eap(2, 1, b"\x01hozen01"), -58)
    air.send(time + 60_000, channel, DATA | FROM_AP, (station, bssid, bssid), eap(3, 2, b""))


def talk(air: Air, time: int, network: int, station: str, count: int):
    """Data both ways; the gateway is the host behind the access point."""
    _, bssid, channel, security, _ = NETWORKS[network]
    gateway = "ac:44:f2:10:20:01"
    for number in range(count):
        at = time + number * 50_000
        if security == "open":
            ask = struct.pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 1, mac(station), bytes([192, 168, 50, 20 + network]),
                              bytes(6), bytes([192, 168, 50, 1]))
            tell = struct.pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, 2, mac(gateway), bytes([192, 168, 50, 1]),
                               mac(station), bytes([192, 168, 50, 20 + network]))
            air.send(at, channel, DATA | TO_AP, (bssid, station, BROADCAST), snap(0x0806, ask), -57)
            air.send(at + 1_000, channel, DATA | FROM_AP, (station, bssid, gateway), snap(0x0806, tell))
            continue
        if security == "wep":
            head, tail = noise(f"iv{number}", 3) + b"\x00", 4
        else:  # CCMP: packet number in six bytes, extended IV bit
            head, tail = struct.pack("<HBBI", number + 1, 0, 0x20, 0), 8
        body = head + noise(f"{station}{number}", 60 + 7 * (number % 5) + tail)
        air.send(at, channel, DATA | TO_AP | PROTECTED, (bssid, station, gateway), body, -57)
        air.send(at + 1_500, channel, DATA | FROM_AP | PROTECTED, (station, bssid, gateway), body[::-1]
                 if security == "wep" else head + noise(f"{station}{number}r", 72))


def record() -> Air:
    air = Air()
    for network, (_, bssid, channel, _, _) in enumerate(NETWORKS):
        for number in range(40):
            time = START + network * 9_100 + number * 102_400 * 4
            air.send(time, channel, BEACON, (BROADCAST, bssid, bssid), announcement(network, time, True),
                     -48 - 3 * network)
    for number, station in enumerate(WANDERERS):
        for network in (GUEST, OFFICE):
            channel = NETWORKS[network][2]
            time = START + 700_000 + number * 310_000 + network * 21_000
            air.send(time, channel, PROBE_REQUEST, (BROADCAST, station, BROADCAST), element(0, b"") + rates(channel), -75)
            answer_at = time + 1_200
            air.send(answer_at, channel, PROBE_RESPONSE, (station, NETWORKS[network][1], NETWORKS[network][1]),
                     announcement(network, answer_at, False))
    for number, (_, station, network, _) in enumerate(CLIENTS):
        name, bssid, channel, security, _ = NETWORKS[network]
        time = START + 2_000_000 + number * 900_000
        air.send(time, channel, PROBE_REQUEST, (BROADCAST, station, BROADCAST),
                 element(0, name.encode()) + rates(channel), -61)
        air.send(time + 1_100, channel, PROBE_RESPONSE, (station, bssid, bssid), announcement(network, time + 1_100, False))
        if security == "wep":
            shared_key(air, time + 10_000, station)
        associate(air, time + 30_000, network, station)
        if network == PLANT:
            login(air, time + 60_000, station)
        talk(air, time + 200_000, network, station, 12)
    sae(air, START + 8_000_000, REFUSED, 15)
    # The twin throws the tablet off the true network before it lures it.
    true = NETWORKS[PLANT][1]
    for number in range(4):
        air.send(START + 5_300_000 + number * 3_000, NETWORKS[PLANT][2], DEAUTHENTICATION,
                 ("a4:83:e7:2a:31:99", true, true), struct.pack("<H", 7), -44)
    return air


def truth(capture: bytes) -> str:
    lines = ["# Made by Samples/make/wireless.py; see Samples/README.md for the meaning of each key.", "about:",
             "  plant: Minato Seiko K.K., Hamamatsu works (invented)", "  sample: wireless", "  synthetic: true",
             "capture:", "  file: wireless.pcapng", f"  sha256: {hashlib.sha256(capture).hexdigest()}",
             "  taken_at: in the air, receiver in monitor mode (synthetic)", "  link_type: ieee802_11_radiotap", "networks:"]
    for name, bssid, channel, security, what in NETWORKS:
        lines += [f"- ssid: {name}", f"  bssid: {bssid}", f"  channel: {channel}", f"  security: {security}",
                  f'  what: "{what}"']
    lines.append("clients:")
    for name, station, network, listed in CLIENTS:
        randomised = int(station[:2], 16) & 2 != 0
        lines += [f"- name: {name}", f"  mac: {station}", f"  ssid: {NETWORKS[network][0]}",
                  f"  bssid: {NETWORKS[network][1]}", f"  listed: {str(listed).lower()}",
                  f"  randomised: {str(randomised).lower()}"]
    lines.append("probing_only:")
    lines += [f"- mac: {station}\n  randomised: true" for station in WANDERERS]
    lines += ["refused:", f"- mac: {REFUSED}", f"  bssid: {NETWORKS[LAB][1]}", "findings:",
              "- id: weak-wireless", "  item: 2-7", "  what: networks without encryption or with WEP", "  ssids:",
              "  - MINATO-GUEST", "  - MINATO-PLANT", "  - 倉庫ハンディ",
              "- id: evil-twin", "  item: 2-7",
              "  what: one name with and without encryption, by access points of two makers", "  ssid: MINATO-PLANT",
              f"  bssid: {NETWORKS[TWIN][1]}", "proposals:", "  2-7:", "    levels:", "    - 1",
              "    verdict: contradicts", "    because:", "    - weak-wireless"]
    return "\n".join(lines) + "\n"


def main():
    output = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    capture = record().pcapng()
    (output / "wireless.pcapng").write_bytes(capture)
    (output / "wireless.truth.yaml").write_text(truth(capture), encoding="utf-8")
    print(f"wireless.pcapng: {len(capture):,} bytes")


if __name__ == "__main__":
    main()
