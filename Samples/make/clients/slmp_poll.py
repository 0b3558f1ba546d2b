"""An operator panel or engineering tool that reads a controller over MC protocol 3E (pymcprotocol).

Usage: slmp_poll.py HOST PORT EVERY SECONDS [identify] [write]
"""

import sys
import time

import pymcprotocol

host, port, every, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
plc = pymcprotocol.Type3E()
plc.connect(host, port)
if "identify" in sys.argv:
    print(plc.read_cputype())
end = time.monotonic() + seconds
turn = 0
while time.monotonic() < end:
    plc.batchread_wordunits(headdevice="D100", readsize=16)
    turn += 1
    if "write" in sys.argv and turn % 20 == 0:
        plc.batchwrite_wordunits(headdevice="D200", values=[turn, 1])
    time.sleep(every)
plc.close()
