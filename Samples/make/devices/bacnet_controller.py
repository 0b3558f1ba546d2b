"""A BACnet/IP air-conditioning controller (bacpypes3) with a model name, firmware and two analog values.

Usage: bacnet_controller.py ADDRESS/PREFIX NAME INSTANCE VENDOR_ID VENDOR MODEL FIRMWARE
"""

import asyncio
import sys

from bacpypes3.ipv4.app import NormalApplication
from bacpypes3.local.analog import AnalogValueObject
from bacpypes3.local.device import DeviceObject
from bacpypes3.pdu import IPv4Address

address, name, instance, vendor_id, vendor, model, firmware = sys.argv[1:8]


async def main() -> None:
    device = DeviceObject(objectIdentifier=("device", int(instance)), objectName=name,
                          vendorIdentifier=int(vendor_id), vendorName=vendor, modelName=model,
                          firmwareRevision=firmware, applicationSoftwareVersion=firmware, maxApduLengthAccepted=1024)
    application = NormalApplication(device, IPv4Address(address))
    for number, label in ((1, "SupplyAirTemp"), (2, "RoomHumidity")):
        application.add_object(AnalogValueObject(objectIdentifier=("analog-value", number), objectName=label,
                                                 presentValue=21.5 * number, units="degreesCelsius"))
    await asyncio.Future()


asyncio.run(main())
