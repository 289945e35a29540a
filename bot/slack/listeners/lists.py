"""A list of people to invite, as a CSV file in an agent's direct message."""

from functools import partial

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.actions import GROUP_LIMIT
from bot.services import invitation_lists
from bot.slack import payload
from bot.slack.dispatch import Dispatcher
from bot.slack_api.errors import REQUEST_ERRORS
from bot.slack_api.files import NotAnImage, fetch_text

_SECONDS = 2.0
"""How long the file may take; Slack waits three seconds for the answer to the event."""

log = structlog.get_logger()


async def heard(dispatcher: Dispatcher, client: AsyncWebClient, body: payload.Body, event: payload.Body) -> bool:
    """Answer a message with a CSV file if an agent wrote it; whether it was one. Nothing of the file is kept."""
    file_id, person = payload.csv_file(event), payload.person(body)
    if file_id is None or not await dispatcher.agents.has(person[1]):
        return False
    people = None
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as http:
            people = invitation_lists.read(await fetch_text(client, http, file_id))
    except (*REQUEST_ERRORS, NotAnImage) as error:
        log.warning("list_not_read", error=type(error).__name__)
    mentioned = people.user_ids[: GROUP_LIMIT + 1] if people is not None else ()
    case = partial(invitation_lists.uploaded, people=people, source=payload.message(event).source)
    await dispatcher.do(person, case, ask_agent=True, mentioned=mentioned)
    return True
