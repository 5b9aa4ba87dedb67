"""Plays a morning of invented visitors on a running demo, through its API, as fast as the server answers.

Needs a server with `--virtual-clock`: a minute of the day is a step of the loop, so that screens show waits and calls
that look like a real morning. Everything follows from one seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests

from checkin_server.domain.plan import Plan
from tests.support.server import Client, DemoServer

_RUSH = (2.4, 2.0, 1.5, 1.2, 1.0, 0.9)
"""Arrivals a minute in each quarter of an hour after the doors open; the last value goes on."""
_HOW_MANY = {1: 30, 2: 40, 3: 22, 4: 8}
_WALK_MINUTES = 2


@dataclass
class _Post:
    """A counter and the minute of its next act."""

    client: Client
    service: str
    until: float = 0.0
    state: str = "idle"


@dataclass
class Morning:
    """A demo's morning, minute by minute from the opening."""

    server: DemoServer
    plan: Plan
    closed: frozenset[str] = frozenset()
    """Counters that nobody opens."""
    seed: int = 2019
    minute: int = 0
    visits: dict[str, str] = field(default_factory=dict)
    """Card to visit, of everybody who was given a number."""
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    """Role and station to the token of each device."""
    organizer: Client = field(init=False)
    """The organiser's office."""
    _posts: dict[str, _Post] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the counters."""
        self._chance = random.Random(self.seed)
        self.organizer = self.server.client("organizer", "office")
        self.tokens["organizer", "office"] = self.server.token("organizer", "office")
        self._kiosk = self.pair("kiosk", next(iter(self.plan.kiosks)))
        self._cards = [row for row in self.server.cards() if row["family"]]
        # What a service can take a minute: the hall is planned for what people come for.
        self._shares = {
            service.id: len([c for c in self.plan.counters_of(service.id) if c.id not in self.closed])
            / (service.prior_minutes + _WALK_MINUTES)
            for service in self.plan.services.values()
        }
        day = self.plan.days[0]
        self._opens = datetime.fromtimestamp(day.opens_at / 1000).astimezone()
        for counter in self.plan.counters.values():
            if counter.id not in self.closed:
                client = self.pair("counter", counter.id)
                session = client.post("/session", {"staff": "Nadia", "pin": "2580"})
                client.session.headers["X-Session"] = session["session_token"]
                client.command(f"/counters/{counter.id}/open")
                self._posts[counter.id] = _Post(client, counter.services[0], until=self._chance.uniform(0, 4))

    def pair(self, role: str, station: str) -> Client:
        """Pair a device as a technician does, by a code that the organiser approves; return its client."""
        asked = requests.post(f"{self.server.base}/api/v1/pairings", timeout=30).json()
        self.organizer.post("/pairings/approve", {"code": asked["code"], "role": role, "station": station})
        claim = f"{self.server.base}/api/v1/pairings/{asked['pairing_id']}/claim"
        answer = requests.post(claim, json={"secret": asked["secret"]}, timeout=30).json()
        self.tokens[role, station] = answer["token"]
        return Client(self.server.base, answer["token"])

    def play(self, minutes: int) -> None:
        """Go on for some minutes."""
        for _ in range(minutes):
            self._set_clock()
            for _ in range(self._arriving()):
                self._arrive()
            for counter, post in self._posts.items():
                if self.minute >= post.until:
                    self._act(counter, post)
            self.minute += 1

    def newcomer(self, locale: str, family: int | None = None) -> str:
        """Return the card of an active member who has not come yet, by language and by how many the family are."""
        sizes: dict[str, int] = {}
        for row in self._cards:
            sizes[row["family"]] = sizes.get(row["family"], 0) + 1
        return next(
            row["code"]
            for row in self._cards
            if row["code"] not in self.visits
            and row["locale"] == locale
            and row["category"] == "active"
            and self.plan.units[row["unit"]].eligible
            and family in (None, sizes[row["family"]])
        )

    def come(self, card: str, services: list[str]) -> str:
        """Let a member scan a card and choose; return the visit."""
        scanned = self._kiosk.scan(card)
        visit = str(scanned["visit"]["id"])
        self._kiosk.choose(visit, *services)
        self.visits[card] = visit
        return visit

    def _set_clock(self) -> None:
        now = self._opens + timedelta(minutes=self.minute)
        self._kiosk.post("/clock", {"now": now.isoformat()})

    def _arriving(self) -> int:
        rate = _RUSH[min(self.minute // 15, len(_RUSH) - 1)]
        return int(rate) + (self._chance.random() < rate % 1)

    def _arrive(self) -> None:
        row = self._chance.choice(self._cards)
        card = row["code"]
        if card in self.visits or self._kiosk.scan(card)["outcome"] != "admitted":
            return
        how_many = self._chance.choices(list(_HOW_MANY), list(_HOW_MANY.values()))[0]
        wanted: list[str] = []
        while len(wanted) < how_many:
            service = self._chance.choices(list(self._shares), list(self._shares.values()))[0]
            open_to = self.plan.services[service].categories
            if service not in wanted and (not open_to or row["category"] in open_to):
                wanted.append(service)
        self.come(card, wanted)

    def _act(self, counter: str, post: _Post) -> None:
        address = f"/counters/{counter}"
        if post.state == "serving":
            post.client.command(f"{address}/finish", outcome="served")
            post.state = "idle"
        elif post.state == "called":
            post.client.command(f"{address}/start")
            post.state = "serving"
            minutes = self.plan.services[post.service].prior_minutes * self._chance.lognormvariate(-0.4, 0.4)
            post.until = self.minute + max(1.0, minutes)
            return
        answer = post.client.command(f"{address}/call-next")
        if answer["outcome"] == "called":
            post.state = "called"
            post.until = self.minute + self._chance.uniform(1, _WALK_MINUTES)
