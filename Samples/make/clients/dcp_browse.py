"""An engineering tool's network browser: PROFINET DCP Identify All, then Get of one name (profinet-py).

Usage: dcp_browse.py INTERFACE
"""

import socket
import sys

from profinet import dcp

sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x8892))
sock.bind((sys.argv[1], 0x8892))
sock.settimeout(3)
own = sock.getsockname()[4]
dcp.send_discover(sock, own)
found = dcp.read_response(sock, own, timeout_sec=3)
for mac, blocks in found.items():
    print(mac, blocks)
for mac in found:
    address = mac if isinstance(mac, str) else ":".join(f"{b:02x}" for b in mac)
    print(address, dcp.get_param(sock, own, address, "name"))
