"""What `/metrics` tells Prometheus: numbers only. No person, no ticket and no text is ever a label."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.store.models import ROW_STATES_UNSENT, TICKET_STATES, Row, StoreCounts
from conversations.amazon_token.steps import STEPS

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0)
"""Seconds. Slack waits three for an answer."""
_SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0)


class Metrics:
    """Counts what this process does, since its start, and shows the store's figures beside it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names = ("kind", "outcome")
        self._events = Counter(
            "amazon_token_events", "Use cases by what came from Slack", names, registry=self._registry
        )
        self._use_case = Histogram(
            "amazon_token_use_case_seconds", "From a payload to its commit", ("kind",),
            registry=self._registry, buckets=_QUICK,
        )  # fmt: skip
        self._sends = Counter(
            "amazon_token_sends", "Attempts to carry a row, by method and outcome", ("method", "outcome"),
            registry=self._registry,
        )  # fmt: skip
        self._send = Histogram(
            "amazon_token_send_seconds",
            "One attempt to carry a row",
            ("method",),
            registry=self._registry,
            buckets=_SLOW,
        )
        self._arrival = Histogram(
            "amazon_token_delivery_seconds", "From the commit of a row until its receiver had it", ("receiver",),
            registry=self._registry, buckets=_SLOW,
        )  # fmt: skip
        self._healthy = Gauge("amazon_token_healthy", "1 while /healthz says ok", registry=self._registry)
        self._purged = Gauge(
            "amazon_token_last_purge_timestamp_seconds", "When what is over was forgotten last", registry=self._registry
        )
        self._stored = _Stored()
        self._registry.register(self._stored)

    def handled(self, kind: str, outcome: str, seconds: float) -> None:
        """A use case is over: done, nothing_changed, repeat or failed."""
        self._events.labels(kind, outcome).inc()
        self._use_case.labels(kind).observe(seconds)

    def row_attempted(self, row: Row, outcome: str, seconds: float, now: datetime) -> None:
        """An attempt took so long: delivered, again or dead."""
        self._sends.labels(row.method, outcome).inc()
        self._send.labels(row.method).observe(seconds)
        if outcome == "delivered":
            self._arrival.labels(row.receiver).observe(max(0.0, (now - row.created_at).total_seconds()))

    def purged(self) -> None:
        """What is over was forgotten just now."""
        self._purged.set_to_current_time()

    def page(self, figures: StoreCounts, *, healthy: bool) -> bytes:
        """The page as `CONTENT_TYPE`. To be called on one thread."""
        self._healthy.set(healthy)
        self._stored.figures = figures
        return generate_latest(self._registry)


class _Stored:
    """The store's figures as gauges."""

    def __init__(self) -> None:
        self.figures = StoreCounts()

    def collect(self) -> Iterator[Metric]:
        """Each value that can be there is there, if only as 0, so that an alert never looks for nothing."""
        found = self.figures
        rows = _gauge("outbox_rows", "Rows that have not arrived", "receiver", "state")
        oldest = _gauge("outbox_oldest_seconds", "Age of the oldest row on its way", "receiver")
        for name, waiting in found.outbox.items():
            oldest.add_metric([name], waiting.oldest_seconds)
            for state in ROW_STATES_UNSENT:
                rows.add_metric([name, state], waiting.rows.get(state, 0))
        yield rows
        yield oldest
        yield _by("walks", "Walks under way", "step", {**dict.fromkeys(STEPS, 0), **found.walks})
        yield _by("tickets", "Tickets", "state", {**dict.fromkeys(TICKET_STATES, 0), **found.tickets})
        yield _by("due", "What is due by itself and has not happened", "what", found.due)
        yield _by("uploads", "Pictures that workspaces were given", "language", found.uploads)
        unclaimed = _gauge("ticket_unclaimed_seconds", "How long the oldest open ticket has waited for an agent")
        unclaimed.add_metric([], found.unclaimed_seconds)
        yield unclaimed


def _gauge(name: str, what: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"amazon_token_{name}", what, labels=labels)


def _by(name: str, what: str, label: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = _gauge(name, what, label)
    for value, count in counts.items():
        family.add_metric([value], count)
    return family
