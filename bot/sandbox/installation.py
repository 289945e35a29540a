"""Where the app is installed, and how the payloads name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.sandbox.world import BOT_USER, TEAM_ID

if TYPE_CHECKING:
    from bot.sandbox.world import Json

ENTERPRISE_ID = "E0SANDBOX"
ENTERPRISE_NAME = "Muster Konzern SE"


@dataclass(frozen=True)
class Installation:
    """In a workspace of its own, in a workspace of an Enterprise Grid, or in the Grid's whole organization.

    The shapes are those of https://docs.slack.dev/enterprise/ and of Bolt's `extract_team_id`: an installation in the
    organization has no `team` in interactions, and its views are installed in the organization.
    """

    where: Literal["workspace", "grid", "organization"] = "workspace"

    @property
    def enterprise_id(self) -> str | None:
        """The organization, if there is one."""
        return None if self.where == "workspace" else ENTERPRISE_ID

    @property
    def org_wide(self) -> bool:
        """Whether it is the organization that has installed the app."""
        return self.where == "organization"

    @property
    def view_team_id(self) -> str:
        """`app_installed_team_id` of a view."""
        return ENTERPRISE_ID if self.org_wide else TEAM_ID

    def in_interaction(self) -> Json:
        """What a press and a form say of it."""
        inside = self.enterprise_id and {"enterprise_id": ENTERPRISE_ID, "enterprise_name": ENTERPRISE_NAME}
        return {
            "team": None if self.org_wide else {"id": TEAM_ID, "domain": "sandbox", **(inside or {})},
            "enterprise": {"id": ENTERPRISE_ID, "name": ENTERPRISE_NAME} if inside else None,
            "is_enterprise_install": self.org_wide,
        }

    def in_command(self) -> Json:
        """What a slash command says of it."""
        inside = {"enterprise_id": ENTERPRISE_ID, "enterprise_name": ENTERPRISE_NAME} if self.enterprise_id else {}
        return {
            "team_id": TEAM_ID,
            "team_domain": "sandbox",
            **inside,
            "is_enterprise_install": "true" if self.org_wide else "false",
        }

    def in_event(self) -> Json:
        """What the envelope of an event says of it."""
        authorization = {
            "enterprise_id": self.enterprise_id,
            "team_id": TEAM_ID,
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": self.org_wide,
        }
        return {
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": self.enterprise_id,
            "authorizations": [authorization],
        }
