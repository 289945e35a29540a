"""The bot: everything that knows Slack, a disk or a clock."""

from pathlib import Path

MANIFEST = Path(__file__).with_name("manifest.yml")
"""The app's manifest, in a checkout and in an installed wheel."""
