"""One address for several bots that listen over HTTP, as a balancer in front of them is."""

import itertools
from collections.abc import Sequence
from http import HTTPStatus

import aiohttp
from aiohttp import web


class Balancer:
    """Passes each request on to the next bot; to one after it where that does not listen."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turns = itertools.cycle(range(len(ports)))
        self._client: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> int:
        """Listen; at which port."""
        app = web.Application()
        app.router.add_post("/slack/events", self._pass_on)
        self._client, self._runner = aiohttp.ClientSession(), web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Listen no more."""
        assert self._client is not None
        assert self._runner is not None
        await self._runner.cleanup()
        await self._client.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        assert self._client is not None
        body, first = await request.read(), next(self._turns)
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        for number in range(len(self._ports)):
            port = self._ports[(first + number) % len(self._ports)]
            try:
                async with self._client.post(
                    f"http://127.0.0.1:{port}{request.path}", data=body, headers=headers
                ) as answer:
                    kind = {"Content-Type": answer.headers["Content-Type"]}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kind)
            except aiohttp.ClientConnectorError:
                continue
            except aiohttp.ClientError:
                break  # it may have been handled: only Slack knows whether to send it again
        return web.Response(status=HTTPStatus.BAD_GATEWAY)
