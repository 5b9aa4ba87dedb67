"""Check the catalogues against the code and each language's writing: ``python -m checkin_server.translations.check``.

Exit 1, with one line for each trouble that names the file and the message, when a visitor could see a word that is
missing, out of date or badly set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError

from checkin_server.domain.plan import LANGUAGES
from checkin_server.translations.extract import (
    PLURAL_FORMS,
    ROOT,
    NotExtractable,
    Wanted,
    file_of,
    forms_of,
    read,
    wanted,
)

NAMES = frozenset({"QR", "PIN", "Riwaq", "C", "V"})
"""Words that stay in Latin letters: names, and the letters that the codes of cards and tickets begin with."""

_ONE_NUMBER = {"ar": (0, 1, 2), "en": (0,), "zgh": (0,)}
"""By language, the plural forms that stand for a single number."""
PLACEHOLDER = re.compile(r"\{\w*\}")
_OTHER_DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]+")
_NBSP = "\u00a0"
_LRM = "\u200e"  # keeps a mark after a Latin letter on that letter's left-to-right side
_SENTENCE_ENDS = {".": ".", "?": "?", "؟": "?", "!": "!", ":": ":", "…": "…"}


def problems(catalogs: Mapping[str, Catalog], messages: list[Wanted]) -> Iterator[tuple[str, str, str]]:
    """Yield language, message and what is wrong with it, for every trouble in the catalogues."""
    for language, catalog in catalogs.items():
        known = {_key(message): message for message in catalog if message.id}
        used = {message.singular: message for message in messages}
        for key, want in used.items():
            if key not in known:
                yield language, key, "is missing; run python -m checkin_server.translations.extract"
            elif _id(known[key]) != want.id:
                yield language, key, "has another plural in the code; run python -m checkin_server.translations.extract"
        for key, message in known.items():
            if key not in used:
                yield language, key, "is not used any more; run python -m checkin_server.translations.extract"
            else:
                for trouble in of_message(language, message, catalog.num_plurals):
                    yield language, key, trouble


def of_message(language: str, message: Message, plurals: int) -> Iterator[str]:
    """Yield what is wrong with one message of a language that has `plurals` plural forms."""
    if message.fuzzy:
        yield "is marked fuzzy: translate it and take the mark away"
    forms = forms_of(message)
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    if len(ids) > 1 and len(forms) != plurals:
        yield f"has {len(forms)} plural forms, {language} needs {plurals}"
    if not all(forms):
        yield "is not translated"
    for form, text in enumerate(forms):
        if text:
            # A form that stands for one number alone may say it in its own words: ساعتان needs no figure.
            unsaid = len(ids) > 1 and form in _ONE_NUMBER.get(language, ()) and "{n}" not in text
            yield from of_text(language, ids[-1].replace("{n}", "").strip() if unsaid else ids[-1], text)


def of_text(language: str, source: str, text: str) -> Iterator[str]:
    """Yield what is wrong with `text`, which says `source` in `language`."""
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(source)):
        yield f"has other placeholders than the English: {text}"
    if _OTHER_DIGITS.search(text):
        yield f"has digits other than 0-9: {text}"
    if _edges(text) != _edges(source):
        yield f"begins or ends with other spaces than the English: “{text}”"
    if "  " in text or "..." in text:
        yield f"has two spaces in a row, or dots instead of “…”: {text}"
    if _end(text) != _end(source):
        yield f"ends otherwise than the English “{source}”: {text}"
    yield from _WRITING[language](PLACEHOLDER.sub("0", text))


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _end(text: str) -> str:
    return _SENTENCE_ENDS.get(text.rstrip(f" {_LRM}")[-1:], "")


def _french(text: str) -> Iterator[str]:
    if "'" in text or '"' in text or "“" in text or "”" in text:
        yield f"French has ’ for the apostrophe and « » for quotes: {text}"
    without_times = re.sub(r"(?<=\d):(?=\d)", "", text)
    if re.search(rf"(?<!{_NBSP})[?!:;»]|«(?!{_NBSP})", without_times):
        yield f"French has a no-break space (U+00A0) before ? ! : ; » and after «: {text}"
    if _ARABIC.search(text):
        yield f"French has no Arabic letters: {text}"


def _arabic(text: str) -> Iterator[str]:
    yield from _no_latin(text, "Arabic")
    if re.search(r"[,;?]", text):
        yield f"Arabic has ، ؛ ؟ for , ; ?: {text}"
    if re.search(r"ـ(?=\w)", text):
        yield f"Arabic words are not stretched: {text}"


def _amazigh(text: str) -> Iterator[str]:
    yield from _no_latin(text, "Amazigh")
    if _ARABIC.search(text):
        yield f"Amazigh stands in Tifinagh, without Arabic letters: {text}"


def _english(text: str) -> Iterator[str]:
    if re.search(r"\s[?!:;,.]", text):
        yield f"English has no space before a mark: {text}"


def _no_latin(text: str, language: str) -> Iterator[str]:
    foreign = [word for word in _LATIN.findall(text) if word not in NAMES]
    if foreign:
        yield f"{language} has no Latin words but {', '.join(sorted(NAMES))}; here {', '.join(foreign)}: {text}"


_WRITING: dict[str, Callable[[str], Iterator[str]]] = {
    "ar": _arabic,
    "fr": _french,
    "zgh": _amazigh,
    "en": _english,
}


def _headers(language: str, path: Path) -> Iterator[str]:
    """Yield what is wrong with how the file says that it counts."""
    if path.exists() and f'"Plural-Forms: {PLURAL_FORMS[language]}\\n"' not in path.read_text(encoding="utf-8"):
        yield f"must say: Plural-Forms: {PLURAL_FORMS[language]}"


def main(root: Path = ROOT) -> int:
    """Check the four catalogues; print every trouble; return the exit code."""
    try:
        messages = wanted(root)
    except NotExtractable as error:
        print(error)
        return 1
    paths = {language: file_of(root, language) for language in LANGUAGES}
    lines = [
        f"{path.relative_to(root)}: {words}" for language, path in paths.items() for words in _headers(language, path)
    ]
    catalogs = {}
    for language, path in paths.items():
        try:
            catalogs[language] = read(path, language)
        except PoFileError as error:
            lines.append(f"{path.relative_to(root)}: {error}")
    for language, message, trouble in problems(catalogs, messages):
        lines.append(f"{paths[language].relative_to(root)}: “{message}” {trouble}")
    for line in lines:
        print(line)
    if lines:
        print(f"{len(lines)} to put right")
        return 1
    print(f"{len(messages)} messages, each in {len(LANGUAGES)} languages")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
