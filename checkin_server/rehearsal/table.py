"""The rehearsal's report as tables on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from checkin_server.rehearsal.report import Change, PolicyFigures, Report, ServiceFigures, Spread

NAMES = {
    "riwaq": "Riwaq",
    "live": "Riwaq, live",
    "independent": "independent tickets",
    "one-at-a-time": "one at a time",
    "shortest-queue": "join the shortest queue",
    "least-wait": "join the least expected wait",
}
"""Policies as people read them."""
_WIDTH = 112
_LATE = 0.5
"""Fewer than this many a day is none: it is shown only when it would be seen in the hall."""


def named(policy: str) -> str:
    """Return a policy's name in words."""
    return NAMES.get(policy, policy)


def minutes(value: float | None) -> str:
    """Write minutes: tenths below ten, whole ones above."""
    if value is None:
        return "-"
    return f"{value:.1f}" if abs(value) < 9.95 else f"{value:.0f}"


def percent(share: float | None) -> str:
    """Write a share in a hundred."""
    return "-" if share is None else f"{share * 100:.0f} %"


def count(value: float) -> str:
    """Write a count that is a mean over the seeds."""
    return f"{value:,.0f}" if value >= 9.95 or value == round(value) else f"{value:.1f}"


def write(report: Report, *, width: int | None = None) -> str:
    """Return the whole report as text, without colours: what goes to a file or a pipe."""
    console = Console(file=StringIO(), width=width or _WIDTH, no_color=True, highlight=False)
    console.print(tables(report))
    text = console.file
    assert isinstance(text, StringIO)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def tables(report: Report) -> RenderableType:
    """Return the report for a terminal."""
    parts: list[RenderableType] = [_head(report), Text(), _policies(report), Text(), _services(report.policies[0])]
    if report.changes:
        parts += [Text(), _changes(report.changes)]
    if report.slots:
        parts += [Text(), _slots(report)]
    if report.live:
        parts += [Text(), _live(report)]
    return Group(*parts)


def _head(report: Report) -> Text:
    runs = len(report.seeds)
    seeds = f"seed {report.seeds[0]}" if runs == 1 else f"{runs} seeds from {report.seeds[0]}"
    tried = f", with {', '.join(report.what_if)}" if report.what_if else ""
    if report.ignoring:
        tried = f", {percent(report.ignoring)} don't go where they are sent{tried}"
    return Text(
        f"{report.venue}, {report.day}: {report.visitors:,} visits, scenario {report.scenario}, {seeds}{tried}\n"
        "Waits and times in minutes. A wait is time in the venue less service and walking."
    )


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right", no_wrap=at > 0)
    return table


def _spread(value: Spread | None) -> list[str]:
    return ["-"] * 4 if value is None else [minutes(v) for v in (value.mean, value.p50, value.p95, value.max)]


def _policies(report: Report) -> Table:
    target = f"in {report.target_minutes} min"
    table = _table(
        "How visitors are called",
        ("", "wait", "p50", "p95", "max", "in venue", "p95", target, "missed/100", "unserved", "late"),
    )
    for policy in report.policies:
        table.add_row(
            named(policy.policy),
            *_spread(policy.wait),
            minutes(policy.in_venue.mean if policy.in_venue else None),
            minutes(policy.in_venue.p95 if policy.in_venue else None),
            percent(policy.service_level),
            minutes(policy.missed_calls_per_100),
            count(policy.unserved),
            count(policy.after_closing),
            style="bold" if policy is report.policies[0] else "",
        )
    if report.lower_bound_minutes is not None:
        table.add_row("lower bound (nobody can beat it)", *[""] * 4, minutes(report.lower_bound_minutes), *[""] * 5)
    return table


def _services(policy: PolicyFigures) -> Table:
    table = _table(
        f"Services ({named(policy.policy)})",
        ("", "counters", "asked", "served", "unserved", "late", "wait", "p95", "max", "takes", "use"),
    )
    for service in policy.services:
        table.add_row(service.name, *_service(service), style="" if service.asked else "dim")
    return table


def _service(service: ServiceFigures) -> list[str]:
    wait = _spread(service.wait)
    return [
        str(service.counters),
        count(service.asked),
        count(service.served),
        count(service.unserved),
        count(service.after_closing),
        wait[0],
        wait[2],
        wait[3],
        minutes(service.service_minutes),
        percent(service.use),
    ]


def in_words(change: Change) -> str:
    """Say what a change does: ``open a second insurance counter: average wait 37 → 24 minutes``."""
    text = f"{change.what}: average wait {minutes(change.wait_before)} → {minutes(change.wait_after)} minutes"
    if change.unserved_before - change.unserved_after > _LATE:
        text += f", {count(change.unserved_before)} → {count(change.unserved_after)} services not given"
    if change.late_before - change.late_after > _LATE:
        text += f", {count(change.late_before)} → {count(change.late_after)} ended after closing"
    return text


def _changes(changes: Sequence[Change]) -> Group:
    lines: list[RenderableType] = [Text("What was tried", style="bold")]
    lines += [Text(f"  {in_words(change)}") for change in changes]
    return Group(*lines)


def _slots(report: Report) -> Group:
    each = "  ".join(f"{slot.begins} {slot.visitors}" for slot in report.slots)
    return Group(Text("Invitations by time slot", style="bold"), Text(f"  {each}"))


def _live(report: Report) -> Group:
    live = report.live
    assert live is not None
    pace = "as fast as the server answered" if live.speed is None else f"{live.speed:g} simulated minutes a minute"
    lines = [
        f"  {live.url}, {live.clock} clock, {pace}: {live.seconds / 60:.1f} minutes",
        f"  {live.requests:,} requests, {live.retries:,} of them sent again; "
        f"{live.tickets_printed:,} tickets printed, {live.tickets_missing:,} missing",
        f"  {live.calls:,} calls, {live.calls_not_shown:,} of them on no board",
    ]
    if live.clock == "virtual":
        lines.append(f"  {percent(live.same_calls)} of the calls were the same as in this process")
    lines.append(
        f"  the event log differs: {len(live.differs_from_log)} times, first {live.differs_from_log[0]}"
        if live.differs_from_log
        else "  the event log tells the same day"
    )
    if live.refused:
        lines.append("  refused: " + ", ".join(f"{code} {n}" for code, n in sorted(live.refused.items())))
    return Group(Text("Live", style="bold"), *(Text(line) for line in lines))
