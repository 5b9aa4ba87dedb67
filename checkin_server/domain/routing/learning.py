"""What the day teaches: how long services take, which counters are quick, how people walk, who goes where sent.

Every figure starts from a prior that counts as so many observations, so nothing is ever divided by nothing and the
first visitor of the day changes little. Feeding the same observations in the same order learns the same: a restart
reads them from the event log again. Durations are milliseconds.
"""

from __future__ import annotations

import math

from checkin_server.domain.plan import Plan
from checkin_server.domain.routing.renewals import Renewals

PRIOR_WEIGHT = 4.0
"""A configured service time counts as this many observations."""
COUNTER_WEIGHT = 5.0
"""So many services at ordinary speed stand behind a counter before its own speed shows."""
WALK_WEIGHT = 8.0
"""The same for a category's pace on foot."""
_NOTICE_MS = 12_000
"""From being told to go until one goes."""
_SURELY = 1.6
"""Who was sent so many walks ago is there by now, also one who walks slowly."""
_PROMPT_MS = 20_000
"""Who stands ready is at the counter by then, and half a walk more for staff who are slow to press *Start*."""
_TELLING_MS = 30_000
"""A shorter way doesn't tell: who has it is there at once from anywhere."""
_IGNORING, _IGNORING_WEIGHT = 0.03, 20.0
"""Share of visitors who don't go where they are sent, before anybody was seen; it counts as twenty visitors."""
SPREAD_PRIOR = 0.35
"""Variance of the logarithm of a service time before anything was seen: about 0.65 of the mean."""
SPREAD_WEIGHT = 20.0
_SHORTEST = 5_000.0
"""A service of less than five seconds is a slip of the finger and teaches nothing."""
_LONGEST = 8.0
"""One that took more than eight times its expected time was not finished when it ended: it teaches as eight times."""
_MANY = 0.25
"""Within a shorter part of a service's time no second one ends."""
_ROOT_2 = math.sqrt(2.0)


class Learner:
    """Learns from finished services and walks; all its answers are positive numbers."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sum: dict[str, float] = {}
        self._count: dict[str, float] = {}
        self.mean: dict[str, float] = {}
        """Milliseconds a service takes one person at an ordinary counter, by service."""
        self._ratio: dict[str, tuple[float, float]] = {}
        self.speed: dict[str, float] = {}
        """What a counter's services take against the ordinary; missing is 1."""
        self._squares = SPREAD_PRIOR * SPREAD_WEIGHT
        self._seen = SPREAD_WEIGHT
        self.variance = SPREAD_PRIOR
        """Of the logarithm of a service time, pooled over all services."""
        self.sigma = math.sqrt(SPREAD_PRIOR)
        self._renewals: dict[float, Renewals] = {}
        self._walks: dict[str, tuple[float, float]] = {}
        self._heeds: dict[str, bool] = {}
        """By visit, whether they were where they had been sent, as far as it could be told."""
        self._ignoring = 0
        for service in plan.services.values():
            self._begin(service.id, service.prior_minutes)

    def _begin(self, service: str, minutes: float) -> float:
        self._sum[service] = max(1.0, minutes * 60_000) * PRIOR_WEIGHT
        self._count[service] = PRIOR_WEIGHT
        self.mean[service] = self._sum[service] / PRIOR_WEIGHT
        return self.mean[service]

    def mean_of(self, service: str) -> float:
        """Milliseconds a service takes one person; one that the plan doesn't know begins with its default."""
        known = self.mean.get(service)
        return self._begin(service, self._plan.service(service).prior_minutes) if known is None else known

    def expected(self, service: str, counter: str | None = None, factor: float = 1.0) -> float:
        """Milliseconds expected at a counter for a party that takes `factor` times one person's time."""
        speed = self.speed.get(counter, 1.0) if counter is not None else 1.0
        return self.mean_of(service) * speed * factor

    def party_factor(self, size: int) -> float:
        """How much longer a party takes than one person: the venue's share for each further one."""
        return 1.0 + self._plan.routing.family_share * max(0, size - 1)

    def served(self, service: str, counter: str, milliseconds: float, factor: float = 1.0) -> None:
        """Learn from a service that has ended at `counter` after `milliseconds`."""
        if milliseconds < _SHORTEST:
            return
        alone = milliseconds / max(factor, 0.1)
        mean = self.mean_of(service)
        speed = self.speed.get(counter, 1.0)
        alone = min(alone, _LONGEST * mean * speed)
        # What it would have taken at an ordinary counter: otherwise a slow counter would slow its whole service.
        usual = alone / speed
        self._sum[service] += usual
        self._count[service] += 1
        self.mean[service] = self._sum[service] / self._count[service]
        total, weight = self._ratio.get(counter, (COUNTER_WEIGHT, COUNTER_WEIGHT))
        total, weight = total + alone / mean, weight + 1
        self._ratio[counter] = (total, weight)
        self.speed[counter] = min(4.0, max(0.25, total / weight))
        # The mean of a log-normal lies half its variance above its median.
        off = math.log(usual / mean) + self.variance / 2
        self._squares += min(off * off, 4.0)
        self._seen += 1
        self.variance = min(1.5, max(0.02, self._squares / self._seen))
        self.sigma = math.sqrt(self.variance)

    def came(self, visit: str, category: str, sent: int | None, called: int, started: int, walk: float) -> None:
        """Learn from somebody who has come to a counter: how they walk, and whether they go where they are sent.

        Args:
            visit: whose service begins.
            category: its category; people of one kind walk alike.
            sent: when they were told to go to the ready area; None for somebody called from where they were.
            called: when the counter called.
            started: when the service began.
            walk: milliseconds that the map says the way takes, from where they were sent or called.
        """
        late = started - called
        if walk <= 0 or late < 0:
            return
        if sent is None:
            # Who is there at once stood there already, or came by themselves.
            if late > _NOTICE_MS and self.heeds(visit) is not False:
                self._walked(category, walk, late - _NOTICE_MS)
        elif called - sent >= _SURELY * walk + 2 * _NOTICE_MS:
            if walk >= _TELLING_MS:
                self._found(visit, late < _PROMPT_MS + walk / 2)
        elif late > _PROMPT_MS:
            # Called while still on the way. Who came sooner than that may have stood there for any time.
            self._walked(category, walk, started - sent - _NOTICE_MS)

    def recalled(self, visit: str, sent: int | None, again: int, walk: float) -> None:
        """Learn from somebody who was called again before they came: they were not where they had been sent.

        How they walk it doesn't tell: a call that nobody heard is no walk.

        Args:
            visit: whose service begins.
            sent: when they were told to go to the ready area; None for somebody called from where they were.
            again: when they were called again, the last time.
            walk: milliseconds that the map says the way takes.
        """
        if sent is not None and walk >= _TELLING_MS and again - sent >= _SURELY * walk + 2 * _NOTICE_MS:
            self._found(visit, False)

    def _found(self, visit: str, was_there: bool) -> None:
        """Learn whether somebody stood where they were sent; once not there counts for the whole visit."""
        before = self._heeds.get(visit)
        self._heeds[visit] = was_there and before is not False
        self._ignoring += (before is not False) and not was_there

    def heeds(self, visit: str) -> bool | None:
        """Whether this visitor goes where they are sent; None while they have not shown it."""
        return self._heeds.get(visit)

    @property
    def ignored_share(self) -> float:
        """The share of visitors who were not where they had been sent when they were called, 0 to 1.

        Of those of whom it could be told (`observed`), and a little before any was seen.
        """
        return (_IGNORING * _IGNORING_WEIGHT + self._ignoring) / (_IGNORING_WEIGHT + len(self._heeds))

    @property
    def observed(self) -> int:
        """Of how many visitors it could be told whether they went where they were sent."""
        return len(self._heeds)

    def _walked(self, category: str, expected: float, took: float) -> None:
        total, weight = self._walks.get(category, (WALK_WEIGHT, WALK_WEIGHT))
        self._walks[category] = (total + min(4.0, max(0.25, took / expected)), weight + 1)

    def pace(self, category: str) -> float:
        """How much longer than the map says people of this category walk."""
        total, weight = self._walks.get(category, (1.0, 1.0))
        return total / weight

    def ends_within(self, expected: float, elapsed: float, lead: float) -> float:
        """Probability that a service that has lasted `elapsed` ends within `lead`."""
        if lead <= 0:
            return 0.0
        still = self._lasts(expected, elapsed)
        if still < 1e-6:
            # Nobody takes that long: probably *finish* was forgotten, and nothing can be said.
            return 0.5
        return 1.0 - self._lasts(expected, max(1.0, elapsed + lead)) / still

    def starts_within(self, expected: float, elapsed: float, lead: float, turn: float) -> float:
        """Expected number of visitors whom a counter can begin with within `lead`, once its present service is over.

        `elapsed`: how long that has lasted; `expected`: how long it takes, and each that follows; `turn`: from the end
        of one to the start of the next.
        """
        if lead < _MANY * expected:
            return self.ends_within(expected, elapsed, lead)
        before, after = math.log(max(1.0, elapsed)), math.log(max(1.0, elapsed + lead))
        mu, wide = math.log(expected) - self.variance / 2, self.sigma * _ROOT_2
        still = 0.5 * math.erfc((before - mu) / wide) if elapsed >= 1.0 else 1.0
        if still < 1e-6:
            return 0.5
        ends = 1.0 - 0.5 * math.erfc((after - mu) / wide) / still
        if ends <= 0:
            return 0.0
        # What the present one still takes, if it ends within the lead; what is left holds those that follow.
        mu += self.variance
        during = 0.5 * (math.erfc((before - mu) / wide) - math.erfc((after - mu) / wide))
        left = expected * during / (ends * still) - elapsed
        return ends * (1.0 + self.services_within((lead - max(0.0, left) - turn / 2) / (expected + turn)))

    def services_within(self, means: float) -> float:
        """Expected number of services that end within so many mean times, one after the other."""
        spread = round(self.variance, 2)
        known = self._renewals.get(spread)
        if known is None:
            known = self._renewals[spread] = Renewals(spread)
        return known.within(means)

    def _lasts(self, expected: float, elapsed: float, shift: float = 0.0) -> float:
        """Probability that a service lasts longer than `elapsed`; with the variance as `shift`, weighed by its time."""
        if elapsed < 1.0:
            return 1.0
        mu = math.log(expected) - self.variance / 2 + shift
        return 0.5 * math.erfc((math.log(elapsed) - mu) / (self.sigma * _ROOT_2))

    def remaining(self, expected: float, elapsed: float) -> float:
        """Expected milliseconds that a service that has lasted `elapsed` still takes."""
        if elapsed < 1.0:
            return expected
        mu = math.log(expected) - self.variance / 2
        still = 0.5 * math.erfc((math.log(elapsed) - mu) / (self.sigma * _ROOT_2))
        if still < 1e-4:
            return expected * 0.5
        beyond = 0.5 * math.erfc((math.log(elapsed) - mu - self.variance) / (self.sigma * _ROOT_2))
        return max(1_000.0, expected * beyond / still - elapsed)

    def quantile(self, expected: float, z: float) -> float:
        """The service time that lies `z` standard deviations above the median: 1.645 is the P95."""
        return expected * math.exp(z * self.sigma - self.variance / 2)

    def long_after(self, service: str, counter: str, factor: float = 1.0) -> float:
        """Milliseconds after which staff are asked whether *finish* was forgotten: the P95."""
        return self.quantile(self.expected(service, counter, factor), 1.645)
