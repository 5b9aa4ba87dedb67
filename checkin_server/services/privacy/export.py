"""A member's right to know: everything that is kept of one member, and who looked at it."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checkin_server.common.faults import Fault
from checkin_server.db import days, persons
from checkin_server.db.tx import Personal, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services import lookups
from checkin_server.services.audit import log as audit
from checkin_server.services.audit import words
from checkin_server.services.privacy.export_words import LANGUAGES, say
from checkin_server.services.times import milliseconds, rfc3339, second_at_venue
from checkin_server.services.venue import Actor, Venue

LOOKED = (
    "members_searched", "visit_looked_up", "notes_read", "member_exported", "visitor_called", "visit_seen_again",
    "card_issued_at_desk", "card_printed", "audit_read", "cards_laid_out",
)  # fmt: skip
"""Events by which somebody saw who the member is, or what they came for."""


class NoSuchMember(Fault):
    """There is no such member."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a member, as rows; times are milliseconds since 1970 UTC."""

    rows: Mapping[str, Any]
    at: int
    timezone: str
    looked: Sequence[Mapping[str, Any]] = ()
    """Who looked at them, oldest first: entries of the audit, without what is in them of others."""

    def as_json(self) -> str:
        """Return it for programs; times are RFC 3339."""
        return json.dumps(
            {
                "made_at": rfc3339(self.at),
                "member": {**self.rows["member"], "needs": json.loads(self.rows["member"]["needs"])},
                **{name: [_plain(row) for row in self.rows[name]] for name in _TABLES},
                "looked": list(self.looked),
                "kept_answers": self.rows["answers"],
            },
            ensure_ascii=False,
            indent=2,
        )

    def as_text(self, language: str) -> str:
        """Return it for people, in a language of `export_words`."""
        lines = [say("title", language), f"{say('made', language)} {self._time(self.at)}", ""]
        for title, rows in self.sections(language):
            lines += [title, "-" * len(title)]
            for row in rows:
                lines += [f"{label}: {value}" for label, value in row] + [""]
            if not rows:
                lines += [say("nothing", language), ""]
        return "\n".join([*lines, say("foot", language)]) + "\n"

    def as_html(self, language: str) -> str:
        """Return the same as a page to print, right to left where it is Arabic."""
        turn = "rtl" if language == "ar" else "ltr"
        parts = [
            f'<!doctype html><html lang="{language}" dir="{turn}"><meta charset="utf-8">',
            f"<title>{html.escape(say('title', language))}</title><style>{_STYLE}</style>",
            f"<h1>{html.escape(say('title', language))}</h1>",
            f"<p>{html.escape(say('made', language))} <bdi>{self._time(self.at)}</bdi></p>",
        ]
        for title, rows in self.sections(language):
            parts.append(f"<h2>{html.escape(title)}</h2>")
            for row in rows:
                cells = "".join(f"<dt>{html.escape(a)}</dt><dd><bdi>{html.escape(b)}</bdi></dd>" for a, b in row)
                parts.append(f"<dl>{cells}</dl>")
            if not rows:
                parts.append(f"<p>{html.escape(say('nothing', language))}</p>")
        return "\n".join([*parts, f"<p>{html.escape(say('foot', language))}</p></html>"]) + "\n"

    def sections(self, language: str) -> Iterable[tuple[str, Sequence[Sequence[tuple[str, str]]]]]:
        """Yield each part's title and its entries, each a list of labels and values."""
        person = self.rows["member"]
        yield say("person", language), [self._row(language, person, _PERSON)]
        for name, columns in _SHOWN.items():
            yield say(name, language), [self._row(language, row, columns) for row in self.rows[name]]
        yield say("looked", language), [self._look(language, entry) for entry in self.looked]
        others = [row for row in self.rows["events"] if row["kind"] not in LOOKED]
        yield say("happened", language), [self._event(language, row) for row in others]
        yield say("else", language), [[(say("answers", language), str(self.rows["answers"]))]]

    # -- inside --------------------------------------------------------------------------------------------------------

    def _looked(self) -> list[dict[str, Any]]:
        return [row for row in self.rows["events"] if row["kind"] in LOOKED]

    def _row(self, language: str, row: Mapping[str, Any], columns: Mapping[str, str]) -> list[tuple[str, str]]:
        said = [(say(label, language), self._value(column, row.get(column))) for column, label in columns.items()]
        return [(label, value) for label, value in said if value]

    def _event(self, language: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        where = " ".join(str(row[name]) for name in ("role", "station") if row[name])
        said = [
            ("at", self._time(row["at"])),
            ("what", words.kind(row["kind"], language)),
            ("service", row["service"]),
            ("who", row["staff"] or ("" if where else say("machine", language))),
            ("where", where),
            ("why", "; ".join(row["typed"])),
        ]
        return [(say(label, language), str(value)) for label, value in said if value]

    def _look(self, language: str, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
        staff, device = entry["staff"], entry["device"]
        where = " ".join(str(device[name]) for name in ("role", "station") if device[name]) if device else ""
        said = [
            ("at", self._time(milliseconds(entry["at"]))),
            ("what", words.kind(entry["kind"], language)),
            ("service", entry["service"]),
            ("who", (staff["name"] or staff["id"]) if staff else ("" if device else say("machine", language))),
            ("where", where or (device["id"] if device else "")),
            ("why", entry["reason"]),
        ]
        return [(say(label, language), str(value)) for label, value in said if value]

    def _value(self, column: str, value: Any) -> str:
        if value is None or value in ("", "[]", "{}"):
            return ""
        if column.endswith("_at") or column == "at":
            return self._time(value)
        if column == "needs":
            return ", ".join(json.loads(value))
        return str(value)

    def _time(self, at: int) -> str:
        return second_at_venue(at, self.timezone)


_TABLES = ("cards", "signed_cards", "visits", "steps", "notes", "opinions", "cases", "prints", "events")
_PERSON = {
    name: name for name in ("id", "family", "name_ar", "name_la", "category", "unit", "locale", "needs")
}  # fmt: skip
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "cards": {"code": "code", "state": "state", "issued_at": "issued", "revoked_at": "revoked"},
    "signed_cards": {"card": "code", "seen_at": "at", "seen_place": "where", "revoked_at": "revoked"},
    "visits": {
        "service_day": "day", "number": "number", "state": "state", "party_size": "people", "needs": "needs",
        "priority": "priority", "created_at": "came", "left_at": "left",
    },
    "steps": {
        "service_day": "day", "service": "service", "counter": "counter", "state": "state", "called_at": "called",
        "ended_at": "served", "outcome": "outcome", "note": "note",
    },
    "notes": {"at": "at", "counter": "counter", "text": "text"},
    "opinions": {"at": "at", "service": "service", "score": "score", "kind": "kind", "text": "text"},
    "cases": {"at": "at", "office": "office", "subject": "subject"},
    "prints": {"created_at": "at", "printer": "printer", "state": "state", "spec": "contents"},
}  # fmt: skip
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:14rem 1fr;gap:.2rem 1rem;border-block-start:1px solid #ccc;padding:.5rem 0}"
    "dd{margin:0;overflow-wrap:anywhere}dt{color:#444}"
)
_TIMES = ("at", "since")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row for programs: times as RFC 3339, documents as what they hold."""
    said: dict[str, Any] = {}
    for name, value in row.items():
        if (name.endswith("_at") or name in _TIMES) and isinstance(value, int):
            said[name] = rfc3339(value)
        elif name in ("needs", "data", "spec", "why", "ladder") and isinstance(value, str):
            said[name] = json.loads(value)
        else:
            said[name] = value
    return said


def export(venue: Venue, member: str) -> Known:
    """Return everything that is known of a member, at the command line; that it was told is an event.

    Raises `NoSuchMember`.
    """
    now = venue.now()
    looked = _looked(venue, member)

    def do(tx: Tx) -> Mapping[str, Any]:
        known = persons.known(tx, member)
        if known is None:
            raise NoSuchMember(f"there is no member {member}")
        tx.emit("member_exported", now, personal=Personal([member]), service_day=days.running_id(tx))
        return known

    return Known(venue.db.write(do), now, venue.plan.timezone, looked)


def export_found(venue: Venue, actor: Actor, member: str, reason: str) -> Known | Refusal:
    """Return the same to who has found the member by a search; the event says who, and why.

    Refused with ``search_first`` or ``unknown_member``.
    """
    now = venue.now()

    def do(tx: Tx) -> Mapping[str, Any] | Refusal:
        refusal = lookups.leave(tx, venue, actor, member)
        known = None if refusal else persons.known(tx, member)
        if known is None:
            return refusal or Refusal("unknown_member")
        about = Personal([member], {"reason": reason})
        tx.emit(
            "member_exported",
            now,
            personal=about,
            service_day=days.running_id(tx),
            device=actor.device,
            staff=actor.staff,
        )
        return known

    looked = _looked(venue, member)
    known = venue.db.write(do)
    return known if isinstance(known, Refusal) else Known(known, now, venue.plan.timezone, looked)


def language_for(known: Known, wanted: str | None) -> str:
    """Return the language in which a member is told: the one that is wanted, else their own, else French."""
    own = str(known.rows["member"]["locale"])
    return wanted or (own if own in LANGUAGES else LANGUAGES[0])


def _looked(venue: Venue, member: str) -> list[dict[str, Any]]:
    """Return who looked at a member, as the audit has it: who else was shown, or what was looked for, is not theirs."""
    wanted = audit.read(venue, audit.Asked(member=member))
    if isinstance(wanted, Refusal):
        return []
    entries = (audit.entry(row) for row in audit.rows(venue, wanted) if row["kind"] in LOOKED)
    hidden = ("members", "query", "data")
    return [{name: value for name, value in entry.items() if name not in hidden} for entry in entries]
