#!/usr/bin/env python3
"""Writes a deterministic capture of a made-up plant, for measuring.

usage: bench_capture.py OUT.pcap [--mix small|big] [--frames N] [--opening N] [--conversations N] [--hosts N] [--flood]

A plant of `--hosts` devices talks industrial and office protocols. `--conversations` short office conversations are
opened, spread over the first `--opening` frames; everything after that is more of the long ones, so that two captures
that differ in `--frames` alone show the same hosts and the same conversations. The mix decides the frames' sizes:
"small" averages about 90 bytes, "big" about 450. Checksums are zero, as a capture on a sender with offloading has them.

--flood writes the opposite: every frame has its own made-up hosts, ports and host name.
"""
import argparse
import random
import struct

PACK = struct.pack
IPV4 = struct.Struct(">BBHHHBBH4s4s")
TCP = struct.Struct(">HHIIBBHHH")
UDP = struct.Struct(">HHHH")
RECORD = struct.Struct("<IIII")
START = 1_760_000_000 * 1_000_000
VLANS = (0, 11, 12, 13, 14, 15)
VENDORS = {  # OUIs of makers of what stands in a plant
    "plc": (b"\x00\x1b\x1b", b"\x00\x00\xbc", b"\x00\x80\xf4"),
    "io": (b"\x00\xa0\x45", b"\x00\x30\xde"),
    "hmi": (b"\x00\x0e\x8c",),
    "bms": (b"\x00\x40\xae",),
    "server": (b"\x00\x50\x56", b"\x3c\xec\xef"),
    "office": (b"\xd4\xbe\xd9", b"\x00\x1c\xc4"),
}
SHARES = (("plc", 30), ("io", 18), ("hmi", 10), ("bms", 6), ("server", 6), ("office", 30))


class Host:
    def __init__(self, index, role, rng):
        self.role = role
        self.vlan = VLANS[index % len(VLANS)]
        number = index // len(VLANS) + 10
        self.ip = bytes([10, 40 + number // 250, index % len(VLANS) + 1, number % 250 + 1])
        self.mac = rng.choice(VENDORS[role]) + PACK(">I", 0x100000 + index)[1:]
        self.name = b"%s-%03d" % (role.encode(), index)
        self.port = 49152 + rng.randrange(1000)

    def next_port(self):
        self.port = self.port + 1 if self.port < 65500 else 49152
        return self.port


class Way:
    """One direction of a conversation."""

    def __init__(self, source, target, source_port=0, target_port=0):
        # Traffic between VLANs shows on the sender's side, addressed to its router.
        router = b"\x00\x1c\x73\x00\x00" + bytes([source.vlan])
        target_mac = target.mac if source.vlan == target.vlan else router
        tag = PACK(">HH", 0x8100, source.vlan) if source.vlan else b""
        self.link = target_mac + source.mac + tag
        self.head = self.link + b"\x08\x00"
        self.source, self.target = source.ip, target.ip
        self.source_port, self.target_port = source_port, target_port
        self.sequence = (source.port * 2654435761) & 0xFFFFFFFF
        self.id = 0

    def ip(self, protocol, length):
        self.id = (self.id + 1) & 0xFFFF
        return self.head + IPV4.pack(0x45, 0, 20 + length, self.id, 0x4000, 64, protocol, 0, self.source, self.target)

    def tcp(self, other, flags, payload=b"", options=b""):
        acknowledged = other.sequence if flags & 0x10 else 0
        frame = b"".join((
            self.ip(6, 20 + len(options) + len(payload)),
            TCP.pack(self.source_port, self.target_port, self.sequence, acknowledged, (20 + len(options)) << 2, flags,
                     64240, 0, 0), options, payload))
        self.sequence = (self.sequence + len(payload) + (1 if flags & 3 else 0)) & 0xFFFFFFFF
        return frame if len(frame) >= 60 else frame.ljust(60, b"\0")

    def udp(self, payload):
        frame = self.ip(17, 8 + len(payload)) + UDP.pack(
            self.source_port, self.target_port, 8 + len(payload), 0) + payload
        return frame if len(frame) >= 60 else frame.ljust(60, b"\0")


def both(client, server, port):
    source_port = client.next_port()
    return Way(client, server, source_port, port), Way(server, client, port, source_port)


SYN_OPTIONS = bytes.fromhex("020405b40402080a000000010000000001030307")


def opening(c, s):
    yield c.tcp(s, 2, options=SYN_OPTIONS)
    yield s.tcp(c, 18, options=SYN_OPTIONS)
    yield c.tcp(s, 16)


def closing(c, s):
    yield c.tcp(s, 17)
    yield s.tcp(c, 17)
    yield c.tcp(s, 16)


def polls(c, s, exchanges, acknowledge):
    """For ever: one of the exchanges after the other, with an empty acknowledgement every `acknowledge`."""
    count = 0
    while True:
        for question, answer in exchanges:
            yield c.tcp(s, 24, question)
            yield s.tcp(c, 24, answer)
            count += 1
            if count % acknowledge == 0:
                yield c.tcp(s, 16)


# Conversations that last as long as the capture.

def modbus(rng, client, server):
    c, s = both(client, server, 502)
    yield from opening(c, s)
    unit, number = rng.randrange(1, 9), rng.randrange(60000)
    exchanges = []
    for index in range(4):
        count = rng.choice((2, 6, 12, 20))
        exchanges.append((PACK(">HHHBBHH", number + index, 0, 6, unit, 3, rng.randrange(4000), count),
                          PACK(">HHHBBB", number + index, 0, 3 + 2 * count, unit, 3, 2 * count)
                          + rng.randbytes(2 * count)))
    if rng.random() < 0.2:
        write = PACK(">HHHBBHH", number + 9, 0, 6, unit, 6, 40, 77)
        exchanges.append((write, write))
    yield from polls(c, s, exchanges, 3)


def tpkt(body):
    return PACK(">BBH", 3, 0, 4 + len(body)) + body


def s7comm(rng, client, server):
    c, s = both(client, server, 102)
    yield from opening(c, s)
    yield c.tcp(s, 24, tpkt(bytes.fromhex("11e00000000100c0010ac1020100c2020102")))
    yield s.tcp(c, 24, tpkt(bytes.fromhex("11d00001000100c0010ac1020100c2020102")))
    yield c.tcp(s, 24, tpkt(bytes.fromhex("02f080320100000000000800 00f0000001000101e0")))
    yield s.tcp(c, 24, tpkt(bytes.fromhex("02f08032030000000000080000 0000f0000001000100f0")))
    exchanges = []
    for index in range(4):
        count = rng.choice((2, 8, 24))
        reference = PACK(">H", 256 * index + 3)
        exchanges.append((
            tpkt(b"\x02\xf0\x80\x32\x01\0\0" + reference + b"\0\x0e\0\0\x04\x01\x12\x0a\x10\x02"
                 + PACK(">HHB", count, rng.randrange(1, 99), 0x84) + b"\0\0\0"),
            tpkt(b"\x02\xf0\x80\x32\x03\0\0" + reference + b"\0\x02" + PACK(">H", 4 + count) + b"\0\0\x04\x01\xff\x04"
                 + PACK(">H", 8 * count) + rng.randbytes(count))))
    yield from polls(c, s, exchanges, 2)


def encapsulated(command, session, data):
    return PACK("<HHIIQI", command, len(data), session, 0, 7, 0) + data


def ethernet_ip(rng, client, server):
    c, s = both(client, server, 44818)
    yield from opening(c, s)
    session = rng.getrandbits(31)
    yield c.tcp(s, 24, encapsulated(0x65, 0, PACK("<HH", 1, 0)))
    yield s.tcp(c, 24, encapsulated(0x65, session, PACK("<HH", 1, 0)))

    def message(cip):
        return encapsulated(0x6F, session, PACK("<IHHHHHH", 0, 5, 2, 0, 0, 0xB2, len(cip)) + cip)

    read = message(b"\x4c\x04\x91\x05Speed\0\x01\0"), message(b"\xcc\0\0\0\xc4\0" + rng.randbytes(4))
    name = message(b"\x0e\x03\x20\x01\x24\x01\x30\x07"), message(b"\x8e\0\0\0\x0e1756-L83E/B   ")
    yield from polls(c, s, [name, read, read, read], 1)


def opc_ua(rng, client, server):
    c, s = both(client, server, 4840)
    yield from opening(c, s)
    address = b"opc.tcp://" + server.name + b":4840/"
    yield c.tcp(s, 24, b"HELF" + PACK("<IIIIIII", 32 + len(address), 0, 65536, 65536, 0, 0, len(address)) + address)
    yield s.tcp(c, 24, b"ACKF" + PACK("<IIIIII", 28, 0, 65536, 65536, 0, 0))

    def message(kind, number, size):
        body = PACK("<IIIIBBH", 9, 3, number, number, 1, 0, kind) + rng.randbytes(size)
        return b"MSGF" + PACK("<I", 8 + len(body)) + body

    yield from polls(c, s, [(message(631, n, 60), message(634, n, rng.choice((60, 120)))) for n in range(4)], 1)


def cip_io(rng, client, server):
    ways = Way(client, server, 2222, 2222), Way(server, client, 2222, 2222)
    connection, size, count = rng.getrandbits(30), rng.choice((8, 32, 60)), rng.getrandbits(16)
    bodies = [rng.randbytes(size) for _ in range(4)]
    while True:
        count += 1
        for index, way in enumerate(ways):
            yield way.udp(PACK("<HHHIIHHH", 2, 0x8002, 8, connection + index, count, 0xB1, size + 2, count & 0xFFFF)
                          + bodies[count & 3])


def profinet(rng, client, server):
    there = Way(client, server).link + PACK(">HH", 0x8892, 0x8000 + rng.randrange(500))
    back = Way(server, client).link + PACK(">HH", 0x8892, 0x8000 + rng.randrange(500))
    data = [rng.randbytes(40) for _ in range(4)]
    cycle = rng.getrandbits(16)
    while True:
        cycle = (cycle + 32) & 0xFFFF
        trailer = PACK(">HBB", cycle, 0x35, 0)
        yield there + data[cycle >> 5 & 3] + trailer
        yield back + data[cycle >> 6 & 3] + trailer


def bacnet(rng, client, server):
    c, s = Way(client, server, 47808, 47808), Way(server, client, 47808, 47808)
    invoke = 0
    while True:
        invoke = (invoke + 1) & 0xFF
        yield c.udp(PACK(">BBHBBBBBB", 0x81, 10, 17, 1, 4, 0, 5, invoke, 12) + bytes.fromhex("0c000000011955"))
        yield s.udp(PACK(">BBHBBBBB", 0x81, 10, 23, 1, 0, 0x30, invoke, 12)
                    + bytes.fromhex("0c0000000119553e444248 00003f"))


def backup(rng, client, server):
    """A file copied for ever over SMB: the full-size frames of the big mix."""
    c, s = both(client, server, 445)
    yield from opening(c, s)

    def smb(command, number, flags, body, more=0):
        message = b"\xfeSMB" + PACK("<HHIHHIIQIIQ", 64, 0, 0, command, 1, flags, 0, number, 65279, 1, 17) + bytes(16) + body
        return PACK(">I", len(message) + more) + message

    yield c.tcp(s, 24, smb(0, 0, 0, PACK("<HHHHI", 36, 1, 1, 0, 127) + rng.randbytes(16) + bytes(8) + b"\x10\x02"))
    yield s.tcp(c, 24, smb(0, 0, 1, PACK("<HHHH", 65, 1, 0x210, 0) + rng.randbytes(16) + PACK("<IIII", 7, 65536, 65536, 65536)
                           + bytes(16) + PACK("<HHI", 128, 0, 0)))
    blocks = [rng.randbytes(1460) for _ in range(32)]
    number = 0
    while True:
        number += 1
        yield c.tcp(s, 24, smb(8, number, 0, PACK("<HBBIQ", 49, 80, 0, 40 * 1460, number * 58400) + bytes(33)))
        yield s.tcp(c, 24, smb(8, number, 1, PACK("<HBBIII", 17, 80, 0, 40 * 1460, 0, 0), 40 * 1460))
        for index in range(40):
            yield s.tcp(c, 16, blocks[(number + index) & 31])
            if index & 1:
                yield c.tcp(s, 16)


def desktop(rng, client, server):
    """TLS records for ever, as a remote desktop in use."""
    c, s = both(client, server, 3389)
    yield from opening(c, s)
    request = b"\xe0\0\0\0\0\0Cookie: mstshash=operator\r\n\x01\0\x08\0\x03\0\0\0"
    yield c.tcp(s, 24, tpkt(bytes([len(request)]) + request))
    yield s.tcp(c, 24, tpkt(bytes.fromhex("0ed000001234000200080002000000")))
    yield c.tcp(s, 24, client_hello(rng, server.name))
    yield s.tcp(c, 24, server_hello(rng))
    key, screen = b"\x17\x03\x03\0\x40" + rng.randbytes(64), b"\x17\x03\x03\x05\xaf" + rng.randbytes(1455)
    yield from polls(c, s, [(key, screen)], 1)


# Conversations that end, each about ten frames.

def name_octets(text):
    return b"".join(bytes([len(part)]) + part for part in text.split(b".")) + b"\0"


def dns(rng, client, server):
    c, s = both(client, server, 53)
    number = rng.getrandbits(16)
    question = name_octets(b"host%d.plant.example" % rng.randrange(400)) + b"\0\x01\0\x01"
    yield c.udp(PACK(">HHHHHH", number, 0x100, 1, 0, 0, 0) + question)
    yield s.udp(PACK(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + question + bytes.fromhex("c00c0001000100000e100004")
                + server.ip)


def http(rng, client, server):
    c, s = both(client, server, 80)
    yield from opening(c, s)
    yield c.tcp(s, 24, b"GET /state/%d.html HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (X11) Panel/3.%d\r\n\r\n"
                % (rng.randrange(500), server.name, rng.randrange(5)))
    yield s.tcp(c, 24, b"HTTP/1.1 200 OK\r\nServer: %s web/1.4\r\nContent-Length: 120\r\n\r\n" % server.name
                + b"<p>running</p>".ljust(120, b"."))
    yield from closing(c, s)


def client_hello(rng, name):
    extensions = PACK(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name + bytes.fromhex(
        "000a00080006001d00170018000b00020100000d000a0008040308040401050b0010000b0009"
        "08687474702f312e31002b0003020304")
    suites = bytes.fromhex("130113021303c02bc02fc02cc030009c009d")
    body = b"\x03\x03" + rng.randbytes(32) + b"\x20" + rng.randbytes(32) + PACK(">H", len(suites)) + suites + b"\x01\0" \
        + PACK(">H", len(extensions)) + extensions
    return b"\x16\x03\x01" + PACK(">H", len(body) + 4) + b"\x01" + PACK(">I", len(body))[1:] + body


def server_hello(rng):
    extensions = bytes.fromhex("002b0002030400330024001d0020") + rng.randbytes(32)
    body = b"\x03\x03" + rng.randbytes(32) + b"\x20" + rng.randbytes(32) + b"\x13\x01\0" + PACK(">H", len(extensions)) \
        + extensions
    return b"\x16\x03\x03" + PACK(">H", len(body) + 4) + b"\x02" + PACK(">I", len(body))[1:] + body \
        + b"\x14\x03\x03\0\x01\x01"


def tls(rng, client, server):
    c, s = both(client, server, 443)
    yield from opening(c, s)
    yield c.tcp(s, 24, client_hello(rng, b"www%d.example.com" % rng.randrange(200)))
    yield s.tcp(c, 24, server_hello(rng))
    record = b"\x17\x03\x03\0\x40" + rng.randbytes(64)
    yield c.tcp(s, 24, record)
    yield s.tcp(c, 24, record)
    yield from closing(c, s)


def arp(rng, client, server):
    tag = PACK(">HH", 0x8100, client.vlan) if client.vlan else b""
    yield b"\xff" * 6 + client.mac + tag + PACK(">HHHBBH", 0x806, 1, 0x800, 6, 4, 1) + client.mac + client.ip + bytes(6) \
        + server.ip + bytes(18)


def lldp(rng, client, server):
    def part(kind, value):
        return PACK(">H", kind << 9 | len(value)) + value

    yield b"\x01\x80\xc2\0\0\x0e" + client.mac + b"\x88\xcc" + part(1, b"\x04" + client.mac) + part(2, b"\x07port-001") \
        + part(3, b"\0\x78") + part(5, client.name) + part(6, b"SIMATIC S7-1500 CPU 1515-2 PN, 6ES7 515-2AM01-0AB0, V2.9.4") \
        + part(8, b"\x05\x01" + client.ip + b"\x02\0\0\0\x01\0") + b"\0\0"


LONG = {  # kind: who asks, who answers, how many of them, share of frames in the small and in the big mix
    modbus: (("hmi", "server"), ("plc",), 400, 22, 10), s7comm: (("hmi", "server"), ("plc",), 300, 16, 7),
    ethernet_ip: (("hmi", "server"), ("plc",), 300, 9, 6), cip_io: (("plc",), ("io",), 80, 14, 6),
    profinet: (("plc",), ("io",), 150, 24, 9), opc_ua: (("server",), ("plc",), 300, 12, 8),
    bacnet: (("server",), ("bms",), 70, 3, 2), backup: (("office", "server"), ("server",), 60, 0, 46),
    desktop: (("office",), ("hmi", "server"), 40, 0, 12),
}
SHORT = {dns: 45, http: 20, tls: 25, arp: 8, lldp: 2}


def plant(options):
    rng = random.Random(20_250_401)
    roles = [role for role, share in SHARES for _ in range(share)]
    hosts = [Host(index, roles[index * 37 % len(roles)], rng) for index in range(options.hosts)]
    by_role = {role: [host for host in hosts if host.role == role] for role, _ in SHARES}

    def pick(*wanted):
        return rng.choice([host for role in wanted for host in by_role[role]])

    conversations, weights = [], []
    for kind, (askers, answerers, count, small, big) in LONG.items():
        weight = big if options.mix == "big" else small
        if weight == 0:
            continue
        pairs = set()
        while len(pairs) < count:
            client, server = pick(*askers), pick(*answerers)
            if client is not server:
                pairs.add((client, server))
        ordered = sorted(pairs, key=lambda pair: (pair[0].ip, pair[1].ip))
        conversations.append([kind(rng, client, server) for client, server in ordered])
        weights.append(weight)

    short_kinds, short_weights = list(SHORT), list(SHORT.values())
    clients = by_role["office"] + by_role["server"] + by_role["hmi"]
    servers = by_role["server"] + by_role["plc"]

    def short():
        kind = rng.choices(short_kinds, short_weights)[0]
        client, server = rng.choice(clients), rng.choice(servers)
        while server is client:
            server = rng.choice(servers)
        return kind(rng, client, server)

    opened, alive = 0, []
    kinds = range(len(conversations))
    # The short ones share the opening phase evenly; at most 64 are open at a time.
    step = max(1, options.opening // 1000)
    written = 0
    while written < options.frames:
        batch = rng.choices(kinds, weights, k=min(step, options.frames - written))
        target = min(options.conversations, options.conversations * (written + step) // max(1, options.opening))
        due = []
        while opened < target or (alive and opened >= options.conversations):
            while len(alive) < 64 and opened < target:
                alive.append(short())
                opened += 1
            index = rng.randrange(len(alive))
            frame = next(alive[index], None)
            if frame is None:
                alive[index] = alive[-1]
                alive.pop()
            else:
                due.append(frame)
            if len(due) >= len(batch):
                break
        # Short and long frames alternate as far as the short ones go.
        every = max(1, len(batch) // (len(due) + 1))
        taken = 0
        for position, kind in enumerate(batch):
            if taken < len(due) and position % every == 0:
                yield due[taken]
                taken += 1
            else:
                some = conversations[kind]
                yield next(some[int(rng.random() * len(some))])
        # What does not fit any more waits for nobody: it is put behind.
        for frame in due[taken:]:
            yield frame
        written += len(batch) + len(due) - taken


def flood(options):
    rng = random.Random(20_250_402)
    number = 0
    while True:
        chunk = rng.randbytes(64 * 1024)
        for at in range(0, len(chunk), 32):
            number += 1
            wild = chunk[at:at + 32]
            name = b"h%x" % number
            # An mDNS answer in which a host that nobody saw before names itself.
            answer = PACK(">HHHHHH", 0, 0x8400, 0, 1, 0, 0) + bytes([len(name)]) + name + b"\x05local\0" \
                + bytes.fromhex("00018001000000780004") + wild[8:12]
            yield b"\x01\0\x5e\0\0\xfb\x02" + wild[:5] + b"\x08\0" + IPV4.pack(
                0x45, 0, 28 + len(answer), number & 0xFFFF, 0, 255, 17, 0, b"\x0a" + wild[8:11],
                b"\xe0\0\0\xfb") + UDP.pack(5353, 5353, 8 + len(answer), 0) + answer


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--mix", choices=("small", "big"), default="small")
    parser.add_argument("--frames", type=int, default=2_000_000)
    parser.add_argument("--opening", type=int, default=1_900_000)
    parser.add_argument("--conversations", type=int, default=42_000)
    parser.add_argument("--hosts", type=int, default=480)
    parser.add_argument("--flood", action="store_true")
    options = parser.parse_args()
    rng = random.Random(20_250_403)
    time, count, total, pending = START, 0, 0, []
    with open(options.out, "wb") as out:
        out.write(PACK("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for frame in flood(options) if options.flood else plant(options):
            time += int(rng.random() * 120)
            pending.append(RECORD.pack(time // 1_000_000, time % 1_000_000, len(frame), len(frame)))
            pending.append(frame)
            total += len(frame)
            count += 1
            if count % 20_000 == 0 or count == options.frames:
                out.write(b"".join(pending))
                pending.clear()
            if count == options.frames:
                break
    print(f"{options.out}: {count} frames, {total} bytes, {total / count:.0f} a frame")


main()
