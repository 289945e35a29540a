"""The example alerts and the documentation name metrics that exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.metrics import Metrics
from bot.store.counts import OutboxBacklog, StoreCounts
from conversations.registry import PROCEDURES

ROOT = Path(__file__).parents[3]
_NAME = re.compile(r"\bamazon_token_\w+")
_PICK = re.compile(r'(\w+)\{(\w+)!?="(\w+)"\}')


def rules() -> list[dict[str, Any]]:
    """The rules as Prometheus reads them."""
    (group,) = yaml.safe_load((ROOT / "docs/alerts.yml").read_text("utf-8"))["groups"]
    rules_of_group: list[dict[str, Any]] = group["rules"]
    return rules_of_group


def page() -> str:
    """The metrics page of a bot that has counted something of every kind."""
    metrics = Metrics(PROCEDURES)
    for outcome in ("done", "failed"):
        metrics.handled("command", outcome, 0.1)
    return metrics.page(StoreCounts(outbox={"slack": OutboxBacklog()}, due={"reminder": 0}), healthy=True).decode()


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_names_existing_metrics_and_what_to_do(rule: dict[str, Any]) -> None:
    """Each metric it names is on the page, and its annotation `todo` is not empty."""
    declared = set(re.findall(r"^# TYPE (\w+)", page(), re.MULTILINE))
    families = declared | {f"{name}_bucket" for name in declared}
    named = set(_NAME.findall(rule["expr"]))
    assert named <= families
    assert named or rule["expr"].startswith("up{")
    assert rule["annotations"]["todo"]


def test_the_documentation_names_every_metric() -> None:
    """docs/operators.md has each of them."""
    documentation = (ROOT / "docs/operators.md").read_text("utf-8")
    declared = {name for name in re.findall(r"^# TYPE (\w+)", page(), re.MULTILINE) if not name.endswith("_created")}
    assert {name for name in declared if f"`{name}" not in documentation} == set()
