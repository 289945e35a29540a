"""Where mirrored tickets go in tests: a real mail server and a real receiver of webhooks, on this machine only."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.outbox.webhook_sender import ATTEMPT, KEY, SIGNATURE, TIMESTAMP, signature

SECRET = "5eed" * 16
USER, PASSWORD = "bot", "synthetic-password"


class Mailbox:
    """What a mail server took.

    `answers` are said instead of taking a mail, one after the other; `refused` are addresses with what is said of them.
    """

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.port = 0

    @property
    def mails(self) -> list[EmailMessage]:
        """Each as a mail program reads it."""
        return [message_from_bytes(one, policy=default) for one in self.raw]  # type: ignore[misc]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get(address, "250 known")

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.raw.append(envelope.content)
        return "250 taken"

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Everything that came, as it came and as it is read."""
        for number, one in enumerate(self.mails):
            yield f"mail {number}", self.raw[number]
            yield f"mail {number} read", one.get_content().encode()


@asynccontextmanager
async def mail_server(**options: Any) -> AsyncIterator[Mailbox]:
    """A mail server as long as the block lasts; `options` as for `aiosmtpd.smtp.SMTP`."""
    mailbox = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop, **options), "127.0.0.1", 0)
    try:
        mailbox.port = server.sockets[0].getsockname()[1]
        yield mailbox
    finally:
        server.close()


def only_bot(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, login: Any) -> AuthResult:
    """Takes the login of `USER` with `PASSWORD` and no other."""
    right = isinstance(login, LoginPassword) and login == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


class Receiver:
    """What a webhook's receiver took: headers and bodies, whose signatures were right.

    `answers` are given instead, one after the other: a status, a response, or "hang".
    """

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int | web.Response | str] = []
        self.asked: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tickets"

    @property
    def tickets(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]

    @property
    def keys(self) -> list[str]:
        return [headers[KEY] for headers, _ in self.taken]

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.method)
        if request.method != "POST":
            return web.Response(status=405)
        body = await request.read()
        made = signature(SECRET, request.headers[TIMESTAMP], body)
        if not hmac.compare_digest(made, request.headers[SIGNATURE]):
            return web.Response(status=401)
        answer = self.answers.pop(0) if self.answers else 204
        if answer == "hang":
            await asyncio.sleep(3600)
        if isinstance(answer, web.Response):
            return answer
        if answer == 204:
            self.taken.append(({name: request.headers[name] for name in (KEY, ATTEMPT, TIMESTAMP)}, body))
        return web.Response(status=int(answer))

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Everything that came."""
        for number, (headers, body) in enumerate(self.taken):
            yield f"webhook {number}", repr(headers).encode() + body


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver as long as the block lasts."""
    place = Receiver()
    app = web.Application()
    app.router.add_route("*", "/tickets", place.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.port = runner.addresses[0][1]
        yield place
    finally:
        await runner.cleanup()
