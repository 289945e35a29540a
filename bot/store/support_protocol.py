"""What the services need of a store for what agents prepare and begin."""

from datetime import datetime
from typing import Literal, Protocol

from bot.store.support_models import AnswerForm, Invitation, Outage, OutageRecipient, Template


class Support(Protocol):
    """Invitations, templates, open answer forms and outages, inside a transaction."""

    def add_invitation(self, invitation: Invitation) -> Invitation:
        """Store an invitation and give it its ID. `Conflict` where the merchant has one that is not answered."""

    def invitation(self, invitation_id: int) -> Invitation | None:
        """The invitation of this ID."""

    def last_invitation(self, team_id: str, merchant_id: str) -> Invitation | None:
        """The merchant's newest invitation, answered or not."""

    def due_invitation(self, now: datetime) -> Invitation | None:
        """The unanswered invitation whose next message has been due longest, or `None`."""

    def invitations_of_list(self, list_key: str) -> list[Invitation]:
        """Those who were invited together, in their order."""

    def pending_invitations(self, team_id: str, limit: int) -> list[Invitation]:
        """The unanswered invitations of a team, oldest first."""

    def save_invitation(self, invitation: Invitation) -> None:
        """Store a changed invitation."""

    def keep_refusal(self, mark: str, at: datetime) -> None:
        """Keep for good that the person of this keyed hash wants no invitations."""

    def has_refused(self, mark: str) -> bool:
        """Whether that is kept of the person of this keyed hash."""

    def templates(self, team_id: str) -> list[Template]:
        """The answers that the team's agents have prepared, by label."""

    def template(self, team_id: str, template_id: int) -> Template | None:
        """The team's template of this ID."""

    def add_template(self, template: Template) -> Template:
        """Store a template and give it its ID."""

    def save_template(self, template: Template) -> None:
        """Store a changed template."""

    def delete_template(self, team_id: str, template_id: int) -> None:
        """The team's template of this ID is gone."""

    def answer_forms(self, number: int) -> list[AnswerForm]:
        """Who has the form of an answer to the ticket open, the first one first."""

    def open_answer_form(self, form: AnswerForm) -> None:
        """Remember it; one that is open already counts from when it was opened."""

    def close_answer_form(self, number: int, agent_id: str) -> None:
        """Forget it."""

    def forget_old_answer_forms(self, before: datetime) -> None:
        """Forget those that were opened before that moment."""

    def live_outage(self, team_id: str) -> Outage | None:
        """The team's outage that nobody has ended."""

    def outage(self, outage_id: int) -> Outage | None:
        """The outage of this ID."""

    def add_outage(self, outage: Outage) -> Outage:
        """Store an outage and give it its ID. `Conflict` where the team has one that has not ended."""

    def save_outage(self, outage: Outage) -> None:
        """Store a changed outage."""

    def add_outage_recipient(self, recipient: OutageRecipient) -> None:
        """Store somebody who is to read of it; nothing happens where they are stored already."""

    def people_under_way(self, team_id: str) -> int:
        """How many people of the team have a walk under way."""

    def add_people_under_way(self, outage_id: int) -> None:
        """Store everybody in the outage's team who has a walk under way and is none of its recipients yet as one."""

    def save_outage_recipient(self, recipient: OutageRecipient) -> None:
        """Store a changed recipient."""

    def plan_outage_recipients(self, outage_id: int, state: Literal["changed", "leaving"]) -> None:
        """Have everybody who has read of the outage told something new; who has not is gone when it is `leaving`."""

    def outage_recipients(self, outage_id: int) -> list[OutageRecipient]:
        """All who read of it."""

    def due_outage_recipient(self) -> OutageRecipient | None:
        """Somebody who is still to be told something, the oldest outage first, or `None`."""
