"""An OPC UA client (asyncua): reads the build information, then subscribes to the line's values.

Usage: opcua_collect.py URL APPLICATION_NAME SECONDS PUBLISHING_MILLISECONDS
"""

import asyncio
import sys

from asyncua import Client, ua

url, application, seconds, period = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])


class Values:
    def datachange_notification(self, node, value, data) -> None:
        pass


async def main() -> None:
    client = Client(url, timeout=10, watchdog_intervall=20)
    client.name = client.description = application
    client.application_uri = "urn:minato-seiko.example:" + application.lower().replace(" ", "-")
    await client.connect_and_get_server_endpoints()
    async with client:
        status = client.get_node(ua.ObjectIds.Server_ServerStatus_BuildInfo)
        print(await status.read_value())
        space = await client.get_namespace_index("urn:minato-seiko.example:line")
        line = await client.nodes.objects.get_child([f"{space}:Line1"])
        subscription = await client.create_subscription(period, Values())
        await subscription.subscribe_data_change(await line.get_variables())
        await asyncio.sleep(seconds)
        await subscription.delete()


asyncio.run(main())
