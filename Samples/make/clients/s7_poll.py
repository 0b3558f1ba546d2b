"""A panel or engineering tool that reads a SIMATIC controller (python-snap7).

Usage: s7_poll.py HOST EVERY SECONDS [identify] [write]
"""

import sys
import time

from snap7.client import Client

host, every, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
plc = Client()
plc.connect(host, 0, 2)
if "identify" in sys.argv:
    for szl in (0x0011, 0x001C):
        record = plc.read_szl(szl)
        print(hex(szl), bytes(record.Data)[:80])
end = time.monotonic() + seconds
turn = 0
while time.monotonic() < end:
    plc.db_read(1, 0, 32)
    turn += 1
    if "write" in sys.argv and turn % 20 == 0:
        plc.db_write(1, 64, bytearray([turn & 0xFF]))
    time.sleep(every)
plc.disconnect()
