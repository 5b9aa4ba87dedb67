"""The one place that knows everyone and wires them: database, services, screens, sockets, printers.

Nothing is global and nothing happens on import: whoever wants a server makes an `Application`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from flask import Flask, Response, g, request
from flask_socketio import SocketIO

import booth_display.board
import booth_display.tablet
import checkin_server.pages.dashboard
import checkin_server.pages.privacy
import checkin_server.pages.welcome
import checkin_server.shared
import kiosk
from checkin_server import __version__
from checkin_server.common import places
from checkin_server.common.clock import VirtualClock
from checkin_server.common.roles import OFFICE
from checkin_server.pages.demo import Demo, make_blueprint
from checkin_server.running.headers import harden
from checkin_server.running.rounds import Rounds
from checkin_server.running.wire_format import LARGEST_BODY
from checkin_server.services.audit.chain import Chain
from checkin_server.services.boards.announce import Announcements
from checkin_server.services.boards.media import Playlist
from checkin_server.services.boards.voice import Speaker
from checkin_server.services.day import ending, open_and_close
from checkin_server.services.day.by_organisers import Hours, planned_hours
from checkin_server.services.members import signed_cards
from checkin_server.services.paper.printing import Printing
from checkin_server.services.snapshots import board, counter, dashboard
from checkin_server.services.snapshots import kiosk as kiosk_snapshot
from checkin_server.services.snapshots import welcome as welcome_snapshot
from checkin_server.services.snapshots.counter import Seen
from checkin_server.services.store_probe import StoreProbe
from checkin_server.services.venue import Venue
from checkin_server.translations import Catalogues
from checkin_server.web import (
    audit,
    clock,
    converters,
    counters,
    day,
    devices,
    front,
    languages,
    last_tickets,
    media,
    openapi,
    operations,
    print_jobs,
    printers,
    privacy,
    problems,
    reports,
    scans,
    screens,
    sockets,
    trust,
    visits,
    voice,
    welcome,
)
from checkin_server.web import (
    venue as venue_route,
)
from checkin_server.web.api import Api
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule, belongs
from checkin_server.web.live import Live
from checkin_server.web.origins import Origins
from checkin_server.web.presence import SEEN, TOPIC, Presence, room, told
from checkin_server.web.shown import Shown
from checkin_server.web.talk import GRACE_S, LARGEST_MESSAGE, guarded
from checkin_server.web.wire import Rooms
from printers.card_worker import CardPaper

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Options:
    """How a server is to run, beside its venue."""

    data_dir: Path
    """Virtual printers write below it."""
    allowed_origins: tuple[str, ...] = ()
    async_mode: Literal["gevent", "threading"] = "threading"
    """``gevent`` in `riwaq serve` and `riwaq demo`, ``threading`` in tests that run inside the test's process."""
    demo: Demo | None = None
    clock: VirtualClock | None = None
    """A virtual clock that `POST /clock` may set; never in `serve`."""
    back_up: Callable[[], object] = lambda: None
    """Makes a backup when one is due; called again and again."""
    hours: Hours = planned_hours
    """For which hours an organiser opens a planned day."""
    template: Path = places.TICKET_TEMPLATE
    fonts: Path = places.FONTS


class Application:
    """A venue's server."""

    def __init__(self, venue: Venue, options: Options) -> None:
        self.venue = venue
        self.flask = Flask(
            "checkin_server", static_folder=None, root_path=str(places.SERVER), template_folder="web/templates"
        )
        self.flask.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
        self.flask.jinja_options = {**self.flask.jinja_options, "extensions": ["jinja2.ext.i18n"]}
        converters.register(self.flask)
        origins = Origins(options.allowed_origins)
        self.doorkeeper = Doorkeeper(venue, origins)
        self.api = Api(self.doorkeeper)
        self.socketio = SocketIO(
            self.flask,
            async_mode=options.async_mode,
            # A list would replace the server's own origin.
            cors_allowed_origins=origins.may,  # type: ignore[arg-type]  # the annotation leaves it out
            # No screen polls; long-polling would be a second way to be watched over.
            transports=["websocket"],  # type: ignore[call-arg]  # the annotation leaves it out
            allow_upgrades=False,
            logger=False,
            engineio_logger=False,
            # A screen notices within seconds that the server is gone, and the server that a screen is.
            ping_interval=10,
            ping_timeout=10,
            http_compression=False,
            max_http_buffer_size=LARGEST_MESSAGE,
            manage_session=False,
        )
        engine: Any = self.socketio.server.eio  # type: ignore[attr-defined]  # set when the application is bound
        engine._async = {**engine._async, "websocket": guarded(engine._async["websocket"])}
        self.watchers = Rooms(lambda sid, snapshot: self.socketio.emit("snapshot", snapshot, to=sid))
        signed_cards.prepare(venue.plan)
        self.live = Live(venue.plan, self._push)
        self.printing = Printing(
            venue,
            folder=options.data_dir / "printers",
            template=options.template,
            fonts=options.fonts,
            changed=self.live.changed,
        )
        self.presence = Presence(venue, self.doorkeeper.is_idle, self._move, self._cut_off)
        self.connections = sockets.register(
            self.socketio, self.doorkeeper, self.live, self.watchers, origins, self.live.changed, self.presence
        )
        self.probe = StoreProbe(venue, options.data_dir)
        self.speaker = Speaker(venue, options.data_dir / "voice-made")
        self.playlist = Playlist(venue.plan.media)
        self._declare_topics()
        self._register_routes(options)
        self._register_pages(options)
        venue.db.feed.follow(self.live.hear, self.live.changed)
        venue.db.feed.follow(self.printing.hear, self.printing.wake)
        self.chain = Chain(venue)
        self.rounds = Rounds(
            venue, self.doorkeeper, self.connections, self.printing, self._cut_off, options.data_dir, options.back_up
        )

    def start(self) -> None:
        """Start the probe of the store, the printers, the pushes and the housekeeping."""
        self.probe.start()
        self.printing.start()
        self.live.start()
        self.venue.db.feed.start()
        self.chain.start()
        self.rounds.start()

    def stop(self) -> None:
        """Stop what `start` started; what was committed stays committed."""
        self.rounds.stop()
        self.venue.db.feed.stop()
        self.live.stop()
        self.printing.stop()
        self.chain.stop()
        self.probe.stop()

    # -- what happens inside -------------------------------------------------------------------------------------

    def _cut_off(self, device: str) -> None:
        server: Any = self.socketio.server  # type: ignore[attr-defined]  # set when the application is bound
        for sid in self.connections.sockets_of(device):
            wire = self.connections.wire_of(sid)
            server.disconnect(sid, namespace="/")
            if wire is not None:
                wire.give_up(GRACE_S)

    def _push(self, topic: str, snapshot: dict[str, Any]) -> None:
        """Send a topic's snapshot to who watches it; to a tablet where nobody is, what it may be told."""
        self.watchers.push(topic, snapshot)
        if topic.startswith(TOPIC):
            for seen in SEEN[1:]:
                self.watchers.push(room(topic, seen), told(snapshot, seen))

    def _move(self, device: str, seen: Seen) -> None:
        """Tell a device's sockets more or less from now on, and at once."""
        for topic in self.connections.move(device, self.watchers, seen):
            self.live.renew(topic)

    def _declare_topics(self) -> None:
        venue = self.venue
        # Where people wait for a number to appear comes first; what only informs, and costs most, comes last.
        boards = board.Boards(venue)
        for board_id in venue.plan.boards:
            self.live.topic(f"board:{board_id}", partial(boards.snapshot, board_id), prompt=True)
        for counter_id in venue.plan.counters:
            self.live.topic(f"counter:{counter_id}", partial(counter.snapshot, venue, counter_id), prompt=True)
        organisers = dashboard.Dashboard(venue, self.printing.states, self.connections.devices, self.probe.store)
        self.live.topic("kiosk", lambda: kiosk_snapshot.snapshot(venue))
        self.live.topic("dashboard", organisers.snapshot)
        self.live.topic("welcome", lambda: welcome_snapshot.snapshot(venue, self.printing.states))

    # -- routes ----------------------------------------------------------------------------------------------------

    def _register_routes(self, options: Options) -> None:
        api, venue = self.api, self.venue
        venue_route.register(api, venue, demo=options.demo is not None, virtual_clock=options.clock is not None)
        scans.register(api, venue)
        visits.register(api, venue)
        counters.register(api, venue, self.connections.see_who_is_there)
        screens.register(api, venue, self.live.snapshot)
        reports.register(api, venue)
        audit.register(api, venue)
        voice.register(api, venue, self.speaker, Announcements(), self.live.snapshot)
        media.register(api, venue, self.playlist)
        printers.register(api, venue, self.printing)
        last_tickets.register(api, venue)
        clock.register(api, venue, demo=options.demo is not None)
        day.register(api, venue, options.hours)
        print_jobs.register(api, self.printing.agents)
        privacy.register(api, venue, options.data_dir)
        welcome.register(api, venue, CardPaper(places.CARD_TEMPLATE, options.fonts))
        devices.register(api, venue, self.doorkeeper, self._cut_off)
        if options.clock is not None:
            operations.register_clock(api, options.clock, self._clock_set)
        openapi.register(api)
        self.flask.register_blueprint(api.blueprint)

    def _clock_set(self) -> None:
        open_and_close.note_clock(self.venue)
        ending.look_after(self.venue)
        self.venue.hall.forget()
        self.venue.router.tick(self.venue.now())
        self.live.changed()

    def _register_pages(self, options: Options) -> None:
        app, doorkeeper = self.flask, self.doorkeeper
        catalogues = Catalogues()
        catalogues.read()
        for blueprint in (
            devices.pages(self.venue, doorkeeper),
            front.pages(self.venue, doorkeeper, catalogues),
            languages.pages(catalogues, doorkeeper),
            trust.pages(options.data_dir, doorkeeper, catalogues),
            operations.pages(self.venue, doorkeeper, self.probe, self.printing.states),
            voice.pages(self.speaker, doorkeeper),
            media.pages(self.playlist, doorkeeper),
            checkin_server.shared.blueprint,
            kiosk.blueprint,
            booth_display.board.blueprint,
            booth_display.tablet.blueprint,
            checkin_server.pages.dashboard.blueprint,
            checkin_server.pages.privacy.blueprint,
            checkin_server.pages.welcome.blueprint,
        ):
            app.register_blueprint(blueprint)
        if options.demo is not None:
            app.register_blueprint(make_blueprint(options.demo))
            for name in ("start", "cards", "open_screen", "parts"):
                doorkeeper.allow(f"demo_pages.{name}", Rule(PUBLIC))
            app.after_request(_knows_the_demo)
        for endpoint, role in (
            ("kiosk.page", "kiosk"),
            ("board.board", "board"),
            ("tablet.tablet", "counter"),
            ("dashboard.page", "organizer"),
            ("welcome.page", "welcome"),
        ):
            doorkeeper.allow(endpoint, Rule(frozenset({role}), page=True))
        doorkeeper.allow("privacy.page", Rule(frozenset(OFFICE), page=True))
        for rule in app.url_map.iter_rules():
            if rule.endpoint.endswith(".static"):
                doorkeeper.allow(rule.endpoint, Rule(PUBLIC))
        problems.register(app)
        app.before_request(doorkeeper.check)
        shown = Shown(self.venue, self.probe.known_day)
        app.before_request(shown.hear)
        app.after_request(shown.tell)
        app.after_request(doorkeeper.roll)
        app.after_request(harden)
        app.context_processor(lambda: _page_context(catalogues))


def _knows_the_demo(answer: Response) -> Response:
    """Whoever knows the demo's secret belongs there; a wrong one is 404."""
    if "secret" in (request.view_args or {}) and request.blueprint == "demo_pages" and answer.status_code < 400:
        belongs()
    return answer


def _page_context(catalogues: Catalogues) -> dict[str, Any]:
    """What every page's template knows: the device that asks, the language and its direction."""
    wanted = converters.asked("lang", "ar")
    language = wanted if wanted in catalogues.languages else "ar"
    words = catalogues.words(language)
    caller = g.get("caller")
    return {
        "device_id": caller.device if caller else "",
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "release": __version__,
        "_": words.gettext,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
    }
