#!/usr/bin/env python3
"""Records what real protocol stacks send one another: one small capture for each protocol of which the corpus has none.

Run as root inside a network namespace of its own with the packages of requirements.txt installed, tcpdump, and aravis-tools:
    unshare -n bash -c 'ip link set lo up; ./record.py OUTPUT_FOLDER'
Where a package is only a client, the peer is a few lines below that answer as the maker's manual prints; what proves the
dissector is then the client's side."""
import asyncio
import os
import socket
import subprocess
import sys
import threading
import time

HERE = "127.0.0.1"


def peer(port, answer, kind=socket.SOCK_STREAM):
    """Answers every chunk that arrives on `port` with what `answer` makes of it."""
    server = socket.socket(socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((HERE, port))

    def datagrams():
        while True:
            data, sender = server.recvfrom(4096)
            reply = answer(data)
            if reply:
                server.sendto(reply, sender)

    def streams():
        server.listen(4)
        while True:
            connection, _ = server.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection):
        while data := connection.recv(4096):
            reply = answer(data)
            if reply:
                connection.sendall(reply)

    threading.Thread(target=streams if kind == socket.SOCK_STREAM else datagrams, daemon=True).start()
    time.sleep(0.1)


def exchange(port, messages, kind=socket.SOCK_STREAM):
    client = socket.socket(socket.AF_INET, kind)
    client.settimeout(1)
    client.connect((HERE, port))
    for message in messages:
        client.send(bytes(message))
        try:
            client.recv(4096)
        except TimeoutError:
            pass
    client.close()


# MARK: The stacks


def toyopuc():
    from toyopuc import protocol

    peer(1025, lambda data: bytes([0x80, 0, 3, 0, data[4], data[5], 0]))
    messages = [
        protocol.build_clock_read(), protocol.build_cpu_status_read(), protocol.build_word_read(0x1000, 2),
        protocol.build_word_write(0x1000, [1, 2]), protocol.build_bit_write(0x10, 1), protocol.build_scan_stop(),
        protocol.build_scan_resume(), protocol.build_pc10_block_read(0x8000, 4),
    ]
    exchange(1025, messages)


def kv_hostlink():
    from hostlink.client import HostLinkClient

    answers = {b"?K": b"57\r\n", b"RD": b"00001\r\n", b"WR": b"OK\r\n", b"M1": b"OK\r\n", b"M0": b"OK\r\n", b"?M": b"1\r\n"}
    peer(8501, lambda data: answers.get(data[:2], b"OK\r\n"))
    client = HostLinkClient(HERE, port=8501, transport="tcp", plc_profile="keyence:kv-8000")
    client.connect()
    client.query_model()
    for call in ("read", "write", "change_mode", "confirm_operating_mode", "clear_error", "check_error_no"):
        method = getattr(client, call, None)
        try:
            if call == "read":
                method("DM100", data_format="U")
            elif call == "write":
                method("DM100", 1, data_format="U")
            elif call == "change_mode":
                method(1)
            elif method:
                method()
        except Exception as error:
            print("kv", call, error)
    client.close()


def echonet():
    from pychonet.lib.functions import buildEchonetMsg

    def message(service, properties):
        return buildEchonetMsg(
            {"TID": 1, "DEOJGC": 0x01, "DEOJCC": 0x30, "DEOJCI": 1, "ESV": service, "OPC": properties})

    peer(3610, lambda data: message(0x72, [
        {"EPC": 0x8A, "PDC": 3, "EDT": 0x000006},
        {"EPC": 0x8C, "PDC": 12, "EDT": int.from_bytes(b"MSZ-TEST1234", "big")},
        {"EPC": 0x80, "PDC": 1, "EDT": 0x30},
    ]), socket.SOCK_DGRAM)
    exchange(3610, [
        message(0x62, [{"EPC": 0x8A}, {"EPC": 0x8C}, {"EPC": 0x80}]),
        message(0x61, [{"EPC": 0x80, "PDC": 1, "EDT": 0x31}]),
    ], socket.SOCK_DGRAM)


def hsms():
    import secsgem.common
    import secsgem.gem
    import secsgem.hsms

    def settings(mode, device_type):
        return secsgem.hsms.HsmsSettings(
            address=HERE, port=5000, session_id=1, connect_mode=mode, device_type=device_type)

    equipment = secsgem.gem.GemEquipmentHandler(
        settings(secsgem.hsms.HsmsConnectMode.PASSIVE, secsgem.common.DeviceType.EQUIPMENT))
    host = secsgem.gem.GemHostHandler(
        settings(secsgem.hsms.HsmsConnectMode.ACTIVE, secsgem.common.DeviceType.HOST))
    equipment.enable()
    host.enable()
    host.waitfor_communicating(10)
    for call in (host.are_you_there, lambda: host.send_remote_command("START", []), host.go_offline):
        try:
            call()
        except Exception as error:
            print("hsms", error)
    host.disable()
    equipment.disable()


def lsv2():
    import pyLSV2

    def answer(data):
        command = data[4:8]
        text = {b"R_VR": b"TNC640\0", b"R_PR": b""}.get(command)
        if command == b"R_VR":
            text = {1: b"iTNC530\0", 2: b"340490 07\0", 3: b"BASIS 54\0"}.get(data[8] if len(data) > 8 else 0, b"0\0")
            return len(text).to_bytes(4, "big") + b"S_VR" + text
        return bytes(4) + b"T_OK"

    peer(19000, answer)
    client = pyLSV2.LSV2(HERE, 19000, timeout=2)
    try:
        client.connect()
        client.login(pyLSV2.Login.FILETRANSFER)
        print("lsv2", client.versions)
    except Exception as error:
        print("lsv2", error)
    try:
        client.change_directory("TNC:\\")
        client.delete_file("TNC:\\TEST.H")
        client.set_keyboard_access(False)
    except Exception as error:
        print("lsv2", error)
    client.disconnect()


def kuka():
    from py_openshowvar import openshowvar

    def answer(data):
        value = b"100"
        body = data[4:5] + len(value).to_bytes(2, "big") + value + b"\0\1\1"
        return data[:2] + len(body).to_bytes(2, "big") + body

    peer(7000, answer)
    client = openshowvar(HERE, 7000)
    client.read("$OV_PRO", False)
    client.write("$OV_PRO", "50", False)
    client.close()


def channel_access():
    environment = dict(os.environ, EPICS_CA_ADDR_LIST=HERE, EPICS_CA_AUTO_ADDR_LIST="NO", EPICS_CAS_INTF_ADDR_LIST=HERE)
    tools = os.path.dirname(sys.executable)
    ioc = subprocess.Popen(
        [sys.executable, "-m", "caproto.ioc_examples.simple", "--interfaces", HERE], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(3)
    for command in (["caproto-get", "simple:A"], ["caproto-put", "simple:A", "5"]):
        subprocess.run([f"{tools}/{command[0]}", *command[1:]], env=environment, timeout=20, capture_output=True)
    ioc.kill()


def pv_access():
    from p4p.client.thread import Context
    from p4p.nt import NTScalar
    from p4p.server import Server
    from p4p.server.thread import SharedPV

    variable = SharedPV(nt=NTScalar("d"), initial=0.0)

    @variable.put
    def put(pv, operation):
        pv.post(operation.value())
        operation.done()

    here = {"EPICS_PVAS_INTF_ADDR_LIST": HERE, "EPICS_PVAS_SERVER_PORT": "5075", "EPICS_PVAS_BROADCAST_PORT": "5076"}
    with Server(providers=[{"plant:level": variable}], conf=here, useenv=False):
        client = Context("pva", conf={
            "EPICS_PVA_ADDR_LIST": HERE, "EPICS_PVA_AUTO_ADDR_LIST": "NO", "EPICS_PVA_BROADCAST_PORT": "5076",
        }, useenv=False)
        print("pva", client.get("plant:level", timeout=5))
        client.put("plant:level", 4.2, timeout=5)
        client.close()


def gvcp():
    camera = subprocess.Popen(["arv-fake-gv-camera-0.8", "-i", HERE], stdout=subprocess.DEVNULL)
    time.sleep(1)
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(1)
    try:
        # Discovery, and a read of the heartbeat's timeout, as any GigE Vision program asks.
        for message in ("4201000200000001", "420100800004000200000938"):
            client.sendto(bytes.fromhex(message), (HERE, 3956))
            print("gvcp", len(client.recv(4096)))
    finally:
        camera.kill()


def modbus_rtu():
    from pymodbus import FramerType
    from pymodbus.client import ModbusTcpClient
    from pymodbus.server import StartAsyncTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    def serve():
        device = SimDevice(id=1, simdata=[SimData(0, count=100, values=7, datatype=DataType.REGISTERS)])
        asyncio.run(StartAsyncTcpServer(device, framer=FramerType.RTU, address=(HERE, 4001)))

    threading.Thread(target=serve, daemon=True).start()
    time.sleep(2)
    client = ModbusTcpClient(HERE, port=4001, framer=FramerType.RTU)
    client.connect()
    print("rtu", client.read_holding_registers(1, count=4, device_id=1))
    client.write_register(2, 5, device_id=1)
    client.read_holding_registers(1, count=4, device_id=1)
    client.close()


def iec104():
    import c104

    server = c104.Server(ip=HERE, port=2404)
    station = server.add_station(common_address=47)
    station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=500)
    station.add_point(io_address=12, type=c104.Type.C_RC_TA_1)
    server.start()
    client = c104.Client()
    connection = client.add_connection(ip=HERE, port=2404, init=c104.Init.ALL)
    remote = connection.add_station(common_address=47)
    command = remote.add_point(io_address=12, type=c104.Type.C_RC_TA_1)
    client.start()
    time.sleep(3)
    command.value = c104.Step.HIGHER
    command.transmit(cause=c104.Cot.ACTIVATION)
    time.sleep(1)
    client.stop()
    server.stop()


def slmp():
    import pymcprotocol

    def answer(data):
        is4e = data[0] == 0x54
        offset = 4 if is4e else 0
        command = data[offset + 11:offset + 13]
        body = b"Q03UDVCPU".ljust(16) + b"\x66\x03" if command == b"\x01\x01" else bytes(8)
        text = bytes(2) + body
        head = b"\xd4\0" + data[2:4] + b"\0\0" if is4e else b"\xd0\0"
        route = data[6:11] if is4e else data[2:7]
        return head + route + len(text).to_bytes(2, "little") + text

    peer(5000, answer)
    for kind in (pymcprotocol.Type3E, pymcprotocol.Type4E):
        client = kind()
        client.connect(HERE, 5000)
        print("slmp", client.read_cputype())
        client.batchread_wordunits("D100", 4)
        client.batchwrite_wordunits("D100", [1, 2])
        client.remote_stop()
        client.remote_run(clear_mode=0)
        client.close()


def melsec_1e():
    from HslCommunication import MelsecA1ENet

    peer(5551, lambda data: bytes([data[0] | 0x80, 0]) + (bytes(data[10] * 2) if data[0] == 1 else b""))
    client = MelsecA1ENet(HERE, 5551)
    print("1e", client.ConnectServer().IsSuccess, client.ReadInt16("D100", 4).IsSuccess)
    client.WriteInt16("D100", 5)
    client.ConnectClose()


def fetch_write():
    from HslCommunication import SiemensFetchWriteNet

    def answer(data):
        code = data[5] + 1
        text = bytes(data[13] * 2) if code == 6 else b""
        return b"S5\x10\x01\x03" + bytes([code]) + b"\x0f\x03\0\xff\x07" + bytes(5) + text

    peer(2000, answer)
    client = SiemensFetchWriteNet(HERE, 2000)
    print("fetch", client.ConnectServer().IsSuccess, client.Read("M100", 4).IsSuccess)
    client.Write("M100", bytearray([1, 2]))
    client.ConnectClose()


def focas():
    from pyfocas.protocol.protocol import FOCAS

    def answer(data):
        kind = data[6:8]
        if kind == b"\x01\x01":
            return b"\xa0\xa0\xa0\xa0\0\x03\x01\x02\0\0"
        information = bytes.fromhex("02020020") + b"31 MG42151.0" + b"06"
        part = b"\0\1\0\1\0\x18" + bytes(6) + len(information).to_bytes(2, "big") + information
        body = b"\0\1" + (len(part) + 2).to_bytes(2, "big") + part
        return b"\xa0\xa0\xa0\xa0\0\x03\x21\x02" + len(body).to_bytes(2, "big") + body

    peer(8193, answer)
    client = FOCAS(HERE, 8193)
    print("focas", client.connect())
    for call in (client.get_sys_info, client.get_status_info):
        try:
            call()
        except Exception as error:
            print("focas", error)


def ethercat():
    import pysoem

    master = pysoem.Master()
    master.open("cat0")
    print("ethercat", master.config_init())
    master.read_state()
    master.close()


def rfc2217():
    import pty

    import serial
    import serial.rfc2217

    # A pseudo-terminal stands for the serial port behind the server, and echoes what it is sent.
    device, port = pty.openpty()

    def echo():
        while data := os.read(device, 100):
            os.write(device, data)

    threading.Thread(target=echo, daemon=True).start()
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((HERE, 2217))
    server.listen(1)

    class Port(serial.Serial):
        """A pseudo-terminal has no modem lines: they stand as if a device held them."""
        cts = dsr = cd = property(lambda self: True)
        ri = property(lambda self: False)

        def _update_dtr_state(self):
            pass

        _update_rts_state = _update_break_state = _update_dtr_state

    def serve():
        connection, _ = server.accept()
        behind = Port(os.ttyname(port), timeout=0.1)

        class Writer:
            write = staticmethod(connection.sendall)

        manager = serial.rfc2217.PortManager(behind, Writer())

        def back():
            while True:
                if data := behind.read(behind.in_waiting or 1):
                    connection.sendall(b"".join(manager.escape(data)))

        threading.Thread(target=back, daemon=True).start()
        while data := connection.recv(1024):
            behind.write(b"".join(manager.filter(data)))

    threading.Thread(target=serve, daemon=True).start()
    client = serial.serial_for_url(f"rfc2217://{HERE}:2217", baudrate=9600, timeout=1)
    client.write(b"#01\r")
    print("rfc2217", client.read(4))
    client.baudrate = 19200
    client.reset_input_buffer()
    client.write(b"\xff\xff#02\r")
    client.read(6)
    client.close()


STACKS = {
    "toyopuc": (toyopuc, "port 1025"), "kv-hostlink": (kv_hostlink, "port 8501"), "echonet-lite": (echonet, "port 3610"),
    "hsms": (hsms, "port 5000"), "lsv2": (lsv2, "port 19000"), "kuka-var-proxy": (kuka, "port 7000"),
    "channel-access": (channel_access, "port 5064"), "pv-access": (pv_access, "tcp port 5075 or udp port 5076"), "gvcp": (gvcp, "port 3956"), "modbus-rtu": (modbus_rtu, "port 4001"),
    "iec104": (iec104, "port 2404"), "slmp": (slmp, "port 5000"), "melsec-1e": (melsec_1e, "port 5551"),
    "s5-fetch-write": (fetch_write, "port 2000"), "focas": (focas, "port 8193"),
    "rfc2217": (rfc2217, "port 2217"), "ethercat": (ethercat, "ether proto 0x88a4"),
}


def main():
    folder = sys.argv[1]
    chosen = sys.argv[2:] or STACKS
    subprocess.run(["ip", "link", "add", "cat0", "type", "veth", "peer", "name", "cat1"], check=False)
    for link in ("cat0", "cat1"):
        subprocess.run(["ip", "link", "set", link, "up"], check=False)
    for name in chosen:
        path = f"{folder}/{name}.pcap"
        link = "cat1" if name == "ethercat" else "lo"
        dump = subprocess.Popen(
            ["tcpdump", "--immediate-mode", "-i", link, "-U", "-c", "300", "-w", path, STACKS[name][1]],
            stderr=subprocess.DEVNULL)
        time.sleep(1)
        try:
            STACKS[name][0]()
        except Exception as error:
            print(f"{name}: {error!r}")
        time.sleep(0.5)
        dump.terminate()
        dump.wait()
        print(name, os.path.getsize(path))
    os._exit(0)


main()
