"""A PROFINET station: answers DCP Identify and Get (IEC 61158-6-10) and, when told so, exchanges cyclic RT frames.

Usage: dcp_station.py INTERFACE STATION_NAME STATION_TYPE VENDOR_ID DEVICE_ID ROLE IP/PREFIX GATEWAY
                      [PEER_MAC FRAME_ID SECONDS_BETWEEN_FRAMES]
"""

import ipaddress
import select
import socket
import struct
import sys
import time

PROFINET = 0x8892
IDENTIFY_REQUEST, IDENTIFY_RESPONSE, GET_SET = 0xFEFE, 0xFEFF, 0xFEFD
GET, IDENTIFY, REQUEST, SUCCESS = 3, 5, 0, 1
ALL_SELECTOR = (0xFF, 0xFF)

interface, name, kind, vendor, device, role, address, gateway = sys.argv[1:9]
peer = sys.argv[9:12]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(PROFINET))
wire.bind((interface, PROFINET))
own = wire.getsockname()[4]
place = ipaddress.ip_interface(address)


def block(option: int, suboption: int, value: bytes, info: int = 0) -> bytes:
    data = struct.pack(">H", info) + value
    return struct.pack(">BBH", option, suboption, len(data)) + data + bytes(len(data) % 2)


BLOCKS = {
    (2, 5): block(2, 5, bytes([2, 1, 2, 2, 2, 3, 2, 4, 1, 2])),
    (2, 1): block(2, 1, kind.encode()),
    (2, 2): block(2, 2, name.encode()),
    (2, 3): block(2, 3, struct.pack(">HH", int(vendor, 16), int(device, 16))),
    (2, 4): block(2, 4, bytes([int(role), 0])),
    (1, 2): block(1, 2, place.ip.packed + place.netmask.packed + ipaddress.ip_address(gateway).packed, info=1),
}


def frame(target: bytes, payload: bytes) -> bytes:
    return (target + own + struct.pack(">H", PROFINET) + payload).ljust(60, b"\0")


def answer(received: bytes) -> bytes | None:
    """The response to one DCP request, or none when it is not for this station."""
    source, body = received[6:12], received[14:]
    if len(body) < 12:
        return None
    frame_id, service, kind_of, transaction, _, length = struct.unpack(">HBBIHH", body[:12])
    asked = body[12 : 12 + length]
    if kind_of != REQUEST:
        return None
    if frame_id == IDENTIFY_REQUEST and service == IDENTIFY and len(asked) >= 4:
        option, size = (asked[0], asked[1]), int.from_bytes(asked[2:4], "big")
        if option == (2, 2) and asked[4 : 4 + size] != name.encode():
            return None
        if option not in ((2, 2), ALL_SELECTOR):
            return None
        blocks, answer_id = b"".join(BLOCKS.values()), IDENTIFY_RESPONSE
    elif frame_id == GET_SET and service == GET:
        wanted = [(asked[i], asked[i + 1]) for i in range(0, len(asked) - 1, 2)]
        blocks, answer_id = b"".join(BLOCKS[w] for w in wanted if w in BLOCKS), GET_SET
    else:
        return None
    head = struct.pack(">HBBIHH", answer_id, service, SUCCESS, transaction, 0, len(blocks))
    return frame(source, head + blocks)


def cyclic(counter: int) -> bytes:
    """An RT class 1 frame: input data, cycle counter (31.25 us), data status (valid, run, primary), transfer status."""
    data = struct.pack(">HH", counter & 0x0FFF, 0x8080).ljust(40, b"\0")
    payload = struct.pack(">H", int(peer[1], 16)) + data + struct.pack(">HBB", counter & 0xFFFF, 0x35, 0)
    return frame(bytes.fromhex(peer[0].replace(":", "")), payload)


next_cycle = time.monotonic()
while True:
    pause = max(0.0, next_cycle - time.monotonic()) if peer else 5.0
    if select.select([wire], [], [], pause)[0]:
        received, origin = wire.recvfrom(2048)
        if origin[2] == socket.PACKET_OUTGOING:
            continue
        response = answer(received)
        if response:
            wire.send(response)
    if peer and time.monotonic() >= next_cycle:
        wire.send(cyclic(int(time.monotonic() * 32000)))
        next_cycle += float(peer[2])
