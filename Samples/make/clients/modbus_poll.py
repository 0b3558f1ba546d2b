"""Reads a Modbus/TCP device (pymodbus). Usage: modbus_poll.py HOST EVERY SECONDS [identify] [write]"""

import sys
import time

from pymodbus.client import ModbusTcpClient

host, every, seconds = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
device = ModbusTcpClient(host)
if not device.connect():
    sys.exit(f"no answer from {host}")
if "identify" in sys.argv:
    for code in (1, 2):
        print(device.read_device_information(read_code=code, object_id=0).information)
end = time.monotonic() + seconds
turn = 0
while time.monotonic() < end:
    device.read_holding_registers(10, count=10)
    turn += 1
    if "write" in sys.argv and turn % 15 == 0:
        device.write_register(50, turn)
    time.sleep(every)
device.close()
