"""The metrics for Prometheus: numbers only. No person, no ticket and no text is ever a label."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.store.counts import StoreCounts
from bot.store.models import ROW_STATES_UNSENT, TICKET_STATES, Row
from conversations.engine.texts import LANGUAGES
from conversations.registry import Procedures

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_FAST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds. Slack waits three for an answer."""
_SLOW_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)


class Metrics:
    """Counts what this process has done since its start, and adds the store's counts."""

    def __init__(self, procedures: Procedures) -> None:
        self._registry = CollectorRegistry()
        names = ("kind", "outcome")
        self._events = Counter(
            "amazon_token_events", "Use cases by what came from Slack", names, registry=self._registry
        )
        self._use_case = Histogram(
            "amazon_token_use_case_seconds", "From a payload to its commit", ("kind",),
            registry=self._registry, buckets=_FAST_BUCKETS,
        )  # fmt: skip
        self._sends = Counter(
            "amazon_token_sends", "Attempts to send a row, by method and outcome", ("method", "outcome"),
            registry=self._registry,
        )  # fmt: skip
        self._send = Histogram(
            "amazon_token_send_seconds",
            "One attempt to send a row",
            ("method",),
            registry=self._registry,
            buckets=_SLOW_BUCKETS,
        )
        self._arrival = Histogram(
            "amazon_token_delivery_seconds", "From the commit of a row until its receiver had it", ("receiver",),
            registry=self._registry, buckets=_SLOW_BUCKETS,
        )  # fmt: skip
        self._healthy = Gauge("amazon_token_healthy", "1 while /healthz says ok", registry=self._registry)
        self._purged = Gauge(
            "amazon_token_last_purge_timestamp_seconds", "When what is over was forgotten last", registry=self._registry
        )
        self._age = Gauge("amazon_token_figures_age_seconds", "Since the store was read", registry=self._registry)
        self._locked = Gauge(
            "amazon_token_database_locked_seconds", "How long another program has locked the database",
            registry=self._registry,
        )  # fmt: skip
        self._store_collector = _StoreCollector(procedures)
        self._registry.register(self._store_collector)

    def handled(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a use case. The dispatcher's observer."""
        self._events.labels(kind, outcome).inc()
        self._use_case.labels(kind).observe(seconds)

    def row_attempted(self, row: Row, outcome: str, seconds: float, now: datetime) -> None:
        """Count an attempt to send `row`. The outbox worker's observer."""
        self._sends.labels(row.method, outcome).inc()
        self._send.labels(row.method).observe(seconds)
        if outcome == "delivered":
            self._arrival.labels(row.receiver).observe(max(0.0, (now - row.created_at).total_seconds()))

    def purged(self) -> None:
        """Note the time of a purge."""
        self._purged.set_to_current_time()

    def page(
        self, counts: StoreCounts, *, healthy: bool, age: timedelta = timedelta(), locked_for: timedelta = timedelta()
    ) -> bytes:
        """The page of `/metrics`, as `CONTENT_TYPE`. Always to be called on the same thread.

        `age` is that of `counts`; `locked_for` is zero while no other program locks the database.
        """
        self._healthy.set(healthy)
        self._age.set(max(0.0, age.total_seconds()))
        self._locked.set(max(0.0, locked_for.total_seconds()))
        self._store_collector.counts = counts
        return generate_latest(self._registry)


class _StoreCollector:
    """The store's counts as gauges."""

    def __init__(self, procedures: Procedures) -> None:
        self._screens = {name: procedure.screen_of for name, procedure in procedures.items()}
        self.counts = StoreCounts()

    def collect(self) -> Iterator[Metric]:
        """Every label value is always there, if only as 0, so that no alert is about a missing series."""
        counts = self.counts
        rows = _gauge("outbox_rows", "Rows that have not arrived", "receiver", "state")
        oldest = _gauge("outbox_oldest_seconds", "Age of the oldest row on its way", "receiver")
        for receiver_name, backlog in counts.outbox.items():
            oldest.add_metric([receiver_name], backlog.oldest_seconds)
            for state in ROW_STATES_UNSENT:
                rows.add_metric([receiver_name, state], backlog.rows.get(state, 0))
        yield rows
        yield oldest
        yield self._paused()
        yield self._walks()
        yield _gauge_by("tickets", "Tickets", "state", {**dict.fromkeys(TICKET_STATES, 0), **counts.tickets})
        yield _gauge_by("due", "What is due by itself and has not happened", "what", counts.due)
        yield _gauge_by("uploads", "Pictures that workspaces were given", "language", counts.uploads)
        by_language: dict[str, int] = {**dict.fromkeys(map(str, LANGUAGES), 0), **counts.not_understood}
        yield _gauge_by("not_understood", "Messages of the last 30 days not understood", "language", by_language)
        for name, description, value in (
            ("ticket_unclaimed_seconds", "How long the oldest open ticket has waited for an agent",
             counts.unclaimed_seconds),
            ("undelivered_tickets", "Tickets whose card Slack has not confirmed", counts.undelivered_tickets),
            ("undelivered_tickets_seconds", "How long the first of them has waited", counts.undelivered_seconds),
        ):  # fmt: skip
            family = _gauge(name, description)
            family.add_metric([], value)
            yield family

    def _paused(self) -> GaugeMetricFamily:
        family = _gauge("outbox_paused", "Destinations where sending has failed and is tried again", "receiver")
        for receiver_name in self.counts.outbox:
            paused = sum(destination.receiver == receiver_name for destination in self.counts.paused)
            family.add_metric([receiver_name], paused)
        return family

    def _walks(self) -> GaugeMetricFamily:
        """The walks under way by procedure and by the screen that they are at: a step, or a group of steps."""
        family = _gauge("walks", "Walks under way", "procedure", "step")
        by_screen = dict.fromkeys(
            ((name, screen) for name, screens in self._screens.items() for screen in screens.values()), 0
        )
        for (name, step), count in self.counts.walks.items():
            screen = name, self._screens.get(name, {}).get(step, step)
            by_screen[screen] = by_screen.get(screen, 0) + count
        for labels, count in by_screen.items():
            family.add_metric(list(labels), count)
        return family


def _gauge(name: str, description: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"amazon_token_{name}", description, labels=labels)


def _gauge_by(name: str, description: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = _gauge(name, description, label)
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
