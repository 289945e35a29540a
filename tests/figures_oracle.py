"""The same figures in another way: plain SQL over the file, and Python's arithmetic. Nothing of `bot.statistics`."""

import json
import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

NOT_OWN = ("shown_again", "resettled")


class Oracle:
    """The figures of some walks through one procedure, and of their tickets, of a database, asked one by one."""

    def __init__(self, path: Path, now: datetime, procedure: str) -> None:
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.db.row_factory = sqlite3.Row
        self.now = now
        self.procedure = procedure
        self.db.execute("ATTACH ':memory:' AS chosen")
        self.db.execute("CREATE TABLE chosen.w (id INTEGER PRIMARY KEY)")
        self.db.execute("CREATE TABLE chosen.t (number INTEGER PRIMARY KEY)")

    def choose(
        self, since: datetime | None = None, until: datetime | None = None, language: str = "", texts: str = ""
    ) -> "Oracle":
        """Only these count from now on."""
        people = {(p["team_id"], p["user_id"]): p for p in self.db.execute("SELECT * FROM people")}
        walks = {}
        for walk in self.db.execute("SELECT * FROM walks WHERE procedure = ?", (self.procedure,)):
            person = people.get((walk["team_id"], walk["worker_id"]))
            spoken = (person["language"] or (person["locale"] or "de")[:2].lower()) if person else "de"
            spoken = "de" if spoken == "de" else "en"
            fits = self._within(walk["started_at"], since, until) and walk["guide_version"].startswith(texts)
            if fits and language in {"", spoken}:
                walks[walk["id"]] = spoken
        tickets = [
            ticket["number"]
            for ticket in self.db.execute(
                "SELECT t.*, w.guide_version AS g FROM tickets t LEFT JOIN walks w ON w.id = t.walk_id"
                " WHERE t.procedure = ?",
                (self.procedure,),
            )
            if self._within(ticket["opened_at"], since, until)
            and language in {"", ticket["language"]}
            and (not texts or (ticket["g"] or "").startswith(texts))
        ]
        self.spoken = walks
        self.db.execute("DELETE FROM chosen.w")
        self.db.execute("DELETE FROM chosen.t")
        self.db.executemany("INSERT INTO chosen.w VALUES (?)", [(one,) for one in walks])
        self.db.executemany("INSERT INTO chosen.t VALUES (?)", [(one,) for one in tickets])
        return self

    @staticmethod
    def _within(text: str, since: datetime | None, until: datetime | None) -> bool:
        at = datetime.fromisoformat(text)
        return (since is None or at >= since) and (until is None or at < until)

    def ask(self, sql: str, *values: Any) -> list[Any]:
        return [tuple(row) for row in self.db.execute(sql, values)]

    # Walks

    def ends(self) -> dict[int, str]:
        """What became of each walk."""
        rows = self.ask(
            """
            SELECT w.id, CASE
              WHEN ended_at IS NOT NULL THEN step
              WHEN step <> 'with_support' AND julianday(?) - julianday(
                (SELECT max(at) FROM events e WHERE e.walk_id = w.id AND e.name NOT IN ('shown_again', 'resettled'))
              ) >= 7 THEN 'silent' ELSE 'under_way' END
            FROM walks w JOIN chosen.w USING (id)
            """,
            self.now.isoformat(),
        )
        return dict(rows)

    def outcomes(self, only: set[int] | None = None) -> dict[str, int]:
        ends = Counter(end for walk, end in self.ends().items() if only is None or walk in only)
        names = ("done", "cancelled", "old_access_restored", "transferred", "silent", "under_way")
        return {"started": ends.total()} | {name: ends[name] for name in names}

    def weeks(self, zone: ZoneInfo) -> dict[str, tuple[dict[str, int], int]]:
        def monday(text: str) -> str:
            day = datetime.fromisoformat(text).astimezone(zone)
            while day.strftime("%a") != "Mon":
                day -= timedelta(days=1)
            return day.strftime("%Y-%m-%d")

        walks = {walk: monday(at) for walk, at in self.ask("SELECT id, started_at FROM walks JOIN chosen.w USING (id)")}
        tickets = Counter(
            monday(at) for (at,) in self.ask("SELECT opened_at FROM tickets JOIN chosen.t USING (number)")
        )
        return {
            week: (self.outcomes({walk for walk, one in walks.items() if one == week}), tickets[week])
            for week in {*walks.values(), *tickets}
        }

    # Steps

    def reached(self) -> dict[str, tuple[int, int]]:
        """Walks and visits by step."""
        return {
            step: (walks, visits)
            for step, walks, visits in self.ask("""
                SELECT s, count(DISTINCT walk_id), count(*) FROM (
                  SELECT e.walk_id, e.step AS s FROM events e JOIN chosen.w c ON c.id = e.walk_id
                  WHERE e.name = 'started'
                  UNION ALL
                  SELECT e.walk_id, e.next_step FROM events e JOIN chosen.w c ON c.id = e.walk_id
                  WHERE e.step <> e.next_step
                ) WHERE s NOT IN ('done', 'cancelled', 'old_access_restored', 'transferred') GROUP BY s
            """)
        }

    def walks_with(self, where: str) -> dict[str, int]:
        """How many walks have such an event at a step."""
        return dict(
            self.ask(
                "SELECT e.step, count(DISTINCT e.walk_id) FROM events e JOIN chosen.w c ON c.id = e.walk_id "
                f"WHERE {where} GROUP BY e.step"
            )
        )

    def silent_at(self) -> dict[str, int]:
        steps = dict(self.ask("SELECT w.id, step FROM walks w JOIN chosen.w USING (id)"))
        return dict(Counter(steps[walk] for walk, end in self.ends().items() if end == "silent"))

    def stays(self) -> dict[str, list[float]]:
        """Seconds of each visit that led on."""
        rows = self.ask("""
            SELECT step, name, at, before FROM (
              SELECT step, name, at, next_step,
                lag(at) OVER (PARTITION BY e.walk_id ORDER BY e.id) AS before
              FROM events e JOIN chosen.w c ON c.id = e.walk_id
              WHERE name = 'started' OR step <> next_step
            ) WHERE step <> next_step AND name NOT IN ('cancel', 'restarted', 'resettled')
        """)
        found: dict[str, list[float]] = {}
        for step, _, at, before in rows:
            span = datetime.fromisoformat(at) - datetime.fromisoformat(before)
            found.setdefault(step, []).append(span.total_seconds())
        return found

    def refusals(self) -> dict[tuple[str, str, str, str], tuple[int, int]]:
        rows = self.ask("""
            SELECT e.step, json_extract(e.detail, '$.event'), r.key, r.value, count(*), count(DISTINCT e.walk_id)
            FROM events e JOIN chosen.w c ON c.id = e.walk_id, json_each(e.detail, '$.reasons') r
            WHERE e.name = 'refused' GROUP BY 1, 2, 3, 4
        """)
        return {(step, event, name, reason): (times, walks) for step, event, name, reason, times, walks in rows}

    def fetches(self) -> dict[tuple[str, bool], int]:
        rows = self.ask("""
            SELECT iif(nth = 1, step, 'later'), name = 'fetch_worked', count(*) FROM (
              SELECT step, name, row_number() OVER (PARTITION BY e.walk_id, step ORDER BY e.id) AS nth
              FROM events e JOIN chosen.w c ON c.id = e.walk_id
              WHERE name IN ('fetch_worked', 'fetch_failed') AND step IN ('first_fetch', 'second_fetch')
            ) GROUP BY 1, 2
        """)
        return {(which, bool(worked)): count for which, worked, count in rows}

    # Tickets

    def tickets_by(self, column: str) -> dict[str, int]:
        return dict(self.ask(f"SELECT {column}, count(*) FROM tickets JOIN chosen.t USING (number) GROUP BY 1"))

    def ticket_seconds(self, moment: str) -> list[float]:
        first = "SELECT min(at) FROM ticket_events WHERE number = t.number AND name IN ('claim', 'hand')"
        column = f"({first})" if moment == "taken" else moment
        rows = self.ask(f"SELECT t.opened_at, {column} FROM tickets t JOIN chosen.t USING (number)")
        return [(datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds() for a, b in rows if b]

    def owners(self) -> int:
        (found,) = self.ask("""
            SELECT count(*) FROM (
              SELECT DISTINCT claimed_by FROM tickets JOIN chosen.t USING (number) WHERE claimed_by IS NOT NULL
            )
        """)
        return int(found[0])

    def whole_seconds(self) -> list[float]:
        rows = self.ask("SELECT started_at, ended_at FROM walks JOIN chosen.w USING (id) WHERE step = 'done'")
        return [(datetime.fromisoformat(b) - datetime.fromisoformat(a)).total_seconds() for a, b in rows]

    def alone(self) -> int:
        """Walks that ended with orders, without a ticket and without an agent on the phone."""
        found = self.ask(
            "SELECT count(*) FROM walks w JOIN chosen.w USING (id) WHERE step = 'done' AND for_name = '' AND NOT EXISTS"
            " (SELECT 1 FROM tickets t WHERE t.walk_id = w.id OR t.walk_id = w.transferred_from)"
        )
        return int(found[0][0])

    def times_of(self, event: str) -> int:
        found = self.ask("SELECT count(*) FROM events e JOIN chosen.w c ON c.id = e.walk_id WHERE e.name = ?", event)
        return int(found[0][0])

    def guide_versions(self) -> list[str]:
        return [version for (version,) in self.ask("SELECT DISTINCT guide_version FROM walks")]

    def words_in_events(self) -> set[str]:
        """Every text that stands in a refusal's detail, at any depth."""
        found: set[str] = set()
        for (detail,) in self.ask("SELECT detail FROM events WHERE name = 'refused'"):
            codes = json.loads(detail)
            found |= {codes["event"], *codes["reasons"], *codes["reasons"].values()}
        return found


def quarter(values: list[float], share: float) -> float:
    """The value below which `share` of them lie, between two neighbours by how near each is."""
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (place - low) * (ranked[high] - ranked[low])
