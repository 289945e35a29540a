"""`python -m bot.sandbox`: the sandbox as a process. Prints its address as one line and stops on SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path
from typing import Literal

from bot.sandbox.installation import Installation
from bot.sandbox.server import PROCESSING, Sandbox
from bot.sandbox.world import people_of_a_grid

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The parsed command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="A Slack for the laptop.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--http", metavar="URL", help="send payloads as signed requests to this address")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="another manifest of the app")
    parser.add_argument("--limit", type=float, default=3.0, metavar="SECONDS", help="for answers and modals, Slack: 3")
    parser.add_argument("--on-reset", metavar="URL", help="an address that gets a POST on starting afresh")
    parser.add_argument("--demo", metavar="URL", help="where the page's offers to try something come from")
    parser.add_argument("--rates", type=float, default=1.0, metavar="FACTOR", help="raises the rate limits; inf: none")
    parser.add_argument("--processing", type=float, default=PROCESSING, metavar="SECONDS", help="until a file is shown")
    parser.add_argument("--history-limited", action="store_true", help="history once a minute, 15 messages")
    parser.add_argument(
        "--grid", nargs="?", const="grid", default="workspace", choices=["grid", "organization"],
        help="an Enterprise Grid; the app is installed in a workspace of it, or in the organization",
    )  # fmt: skip
    return parser.parse_args(given)


async def serve(options: argparse.Namespace) -> None:
    """Run until SIGTERM or Ctrl-C."""
    delivery: Literal["http", "socket"] = "http" if options.http else "socket"
    sandbox = Sandbox(
        options.manifest, delivery=delivery, request_url=options.http, on_reset=options.on_reset, demo=options.demo,
        ack_limit=options.limit, trigger_life=options.limit, rates=options.rates, processing=options.processing,
        history_limited=options.history_limited, installation=Installation(options.grid),
        people=None if options.grid == "workspace" else people_of_a_grid(),
    )  # fmt: skip
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await sandbox.start(options.port)
    sys.stdout.write(f"{sandbox.url}\n")
    sys.stdout.flush()
    await stop.wait()
    await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
