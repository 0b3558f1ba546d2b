"""A SIMATIC-like controller: python-snap7's server with an identity of its own in the system status list.

Usage: s7_plc.py ORDER_NUMBER FIRMWARE MODULE_TYPE SERIAL STATION_NAME
"""

import struct
import sys
import time

from snap7.server import Server
from snap7.type import SrvArea

ORDER, FIRMWARE, MODULE_TYPE, SERIAL, STATION = sys.argv[1:6]


class Controller(Server):
    """Answers SZL 0011 and 001C as S7-300/400 do: a header (record length, count), then fixed-size records."""

    def _get_szl_data(self, szl_id: int, szl_index: int) -> bytes | None:
        if szl_id == 0x0011:
            major, minor, patch = (int(part) for part in FIRMWARE.split("."))
            hardware = struct.pack(">H20sHHH", 1, ORDER.ljust(20).encode(), 0, 4, 1)
            firmware = struct.pack(">H20sHBBBB", 7, ORDER.ljust(20).encode(), 0, ord("V"), major, minor, patch)
            return struct.pack(">HH", 28, 2) + hardware + firmware
        if szl_id == 0x001C:
            texts = {1: STATION, 2: MODULE_TYPE, 3: "", 4: "Original Siemens Equipment", 5: SERIAL, 7: MODULE_TYPE}
            records = b"".join(struct.pack(">H32s", number, text.encode()) for number, text in texts.items())
            return struct.pack(">HH", 34, len(texts)) + records
        return super()._get_szl_data(szl_id, szl_index)


controller = Controller(log=False)
controller.register_area(SrvArea.DB, 1, bytearray(range(256)))
controller.register_area(SrvArea.MK, 0, bytearray(64))
controller.start(tcp_port=102)
while True:
    time.sleep(1)
