"""Asks for a name as Windows does by LLMNR (RFC 4795) and, with "answer", answers for its own.

Usage: name_query.py ask NAME OWN_ADDRESS | name_query.py answer NAME OWN_ADDRESS
"""

import ipaddress
import socket
import struct
import sys

GROUP, PORT = "224.0.0.252", 5355
mode, name, own = sys.argv[1:4]
question = bytes([len(name)]) + name.encode() + b"\0" + struct.pack(">HH", 1, 1)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
if mode == "ask":
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    sock.settimeout(1)
    sock.sendto(struct.pack(">6H", 0x3A51, 0, 1, 0, 0, 0) + question, (GROUP, PORT))
    try:
        print(sock.recvfrom(512))
    except TimeoutError:
        print("nobody answered")
else:
    sock.bind(("", PORT))
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(own))
    while True:
        query, peer = sock.recvfrom(512)
        if query[2] & 0x80 or query[12 : 12 + len(question)].lower() != question.lower():
            continue
        record = question + struct.pack(">IH", 30, 4) + ipaddress.ip_address(own).packed
        sock.sendto(query[:2] + struct.pack(">5H", 0x8000, 1, 1, 0, 0) + question + record, peer)
