"""The program `amazon-token`, also `python -m bot`: the operator's commands and the demonstration."""

import gc

from bot.cli.cli_support import explained
from bot.cli.main import app
from bot.demo import command

__all__ = ["app"]

command.add_to(app, explained)
# A command imports thousands of objects that stay, and by default the collector spends a fifth of that time on them.
gc.set_threshold(5_000)

if __name__ == "__main__":
    app()
