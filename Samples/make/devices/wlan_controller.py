"""A wireless LAN controller's CAPWAP side (RFC 5415): answers Discovery Requests and data-channel keep-alives.

The join that would follow runs in DTLS and is left out. Usage: wlan_controller.py NAME ADDRESS MAC
"""

import ipaddress
import select
import socket
import struct
import sys

NAME, ADDRESS, MAC = sys.argv[1], ipaddress.ip_address(sys.argv[2]), bytes.fromhex(sys.argv[3].replace(":", ""))
DISCOVERY_REQUEST, DISCOVERY_RESPONSE = 1, 2
CONTROL, DATA = 5246, 5247


def element(kind: int, value: bytes) -> bytes:
    return struct.pack(">HH", kind, len(value)) + value


def discovery_response(header: bytes, sequence: int) -> bytes:
    versions = struct.pack(">IHH", 9, 4, 4) + b"16.1" + struct.pack(">IHH", 9, 5, 4) + b"17.9"
    descriptor = struct.pack(">HHHHBBBB", 2, 250, 2, 100, 4, 1, 0, 4) + versions
    body = element(1, descriptor) + element(4, NAME.encode()) + element(10, ADDRESS.packed + struct.pack(">H", 2))
    return header + struct.pack(">IBHB", DISCOVERY_RESPONSE, sequence, len(body) + 3, 0) + body


def main() -> None:
    sockets = []
    for port in (CONTROL, DATA):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("", port))
        sockets.append(sock)
    while True:
        for sock in select.select(sockets, [], [])[0]:
            packet, peer = sock.recvfrom(2048)
            if sock is sockets[1]:
                sock.sendto(packet, peer)  # a keep-alive comes back as it went
                continue
            length = (packet[1] >> 3) * 4
            if len(packet) < length + 8 or packet[0] != 0:
                continue
            kind, sequence = struct.unpack(">IB", packet[length : length + 5])
            if kind == DISCOVERY_REQUEST:
                sock.sendto(discovery_response(bytes([0, 0x10, 0x02, 0, 0, 0, 0, 0]), sequence), peer)


main()
