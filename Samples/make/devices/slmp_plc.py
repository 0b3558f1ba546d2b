"""A MELSEC-like controller that answers SLMP / MC protocol 3E binary frames over TCP.

Written after Mitsubishi's "SLMP Reference Manual" (SH-080956ENG): batch read and write in words, and Read Type Name.
Usage: slmp_plc.py PORT [MODEL CODE]   (without a model, Read Type Name is refused with C059, "wrong command")
"""

import socketserver
import struct
import sys

REQUEST, RESPONSE = 0x5000, 0xD000
BATCH_READ, BATCH_WRITE, READ_TYPE_NAME = 0x0401, 0x1401, 0x0101
WRONG_COMMAND = 0xC059

MODEL = sys.argv[2] if len(sys.argv) > 2 else None
MODEL_CODE = int(sys.argv[3], 16) if len(sys.argv) > 3 else 0
WORDS = [(n * 37) % 1000 for n in range(4096)]


def answer(command: int, body: bytes) -> tuple[int, bytes]:
    """The end code and data for one command."""
    if command == READ_TYPE_NAME and MODEL:
        return 0, MODEL.ljust(16).encode("ascii") + struct.pack("<H", MODEL_CODE)
    if command in (BATCH_READ, BATCH_WRITE) and len(body) >= 6:
        start = int.from_bytes(body[0:3], "little") % 3000
        count = int.from_bytes(body[4:6], "little") % 960
        if command == BATCH_WRITE:
            for offset, (word,) in enumerate(struct.iter_unpack("<H", body[6 : 6 + 2 * count])):
                WORDS[start + offset] = word
            return 0, b""
        WORDS[0] = (WORDS[0] + 1) & 0xFFFF  # a shot counter
        return 0, struct.pack(f"<{count}H", *WORDS[start : start + count])
    return WRONG_COMMAND, b""


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while True:
            head = self.rfile.read(9)
            if len(head) < 9 or int.from_bytes(head[:2], "big") != REQUEST:
                return
            length = int.from_bytes(head[7:9], "little")
            rest = self.rfile.read(length)
            if len(rest) < 6:
                return
            command = int.from_bytes(rest[2:4], "little")
            code, data = answer(command, rest[6:])
            route = head[2:7]
            if code:  # an error repeats the route and the command (9 bytes of error information)
                data = route + rest[2:6]
            self.wfile.write(struct.pack(">H", RESPONSE) + route + struct.pack("<HH", len(data) + 2, code) + data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", int(sys.argv[1])), Session).serve_forever()
