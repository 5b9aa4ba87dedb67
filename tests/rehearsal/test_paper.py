"""The report as tables and as a page of plots."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from checkin_server.common.places import FONTS
from checkin_server.domain.plan import Plan
from checkin_server.rehearsal import figures, plots, table
from checkin_server.rehearsal.record import Day
from checkin_server.rehearsal.report import Change, LiveFigures, Report, Slot
from tests.rehearsal.days import day, stop, visited


def _played(plan: Plan) -> dict[str, list[Day]]:
    def one(policy: str, later: float) -> Day:
        visits = [
            visited(
                plan,
                f"v{n}",
                n,
                n + later + 11,
                stop(plan, "bank", asked=n, called=n + later, started=n + later + 1, ended=n + later + 11),
            )
            for n in range(0, 300, 5)
        ]
        return day(plan, *visits, policy=policy)

    return {"riwaq": [one("riwaq", 6)], "independent": [one("independent", 40)]}


def _report(plan: Plan, played: dict[str, list[Day]]) -> Report:
    return Report(
        venue="Great Hall, Rabat",
        day="2019-12-27",
        opens_at="2019-12-27T08:00:00Z",
        closes_at="2019-12-27T17:00:00Z",
        scenario="busy",
        visitors=60,
        seeds=[1],
        target_minutes=20,
        what_if=["bank=5"],
        policies=[figures.measure(days) for days in played.values()],
        lower_bound_minutes=11,
        changes=[
            Change(
                kind="counter",
                what="open a second insurance counter",
                setting="insurance=2",
                wait_before=37.2,
                wait_after=24.4,
                p95_before=80,
                p95_after=61,
                unserved_before=5,
                unserved_after=0,
                late_before=3,
                late_after=3,
            )
        ],
        slots=[Slot(begins="09:00", visitors=30), Slot(begins="09:30", visitors=30)],
        live=LiveFigures(
            url="http://127.0.0.1:8080",
            clock="virtual",
            speed=None,
            seconds=90,
            requests=1234,
            retries=2,
            refused={"wrong_state": 3},
            tickets_printed=60,
            tickets_missing=0,
            calls=107,
            calls_not_shown=0,
            same_calls=0.98,
            differs_from_log=[],
        ),
    )


def test_the_tables_say_everything_that_was_found(plan: Plan) -> None:
    """Each policy, each service, the advice in its sentence, the invitations, the live run."""
    text = table.write(_report(plan, _played(plan)))
    lines = {line.split("  ")[0].strip(): line.split() for line in text.splitlines()}
    assert lines["Riwaq"][1:5] == ["6.0", "6.0", "6.0", "6.0"]
    assert lines["independent tickets"][2:6] == ["40", "40", "40", "40"]
    assert "100 %" in next(line for line in text.splitlines() if "Riwaq  " in line)
    assert [lines["Bank"][n] for n in (1, 2, 3, 4)] == ["4", "60", "60", "0"]
    assert "open a second insurance counter: average wait 37 → 24 minutes, 5 → 0 services not given" in text
    assert "09:00 30  09:30 30" in text
    assert "with bank=5" in text
    assert "1,234 requests, 2 of them sent again; 60 tickets printed, 0 missing" in text
    assert "wrong_state 3" in text
    assert all(len(line) <= 112 for line in text.splitlines())


def test_a_report_survives_its_json(plan: Plan) -> None:
    """What `--json` prints is the whole report."""
    report = _report(plan, _played(plan))
    assert Report.model_validate_json(report.model_dump_json()) == report


@pytest.mark.parametrize("kind", plots.KINDS)
def test_the_page_is_drawn_as_pdf_and_png(plan: Plan, kind: str) -> None:
    """One A4 page, landscape, with the house's green on it and its words as text."""
    played = _played(plan)
    content = plots.draw(_report(plan, played), played, kind, FONTS)
    if kind == ".pdf":
        document = pypdfium2.PdfDocument(content)
        assert len(document) == 1
        words = document[0].get_textpage().get_text_bounded()
        assert "rehearsal of 2019-12-27" in words and "Insurance stand" in words and "independent tickets" in words
        picture = document[0].render(scale=1).to_pil()
    else:
        picture = Image.open(io.BytesIO(content))
    assert picture.width / picture.height == pytest.approx(297 / 210, abs=0.01)
    colours = picture.convert("RGB").resize((297, 210)).getcolors(297 * 210)
    assert colours is not None
    assert any(g > r + 40 and g > 60 for n, (r, g, b) in colours if n > 3), "nothing green was drawn"


def test_a_day_without_visitors_is_drawn_too(plan: Plan) -> None:
    """Empty, not a traceback."""
    played = {"riwaq": [day(plan)]}
    assert plots.draw(_report(plan, played), played, ".png", FONTS).startswith(b"\x89PNG")
