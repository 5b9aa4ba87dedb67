"""What is said aloud: recordings of the venue, joined in order; where they are missing, the machine's own voice.

The recordings lie in a folder that organisers fill (`docs/voice.md`); it is looked through again now and then, so that
a recording that is added is heard without a restart. The machine's voice (espeak-ng) speaks only the languages that the
settings allow it, and what it says is marked as such.
"""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checkin_server.domain import spoken
from checkin_server.domain.plan import LANGUAGES
from checkin_server.services.venue import Venue

log = logging.getLogger(__name__)

KINDS = {".ogg": "audio/ogg", ".wav": "audio/wav", ".mp3": "audio/mpeg"}
"""File endings of recordings; where one is there twice the first counts."""
CHIME = "chime"
LONGEST_TEXT = 300
MOST_PARTS = 24
"""Recordings and numbers of one phrase."""
"""Characters that the machine's voice says at once."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_LOOK_AGAIN_S = 20.0
_KEPT = 400
_VOICES = {"fr": "fr", "en": "en-gb", "ar": "ar"}
_PACE = "145"
"""Words a minute: slower than espeak-ng's own, for a hall."""
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is to be played, in order."""

    language: str
    clips: tuple[str, ...] = ()
    """Names of recordings; empty when the machine's voice speaks, or nobody can."""
    rendered: str | None = None
    """Name of a file that the machine's voice has made."""
    missing: tuple[str, ...] = ()
    """Recordings that would be needed and are not there."""


def look_through(folder: str) -> dict[str, dict[str, Path]]:
    """Return the recordings in a folder, by language and name. One that is missing or unreadable has none."""
    found: dict[str, dict[str, Path]] = {}
    if not folder:
        return found
    for language in LANGUAGES:
        clips: dict[str, Path] = {}
        try:
            files = [path for path in (Path(folder) / language).iterdir() if _kind(path) in KINDS and path.is_file()]
        except OSError:
            continue
        for path in sorted(files, key=lambda path: list(KINDS).index(_kind(path))):
            if _NAME.fullmatch(path.stem) and path.stat().st_size:
                clips.setdefault(path.stem, path)
        if clips:
            found[language] = clips
    return found


def _kind(path: Path) -> str:
    return path.suffix.lower()


def machine_voice() -> str | None:
    """Return the path of the program that speaks where recordings are missing; None when it is not installed."""
    return shutil.which("espeak-ng")


class Speaker:
    """Knows what can be said, and where it lies."""

    def __init__(self, venue: Venue, cache: Path) -> None:
        self._venue = venue
        self._settings = venue.plan.voice
        self._cache = cache
        self._recorded: dict[str, dict[str, Path]] = {}
        self._looked_at = float("-inf")
        self._lock = threading.Lock()

    def recordings(self, language: str) -> Mapping[str, Path]:
        """Return a language's recordings by name."""
        if time.monotonic() - self._looked_at > _LOOK_AGAIN_S:
            self._looked_at = time.monotonic()
            self._recorded = look_through(self._settings.folder)
        return self._recorded.get(language, {})

    def chime(self) -> Path | None:
        """Return the venue's own chime; without one, screens play theirs."""
        for kind in KINDS:
            path = Path(self._settings.folder or ".") / f"{CHIME}{kind}"
            if self._settings.folder and path.is_file():
                return path
        return None

    def call(self, language: str, call: spoken.Call) -> Phrase:
        """Return what is said of a call in a visitor's language."""
        recorded = self.recordings(language)
        parts = spoken.call_parts(spoken.said_of(self._settings.parts, call), call, recorded)
        phrase = self.phrase(language, parts, self._sentence(language, call))
        if phrase.clips or phrase.rendered:
            return phrase
        # A number and a counter that are heard are worth more than silence for a booth's name that nobody has recorded.
        least = [part for part in spoken.said_of(self._settings.parts, call) if part in ("number", "counter")]
        shorter = self.phrase(language, spoken.call_parts(least, call, recorded), "")
        return replace(shorter, missing=phrase.missing)

    def phrase(self, language: str, parts: Sequence[spoken.Part], text: str) -> Phrase:
        """Return how to say `parts`; where recordings are missing, the machine's voice reads `text` if it may."""
        recorded = self.recordings(language)
        clips = spoken.clips_of(language, parts)
        missing = tuple(dict.fromkeys(clip for clip in clips if clip not in recorded))
        if clips and not missing:
            return Phrase(language, tuple(clips))
        return Phrase(language, rendered=self._render(language, text), missing=missing)

    def rendered(self, name: str) -> Path | None:
        """Return a file that the machine's voice has made."""
        path = self._cache / f"{name}.wav"
        return path if re.fullmatch(r"[0-9a-f]{32}", name) and path.is_file() else None

    def _sentence(self, language: str, call: spoken.Call) -> str:
        words = self._venue.words(language)
        plan = self._venue.plan
        said = {
            "number": words.gettext("Number {number}").replace("{number}", str(call.number)),
            "booth": plan.booth(call.booth).name[language],
            "zone": words.gettext("Zone {zone}").replace("{zone}", call.zone),
            "counter": words.gettext("Counter {label}").replace("{label}", call.label),
        }
        return ". ".join(said[part] for part in spoken.said_of(self._settings.parts, call)) + "."

    def _render(self, language: str, text: str) -> str | None:
        program = machine_voice()
        text = text.strip()
        if language not in self._settings.synthetic or program is None or not 0 < len(text) <= LONGEST_TEXT:
            return None
        name = hashlib.sha256(f"{language}\n{text}".encode()).hexdigest()[:32]
        path = self._cache / f"{name}.wav"
        with self._lock:
            if path.is_file():
                return name
            try:
                self._cache.mkdir(parents=True, exist_ok=True)
                self._make_room()
                part = path.with_suffix(".part")
                # The text goes in by standard input: it must not be taken for a switch.
                subprocess.run(
                    [program, "-v", _VOICES[language], "-s", _PACE, "-b", "1", "-w", str(part), "--stdin"],
                    input=text.encode(),
                    capture_output=True,
                    timeout=_PATIENCE_S,
                    check=True,
                )
                part.replace(path)
            except (OSError, subprocess.SubprocessError):
                log.exception("the machine's voice could not speak")
                return None
        return name

    def _make_room(self) -> None:
        """Keep what was made last: recalls are heard again, yesterday's numbers are not."""
        made = sorted(self._cache.glob("*.wav"), key=lambda path: path.stat().st_mtime)
        for path in made[:-_KEPT]:
            path.unlink(missing_ok=True)
