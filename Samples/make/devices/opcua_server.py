"""An OPC UA server (asyncua) of a line gateway: build information and a few changing values.

Usage: opcua_server.py PRODUCT MANUFACTURER VERSION
"""

import asyncio
import datetime
import sys

from asyncua import Server, ua

PRODUCT, MANUFACTURER, VERSION = sys.argv[1:4]


async def main() -> None:
    server = Server()
    await server.init()
    server.set_endpoint("opc.tcp://0.0.0.0:4840/line")
    server.set_server_name(PRODUCT)
    server.product_uri = "urn:minato-seiko.example:" + PRODUCT.replace(" ", "-")
    server.manufacturer_name = MANUFACTURER
    await server.set_application_uri("urn:minato-seiko.example:line-gateway")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    await server.set_build_info(server.product_uri, MANUFACTURER, PRODUCT, VERSION, "20260115",
                                datetime.datetime(2026, 1, 15))
    space = await server.register_namespace("urn:minato-seiko.example:line")
    line = await server.nodes.objects.add_object(space, "Line1")
    values = [await line.add_variable(space, name, 0.0) for name in ("Pressure", "Temperature", "ShotCount")]
    async with server:
        step = 0
        while True:
            await asyncio.sleep(1)
            step += 1
            for number, value in enumerate(values):
                await value.write_value(float(step * (number + 1) % 97))


asyncio.run(main())
