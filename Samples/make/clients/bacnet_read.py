"""Finds and reads a BACnet/IP controller (bacpypes3): Who-Is, identity properties, then its present values.

Usage: bacnet_read.py OWN_ADDRESS/PREFIX OWN_INSTANCE TARGET EVERY SECONDS [unicast]
"""

import asyncio
import sys

from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import Address, IPv4Address
from bacpypes3.primitivedata import ObjectIdentifier

own, instance, target = sys.argv[1], int(sys.argv[2]), Address(sys.argv[3])
every, seconds = float(sys.argv[4]), float(sys.argv[5])


async def main() -> None:
    device = DeviceObject(objectIdentifier=("device", instance), objectName="SCADA01", vendorIdentifier=999,
                          maxApduLengthAccepted=1024)
    application = NormalApplication(device, IPv4Address(own))
    found = await application.who_is(address=target if "unicast" in sys.argv else None)
    for answer in found:
        if answer.iAmDeviceIdentifier[1] == instance:
            continue
        for name in ("object-name", "vendor-name", "model-name", "firmware-revision", "application-software-version"):
            print(name, await application.read_property(target, answer.iAmDeviceIdentifier, name))
    for _ in range(int(seconds / every)):
        for number in (1, 2):
            await application.read_property(target, ObjectIdentifier(f"analog-value,{number}"), "present-value")
        await asyncio.sleep(every)
    application.close()


asyncio.run(main())
