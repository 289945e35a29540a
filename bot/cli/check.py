"""The findings of `amazon-token check`: what can be checked on this machine, and with `--live` what Slack says."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot import MANIFEST
from bot.app.bootstrap import ticket_senders
from bot.app.key_file import hash_key
from bot.cli.findings import Finding, Say, Show, ask
from bot.cli.rehearsal import Rehearsal
from bot.cli.screens import every_screen
from bot.cli.validation import validated
from bot.settings.core import Settings, SettingsError
from bot.settings.given import MisspeltSetting
from bot.settings.old_names import UNTIL, RenamedSetting
from bot.slack_api.errors import NEEDS_CONNECTIONS
from bot.store.choice import open_database
from bot.store.protocol import StoreError
from conversations.all_texts import UNTIL as FLAT_UNTIL
from conversations.all_texts import load_texts, own_files
from conversations.engine.texts import LANGUAGES, TextsError
from conversations.registry import PROCEDURES

_MANIFEST_REMEDY = "Take manifest.yml from the project again, or reinstall the bot."
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def here(settings: Settings, manifest: Path = MANIFEST) -> Iterator[Finding]:
    """What can be checked without Slack: settings, text files, manifest, database. Creates a missing database."""
    yield Finding("✓", f"settings: complete, {'Socket Mode' if settings.socket_mode else 'HTTP'}")
    if urlsplit(settings.slack_api_url).scheme == "http" and urlsplit(settings.slack_api_url).hostname not in _LOCAL:
        remedy = "Others on the network can read the tokens. Use https."
        yield Finding("!", "settings: SLACK_API_URL is not encrypted", remedy)
    yield from _texts(settings.guide_dir)
    yield _manifest(settings, manifest)
    yield from _database(settings)


def _renamed(settings: Iterable[RenamedSetting]) -> Iterator[Finding]:
    for setting in settings:
        if setting.ignored:
            what, remedy = f"is ignored, because {setting.new} is set", f"Remove {setting.old}."
        else:
            what, remedy = "is an old name", f"Rename it to {setting.new}; the old name works until version {UNTIL}."
        yield Finding("!", f"settings: {setting.old} {what}", remedy)


def _misspelt(settings: Iterable[MisspeltSetting]) -> Iterator[Finding]:
    for setting in settings:
        yield Finding("!", f"settings: {setting.name} is no setting", f"Is {setting.meant} meant? Rename or remove it.")


def _texts(folder: Path | None) -> Iterator[Finding]:
    try:
        all_texts = load_texts(folder)
    except TextsError as error:
        for problem in error.problems:
            yield Finding("✗", f"texts {problem.file}: {problem.key}: {problem.what}", problem.remedy)
        return
    for name in PROCEDURES:
        yield Finding("✓", f"texts {name}: version {all_texts.version_of(name)}")
    own = [file for language in LANGUAGES for file in own_files(folder, language)] if folder is not None else []
    for file in own:
        yield Finding("✓", f"texts: with your own {file.relative_to(folder or file.parent)}")
    for flat in all_texts.flat_files:
        renamed = "".join(f"\n  {old} is now {new}" for old, new in flat.renamed.items())
        remedy = f"Split it as docs/operators.md says; it is read until version {FLAT_UNTIL}.{renamed}"
        yield Finding("!", f"texts: {flat.name} has the layout of version 0.1", remedy)
    if folder is not None and not own:
        remedy = "docs/operators.md says what they are called; or unset it."
        yield Finding("!", "texts: GUIDE_DIR has no text file", remedy)


def scopes_of(manifest: Path) -> frozenset[str]:
    """The bot scopes that a manifest asks for. Raises `LookupError` or `TypeError` when it has none."""
    return frozenset(_parsed(manifest)["oauth_config"]["scopes"]["bot"])


def _parsed(manifest: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(manifest.read_text("utf-8")))


def _manifest(settings: Settings, manifest: Path) -> Finding:
    try:
        scopes = scopes_of(manifest)
        socket_mode = _parsed(manifest)["settings"]["socket_mode_enabled"]
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):
        return Finding("✗", "manifest: it cannot be read", _MANIFEST_REMEDY)
    if socket_mode and not settings.socket_mode:
        what = "manifest: Socket Mode is on, but SLACK_APP_TOKEN is not set"
        return Finding("!", what, "Set the token, or turn Socket Mode off in the app and enter your request URL.")
    return Finding("✓", f"manifest: {len(scopes)} scopes")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        store = open_database(settings.database_address)
    except StoreError as error:
        yield Finding("✗", f"database: {settings.database_name} cannot be opened", str(error))
        return
    try:
        counts = store.outbox_counts()
        yield Finding("✓", f"database: {settings.database_name}, {sum(counts.values())} messages in the outbox")
        if counts.get("dead"):
            remedy = "`amazon-token outbox list` shows them with the reason."
            yield Finding("!", f"database: {counts['dead']} messages could not be sent", remedy)
    finally:
        store.close()
    yield _key(settings)


def _key(settings: Settings) -> Finding:
    try:
        hash_key(settings)
    except SettingsError as error:
        return Finding("✗", "hash key: it cannot be used", str(error))
    if settings.hash_key is None and settings.key_path.stat().st_mode & 0o077:
        return Finding("!", f"hash key: others can read {settings.key_path}", f"chmod 600 {settings.key_path}")
    return Finding("✓", f"hash key: {settings.key_path if settings.hash_key is None else 'from HASH_KEY'}")


def _client(settings: Settings) -> AsyncWebClient:
    return AsyncWebClient(
        token=settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        timeout=max(1, round(settings.send_limit_seconds)),
        retry_handlers=[],
    )


async def at_slack(settings: Settings, manifest: Path = MANIFEST) -> AsyncIterator[Finding]:
    """What Slack says about the token, its scopes, the support channel and Socket Mode. Sends no message."""
    client = _client(settings)
    identity = await ask("SLACK_BOT_TOKEN", client.auth_test())
    if isinstance(identity, Finding):
        yield identity
    else:
        # A token of a whole organization has no workspace.
        where = identity.get("team") or identity.get("enterprise_id")
        yield Finding("✓", f"SLACK_BOT_TOKEN: {identity.get('user')} in {where}")
        yield _scopes(identity.headers, manifest)
        async for finding in _channel(client, settings.support_channel_id):
            yield finding
    if settings.slack_app_token is not None:
        opening = client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
        opened = await ask("SLACK_APP_TOKEN", opening, missing_scope=NEEDS_CONNECTIONS)
        yield opened if isinstance(opened, Finding) else Finding("✓", "SLACK_APP_TOKEN: Socket Mode can connect")


async def screens_at_slack(settings: Settings, say: Say) -> AsyncIterator[Finding]:
    """What Slack says about every screen. Sends no message. `say` gets a line now and then."""
    with suppress(TextsError):  # what is wrong with the texts is said without Slack
        screens = list(every_screen(settings, load_texts(settings.guide_dir)))
        async for finding in validated(_client(settings), screens, say):
            yield finding


async def at_ticket_senders(settings: Settings) -> AsyncIterator[Finding]:
    """Whether each place that tickets are copied to can be reached. Sends nothing."""
    if settings.ticket_sync_smtp_host not in {None, *_LOCAL} and settings.ticket_sync_smtp_tls == "none":
        remedy = "Set TICKET_SYNC_SMTP_TLS to starttls or tls."
        yield Finding("!", "ticket sync mail: the connection is not encrypted", remedy)
    for sender in ticket_senders(settings):
        try:
            async with asyncio.timeout(settings.send_limit_seconds):
                yield Finding("✓", f"ticket sync {sender.name}: {await sender.probe()}")
        except (aiohttp.ClientError, OSError) as error:
            what = f"ticket sync {sender.name}: it cannot be reached ({type(error).__name__}{_detail(error)})"
            remedy = "Check TICKET_SYNC_… (docs/ticket-sync.md) and the network. Changes are retried until it is back."
            yield Finding("✗", what, remedy)


def _detail(error: Exception) -> str:
    """The message of an error that a ticket sender raised itself; other messages could hold an address."""
    return f": {error}" if type(error) is OSError else ""


def _scopes(headers: Any, manifest: Path) -> Finding:
    granted = {scope.strip() for scope in str(headers.get("x-oauth-scopes", "")).split(",")} - {""}
    try:
        missing = sorted(scopes_of(manifest) - granted)
    except (OSError, ValueError, yaml.YAMLError, LookupError, TypeError):
        return Finding("!", "scopes: there is no manifest to compare with", _MANIFEST_REMEDY)
    if not granted:
        remedy = f"Compare them under OAuth & Permissions: {', '.join(sorted(missing))}."
        return Finding("!", "scopes: unknown, because Slack does not say which the token has", remedy)
    if missing:
        return Finding(
            "✗", f"scopes: {', '.join(missing)} missing", "Add them under OAuth & Permissions and install again."
        )
    return Finding("✓", "scopes: complete")


async def _channel(client: AsyncWebClient, channel_id: str) -> AsyncIterator[Finding]:
    info = await ask("SUPPORT_CHANNEL_ID", client.conversations_info(channel=channel_id))
    if isinstance(info, Finding):
        yield info
        return
    channel = info["channel"]
    name = f"#{channel.get('name', channel_id)}"
    if channel.get("is_archived"):
        yield Finding("✗", f"SUPPORT_CHANNEL_ID: {name} is archived", "Unarchive it, or set another channel.")
    elif channel.get("is_member"):
        yield Finding("✓", f"SUPPORT_CHANNEL_ID: the bot is in {name}")
    else:
        yield Finding("✗", f"SUPPORT_CHANNEL_ID: the bot is not in {name}", "/invite it there.")
    if channel.get("is_ext_shared"):
        remedy = "Its members over there are agents too. If you do not want that, use a channel of your own."
        yield Finding("!", f"SUPPORT_CHANNEL_ID: {name} is shared with another organization", remedy)
    if not channel.get("is_private"):
        remedy = "Anyone in the workspace can join it, and its members are the agents. Make it private."
        yield Finding("!", f"SUPPORT_CHANNEL_ID: {name} is public", remedy)


async def rehearse(settings: Settings, user_id: str, say: Say, show: Show) -> None:
    """What the bot does with a message, done once in the direct message of this person, and deleted."""
    try:
        all_texts = load_texts(settings.guide_dir)
    except TextsError:
        return  # what is wrong with the texts is said without Slack
    timeout = aiohttp.ClientTimeout(total=settings.send_limit_seconds)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        await Rehearsal(_client(settings), http, settings, all_texts, say, show).run(user_id)


async def _live(settings: Settings, manifest: Path, user_id: str | None, say: Say, show: Show) -> None:
    slack = [finding async for finding in at_slack(settings, manifest)]
    for finding in slack:
        show(finding)
    if slack[0].mark != "✗":  # with a token that Slack refuses there is nothing more to ask
        async for finding in screens_at_slack(settings, say):
            show(finding)
        if user_id is not None:
            await rehearse(settings, user_id, say, show)
    async for finding in at_ticket_senders(settings):
        show(finding)


def check(
    settings: Settings,
    *,
    live: bool,
    renamed: Iterable[RenamedSetting] = (),
    misspelt: Iterable[MisspeltSetting] = (),
    manifest: Path = MANIFEST,
    rehearse_with: str | None = None,
    say: Say = lambda _: None,
    show: Show = lambda _: None,
) -> list[Finding]:
    """Every finding, in the order in which they are worth correcting; `show` gets each when it is found.

    `live` connects to Slack as well. `rehearse_with` is the ID of the person in whose direct message the bot then posts
    something and deletes it. `say` gets a line now and then about what takes long.
    """
    findings: list[Finding] = []

    def keep(finding: Finding) -> None:
        findings.append(finding)
        show(finding)

    for finding in chain(_renamed(renamed), _misspelt(misspelt), here(settings, manifest)):
        keep(finding)
    if live:
        asyncio.run(_live(settings, manifest, rehearse_with, say, keep))
    return findings
