"""The courier's waits without the waiting: a limit is over, or a moment has come, once nothing else can happen."""

import asyncio
from datetime import datetime, timedelta

from bot.app.bootstrap import Bot
from bot.sandbox.server import Sandbox
from bot.slack_api.errors import SendResult, classify
from bot.store.models import Row
from tests.waiting import LOOK

SILENT = frozenset({"timeout_before", "timeout_after"})


def let_time_pass(bot: Bot, sandbox: Sandbox) -> None:
    """Move the courier's clock to what is due while nothing is under way; end attempts that Slack leaves open.

    So the bot's own limit can be generous: no attempt is given up because the machine is slow, and nothing arrives
    after the courier has looked for it.
    """
    outbox_worker, ahead = bot.outbox_worker, timedelta()
    clock, wait, attempt = outbox_worker._clock, outbox_worker._wait_for_wake, outbox_worker._attempt

    def now() -> datetime:
        return clock() + ahead

    async def rested(seconds: float) -> None:
        nonlocal ahead
        due_at = None if outbox_worker._in_flight else await bot.thread.run(bot.store.next_due)
        if due_at is not None and due_at > now():
            ahead += due_at - now()
        else:
            await wait(seconds)

    def left_open(row: Row, since: int) -> bool:
        silent = [call for call in sandbox.calls[since:] if call.outcome in SILENT]
        if row.method == "post":
            return any(row.key in str(call.args) for call in silent)
        return any(call.method in {"chat.update", "response_url"} for call in silent)

    async def attempted(row: Row, seconds: float) -> SendResult:
        since = len(sandbox.calls)
        trying = asyncio.create_task(attempt(row, seconds))
        while not trying.done() and not left_open(row, since):
            await asyncio.wait({trying}, timeout=LOOK)
        if trying.done():
            return trying.result()
        trying.cancel()
        await asyncio.gather(trying, return_exceptions=True)
        return classify(TimeoutError())

    outbox_worker._clock, outbox_worker._wait_for_wake = now, rested  # type: ignore[method-assign]
    outbox_worker._attempt = attempted  # type: ignore[method-assign]
