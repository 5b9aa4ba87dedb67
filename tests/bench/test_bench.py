from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from tests.bench import reaching, routing, rows, screens, wire
from tests.bench.__main__ import main
from tests.bench.venue import loaded


def test_a_quick_run_measures_every_row_and_compares_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole benchmark works: every row has its figures, in the table and as JSON. How fast is no test's matter."""
    file = tmp_path / "figures" / "bench.json"
    assert main(["--quick", "--json", str(file)]) == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    assert list(document["medians"]) == list(rows.ROWS)
    figures = [figure for row in document["medians"].values() for figure in row.values()]
    assert all(math.isfinite(figure) for figure in figures)
    for kiosks in rows.QUICK.kiosks:
        assert f"request rate at {kiosks} kiosks / bare Flask" in document["ratios"]
    assert document["medians"]["push"]["rush.calls"] > 0
    table = capsys.readouterr().out
    assert "busy: time / one at a time" in table and "rush: us a decision" in table
    for label in ("raw commits", "bare Flask, 4", "check-in, 4", "push, watched", "last screen, kiosks flat out"):
        assert label in table


def test_what_the_clients_counted_is_what_the_database_holds() -> None:
    """Every check-in of a load is stored, with the numbers it was told; a load that miscounts is no measurement."""
    with loaded(20, seed=1) as venue:
        outcome = venue.check_in(kiosks=2, visitors=6)
        assert sorted(outcome["numbers"]) == [1, 2, 3, 4, 5, 6]
        assert len(outcome["scan_ms"]) == len(outcome["choose_ms"]) == 6
        assert venue.organizer.call("GET", "/dashboard/snapshot")["data"]["arrivals"] == 6
        venue.verify()
        venue.numbers.append(7)
        with pytest.raises(RuntimeError, match="7 were checked in, the database holds 6"):
            venue.verify()


def test_an_answer_is_whole_only_with_its_last_byte() -> None:
    """The client does not take the beginning of an answer for all of it."""
    answer = b"HTTP/1.1 409 CONFLICT\r\nContent-Length: 7\r\n\r\nrefused"
    assert all(wire.whole(answer[:cut]) is None for cut in range(len(answer)))
    assert wire.whole(answer) == (409, b"refused")


@pytest.mark.parametrize("size", [5, 125, 126, 65_535, 65_536])
def test_a_frame_that_comes_in_pieces_is_read_once(size: int) -> None:
    """A snapshot of any length is one frame, however the network cuts it up."""
    length = (
        bytes([size])
        if size < 126
        else b"\x7e" + size.to_bytes(2, "big")
        if size < 65_536
        else b"\x7f" + size.to_bytes(8, "big")
    )
    sent = b"\x81" + length + b"x" * size
    received = bytearray()
    found = []
    for piece in (sent[:1], sent[1:3], sent[3:-1], sent[-1:]):
        received += piece
        found += screens.frames(received)
    assert found == [(1, b"x" * size)]
    assert received == b""


def test_the_table_of_the_router_has_every_policy_and_the_ratios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One small day: the rows, the bound, the ratios, and no double call of the router."""
    file = tmp_path / "routing.json"
    assert routing.main(["--days", "mixed", "--visitors", "120", "--seeds", "1", "--json", str(file)]) == 0
    rows = json.loads(file.read_text(encoding="utf-8"))["mixed"]
    assert rows["riwaq"]["double_calls"] == rows["riwaq"]["beyond_bound"] == 0
    assert all(rows["bound"]["time"] <= row["time"] for row in rows.values() if "time" in row)
    table = capsys.readouterr().out
    assert all(name in table for name in ("independent", "one-at-a-time", "lower bound", "within P90"))


def test_what_the_router_must_reach_is_played_by_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each seed and one for the kind; of halls that nobody planned too, on which nobody waits for longer."""
    assert reaching.main(["--kinds", "hall-calm", "--seeds", "4", "7"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:12].split()[0] for line in lines] == ["hall-calm"] * 3 and "beyond the bound 0" in lines[0]
    found = re.search(r"mean (0\.\d+), longest wait (\d\.\d+)", lines[-1])
    assert found is not None and float(found[1]) <= 1.0 and float(found[2]) <= 1.2
