"""The words in four languages, from gettext catalogues: `<language>/LC_MESSAGES/messages.po`.

English words are the keys. Nothing is compiled and no generated file is kept: a catalogue is read once in a process,
when its language is first spoken, since reading all four takes as long as many a command does.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from checkin_server.domain.plan import LANGUAGES

FOLDER = Path(__file__).parent


def path_of(language: str) -> Path:
    """Return where a language's catalogue lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    """Read a language's catalogue from the repository; an empty one when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=None)
    with path.open("rb") as file:
        return read_po(file, locale=language if language != "zgh" else None)


def plural_form(language: str, n: int) -> int:
    """Return which plural form `n` takes: Arabic has six (CLDR), French counts 0 as one, the others are as English."""
    if language == "ar":
        if n in (0, 1, 2):
            return n
        if 3 <= n % 100 <= 10:
            return 3
        return 4 if 11 <= n % 100 <= 99 else 5
    if language == "fr":
        return 0 if n < 2 else 1
    return 0 if n == 1 else 1


@dataclass(frozen=True)
class Translations:
    """One language's messages."""

    language: str
    texts: dict[str, str | tuple[str, ...]]

    def gettext(self, message: str) -> str:
        """Return a message in this language, or itself where the catalogue lacks it."""
        text = self.texts.get(message, message)
        return text if isinstance(text, str) else text[0]

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Return the form of a message for `n`."""
        forms = self.texts.get(singular)
        if isinstance(forms, tuple):
            return forms[min(plural_form(self.language, n), len(forms) - 1)]
        return singular if n == 1 else plural


class Catalogues:
    """All languages, each read when it is first asked for."""

    languages = LANGUAGES

    def read(self) -> None:
        """Read all of them now: a server does before it answers anybody."""
        for language in LANGUAGES:
            self.words(language)

    def words(self, language: str) -> Translations:
        """Return a language's messages; Arabic for a language that is not offered."""
        return _texts(language if language in LANGUAGES else LANGUAGES[0])

    def messages(self, language: str) -> dict[str, Any]:
        """Return the document that the screens' scripts read."""
        texts = _texts(language).texts
        plain = {key: text if isinstance(text, str) else list(text) for key, text in texts.items()}
        return {"messages": plain, "plural": max((len(t) for t in texts.values() if isinstance(t, tuple)), default=1)}


@functools.cache
def _texts(language: str) -> Translations:
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in load(language):
        if not message.id or message.fuzzy:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        if isinstance(message.string, str):
            if message.string:
                texts[key] = message.string
        elif message.string and all(message.string):
            texts[key] = tuple(message.string)
    return Translations(language, texts)
