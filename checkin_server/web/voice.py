"""The voice: who says which call, what is to be played, and the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, send_file

from checkin_server.domain import spoken
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.boards.announce import Announcements
from checkin_server.services.boards.voice import KINDS, Phrase, Speaker
from checkin_server.services.venue import Venue
from checkin_server.web import models
from checkin_server.web.api import PUBLIC, Api, Result
from checkin_server.web.auth import Doorkeeper, Rule, caller
from checkin_server.web.problems import problem

STALE_S = 60.0
"""A call that was out this long is not said any more: the visitor has read it, or somebody else is called by now."""


def register(
    api: Api, venue: Venue, speaker: Speaker, word: Announcements, snapshot: Callable[[str], dict[str, Any]]
) -> None:
    """Serve announcements and phrases; `snapshot` gives a topic's newest."""
    _register_announcements(api, venue, speaker, word, snapshot)
    _register_phrases(api, speaker)


def _register_announcements(
    api: Api, venue: Venue, speaker: Speaker, word: Announcements, snapshot: Callable[[str], dict[str, Any]]
) -> None:
    @api.operation(
        "POST",
        "/boards/<board_id>/announcements",
        roles=("board",),
        body=models.AnnounceBody,
        answer=models.Announcement,
        errors=("unknown_board", "forbidden"),
    )
    def announce(board_id: str, body: models.AnnounceBody) -> Result:
        """Ask for the word to say a call aloud: each call is said once in an area, one voice at a time."""
        board = venue.plan.boards.get(board_id)
        if board is None:
            return problem("unknown_board")
        if caller().station != board_id:
            return problem("forbidden", station=caller().station)
        data = snapshot(f"board:{board_id}")["data"]
        calls = (*data["calls"], *data["called_ahead"])
        call = next((c for c in calls if c["call"] == body.call and c["recall"] == body.recall), None)
        if call is None or call["state"] not in ("called", "headed") or not board.voice:
            return _answer("gone")
        if not body.recall and _age_s(venue, call["at"]) > STALE_S:
            return _answer("gone")
        key = f"{body.call}|{body.recall}"
        answer = word.ask(board.area, caller().device, key, str(body.command_id))
        if answer.outcome != "speak":
            return _answer(answer.outcome, wait_s=answer.wait_s)
        counter, label = call["counter"] or "", call["counter_label"] or ""
        said = spoken.Call(call["number"], call["booth"], call["zone"], counter, label)
        language = call["locale"] if call["locale"] in LANGUAGES else LANGUAGES[0]
        return _answer("speak", show(speaker, speaker.call(language, said)), language)

    @api.operation(
        "DELETE",
        "/boards/<board_id>/announcements",
        roles=("board",),
        answer=models.Announcement,
        errors=("forbidden",),
    )
    def finish_announcement(board_id: str) -> Result:
        """Say that the board has finished speaking."""
        if caller().station != board_id or board_id not in venue.plan.boards:
            return problem("forbidden", station=caller().station)
        word.finish(venue.plan.boards[board_id].area, caller().device)
        return _answer("finished")


def _register_phrases(api: Api, speaker: Speaker) -> None:
    @api.operation(
        "GET",
        "/voice",
        roles=("board", "kiosk", "welcome", "organizer"),
        answer=models.Phrase,
        query=models.PhraseQuery,
    )
    def get_phrase(query: models.PhraseQuery) -> Result:
        """Tell what to play to say something: `lang`, `parts` (recordings and numbers), `text` to fall back on."""
        parts = [part for part in query.parts.split(",") if part]
        wanted = [int(part) if part.isascii() and part.isdecimal() and len(part) < 10 else part for part in parts]
        return show(speaker, speaker.phrase(query.lang, wanted, query.text))


def show(speaker: Speaker, phrase: Phrase) -> dict[str, Any]:
    """Write a phrase as screens read it."""
    files = [f"/voice/{phrase.language}/{speaker.recordings(phrase.language)[clip].name}" for clip in phrase.clips]
    if phrase.rendered:
        files = [f"/voice/rendered/{phrase.rendered}.wav"]
    return {
        "language": phrase.language,
        "files": files,
        "synthetic": phrase.rendered is not None,
        "missing": list(phrase.missing),
    }


def _answer(
    outcome: str, phrase: dict[str, Any] | None = None, language: str | None = None, wait_s: float = 0.0
) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "wait_ms": round(wait_s * 1000),
        **(phrase or {"language": language, "files": [], "synthetic": False, "missing": []}),
    }


def _age_s(venue: Venue, at: str) -> float:
    return venue.now() / 1000 - datetime.fromisoformat(at).timestamp()


def pages(speaker: Speaker, doorkeeper: Doorkeeper) -> Blueprint:
    """Serve the files that are played. They hold words and numbers only, so that anybody may hear them."""
    blueprint = Blueprint("voice", __name__)
    for name in ("recording", "rendered", "chime"):
        doorkeeper.allow(f"voice.{name}", Rule(PUBLIC))

    @blueprint.get("/voice/<language>/<file>")
    def recording(language: str, file: str) -> Response:
        """Return a recording."""
        path = speaker.recordings(language).get(Path(file).stem)
        return _file(path if path is not None and path.name == file else None)

    @blueprint.get("/voice/rendered/<name>.wav")
    def rendered(name: str) -> Response:
        """Return what the machine's voice said."""
        return _file(speaker.rendered(name))

    @blueprint.get("/voice/chime")
    def chime() -> Response:
        """Return the venue's own chime; 404 when it has none, and screens play theirs."""
        return _file(speaker.chime())

    return blueprint


def _file(path: Path | None) -> Response:
    if path is None or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype=KINDS[path.suffix.lower()], conditional=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
