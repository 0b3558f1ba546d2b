"""A panel or engineering tool that reads an OMRON controller over FINS/UDP (the PyPI package fins).

Usage: fins_poll.py HOST OWN_NODE EVERY SECONDS [identify] [write]
"""

import sys
import time

from fins.udp import UDPFinsConnection

host, node, every, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
plc = UDPFinsConnection()
plc.dest_node_add = int(host.rsplit(".", 1)[1])
plc.srce_node_add = node
plc.connect(host)
if "identify" in sys.argv:
    print(plc.cpu_unit_data_read(b"\x00"))
    print(plc.cpu_unit_status_read())
end = time.monotonic() + seconds
turn = 0
while time.monotonic() < end:
    plc.memory_area_read(b"\x82", b"\x00\x64\x00", 12)
    turn += 1
    if "write" in sys.argv and turn % 20 == 0:
        plc.memory_area_write(b"\x82", b"\x01\x00\x00", turn.to_bytes(2, "big"), 1)
    time.sleep(every)
