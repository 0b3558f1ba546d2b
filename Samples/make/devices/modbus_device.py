"""A Modbus/TCP server (pymodbus) with device identification.

Usage: modbus_device.py VENDOR PRODUCT_CODE REVISION URL PRODUCT_NAME MODEL_NAME
"""

import asyncio
import sys

from pymodbus import ModbusDeviceIdentification
from pymodbus.server import StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

vendor, code, revision, url, product, model = sys.argv[1:7]
identity = ModbusDeviceIdentification(info_name={
    "VendorName": vendor, "ProductCode": code, "MajorMinorRevision": revision,
    "VendorUrl": url, "ProductName": product, "ModelName": model,
})
device = SimDevice(id=1, simdata=[SimData(0, values=[(n * 13) % 700 for n in range(400)],
                                          datatype=DataType.REGISTERS)], identity=identity)
asyncio.run(StartAsyncTcpServer(context=device, identity=identity, address=("", 502)))
