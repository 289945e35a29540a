"""An outbox worker in its own process that kills itself at a crash point.

Arguments: database URL, Slack's URL, crash point, the number of the pass that kills, and the bot token if it matters.
"""

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox.worker import OutboxWorker
from bot.store.sqlite import open_store


async def main(database_url: str, slack_url: str, point: str, times: int, *token: str) -> None:
    executor = ThreadPoolExecutor(max_workers=1)
    left = times

    async def run(call: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(executor, call, *args)

    def at(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    store = await run(open_store, database_url)
    await run(store.recover)
    client = AsyncWebClient(*(token or ("xoxb-test",)), base_url=slack_url, retry_handlers=[])
    outbox_worker = OutboxWorker(
        store, run, client, clock=lambda: datetime.now(UTC), send_limit=1.0, poll=0.1, backoff=0.01, at=at
    )
    await outbox_worker.drain()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), *sys.argv[5:]))
