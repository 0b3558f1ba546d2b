"""Reads tags of a Logix-like controller over EtherNet/IP (cpppo's client), after List Identity when asked.

Usage: cip_poll.py HOST EVERY SECONDS [identify] [write]
"""

import socket
import struct
import sys
import time

from cpppo.server.enip import client
from pycomm3 import CIPDriver

host, every, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
if "identify" in sys.argv:
    print(CIPDriver.list_identity(host))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # the same question as a tool's browser asks it: UDP
    sock.settimeout(2)
    sock.sendto(struct.pack("<HHII8sI", 0x63, 0, 0, 0, b"\0" * 8, 0), (host, 44818))
    try:
        print(sock.recv(512))
    except TimeoutError:
        print("no answer over UDP")
end = time.monotonic() + seconds
turn = 0
with client.connector(host=host, timeout=5.0) as connection:
    while time.monotonic() < end:
        turn += 1
        tags = ["SPEED[0-3]"]
        if "write" in sys.argv and turn % 20 == 0:
            tags.append("RECIPE[0-0]=%d" % turn)
        for _ in connection.pipeline(operations=client.parse_operations(tags), depth=1, timeout=5.0):
            pass
        time.sleep(every)
