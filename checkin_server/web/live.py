"""From committed changes to screens: coalesced whole snapshots, numbered by epoch and version.

An emit per change made 200 screens drown the server; one snapshot per topic at most every 100 ms kept them all right
(docs/performance.md). A screen drops older versions and asks over HTTP whenever it is in doubt, so a lost
push costs nothing but time. A new process is a new epoch.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from checkin_server.db.tx import Event
from checkin_server.domain.plan import Plan

log = logging.getLogger(__name__)
Build = Callable[[], Mapping[str, object]]
"""Makes a topic's data; its type is that of the topic (`checkin_server/services/snapshots/`)."""
Push = Callable[[str, dict[str, Any]], None]

_SOON_S = 0.1
"""A change somebody waits for: at most ten snapshots a second and topic."""
_GATHER_S = 0.01
"""Commits that follow each other this closely share a round; what comes later in a burst shares the next one."""
_LATER_S = 1.0
"""Figures that only drift: once a second is what an eye follows."""
_ANYWAY_S = 4.0
"""Waits grow with time alone; screens take five seconds without news as a reason to ask."""
_SHARE = 0.05
"""The part of the time that building one topic may take: what is dear to build, such as a long day's dashboard, is
built less often, but once a second at least."""
_BREATH_S = 0.005
"""In a round of many topics, requests are let in after this long."""

_CALLS = (
    "visitor_called",
    "visitor_recalled",
    "visitor_missed",
    "service_started",
    "service_finished",
    "step_parked",
    "step_transferred",
    "action_undone",
    "visitor_sent",
    "visitor_released",
)
_SHOWN_NOWHERE = ("forecasts_told",)


@dataclass(slots=True)
class _Topic:
    build: Build
    prompt: bool = False
    """Whether a change that somebody waits for is pushed at once, whatever building it costs."""
    awaited: bool = False
    """Whether such a change has come since it was built."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    version: int = 0
    data: Mapping[str, object] | None = None
    built_at: float = 0.0
    took: float = 0.0
    due: float = 0.0
    """When it is to be built again (monotonic seconds); infinity when nothing has changed."""
    pushed: int = 0


class Live:
    """Keeps every topic's newest snapshot, and pushes those that somebody watches."""

    def __init__(self, plan: Plan, push: Push) -> None:
        self.epoch = f"{int(time.time()):x}-{secrets.token_hex(4)}"
        self._push = push
        self._topics: dict[str, _Topic] = {}
        self._boards: list[str] = []
        self._queues = {
            service: [f"counter:{counter.id}" for counter in plan.counters_of(service)] for service in plan.services
        }
        """The topics that show a service's queue."""
        self._watched: dict[str, int] = {}
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def topic(self, name: str, build: Build, *, prompt: bool = False) -> None:
        """Declare a topic and how its data is made. Topics are built in this order: `prompt` ones come first."""
        self._topics[name] = _Topic(build, prompt)
        self._boards = [known for known in self._topics if known.startswith("board:")]

    def start(self) -> None:
        """Begin to push."""
        self._thread = threading.Thread(target=self._work, name="live", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Push no more."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def watch(self, name: str) -> None:
        """Somebody watches a topic."""
        self._watched[name] = self._watched.get(name, 0) + 1

    def unwatch(self, name: str) -> None:
        """Somebody stopped watching."""
        self._watched[name] = max(0, self._watched.get(name, 0) - 1)

    def snapshot(self, name: str) -> dict[str, Any]:
        """Return a topic's newest snapshot; it shows everything that was committed before the call."""
        topic = self._topics[name]
        # With the lock: one that is being made at this moment may show what the last one does not.
        with topic.lock:
            if topic.data is None or topic.due != float("inf") or time.monotonic() - topic.built_at > _LATER_S:
                self._make(topic)
            assert topic.data is not None
            return {"topic": name, "epoch": self.epoch, "version": topic.version, "data": topic.data}

    def hear(self, events: Sequence[Event]) -> None:
        """Note which topics a commit changed."""
        if all(event.kind in _SHOWN_NOWHERE for event in events):
            return
        soon: set[str] = set()
        for event in events:
            if event.kind in _CALLS or event.kind.startswith(("counter_", "day_", "clock_")):
                soon.add("dashboard")
                soon.update(self._boards)
            if event.kind.startswith(("day_", "clock_")):
                # Nothing that a screen shows is left as it was, and somebody is waiting for the doors.
                soon.update(self._topics)
            counter = event.fields.get("counter")
            if counter:
                soon.add(f"counter:{counter}")
            elif event.kind == "services_chosen":
                for service in (*event.data["added"], *event.data["dropped"], *event.data["back"]):
                    soon.update(self._queues.get(service, ()))
        now = time.monotonic()
        for name, topic in self._topics.items():
            topic.due = min(topic.due, now if name in soon else now + _LATER_S)
            topic.awaited = topic.awaited or (topic.prompt and name in soon)
        self._wake.set()

    def renew(self, name: str) -> None:
        """Count a topic as changed though its data are the same: somebody is told another part of them from now on."""
        topic = self._topics[name]
        with topic.lock:
            topic.version += 1
        topic.due = 0.0
        self._wake.set()

    def changed(self) -> None:
        """Everything may have changed: a virtual clock was set, or a commit was not heard of."""
        for topic in self._topics.values():
            topic.due = 0.0
        self._wake.set()

    def _build(self, topic: _Topic) -> None:
        with topic.lock:
            self._make(topic)

    def _make(self, topic: _Topic) -> None:
        topic.due = float("inf")
        topic.awaited = False
        topic.built_at = time.monotonic()
        data = topic.build()
        if topic.data is not None:  # the first time says little: statements are compiled, caches filled
            topic.took = time.monotonic() - topic.built_at
        if topic.data is None or _without_now(data) != _without_now(topic.data):
            topic.version += 1
            topic.data = data

    def _work(self) -> None:
        while not self._stopping:
            now = breath = time.monotonic()
            for name, topic in list(self._topics.items()):
                if not self._watched.get(name):
                    continue
                pause = _SOON_S if topic.awaited else min(max(_SOON_S, topic.took / _SHARE), _LATER_S)
                due = max(topic.built_at + pause, min(topic.due, topic.built_at + _ANYWAY_S))
                if due <= now:
                    try:
                        self._build(topic)
                    except Exception:
                        log.exception("the snapshot of %s could not be made", name)
                if topic.data is not None and topic.version != topic.pushed:
                    topic.pushed = topic.version
                    self._push(name, {"topic": name, "epoch": self.epoch, "version": topic.version, "data": topic.data})
                if time.monotonic() - breath > _BREATH_S:
                    time.sleep(0)
                    breath = time.monotonic()
            self._wake.wait(_SOON_S)
            if self._wake.is_set():
                self._wake.clear()
                # Let a burst of commits gather before the next round.
                time.sleep(_GATHER_S)


def _without_now(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if name != "now"}
