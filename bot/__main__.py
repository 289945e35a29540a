"""`python -m bot`: the same as `amazon-token`."""

from bot.cli import app

app()
