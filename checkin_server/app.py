"""The one place that knows everyone and wires them: database, services, screens, sockets, printers.

Nothing is global and nothing happens on import: whoever wants a server makes an `Application`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from flask import Flask, Response, g, request
from flask_socketio import SocketIO

import booth_display.board
import booth_display.tablet
import checkin_server.dashboard
import checkin_server.shared
import checkin_server.welcome
import kiosk
from checkin_server.clock import VirtualClock
from checkin_server.db.group_commit import WriterStopped
from checkin_server.db.tx import Event
from checkin_server.demo_pages import Demo, make_blueprint
from checkin_server.live import Live
from checkin_server.printing import Printing
from checkin_server.services import access, open_day
from checkin_server.services.announce import Announcements
from checkin_server.services.fairness import FairnessWatch
from checkin_server.services.media import Playlist
from checkin_server.services.snapshots import board, counter, dashboard
from checkin_server.services.snapshots import kiosk as kiosk_snapshot
from checkin_server.services.snapshots import welcome as welcome_snapshot
from checkin_server.services.venue import Venue
from checkin_server.services.voice import Speaker
from checkin_server.translations import Catalogues
from checkin_server.web import (
    counters,
    devices,
    languages,
    last_tickets,
    media,
    openapi,
    operations,
    print_jobs,
    printers,
    problems,
    scans,
    screens,
    sockets,
    visits,
    voice,
    welcome,
)
from checkin_server.web import (
    venue as venue_route,
)
from checkin_server.web.api import Api
from checkin_server.web.auth import PUBLIC, Doorkeeper, Rule
from checkin_server.web.frames import Rooms, with_one_writer
from printers.card_worker import CardPaper

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
TEMPLATE = HERE.parent / "config" / "templates" / "ticket.typ"
CARD_TEMPLATE = TEMPLATE.with_name("card.typ")
FONTS = HERE / "shared" / "static" / "vendor" / "fonts"
_LARGEST_BODY = 64 * 1024
_TICK_S = 1.0
_DAY_NEWS_S = 0.5
"""How often the server looks whether a command opened or closed the day."""
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_CSP_KIOSK = _CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""The kiosk's page alone may compile WebAssembly, of our own origin: the reader of codes for its camera."""


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
    template: Path = TEMPLATE
    fonts: Path = FONTS


class Application:
    """A venue's server."""

    def __init__(self, venue: Venue, options: Options) -> None:
        self.venue = venue
        self.flask = Flask("checkin_server", static_folder=None, root_path=str(HERE), template_folder="web/templates")
        self.flask.config.update(MAX_CONTENT_LENGTH=_LARGEST_BODY, MAX_FORM_MEMORY_SIZE=_LARGEST_BODY)
        self.flask.jinja_options = {**self.flask.jinja_options, "extensions": ["jinja2.ext.i18n"]}
        self.doorkeeper = Doorkeeper(venue)
        self.api = Api(self.doorkeeper)
        self.socketio = SocketIO(
            self.flask,
            async_mode=options.async_mode,
            # None, which the annotation leaves out, means the page's own origin only.
            cors_allowed_origins=list(options.allowed_origins) or None,  # type: ignore[arg-type]
            logger=False,
            engineio_logger=False,
            # A screen notices within seconds that the server is gone, and the server that a screen is.
            ping_interval=10,
            ping_timeout=10,
            http_compression=False,
            max_http_buffer_size=16_384,
            manage_session=False,
        )
        engine: Any = self.socketio.server.eio  # type: ignore[attr-defined]  # set when the application is bound
        engine._async = {**engine._async, "websocket": with_one_writer(engine._async["websocket"])}
        self.watchers = Rooms(lambda sid, snapshot: self.socketio.emit("snapshot", snapshot, to=sid))
        self.live = Live(venue.plan, self.watchers.push)
        self.printing = Printing(
            venue,
            folder=options.data_dir / "printers",
            template=options.template,
            fonts=options.fonts,
            changed=self.live.changed,
        )
        self.connections = sockets.register(
            self.socketio, self.doorkeeper, self.live, self.watchers, options.allowed_origins, self.live.changed
        )
        self.speaker = Speaker(venue, options.data_dir / "voice-made")
        self.playlist = Playlist(venue.plan.media)
        self._declare_topics()
        self._register_routes(options)
        self._register_pages(options)
        venue.db.listen(self._hear)
        self._housekeeper: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start the printers, the pushes and the housekeeping."""
        self.printing.start()
        self.live.start()
        self._housekeeper = threading.Thread(target=self._keep_house, name="housekeeper", daemon=True)
        self._housekeeper.start()
        threading.Thread(target=self._follow_the_day, name="day", daemon=True).start()
        threading.Thread(target=self._tick, name="router", daemon=True).start()

    def stop(self) -> None:
        """Stop what `start` started; what was committed stays committed."""
        self._stopping.set()
        self.live.stop()
        self.printing.stop()

    # -- what happens inside -------------------------------------------------------------------------------------

    def _hear(self, events: Sequence[Event]) -> None:
        self.live.hear(events)
        self.printing.hear(events)

    def _cut_off(self, device: str) -> None:
        server: Any = self.socketio.server  # type: ignore[attr-defined]  # set when the application is bound
        for sid in self.connections.sockets_of(device):
            server.disconnect(sid, namespace="/")

    def _keep_house(self) -> None:
        """Once a second: look after print agents, cut off revoked devices; now and then note who has spoken."""
        rounds = 0
        while not self._stopping.wait(1.0):
            rounds += 1
            try:
                self.printing.agents.look_after()
                connected = self.connections.devices()
                for device in access.revoked_among(self.venue, connected):
                    self._cut_off(device)
                if rounds % 10 == 0:
                    now = self.venue.now()
                    seen, self.doorkeeper.seen = self.doorkeeper.seen, {}
                    access.note_seen(self.venue, {**seen, **dict.fromkeys(connected, now)})
            except Exception:
                log.exception("housekeeping failed; it is tried again")

    def _tick(self) -> None:
        """Once a second: let the router do what time alone makes necessary."""
        while not self._stopping.wait(_TICK_S):
            try:
                self.venue.router.tick(self.venue.now())
            except WriterStopped:
                return
            except Exception:
                log.exception("the router's tick failed; it is tried again")

    def _follow_the_day(self) -> None:
        """Show at once that a command beside the server opened or closed the day."""
        elsewhere = open_day.Elsewhere(self.venue)
        while not self._stopping.wait(_DAY_NEWS_S):
            try:
                if elsewhere.look():
                    self.live.changed()
            except Exception:
                log.exception("the day could not be looked at; it is tried again")

    def _declare_topics(self) -> None:
        venue = self.venue
        # Where people wait for a number to appear comes first; what only informs, and costs most, comes last.
        boards = board.Boards(venue)
        for board_id in venue.plan.boards:
            self.live.topic(f"board:{board_id}", partial(boards.snapshot, board_id), prompt=True)
        for counter_id in venue.plan.counters:
            self.live.topic(f"counter:{counter_id}", partial(counter.snapshot, venue, counter_id), prompt=True)
        fair = FairnessWatch(venue)
        self.live.topic("kiosk", lambda: kiosk_snapshot.snapshot(venue))
        self.live.topic(
            "dashboard", lambda: dashboard.snapshot(venue, self.printing.states, self.connections.devices(), fair)
        )
        self.live.topic("welcome", lambda: welcome_snapshot.snapshot(venue, self.printing.states))

    # -- routes ----------------------------------------------------------------------------------------------------

    def _register_routes(self, options: Options) -> None:
        api, venue = self.api, self.venue
        venue_route.register(api, venue, demo=options.demo is not None, virtual_clock=options.clock is not None)
        scans.register(api, venue)
        visits.register(api, venue)
        counters.register(api, venue)
        screens.register(api, venue, self.live.snapshot)
        voice.register(api, venue, self.speaker, Announcements(), self.live.snapshot)
        media.register(api, venue, self.playlist)
        printers.register(api, venue, self.printing.states)
        last_tickets.register(api, venue)
        print_jobs.register(api, self.printing.agents)
        welcome.register(api, venue, CardPaper(CARD_TEMPLATE, options.fonts))
        devices.register(api, venue, self.doorkeeper, self._cut_off)
        if options.clock is not None:
            operations.register_clock(api, options.clock, self._clock_set)
        openapi.register(api)
        self.flask.register_blueprint(api.blueprint)

    def _clock_set(self) -> None:
        open_day.note_clock(self.venue)
        self.venue.hall.forget()
        self.venue.router.tick(self.venue.now())
        self.live.changed()

    def _register_pages(self, options: Options) -> None:
        app, doorkeeper = self.flask, self.doorkeeper
        catalogues = Catalogues()
        for blueprint in (
            devices.pages(self.venue, doorkeeper),
            languages.pages(catalogues, doorkeeper),
            operations.pages(self.venue, doorkeeper, options.data_dir, self.printing.states),
            voice.pages(self.speaker, doorkeeper),
            media.pages(self.playlist, doorkeeper),
            checkin_server.shared.blueprint,
            kiosk.blueprint,
            booth_display.board.blueprint,
            booth_display.tablet.blueprint,
            checkin_server.dashboard.blueprint,
            checkin_server.welcome.blueprint,
        ):
            app.register_blueprint(blueprint)
        if options.demo is not None:
            app.register_blueprint(make_blueprint(options.demo))
            for name in ("start", "cards", "open_screen"):
                doorkeeper.allow(f"demo_pages.{name}", Rule(PUBLIC))
        for endpoint, role in (
            ("kiosk.page", "kiosk"),
            ("board.board", "board"),
            ("tablet.tablet", "counter"),
            ("dashboard.page", "organizer"),
            ("welcome.page", "welcome"),
        ):
            doorkeeper.allow(endpoint, Rule(frozenset({role}), page=True))
        for rule in app.url_map.iter_rules():
            if rule.endpoint.endswith(".static"):
                doorkeeper.allow(rule.endpoint, Rule(PUBLIC))
        problems.register(app)
        app.before_request(doorkeeper.check)
        app.after_request(_harden)
        app.context_processor(lambda: _page_context(catalogues))


def _page_context(catalogues: Catalogues) -> dict[str, Any]:
    """What every page's template knows: the device that asks, the language and its direction."""
    asked = request.args.get("lang", "ar")
    language = asked if asked in catalogues.languages else "ar"
    words = catalogues.words(language)
    caller = g.get("caller")
    return {
        "device_id": caller.device if caller else "",
        "lang": language,
        "dir": "rtl" if language == "ar" else "ltr",
        "_": words.gettext,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
    }


def _harden(answer: Response) -> Response:
    policy = _CSP_KIOSK if request.endpoint == "kiosk.page" else _CSP
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    if not request.path.startswith("/static/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith("/static/shared/vendor/"):
        answer.headers["Cache-Control"] = "public, max-age=86400"
    else:
        answer.headers["Cache-Control"] = "no-cache"
    return answer
