"""Who calls, and may they: a paired device, and at a counter somebody signed in. Everything is denied by default.

A device sends its token as ``Authorization: Bearer``; a browser keeps it in an HttpOnly cookie named after the device,
so that several screens live side by side in one browser, and says with `X-Riwaq-Device` which of them speaks.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import Request, Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from checkin_server.common.roles import MAY_SIGN_IN, OFFICE
from checkin_server.db.health import StoreUnavailable
from checkin_server.db.tx import Row
from checkin_server.services import access
from checkin_server.services.access import Person
from checkin_server.services.plans.outside import is_gone
from checkin_server.services.venue import Actor, Venue
from checkin_server.web.idle import Idle
from checkin_server.web.origins import Origins
from checkin_server.web.problems import problem

COOKIE = "riwaq_"
GUEST = "riwaq.guest"
"""Where a request's environment keeps who asks, as the listener counts them (`checkin_server/running/shares.py`)."""
SESSION_COOKIE = "riwaq_s_"
STAFFED = frozenset(MAY_SIGN_IN)
"""Roles of devices that people sign in on."""
PUBLIC: frozenset[str] = frozenset({"*"})
"""The rule of a route that needs no device."""
_MOST_TOKENS = 128
"""Of one request: as many screens as one browser may show."""
_OFFSET = re.compile(r"-?[0-9]{1,5}")
_REMEMBER_S = 1.0
"""A token that was cut off by another process stops working within this time; the contract allows 2 s."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that has shown its token, with the session that runs on it, if any."""

    device: str
    role: str
    station: str
    person: Person | None = None
    """Who is signed in on it; None also while the tablet is locked."""
    locked: Person | None = None
    """Who was signed in on a tablet that has locked: with their PIN it goes on."""

    @property
    def actor(self) -> Actor:
        """The caller as services know it."""
        return Actor(self.device, self.role, self.station, self.person.id if self.person else None)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which roles may call a route."""

    roles: frozenset[str]
    staff: frozenset[str] = frozenset()
    """At which of them somebody must be signed in."""
    people: frozenset[str] = frozenset()
    """Who that must be, by the person's role; empty: whoever may sign in there."""
    page: bool = False
    """A screen's page: the device must stand at the station that the address names."""


class Doorkeeper:
    """Knows the rules and the tokens that were good a moment ago."""

    def __init__(self, venue: Venue, origins: Origins) -> None:
        self._venue = venue
        self._origins = origins
        self._rules: dict[str, Rule] = {}
        self._known: dict[str, tuple[float, Row | None]] = {}
        self._recognised: frozenset[str] = frozenset()
        self._lock = threading.Lock()
        self.idle = Idle()
        self.seen: dict[str, int] = {}
        """When devices last spoke, until somebody writes it down."""
        self.offsets: dict[str, int] = {}
        """What screens' browsers add to UTC at the venue, in seconds, where it is news; until it is written down."""
        self._offsets: dict[str, int] = {}

    def allow(self, endpoint: str, rule: Rule) -> None:
        """Set the rule of an endpoint."""
        self._rules[endpoint] = rule

    def rule(self, endpoint: str | None) -> Rule | None:
        """Return an endpoint's rule; None means that nobody may call it."""
        return self._rules.get(endpoint or "")

    def forget(self) -> None:
        """Look every token up again: one was cut off."""
        with self._lock:
            self._known.clear()

    def device(self, token: str) -> Row | None:
        """Return the device of a token."""
        with self._lock:
            known = self._known.get(token)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        try:
            row = access.device_of(self._venue, token)
        except StoreUnavailable:
            # While nobody can be asked, nobody can have been cut off either: who was let in goes on being let in, so
            # that its screen is told what is the matter.
            if known is None or known[1] is None:
                raise
            row = known[1]
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[token] = (time.monotonic() + _REMEMBER_S, row)
        return row

    def learn(self) -> None:
        """Learn the tokens that are good, so that they are recognised before anybody is asked about them."""
        self._recognised = access.good_digests(self._venue)

    def recognises(self, token: str) -> bool:
        """Whether a token looked good a while ago. Asks nobody: as often as anybody likes to try."""
        with self._lock:
            known = self._known.get(token)
        return known[1] is not None if known is not None else access.digest(token) in self._recognised

    def proves(self, token: str, may_try: Callable[[], bool]) -> str | None:
        """Return the device of a token. One that nobody here has heard of is looked up only when `may_try` says so."""
        with self._lock:
            known = self._known.get(token)
        if known is None and not self.recognises(token) and not may_try():
            return None
        try:
            row = self.device(token)
        except StoreUnavailable:
            return None
        return None if row is None else str(row["id"])

    def has_place(self, device: Row) -> bool:
        """Whether a device still has its place in the hall; a welcome desk works anywhere."""
        return device["role"] == "welcome" or not is_gone(self._venue.plan, device["role"], device["station"])

    def check(self) -> BaseResponse | None:
        """Let the request through (None) or answer it; run before every request."""
        if request.url_rule is None:
            return None  # answered 404 or 405 by the router
        rule = self.rule(request.endpoint)
        if rule is None:
            return problem("forbidden")
        if self._from_elsewhere(request):
            return problem("forbidden", detail="Pages of another origin give no commands here.")
        if rule.roles == PUBLIC:
            return None
        if rule.page:
            return self._check_page(rule)
        row = self._speaking(request)
        if row is None:
            return problem("unauthenticated")
        if not self.has_place(row):
            return problem("station_gone", role=row["role"], station=row["station"])
        if row["role"] not in rule.roles:
            return problem("forbidden", role=row["role"])
        caller = Caller(row["id"], row["role"], row["station"])
        if row["role"] in STAFFED:
            caller = self._with_session(request, caller)
            if row["role"] in rule.staff and caller.person is None:
                return (
                    problem("session_locked", staff=caller.locked.shown()) if caller.locked else problem("no_session")
                )
            if rule.people and caller.person is not None and caller.person.role not in rule.people:
                return problem("wrong_role", role=caller.person.role)
        g.caller = caller
        self.seen[caller.device] = self._venue.now()
        self._note_offset(request.headers.get("X-Riwaq-Utc-Offset"), caller.device)
        return None

    def roll(self, answer: Response) -> Response:
        """Let the browser keep its device's token for longer: whoever opens its page uses it. After every request."""
        if rolled := g.get("rolled"):
            device, token = rolled
            keep_device(answer, device, token, access.token_ms(self._venue))
        return answer

    def _from_elsewhere(self, asked: Request) -> bool:
        """Whether another site's page gives a command: a browser says where it came from, programs say nothing."""
        origin = asked.headers.get("Origin")
        gives = asked.method not in ("GET", "HEAD", "OPTIONS") and asked.blueprint == "api"
        return gives and origin is not None and not self._origins.may(origin, asked.environ)

    def _note_offset(self, said: str | None, device: str) -> None:
        """Note what a screen's browser reckons; nothing is done by it, the doctor compares."""
        if said is None or _OFFSET.fullmatch(said) is None:
            return
        seconds = int(said)
        if self._offsets.get(device) != seconds:
            self._offsets[device] = self.offsets[device] = seconds

    def _check_page(self, rule: Rule) -> BaseResponse | None:
        station = (request.view_args or {}).get("station")
        for name, token in request.cookies.items():
            if not name.startswith(COOKIE + "d_"):
                continue
            row = self.device(token)
            if row is not None and row["role"] in rule.roles and station in (None, row["station"]):
                if not self.has_place(row):
                    return redirect(f"/not-paired?gone={quote(row['station'], safe='')}", 303)
                g.caller = Caller(row["id"], row["role"], row["station"])
                g.rolled = (str(row["id"]), token)
                return None
        return redirect(f"/not-paired?screen={quote(request.path, safe='')}", 303)

    def _speaking(self, asked: Request) -> Row | None:
        header = asked.headers.get("Authorization", "")
        if header.startswith("Bearer "):
            return self.device(header[7:].strip())
        name = asked.headers.get("X-Riwaq-Device")
        return self.device_of_cookies(asked.cookies, name)

    def device_of_cookies(self, cookies: Mapping[str, str], device: str | None) -> Row | None:
        """Return the device that a browser's cookies prove; without a name only if there is just one."""
        if device:
            token = cookies.get(COOKIE + device)
            row = self.device(token) if token else None
            return row if row is not None and row["id"] == device else None
        tokens = [token for name, token in cookies.items() if name.startswith(COOKIE + "d_")]
        return self.device(tokens[0]) if len(tokens) == 1 else None

    def _with_session(self, asked: Request, caller: Caller) -> Caller:
        token = asked.headers.get("X-Session") or asked.cookies.get(SESSION_COOKIE + caller.device)
        row = access.session_of(self._venue, token, caller.device) if token else None
        if row is None:
            return caller
        person, session = Person(row["staff"], row["name"], row["role"]), str(row["token_hash"])
        if self.is_idle(caller.role, session):
            # On a dashboard the next thing that is done asks for the PIN again; nothing there is hidden.
            return replace(caller, locked=person) if caller.role not in OFFICE else caller
        if asked.method not in ("GET", "HEAD"):
            self.idle.used(session)
        return replace(caller, person=person)

    def is_idle(self, role: str, session: str) -> bool:
        """Whether a session on a device of a role was not used for as long as the venue allows; at a desk never."""
        rules = self._venue.plan.access
        minutes = rules.office_minutes if role in OFFICE else rules.tablet_lock_minutes if role == "counter" else None
        return minutes is not None and self.idle.over(session, minutes)


def tokens_shown(headers: Mapping[str, str]) -> Iterator[str]:
    """Give the tokens that a request shows, the one it speaks with first; `headers` by their names in small letters."""
    said = headers.get("authorization", "")
    if said.startswith("Bearer "):
        yield said[7:].strip()
        return
    jar = headers.get("cookie", "")
    if f"{COOKIE}d_" not in jar:
        return
    shown = dict(one.strip().partition("=")[::2] for one in jar.split(";")[:_MOST_TOKENS])
    speaks = shown.get(COOKIE + headers.get("x-riwaq-device", ""))
    if speaks:
        yield speaks
    for name, token in shown.items():
        if name.startswith(f"{COOKIE}d_") and token and token != speaks:
            yield token


def belongs(further: float = 0.0) -> None:
    """Whoever makes the present request has shown what only somebody let in can know; `further` requests too.

    Not only tokens are such proofs: so are a one-time link that opened, and the secret of a pairing that was approved.
    """
    guest = request.environ.get(GUEST)
    if guest is not None:
        guest.prove(further)


def charge(cost: float) -> float:
    """Take `cost` further requests from the share of whoever asks for something dear; return how long to wait (s)."""
    guest = request.environ.get(GUEST)
    return 0.0 if guest is None else float(guest.charge(cost))


def caller() -> Caller:
    """Return who makes the present request."""
    found: Caller = g.caller
    return found


def session_token(device: str) -> str | None:
    """Return the session token of the present request."""
    return request.headers.get("X-Session") or request.cookies.get(SESSION_COOKIE + device)


def keep_device(answer: Response | BaseResponse, device: str, token: str, lifetime_ms: int) -> None:
    """Put a device's token into the browser, out of reach of scripts, for as long as it is good."""
    answer.set_cookie(
        COOKIE + device,
        token,
        max_age=lifetime_ms // 1000,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )


def keep_session(answer: Response | BaseResponse, device: str, token: str) -> None:
    """Put a session's token into the browser, out of reach of scripts."""
    answer.set_cookie(
        SESSION_COOKIE + device,
        token,
        max_age=access.SESSION_HOURS * 3600,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )
