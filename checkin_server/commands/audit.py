"""`riwaq audit`: who looked at whom, who did what, and whether the log is as it was written."""

from __future__ import annotations

import json
import re
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checkin_server.commands import of_a_venue, opened
from checkin_server.services.audit.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkin_server.services.audit.log import AuditEntry
    from checkin_server.services.venue import Venue

_NEWEST = 1000
"""Lines where nothing was narrowed."""
_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


@click.command()
@click.option("--day", metavar="DAY", help="What was done on this day, for example 2019-12-27.")
@click.option("--member", metavar="ID", help="What is about this member or a visit of theirs; reading it is kept.")
@click.option("--staff", metavar="NAME", help="What this person did; by name or id, also one who is gone.")
@click.option("--all", "whole", is_flag=True, help=f"All of it, and not the newest {_NEWEST} only.")
@click.option("--known", metavar="POSITION:HASH", help="Does the log still go through this head, noted earlier?")
@click.option("--json", "as_json", is_flag=True, help="Print {entries, head, chain} for programs.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="In which language.")
@of_a_venue
# size: click gives one argument an option
def audit(
    day: str | None,
    member: str | None,
    staff: str | None,
    whole: bool,
    known: str | None,
    as_json: bool,
    lang: str,
    config: Path | None,
    folder: Path | None,
) -> None:
    """Show who looked at whom and who did what, newest last; the head of the log's chain, and whether it holds.

    Works while the server runs. Exit 1 when the log is not as it was written. Note the head with the day's papers.

    Example: riwaq audit --day 2019-12-27 --staff Salma --config venue.toml
    """
    from checkin_server.services.audit import log

    noted = None if known is None else _HEAD.fullmatch(known)
    if known is not None and noted is None:
        raise click.UsageError("--known takes a position and its hash, as `riwaq audit` says them: 412:9f86…")
    with opened(config, folder) as venue:
        asked = log.Asked(day, member, staff)
        narrowed = whole or any(said is not None for said in (day, member, staff))
        entries = _entries(venue, asked, narrowed=narrowed)
        chain = _Chain(venue, None if noted is None else (int(noted[1]), noted[2]))
        if as_json:
            chain.look()
            click.echo(json.dumps({"entries": list(entries), **chain.document()}, ensure_ascii=False))
        else:
            _print(entries, venue, lang, narrowed=narrowed)
            chain.look()
            for line in chain.lines(lang):
                click.echo(line)
    if not chain.holds:
        sys.exit(1)


def _entries(venue: Venue, asked: Any, *, narrowed: bool) -> Iterable[AuditEntry]:
    """Return the entries, oldest first; wrong use of what the venue does not know."""
    from checkin_server.common.faults import WrongUse
    from checkin_server.domain.refusal import Refusal
    from checkin_server.services.audit import log

    wanted = log.read(venue, asked)
    if isinstance(wanted, Refusal):
        what = {
            "unknown_day": f"this venue knows no day {asked.day}; `riwaq day list` lists its days",
            "unknown_member": f"there is no member {asked.member}, or nothing is kept of them any more",
        }.get(wanted.code, f"nobody of the name or id {asked.staff} is on the staff list; see `riwaq staff list`")
        raise WrongUse(what)
    log.note(venue, asked)
    if narrowed:
        return map(log.entry, log.rows(venue, wanted))
    newest = list(islice(log.rows(venue, wanted, newest_first=True), _NEWEST))
    return map(log.entry, reversed(newest))


def _print(entries: Iterable[AuditEntry], venue: Venue, lang: str, *, narrowed: bool) -> None:
    from checkin_server.services.audit.words import said

    count = 0
    for entry in entries:
        count += 1
        click.echo(_line(entry, venue, lang))
    if not count:
        click.echo(said("none", lang))
    if count == _NEWEST and not narrowed:
        click.echo(said("older", lang, count=count))


def _line(entry: AuditEntry, venue: Venue, lang: str) -> str:
    """Return an entry as a line: when, who, where, what, about whom, why."""
    from checkin_server.services.audit.words import kind, said
    from checkin_server.services.times import milliseconds, second_at_venue

    staff, device = entry["staff"], entry["device"]
    who = (staff["name"] or staff["id"]) if staff else "-"
    where = said("machine", lang)
    if device is not None:
        where = " ".join(part for part in (device["role"], device["station"]) if part) or device["id"]
    about = [f"{said('number', lang)} {entry['number']}"] if entry["number"] is not None else []
    about += [part for part in (entry["service"], entry["counter"]) if part]
    about += entry["members"]
    why = [f"{said('sought', lang)} «{entry['query']}»"] if entry["query"] else []
    why += [entry["reason"]] if entry["reason"] else []
    columns = (
        second_at_venue(milliseconds(entry["at"]), venue.plan.timezone),
        f"{entry['position'] or '-':>7}",
        f"{who:<14}",
        f"{where:<18}",
        f"{kind(entry['kind'], lang):<30}",
        " ".join(about),
    )
    return "  ".join((*columns, *([" · ".join(why)] if why else []))).rstrip()


class _Chain:
    """What is said of the chain below the entries."""

    def __init__(self, venue: Venue, noted: tuple[int, str] | None) -> None:
        self._venue = venue
        self._noted = noted

    def look(self) -> None:
        """Look at the whole log, and for the head that was noted."""
        from checkin_server.services.audit import chain, log

        self._found = chain.verify(self._venue)
        self._head = log.head(self._venue)
        self._through = self._noted is None or chain.goes_through(self._venue, *self._noted)

    @property
    def holds(self) -> bool:
        """Whether the log is as it was written, as far as anybody can tell."""
        return self._found.sound and self._through

    def document(self) -> dict[str, Any]:
        """Return it for programs."""
        flaws = [
            {"position": flaw.position, "what": flaw.what, "event": flaw.event, "part": flaw.part}
            for flaw in self._found.flaws
        ]
        known = {} if self._noted is None else {"known": self._through}
        return {
            "head": self._head,
            "chain": {"sound": self._found.sound, "flaws": flaws, "more": self._found.more, **known},
        }

    def lines(self, lang: str) -> Iterable[str]:
        """Give it in words."""
        from checkin_server.services.audit.words import said

        yield ""
        yield said("head", lang, position=self._head["position"], hash=self._head["hash"])
        if self._head["waiting"]:
            yield said("waiting", lang, count=self._head["waiting"])
        yield said("sound" if self._found.sound else "unsound", lang)
        for flaw in self._found.flaws:
            yield "  " + said(flaw.what, lang, position=flaw.position, event=flaw.event, part=flaw.part)
        if self._found.more:
            yield "  " + said("more", lang, count=self._found.more)
        if self._noted is not None:
            yield said("through" if self._through else "elsewhere", lang, position=self._noted[0])
