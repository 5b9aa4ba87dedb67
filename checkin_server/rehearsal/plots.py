"""The rehearsal's report as one page of plots, PDF or PNG: arrivals, waits over the day, queues, use of the booths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib import dates, font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from checkin_server.common import zones
from checkin_server.domain.plan import Plan
from checkin_server.rehearsal import over_the_day
from checkin_server.rehearsal.record import Day
from checkin_server.rehearsal.report import Report
from checkin_server.rehearsal.table import count, minutes, named, percent

KINDS = (".pdf", ".png")
"""What a picture may be written as."""
INK, PAPER, GREEN, SAND, GREY = "#14211B", "#FFFFFF", "#0B5D46", "#E9DFCB", "#8A8F8C"
_OTHERS = ("#A87B1E", "#56708A", "#B3261E", "#8C3F7A", "#6B6B6B")
"""Colours of the policies that are compared."""
_SMALL = 7
_COLUMNS = 3
"""Of a legend."""
_A4_LANDSCAPE = (11.69, 8.27)
_FONT = "IBM Plex Sans Arabic"
_STYLE = {
    "font.size": 8.5,
    "axes.titlesize": 10,
    "axes.titleweight": "semibold",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E4E4E0",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "pdf.fonttype": 42,  # text stays text
}


def draw(report: Report, played: Mapping[str, Sequence[Day]], kind: str, fonts: Path) -> bytes:
    """Return the page as ``.pdf`` or ``.png``.

    `played` has the days by policy, the real router's first. `fonts` holds the house's fonts; without them matplotlib's
    own are used.
    """
    with rc_context({**_STYLE, "font.family": _family(fonts)}):
        page = Figure(figsize=_A4_LANDSCAPE, facecolor=PAPER)
        _head(page, report)
        grid = page.add_gridspec(2, 2, left=0.05, right=0.95, top=0.745, bottom=0.05, hspace=0.56, wspace=0.3)
        days = next(iter(played.values()))
        # As long as the real router's day: the others may last far into the night.
        begins = over_the_day.slots(days)
        zone = zones.zone(days[0].plan.timezone)
        moments = [datetime.fromtimestamp(begin / 1000, zone) for begin in begins]
        quarters = _Quarters(begins, moments, zone)
        _arrivals(page.add_subplot(grid[0, 0]), days, quarters)
        _waits(page.add_subplot(grid[0, 1]), played, quarters)
        _queues(page.add_subplot(grid[1, 0]), days, quarters)
        _use(page, page.add_subplot(grid[1, 1]), days, quarters)
        file = BytesIO()
        page.savefig(file, format=kind.removeprefix("."), dpi=160, metadata=_metadata(kind, report))
        return file.getvalue()


class _Quarters:
    """The quarters of the day, as numbers and as local times."""

    def __init__(self, begins: list[int], moments: list[datetime], zone: ZoneInfo) -> None:
        self.begins, self.moments, self.zone = begins, moments, zone
        self.middle = [datetime.fromtimestamp((b + over_the_day.SLOT / 2) / 1000, zone) for b in begins]
        self.end = datetime.fromtimestamp((begins[-1] + over_the_day.SLOT) / 1000, zone)

    def axis(self, axes: Axes, day: Day, *, closing: bool = True) -> None:
        """Put hours below the plot, and a line at closing time."""
        axes.set_xlim(self.moments[0], self.end)
        axes.xaxis.set_major_locator(dates.HourLocator(tz=self.zone))
        axes.xaxis.set_major_formatter(dates.DateFormatter("%H", tz=self.zone))
        if closing:
            closes = datetime.fromtimestamp(day.closes_at / 1000, self.zone)
            axes.axvline(closes, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=3)
            axes.annotate(
                "closing",
                (dates.date2num(closes), 0.99),
                xycoords=("data", "axes fraction"),
                xytext=(3, 0),
                textcoords="offset points",
                rotation=90,
                va="top",
                fontsize=7,
                color=GREY,
            )


def _metadata(kind: str, report: Report) -> dict[str, Any]:
    title = f"Rehearsal of {report.day}, {report.venue}"
    return {"Title": title, "Creator": "riwaq rehearse", "CreationDate": None} if kind == ".pdf" else {"Title": title}


def _family(folder: Path) -> list[str]:
    found = sorted(folder.glob("IBMPlexSansArabic-*.ttf"))
    for file in found:
        font_manager.fontManager.addfont(str(file))
    return [_FONT] if found else ["DejaVu Sans"]


def _head(page: Figure, report: Report) -> None:
    runs = len(report.seeds)
    tried = f" · with {', '.join(report.what_if)}" if report.what_if else ""
    page.text(
        0.05, 0.945, f"{report.venue}: rehearsal of {report.day}", fontsize=17, fontweight="semibold", va="center"
    )
    page.text(
        0.05,
        0.91,
        f"{report.visitors:,} visits · scenario {report.scenario} · {runs} {'seed' if runs == 1 else 'seeds'}{tried}",
        fontsize=9.5,
        color=GREY,
        va="center",
    )
    own = report.policies[0]
    tiles = (
        ("average wait", f"{minutes(own.wait.mean if own.wait else None)} min"),
        ("95 in 100 wait at most", f"{minutes(own.wait.p95 if own.wait else None)} min"),
        ("average time in the venue", f"{minutes(own.in_venue.mean if own.in_venue else None)} min"),
        (f"called within {report.target_minutes} min", percent(own.service_level)),
        ("services not given", count(own.unserved)),
    )
    for at, (what, value) in enumerate(tiles):
        left = 0.05 + at * 0.186
        page.text(left, 0.868, value, fontsize=16, color=GREEN, fontweight="semibold", va="center")
        page.text(left, 0.84, what, fontsize=8, va="center")


def _arrivals(axes: Axes, days: Sequence[Day], quarters: _Quarters) -> None:
    axes.set_title("Arrivals in 15 minutes, and visitors inside", pad=_room(2))
    axes.bar(
        quarters.middle,
        over_the_day.arrivals(days, quarters.begins),
        width=0.8 * over_the_day.SLOT / 86_400_000,
        color=SAND,
        label="arrivals",
    )
    axes.plot(
        quarters.middle,
        over_the_day.inside(days, quarters.begins),
        color=GREEN,
        linewidth=1.8,
        label="inside",
    )
    axes.set_ylim(bottom=0)
    _legend(axes)
    quarters.axis(axes, days[0])


def _waits(axes: Axes, played: Mapping[str, Sequence[Day]], quarters: _Quarters) -> None:
    axes.set_title("Wait in minutes, by time of arrival", pad=_room(2))
    colours = iter(_OTHERS)
    own, *others = played.items()
    for policy, days in others:
        values = _gaps(over_the_day.waits(days, quarters.begins))
        axes.plot(quarters.middle, values, color=next(colours, GREY), linewidth=1.1, label=named(policy))
    policy, days = own
    mean = _gaps(over_the_day.waits(days, quarters.begins))
    high = _gaps(over_the_day.waits(days, quarters.begins, 0.95))
    axes.fill_between(quarters.middle, mean, high, color=GREEN, alpha=0.14, linewidth=0, label="to its p95")
    axes.plot(quarters.middle, mean, color=GREEN, linewidth=2.2, label=named(policy))
    axes.set_ylim(bottom=0)
    _legend(axes)
    quarters.axis(axes, days[0])


def _rows(plan: Plan) -> int:
    """Return how many rows a legend of all services has."""
    return max(2, math.ceil(len(plan.services) / _COLUMNS))


def _room(rows: int) -> float:
    """Return the points between a plot and its title that a legend of so many rows takes."""
    return 8 + 13.5 * rows


def _legend(axes: Axes) -> None:
    """Name what is drawn, the last first, between title and plot: on the plot it would hide what it names."""
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1],
        labels[::-1],
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        borderaxespad=0.2,
        ncols=_COLUMNS,
        fontsize=_SMALL,
        handlelength=1.4,
        columnspacing=1.2,
        labelspacing=0.3,
    )


def _gaps(values: Sequence[float | None]) -> list[float]:
    return [float("nan") if value is None else value for value in values]


def _queues(axes: Axes, days: Sequence[Day], quarters: _Quarters) -> None:
    axes.set_title("Waiting visitors, by the service they wait for", pad=_room(_rows(days[0].plan)))
    plan = days[0].plan
    by_service = over_the_day.waiting(days, quarters.begins)
    wanted = [s for s in plan.services if max(by_service[s]) >= 0.05]
    if wanted:
        colours = _colours(plan)
        axes.stackplot(
            quarters.middle,
            [by_service[s] for s in wanted],
            labels=[plan.services[s].name["en"] for s in wanted],
            colors=[colours[s] for s in wanted],
            linewidth=0.4,
            edgecolor=PAPER,
        )
        _legend(axes)
    axes.set_ylim(bottom=0)
    quarters.axis(axes, days[0])


def _colours(plan: Plan) -> dict[str, tuple[float, float, float]]:
    """Return a colour for each service: its zone's, lighter for the second and third service of a zone."""
    seen: dict[str, int] = {}
    colours = {}
    for service in plan.services:
        zone = plan.zone_of(service)
        lighter = (0.0, 0.45, 0.7, 0.25, 0.58)[seen.setdefault(zone, 0) % 5]
        seen[zone] += 1
        red, green, blue = to_rgb(plan.zones[zone].colour)
        colours[service] = (
            red + (1 - red) * lighter,
            green + (1 - green) * lighter,
            blue + (1 - blue) * lighter,
        )
    return colours


def _use(page: Figure, axes: Axes, days: Sequence[Day], quarters: _Quarters) -> None:
    axes.set_title("Use of the open counters", pad=_room(_rows(days[0].plan)))
    plan = days[0].plan
    shares = over_the_day.use(days, quarters.begins)
    names = [f"{plan.booths[booth].name['en']}" for booth in shares]
    colours = LinearSegmentedColormap.from_list("use", ["#F6F1E5", "#9DBFB0", GREEN, "#06271E"])
    edges = [dates.date2num(m) for m in (*quarters.moments, quarters.end)]
    mesh = axes.pcolormesh(
        edges, list(range(len(names) + 1)), [_gaps(row) for row in shares.values()], cmap=colours, vmin=0, vmax=1
    )
    axes.invert_yaxis()
    axes.set_yticks([at + 0.5 for at in range(len(names))], names)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    axes.spines["left"].set_visible(False)
    scale = axes.inset_axes((0, 1.1, 0.45, 0.04))
    bar = page.colorbar(mesh, cax=scale, orientation="horizontal", ticks=[0, 0.5, 1])
    bar.ax.set_xticklabels(["0 %", "50 %", "100 %"])
    bar.ax.tick_params(length=0, labelsize=_SMALL)
    bar.outline.set_visible(False)
    quarters.axis(axes, days[0])
