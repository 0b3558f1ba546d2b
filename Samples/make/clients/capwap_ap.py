"""A lightweight access point's first steps in CAPWAP (RFC 5415): Discovery by broadcast and unicast, data keep-alives.

Usage: capwap_ap.py CONTROLLER OWN_MAC MODEL SERIAL VERSION NAME SECONDS
"""

import socket
import struct
import sys
import time

controller, mac, model, serial, version, name = sys.argv[1:7]
seconds = float(sys.argv[7])
HEADER = bytes([0, 0x10, 0x02, 0, 0, 0, 0, 0])  # 8 bytes long, binding IEEE 802.11
KEEP_ALIVE = bytes([0, 0x10, 0x02, 0x08, 0, 0, 0, 0])  # the same with the K bit


def element(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value


def part(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value


def described(kind: int, value: bytes) -> bytes:
    return struct.pack(">IHH", 9, kind, len(value)) + value


board = struct.pack(">I", 9) + part(0, model.encode()) + part(1, serial.encode()) + part(
    4, bytes.fromhex(mac.replace(":", "")))
descriptor = bytes([2, 2, 1, 0, 1]) + struct.pack(">H", 4) + described(0, b"1.0") + described(1, version.encode()) + (
    described(2, b"1.1"))
body = element(20, bytes([0])) + element(38, board) + element(39, descriptor) + element(41, bytes([4])) + element(
    44, bytes([2])) + element(1048, struct.pack(">BI", 0, 0x0F)) + element(45, name.encode())

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sock.bind(("", 10010))
data = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
data.bind(("", 10011))
end = time.monotonic() + seconds
sequence = 0
while time.monotonic() < end:
    for target in ("255.255.255.255", controller):
        message = struct.pack(">IBHB", 1, sequence & 0xFF, len(body) + 3, 0) + body
        sock.sendto(HEADER + message, (target, 5246))
        sequence += 1
    session = element(35, bytes(range(16)))
    data.sendto(KEEP_ALIVE + struct.pack(">H", len(session) + 2) + session, (controller, 5247))
    time.sleep(30)
