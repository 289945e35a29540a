"""The program `amazon-token`, also `python -m bot`: the operator's commands and the demonstration."""

from bot.cli.cli_support import explained
from bot.cli.main import app
from bot.demo import command

__all__ = ["app"]

command.add_to(app, explained)

if __name__ == "__main__":
    app()
