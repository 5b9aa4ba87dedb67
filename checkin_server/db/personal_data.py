"""What each column holds of people, what for, and how long: law 09-08 in one table. `docs/privacy.md` is made from it.

A column that is not declared here fails a test, so nobody can add one without saying what it is. What lies outside the
database is listed below it (`ELSEWHERE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sort = Literal["nothing", "identity", "name", "trait", "health", "link", "conduct", "text", "staff", "device", "secret"]
SORTS: dict[Sort, str] = {
    "nothing": "nothing about a person",
    "identity": "what stands for a member: id, family, card",
    "name": "a name",
    "trait": "category, unit, language: a member's while linked, a count's afterwards",
    "health": "needs that tell of a disability or an illness",
    "link": "says which member a visit or an event is about",
    "conduct": "what a visit did and when: a person's while linked, a figure's afterwards",
    "text": "free text that somebody typed, in which a name may stand, or answers with names in them",
    "staff": "who of the staff it was",
    "device": "which device it was",
    "secret": "a digest of a token or a PIN; opens nothing by itself",
}
Kept = Literal["for good", "texts", "prints", "links", "members", "device", "staff", "replaced"]
TIMES: dict[Kept, str] = {
    "for good": "for good: it counts, and names nobody once the links are gone",
    "texts": "`texts_days` after the service day (30)",
    "prints": "`prints_days` after the service day (30)",
    "links": "`links_days` after the tour's last day (0)",
    "members": "`members_days` after the tour's last day (30)",
    "device": "as long as the device is known; a token ends when it is cut off",
    "staff": "as long as the event log: who did what must stay answerable",
    "replaced": "until it is replaced by the next of its kind",
}


@dataclass(frozen=True, slots=True)
class Column:
    """What one column holds."""

    sort: Sort
    why: str
    kept: Kept = "for good"


_ORDER = Column("nothing", "runs the queue and the figures")
_CONDUCT = Column("conduct", "runs the queue and the figures")
_PLAN = Column("nothing", "says which plan was in force")
_CLOCK = Column("nothing", "tells which clock was right")
_WHO = Column("staff", "who did it stays answerable", "staff")
_WHERE = Column("device", "where it was done", "device")
_LINK = Column("link", "one visit a day, greeting, the family's ticket, a member's right to know", "links")
_TRAIT = Column("trait", "figures by category, unit and language; the language of calls and tickets")
_DEVICE = Column("device", "lets the venue's own screens in", "device")
_TOKEN = Column("secret", "lets a device or a member of staff in", "device")
_TEXT = Column("text", "tells colleagues and organisers", "texts")
_MEMBER = Column("trait", "who may come, which services and words they get", "members")


def _same(what: Column, names: str) -> dict[str, Column]:
    return dict.fromkeys(names.split(), what)


COLUMNS: dict[str, dict[str, Column]] = {
    "service_day": _same(
        _ORDER, "id state opens_at closes_at capacity admitted last_number opened_at closed_at ended_at plan"
    ),
    "plan": _same(_PLAN, "hash turn first_at since document"),
    "life": _same(_ORDER, "id turn cause at marked"),
    "member": {
        "id": Column("identity", "one entry a member, found again by the list", "members"),
        "family": Column("identity", "a family is one visit", "members"),
        "name_ar": Column("name", "greeting at the kiosk, finding somebody without a card, printing cards", "members"),
        "name_la": Column("name", "the same in Latin letters", "members"),
        **_same(_MEMBER, "category unit locale"),
        "needs": Column("health", "help and precedence that the member has asked for", "members"),
    },
    "card": {
        "code": Column("identity", "the card's random code: who shows it comes in", "members"),
        "member": Column("identity", "whose card it is", "members"),
        **_same(Column("conduct", "a card that was lost ends", "members"), "event state issued_at revoked_at"),
    },
    "signed_card": {
        "card": Column("identity", "a signed card's random id; of an ended one it stays alone, as nobody's", "members"),
        "member": Column("identity", "the pseudonym that the card bears", "members"),
        **_same(Column("conduct", "a card that was lost or replaced ends", "members"), "turn revoked_at"),
        **_same(Column("conduct", "a copy is told by where the card was taken last", "links"), "seen_place seen_at"),
    },
    "visit": {
        **_same(_ORDER, "id service_day number state keep_together active_step not_before hold_until"),
        "member": _LINK,
        **_same(_TRAIT, "category unit locale"),
        "needs": Column("health", "precedence and help during the visit; figures of how many needed what"),
        **_same(_CONDUCT, "party_size created_at numbered_at left_at link"),
        **_same(Column("health", "why somebody is called sooner, as a code of a fixed list"), "priority"),
        **_same(_ORDER, "priority_minutes"),
        **_same(_CONDUCT, "card_device card_at waits_from"),
        **_same(_ORDER, "old_number"),
    },
    "visit_member": {"service_day": _ORDER, "member": _LINK, "visit": _LINK},
    "step": {
        **_same(_ORDER, "id visit service_day service state position counter recalls misses outcome for_counter"),
        **_same(_CONDUCT, "since headed_at first_called_at called_at started_at ended_at"),
        "why": Column("text", "why this visitor was next: codes and figures; out of turn, what a clerk typed", "texts"),
        "note": _TEXT,
    },
    "referral": {**_same(_ORDER, "id step office at"), "subject": _TEXT},
    "feedback": {
        **_same(_ORDER, "id visit service score kind at"),
        "text": Column("text", "opinions and proposals reach the organisers", "texts"),
        "locale": _TRAIT,
    },
    "counter": {
        **_same(_ORDER, "id state since"),
        "reason": Column("text", "why a counter pauses, as the clerk says it", "replaced"),
        "staff": Column("staff", "who is at the counter", "replaced"),
    },
    "last_action": {
        **_same(Column("conduct", "undoing a slip of the finger", "replaced"), "counter command action at number"),
        **_same(Column("link", "undoing a slip of the finger", "replaced"), "visit step"),
        **_same(Column("text", "rows as they were, with what was typed in them", "texts"), "before after"),
    },
    "note": {**_same(_ORDER, "id visit step booth counter at"), "staff": _WHO, "text": _TEXT},
    "event": {
        **_same(_ORDER, "seq at kind service_day service counter number xid plan"),
        **_same(_CONDUCT, "visit step"),
        "device": _WHERE,
        "staff": _WHO,
        "data": Column("nothing", "codes, figures and digests; what is personal lies in `event_personal`"),
    },
    "event_personal": {
        **_same(_ORDER, "event part kind"),
        "content": Column(
            "text", "who was looked at (until the links go) and what was typed (until the texts go)", "texts"
        ),
        "salt": Column("secret", "without it the event's digest says nothing; goes with the content", "texts"),
    },
    "ledger": _same(Column("nothing", "says whether the log is as it was written"), "position event hash"),
    "purge": _same(
        Column("nothing", "what is to be forgotten, and was"), "kind before_day planned_at due_at begun_at done_at"
    ),
    "clock_run": _same(
        _CLOCK, "id first_seq began_at joins boot boot_ms anchor_at behind_ms behind_seq stepped_ms kept_ms"
    ),
    "clock_correction": _same(_CLOCK, "id first_seq last_seq offset_ms"),
    "command": {
        **_same(Column("nothing", "a command that is sent again is done once", "texts"), "id at"),
        "fingerprint": Column("secret", "digest of what was asked, a shown card's code among it", "texts"),
        "answer": Column("text", "the first answer, with the names that it showed", "texts"),
    },
    "print_job": {
        **_same(
            _ORDER, "id service_day visit printer ladder kind state attempts not_before error created_at updated_at"
        ),
        "spec": Column("text", "what stands on the ticket", "prints"),
    },
    "printer_doubt": _same(_ORDER, "printer uncertain since error judged"),
    "device": {
        **_same(_DEVICE, "id role station created_at revoked_at last_seen utc_offset_s"),
        "token_hash": _TOKEN,
    },
    "pairing": {**_same(_DEVICE, "id kind code role station state created_at expires_at"), "secret_hash": _TOKEN},
    "staff": {
        "id": _WHO,
        "name": Column("staff", "signing in; who did what", "staff"),
        "role": _WHO,
        "pin_hash": Column("secret", "signing in (argon2)", "staff"),
        "active": _WHO,
    },
    "probe": _same(_ORDER, "id at"),
    "throttle": {
        "key": Column("staff", "whose PIN was guessed at, and where", "replaced"),
        **_same(_ORDER, "failures locked_until"),
    },
    "session": {
        "token_hash": _TOKEN,
        "staff": _WHO,
        "device": _WHERE,
        **_same(Column("staff", "who was signed in when", "staff"), "created_at expires_at ended_at"),
    },
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something personal may lie outside the database."""

    where: str
    holds: str
    gone: str
    """How and when it goes."""


ELSEWHERE: tuple[Place, ...] = (
    Place(
        "virtual printers' folders (`<data>/printers/…`)",
        "pictures and bytes of tickets: number, given names of the family, route",
        "with their print jobs (`prints`); those of jobs that nobody knows any more at the next purge",
    ),
    Place(
        "`<data>/…-replaced-….db`",
        "the whole database that a restore replaced, under the same key",
        "`texts_days` after it was put aside; at once by `riwaq purge`",
    ),
    Place(
        "backups (`riwaq db backup`, sticks)",
        "the whole database of that moment: under the venue's key, or sealed for recipients ([backup])",
        "by rotation, or by hand: a purge does not reach a stick in a drawer",
    ),
    Place(
        "a print agent's computer (`--state-dir`, `--transport virtual`)",
        "tickets that its printer has not confirmed yet; a virtual printer's pictures",
        "a ticket goes when it is confirmed; pictures by hand",
    ),
    Place(
        "PostgreSQL's own files (a venue that uses it)",
        "the same rows; its write-ahead log keeps what was written for a while",
        "table files at once (VACUUM FULL); the log when it is recycled: keep `max_wal_size` low, archive none",
    ),
    Place("the printed ticket", "number, route, given names of the family", "with its owner"),
    Place(
        "where cards are signed: list, register (`riwaq cards sign`), private key",
        "which member has which pseudonym and cards; never at a venue",
        "with the list, by hand; readable by their owner only",
    ),
    Place(
        "cards to print (`riwaq cards render`), member lists, exports",
        "names, codes, all that is known of one member",
        "by hand, as soon as they have served; readable by their owner only",
    ),
    Place(
        "`demo-cards.csv` of a demo",
        "invented members' ids and card codes",
        "with the demo's folder",
    ),
    Place(
        "browsers of kiosks, boards and tablets",
        "the device's token and commands under way; never a name, never typed text",
        "with the answer; the token when the device is cut off",
    ),
    Place(
        "a board's memory",
        "numbers that it has said aloud",
        "when the page is loaded anew",
    ),
    Place(
        "the server's output (log)",
        "no names, no card codes, no addresses of pages",
        "as the machine keeps its logs",
    ),
    Place(
        "the marker of numbers, in the data folder and beside the key",
        "which numbers are reserved",
        "for good; it names nobody",
    ),
)
"""Everything that is written outside the database and may be about a person."""


def undeclared(tables: dict[str, set[str]]) -> list[str]:
    """Return what a schema has and this table has not, or the other way round: ``table.column``."""
    have = {f"{table}.{column}" for table, columns in tables.items() for column in columns}
    said = {f"{table}.{column}" for table, columns in COLUMNS.items() for column in columns}
    return sorted(have ^ said)
