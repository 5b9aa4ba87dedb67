"""Bring the catalogues up to date with the words in the code: ``python -m checkin_server.translations.extract``.

Translations are kept, new messages come empty (in English as they stand in the code), messages that are no longer used
go. Files carry no dates and no line numbers, so a difference shows words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.jslexer import Token, tokenize
from babel.messages.pofile import read_po, write_po

from checkin_server.domain.plan import LANGUAGES
from checkin_server.translations import FOLDER, path_of

ROOT = FOLDER.parent.parent

PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "fr": "nplurals=2; plural=(n > 1);",
    "zgh": "nplurals=2; plural=(n != 1);",
    "en": "nplurals=2; plural=(n != 1);",
}
"""How each language counts: what `plural_form` and the screens' i18n.js do, in gettext's own words."""

SOURCES = (
    ("javascript", "booth_display/**/static/**/*.js"),
    ("javascript", "checkin_server/**/static/**/*.js"),
    ("javascript", "kiosk/**/static/**/*.js"),
    ("jinja", "booth_display/**/templates/**/*.html"),
    ("jinja", "checkin_server/**/templates/**/*.html"),
    ("jinja", "kiosk/**/templates/**/*.html"),
    ("python", "checkin_server/services/**/*.py"),
)
"""Where messages are looked for: the method and the files."""

_METHODS = {"javascript": "javascript", "jinja": "jinja2.ext:babel_extract", "python": "python"}
_OPTIONS = {"javascript": {"parse_template_string": "true"}, "jinja": {"silent": "false"}, "python": {}}
_KEYWORDS: dict[str, dict[str, tuple[int, ...] | None]] = {
    "javascript": {"t": None, "tn": (1, 2)},
    "jinja": {"_": None, "gettext": None, "ngettext": (1, 2)},
    "python": {"gettext": None, "ngettext": (1, 2)},
}
_STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
# A call of one of the functions in a template or in Python, and the same with what it must have: literals.
_CALL = {
    "jinja": re.compile(r"(?<![\w.])(_|n?gettext)\("),
    "python": re.compile(r"\.(n?gettext)\("),
}
_LITERAL = re.compile(rf"\s*{_STRING}\s*[,)]")
_LITERALS = re.compile(rf"\s*{_STRING}\s*,\s*{_STRING}\s*,")


class NotExtractable(Exception):
    """The code asks for words in a way that can't be translated; the text names the file and the line."""


@dataclass(frozen=True)
class Wanted:
    """A message that the code uses."""

    singular: str
    plural: str | None = None
    files: tuple[str, ...] = ()
    comments: tuple[str, ...] = field(default=(), compare=False)

    @property
    def id(self) -> str | tuple[str, str]:
        """The message's id as a catalogue has it."""
        return self.singular if self.plural is None else (self.singular, self.plural)


def wanted(root: Path = ROOT) -> list[Wanted]:
    """Return all messages under `root`, in the order of the files' names and then of their lines.

    Raises:
        NotExtractable: words that aren't literals, or one English text used both with and without a count.
    """
    found: dict[str, Wanted] = {}
    for method, path in _files(root):
        name = path.relative_to(root).as_posix()
        for line, message, comments in _messages(method, path, name):
            singular, plural = (message, None) if isinstance(message, str) else message
            before = found.get(singular)
            if before is None:
                found[singular] = Wanted(singular, plural, (name,), tuple(comments))
                continue
            if before.plural != plural:
                raise NotExtractable(
                    f"{name}:{line}: “{singular}” stands elsewhere ({before.files[0]}) with "
                    "another plural or none; a catalogue has one entry for it: word one of them otherwise"
                )
            files = before.files if name in before.files else (*before.files, name)
            comments = [comment for comment in comments if comment not in before.comments]
            found[singular] = Wanted(singular, plural, files, (*before.comments, *comments))
    return list(found.values())


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    listed = {(path, method) for method, pattern in SOURCES for path in root.glob(pattern)}
    for path, method in sorted(listed):
        if "vendor" not in path.parts:
            yield method, path


def _messages(method: str, path: Path, name: str) -> Iterator[tuple[int, str | tuple[str, str], list[str]]]:
    text = path.read_text(encoding="utf-8")
    for line in _not_literal(method, text):
        raise NotExtractable(f"{name}:{line}: words must be literals, so that they can be found and translated")
    results = extract(
        _METHODS[method],
        BytesIO(text.encode()),
        keywords=_KEYWORDS[method],
        comment_tags=("TRANSLATORS:",),
        options={"encoding": "utf-8", **_OPTIONS[method]},
        strip_comment_tags=True,
    )
    for line, message, comments, _ in results:
        if isinstance(message, str):
            yield line, message, comments
        else:
            yield line, (message[0], message[1]), comments


def _not_literal(method: str, text: str) -> Iterator[int]:
    """Yield the lines where a function of ours is given something else than literals."""
    if method == "javascript":
        tokens = [token for token in tokenize(text) if token.type not in ("linecomment", "multilinecomment")]
        for at, token in enumerate(tokens):
            if _is_call(tokens, at) and not _takes_literals(tokens, at):
                yield token.lineno
        return
    if method == "jinja":
        text = re.sub(r"\{#.*?#\}", lambda comment: "\n" * comment.group().count("\n"), text, flags=re.DOTALL)
    for call in _CALL[method].finditer(text):
        literal = _LITERALS if call.group(1).startswith("n") else _LITERAL
        if not literal.match(text, call.end()):
            yield text.count("\n", 0, call.start()) + 1


def _is_call(tokens: list[Token], at: int) -> bool:
    """Tell a call of `t` or `tn` from a method or a definition of that name."""
    if tokens[at].type != "name" or tokens[at].value not in ("t", "tn") or _value(tokens, at + 1) != "(":
        return False
    return _value(tokens, at - 1) not in (".", "?.", "function")


def _takes_literals(tokens: list[Token], at: int) -> bool:
    """Check ``t("…"`` and ``tn("…", "…",``, each literal ending with a comma or the parenthesis."""
    places = (at + 2,) if tokens[at].value == "t" else (at + 2, at + 4)
    return all(
        place + 1 < len(tokens) and tokens[place].type == "string" and tokens[place + 1].value in (",", ")")
        for place in places
    )


def _value(tokens: list[Token], at: int) -> str:
    return tokens[at].value if 0 <= at < len(tokens) else ""


def updated(language: str, old: Catalog, messages: Iterable[Wanted]) -> Catalog:
    """Return `language`'s catalogue with exactly `messages`, translated as in `old` where it has them."""
    known = {message.id if isinstance(message.id, str) else message.id[0]: message for message in old if message.id}
    new = empty(language)
    for message in messages:
        before = known.get(message.singular)
        string = before.string if before and isinstance(before.id, str) is isinstance(message.id, str) else None
        if not string and language == "en":
            string = message.id
        new.add(
            message.id,
            string or ("" if message.plural is None else ("",) * new.num_plurals),
            locations=[(name, 0) for name in message.files],
            auto_comments=message.comments,
            user_comments=before.user_comments if before else (),
            flags=["fuzzy"] if before and before.fuzzy else [],
        )
    return new


def empty(language: str) -> Catalog:
    """Return a catalogue without messages that counts as `language` does."""
    return read_po(BytesIO(_header(language).encode()), locale=language)


def _header(language: str) -> str:
    lines = (
        "Project-Id-Version: Riwaq",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURAL_FORMS[language]}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines)


def forms_of(message: Message) -> list[str]:
    """Return a message's translation as the list of its forms: one, unless it counts something."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def written(language: str, catalog: Catalog) -> bytes:
    """Return a catalogue's file: our own header, then the messages in their order, unwrapped."""
    body = BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False, ignore_obsolete=True)
    # A message without flags is written alike by every version; Babel's "python-brace-format" is a guess about ours.
    text = re.sub(r"^#, (?!fuzzy).*\n", "", body.getvalue().decode(), flags=re.MULTILINE)
    text = re.sub(r"^#, fuzzy, .*$", "#, fuzzy", text, flags=re.MULTILINE)
    return f"{_header(language)}\n{text.strip()}\n".encode()


def file_of(root: Path, language: str) -> Path:
    """Return where a language's catalogue lies in the repository at `root`."""
    return root / path_of(language).relative_to(ROOT)


def read(path: Path, language: str) -> Catalog:
    """Read the catalogue at `path`; an empty one when there is none.

    Raises:
        babel.messages.pofile.PoFileError: the file is no catalogue, or a message has more forms than its header says.
    """
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def main(root: Path = ROOT) -> int:
    """Update the four catalogues; say what is new and what went; return the exit code."""
    try:
        messages = wanted(root)
    except NotExtractable as trouble:
        print(trouble)
        return 1
    for language in LANGUAGES:
        path = file_of(root, language)
        old = read(path, language)
        new = updated(language, old, messages)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(language, new))
        before, now = ({str(message.id) for message in catalog if message.id} for catalog in (old, new))
        to_do = sum(not all(forms_of(message)) for message in new if message.id)
        print(
            f"{language}: {len(now)} messages; {len(now - before)} new, {len(before - now)} gone, {to_do} to translate"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
