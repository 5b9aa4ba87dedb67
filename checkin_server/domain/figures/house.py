"""What else a day says: fairness, forecasts, priorities, kiosks, tickets, refusals, opinions, cases, offers."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from statistics import median
from typing import Any

from checkin_server.domain.figures.period import Period, Row, Rows, share

_TICKET_STATES = ("printed", "sent", "uncertain", "failed", "handed_over", "queued")


def fairness(period: Period) -> Rows:
    """Who was overtaken, by category, as the judge of the log says."""
    found: dict[str, Row] = {}
    for one in period.days:
        for told in one.fairness.report()["categories"]:
            row = found.setdefault(told["category"], {"visits": 0, "overtaken": 0, "overtaken_longest": None})
            row["visits"] += told["visits"]
            row["overtaken"] += told["overtaken"]
            if told["overtaken"]:
                row["overtaken_longest"] = max(row["overtaken_longest"] or 0, told["longest_s"])
    nothing = {"visits": 0, "overtaken": 0, "overtaken_longest": None}
    return [{"category": name, **found.get(name, nothing)} for name in period.in_order("categories", found)]


def forecasts(period: Period) -> Rows:
    """Forecasts of calls, and how many were kept."""
    rows = []
    for one in period.days:
        record = one.day.around.forecasts
        error = record.mean_error_s
        rows.append(
            {
                "day": one.day.id,
                "forecasts": record.judged,
                "forecasts_kept": record.held,
                "kept_share": share(record.held, record.judged),
                "forecast_error": None if error is None else round(error),
            }
        )
    return rows


def priorities(period: Period) -> Rows:
    """Priority given by hand, and taken back, by reason."""
    found: dict[str, Row] = {}
    for what, reason, minutes in (told for one in period.days for told in one.day.around.priorities):
        row = found.setdefault(reason, {"given": 0, "taken_back": 0, "head_start": 0})
        row[what] += 1
        row["head_start"] += minutes if what == "given" else 0
    return [{"reason": reason, **row} for reason, row in sorted(found.items())]


def kiosks(period: Period) -> Rows:
    """What was done at each kiosk and welcome desk."""
    whats = ("admitted", "seen_again", "numbers", "duplicates", "refused")
    found: dict[str, Count[str]] = {}
    for one in period.days:
        for (device, what), times in one.day.around.at_device.items():
            station = period.beside.stations.get(device)
            if station is not None:
                found.setdefault(station, Count())[what] += times
    return [{"station": name, **{what: row[what] for what in whats}} for name, row in sorted(found.items())]


def tickets(period: Period) -> Rows:
    """Where each ticket ended, by the printer that had it last."""
    found: dict[str, Count[str]] = {}
    for ticket in (ticket for one in period.days for ticket in one.day.around.tickets.values()):
        row = found.setdefault(ticket.printer, Count())
        row[ticket.state] += 1
        row["moved"] += ticket.moved
    return [
        {
            "printer": printer,
            "tickets": sum(row[state] for state in _TICKET_STATES),
            **{name: row[name] for name in (*_TICKET_STATES, "moved")},
        }
        for printer, row in ((name, found.get(name, Count())) for name in period.in_order("printers", found))
    ]


def refused(period: Period) -> Rows:
    """Refused scans by reason, at the door and at counters."""
    found: dict[tuple[str, str], Row] = {}
    for one in period.days:
        for (reason, where, known), times in one.day.around.refused.items():
            row = found.setdefault((reason, where), {"refused": 0, "known": 0})
            row["refused"] += times
            row["known"] += times * known
    return [{"reason": reason, "where": where, **row} for (reason, where), row in sorted(found.items())]


def opinions(period: Period) -> Rows:
    """Scores by service."""
    found: dict[str, list[int]] = {}
    for one in period.days:
        for (_, service), score in one.day.around.scores.items():
            found.setdefault(service, []).append(score)
    return [{"service": service, **scores(found.get(service, ()))} for service in period.in_order("services", found)]


def scores(given: Iterable[int]) -> Row:
    """Count scores from 1 to 5, and return their median."""
    found = list(given)
    row: Row = {"scores": len(found), **{f"score_{n}": found.count(n) for n in range(1, 6)}}
    return {**row, "score_median": median(found) if found else None}


def words(period: Period) -> Rows:
    """Opinions in full; the same sentence once, with how often it was left."""
    found = Count(period.beside.words)
    keys = ("kind", "language", "text")
    return [
        {**dict(zip(keys, said, strict=True)), "texts": times}
        for said, times in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    ]


def referrals(period: Period) -> Rows:
    """Cases by office and subject. What a subject was is forgotten in time; that there was a case is not."""
    kept = Count(period.beside.referrals)
    logged: Count[str] = Count(
        step.office for _, step in period.steps if step.end == "served" and step.outcome == "referred" and step.office
    )
    by_office: Count[str] = Count()
    rows: list[dict[str, Any]] = []
    for (office, subject), cases in sorted(kept.items()):
        by_office[office] += cases
        rows.append({"office": office, "subject": subject, "cases": cases})
    for office, cases in sorted((logged - by_office).items()):
        rows.append({"office": office, "subject": "not_kept", "cases": cases})
    return rows


def last_tickets(period: Period) -> Rows:
    """What organisers decided about last tickets."""
    found: dict[str, Count[str]] = {}
    for one in period.days:
        for (service, rule), times in one.day.around.rulings.items():
            found.setdefault(service, Count())[rule] += times
    rules = ("more", "stop", "automatic")
    return [
        {"service": service, **{f"rule_{rule}": found[service][rule] for rule in rules}}
        for service in period.in_order("services", found)
        if service in found
    ]


def offers(period: Period) -> Rows:
    """To how many arrivals each offer was shown."""
    shown: Count[tuple[str, str]] = Count()
    for one in period.days:
        for offer in one.plan.last.get("offers", ()):
            categories = offer.get("categories") or ()
            shown[str(offer["id"]), str(offer["service"])] += sum(
                offer["service"] in visit.newest and (not categories or visit.category in categories)
                for visit in one.day.numbered
            )
    return [{"offer": offer, "service": service, "shown": times} for (offer, service), times in shown.items()]
