"""The answers that agents have prepared, and who has the form of an answer open."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.store.dialect import loaded
from bot.store.statements import Statements
from bot.store.support_models import AnswerForm, Template


class SqlTemplates(Statements):
    """The part of `bot.store.protocol.Transaction` about templates and open forms."""

    def templates(self, team_id: str) -> list[Template]:
        return self._templates("templates", team_id=team_id)

    def template(self, team_id: str, template_id: int) -> Template | None:
        return next(iter(self._templates("template", team_id=team_id, template_id=template_id)), None)

    def add_template(self, template: Template) -> Template:
        return replace(template, id=self._value("add_template", **vars(template)))

    def save_template(self, template: Template) -> None:
        self._change_one("save_template", **vars(template))

    def delete_template(self, team_id: str, template_id: int) -> None:
        self._change("delete_template", team_id=team_id, template_id=template_id)

    def answer_forms(self, number: int) -> list[AnswerForm]:
        return [AnswerForm(**loaded(row)) for row in self._rows("answer_forms", number=number)]

    def open_answer_form(self, form: AnswerForm) -> None:
        self._change("open_answer_form", **vars(form))

    def close_answer_form(self, number: int, agent_id: str) -> None:
        self._change("close_answer_form", number=number, agent_id=agent_id)

    def forget_old_answer_forms(self, before: datetime) -> None:
        self._change("forget_old_answer_forms", before=before)

    def _templates(self, query: str, /, **values: Any) -> list[Template]:
        return [Template(**loaded(row)) for row in self._rows(query, **values)]
