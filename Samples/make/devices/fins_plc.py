"""An OMRON-like controller that answers FINS over UDP 9600.

Written after OMRON's "CS/CJ series communications commands reference" (W342): MEMORY AREA READ and WRITE,
CONTROLLER DATA READ, CONTROLLER STATUS READ and CLOCK READ.
Usage: fins_plc.py MODEL VERSION
"""

import datetime
import socket
import struct
import sys

MODEL, VERSION = sys.argv[1], sys.argv[2]
MEMORY_READ, MEMORY_WRITE, DATA_READ, STATUS_READ, CLOCK_READ = 0x0101, 0x0102, 0x0501, 0x0601, 0x0701
NORMAL, UNDEFINED_COMMAND, TOO_SHORT = 0x0000, 0x0401, 0x1002
WORDS = [(n * 11) % 500 for n in range(32768)]


def controller_data() -> bytes:
    """Model and version (20 bytes each), 40 bytes for the system, then the 12-byte area data."""
    version = VERSION.ljust(20)[:20]
    area = struct.pack(">HBHBHBBBB", 20, 1, 32768, 1, 0, 0, 0, 0, 0)  # program kW, IOM kB, DM words, timers, EM, cards
    return MODEL.ljust(20)[:20].encode() + version.encode() + bytes(40) + area


def answer(command: int, body: bytes) -> tuple[int, bytes]:
    if command in (MEMORY_READ, MEMORY_WRITE):
        if len(body) < 6:
            return TOO_SHORT, b""
        word = int.from_bytes(body[1:3], "big") % 30000
        count = int.from_bytes(body[4:6], "big") % 1000
        if command == MEMORY_WRITE:
            for offset, (value,) in enumerate(struct.iter_unpack(">H", body[6 : 6 + 2 * count])):
                WORDS[word + offset] = value
            return NORMAL, b""
        WORDS[100] = (WORDS[100] + 1) & 0xFFFF
        return NORMAL, struct.pack(f">{count}H", *WORDS[word : word + count])
    if command == DATA_READ:
        return NORMAL, controller_data()
    if command == STATUS_READ:  # run, monitor mode, no fatal or other error, no message, error code, message
        return NORMAL, struct.pack(">BBHHHH16s", 1, 2, 0, 0, 0, 0, b" " * 16)
    if command == CLOCK_READ:
        now = datetime.datetime.now()
        return NORMAL, bytes.fromhex(now.strftime("%y%m%d%H%M%S") + f"{now.isoweekday() % 7:02d}")
    return UNDEFINED_COMMAND, b""


def main() -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("", 9600))
    while True:
        frame, peer = server.recvfrom(2048)
        if len(frame) < 12 or frame[0] & 0x40:  # too short, or itself a response
            continue
        command = int.from_bytes(frame[10:12], "big")
        code, data = answer(command, frame[12:])
        # A response swaps source and destination and keeps the service id.
        header = bytes([0xC0, 0, 2]) + frame[6:9] + frame[3:6] + frame[9:10]
        server.sendto(header + frame[10:12] + struct.pack(">H", code) + data, peer)


main()
