"""Figures to a table: medians over the repetitions, and ratios against the references of the same repetition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from tests.bench.rows import Figures

Measured = Mapping[str, list[Figures]]


def medians(measured: Measured) -> dict[str, Figures]:
    """Return each figure's median over the repetitions."""
    return {
        name: {figure: median(one[figure] for one in repetitions) for figure in repetitions[0]}
        for name, repetitions in measured.items()
    }


def ratios(measured: Measured) -> Figures:
    """Return the ratios that the rows at hand allow: the median of each repetition's own ratio."""
    found: Figures = {}

    def compare(name: str, row: str, figure: str, reference: str, reference_figure: str) -> None:
        pairs = zip(measured.get(row, []), measured.get(reference, []), strict=False)
        # A quick run can be too short for the clock that counts CPU time.
        values = [one[figure] / other[reference_figure] for one, other in pairs if other[reference_figure]]
        if values:
            found[name] = median(values)

    kiosks = [figure.split(".")[0] for figure in measured.get("check-in", [{}])[0] if figure.endswith(".p50_ms")]
    for n in kiosks:
        compare(
            f"request rate at {n} kiosks / bare Flask", "check-in", f"{n}.requests_per_s", "bare", f"{n}.requests_per_s"
        )
        compare(
            f"CPU per request at {n} kiosks / bare Flask",
            "check-in",
            f"{n}.cpu_ms_per_request",
            "bare",
            f"{n}.cpu_ms_per_request",
        )
        compare(
            f"request rate at {n} kiosks / raw commits", "check-in", f"{n}.requests_per_s", "commits", "commits_per_s"
        )
    for figure in ("cpu_us_per_screen", "last_screen_p50_ms", "last_screen_p95_ms"):
        compare(f"one frame for all / library: {figure}", "fan-out", f"one.{figure}", "fan-out", f"library.{figure}")
    for one, other in zip(measured.get("paper", []), measured.get("commits", []), strict=False):
        found["spool's own part / a raw commit"] = one["spool_p50_ms"] * other["commits_per_s"] / 1000
    compare("check-ins with screens / without", "push", "watched.check_ins_per_s", "push", "alone.check_ins_per_s")
    return found


def _attacks(row: Figures) -> Iterator[str]:
    """Draw what each attack of the hostile phone cost."""
    heads = f"{'scan p95 ms':>12}{'x none':>8}{'max ms':>8}{'server':>8}{'memory MB':>11}{'left open':>12}"
    yield f"{'hostile phone':18}{heads}"
    for name in dict.fromkeys(figure.split(".")[0] for figure in row):
        p95, busy = row[f"{name}.scan_p95_ms"], row[f"{name}.server_busy"]
        label = name.partition(",")[0]
        yield (
            f"{label:18}{p95:12.1f}{p95 / row['none.scan_p95_ms']:8.1f}{row[f'{name}.scan_max_ms']:8.0f}{busy:8.0%}"
            f"{row[f'{name}.memory_mb']:11.1f}{row[f'{name}.left_open']:12.0f}"
        )


# size: one table, row after row
def table(conditions: Mapping[str, Any], middle: Mapping[str, Figures], compared: Figures) -> str:
    """Draw the table."""
    lines = [
        f"{conditions['began']}, Python {conditions['python']}, {conditions['cores']} cores, "
        f"load before {conditions['load_before']:.1f}, medians of {conditions['repetitions']}"
        + (" (quick: the figures say little)" if conditions["quick"] else ""),
        "",
    ]
    if "commits" in middle:
        row = middle["commits"]
        lines += [f"raw commits       {row['commits_per_s']:7.0f}/s   CPU {row['cpu_ms_per_commit']:.3f} ms each", ""]
    loads = [
        (f"{word} {figure.split('.')[0]}", middle[name], figure.split(".")[0])
        for name, word in (("bare", "bare Flask,"), ("check-in", "check-in,"), ("push", "push,"))
        if name in middle
        for figure in middle[name]
        if figure.endswith(".requests_per_s")
    ]
    if loads:
        lines.append(
            f"{'':18}{'check-ins/s':>12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms/req':>12}"
            f"{'server':>9}{'printing':>10}{'client':>8}"
        )
    for label, row, key in loads:
        lines.append(
            f"{label:18}{row[f'{key}.check_ins_per_s']:12.0f}{row[f'{key}.requests_per_s']:12.0f}"
            f"{row[f'{key}.p50_ms']:9.1f}{row[f'{key}.p99_ms']:9.1f}{row[f'{key}.cpu_ms_per_request']:12.2f}"
            f"{row[f'{key}.server_busy']:9.0%}{row[f'{key}.printing_busy']:10.0%}{row[f'{key}.client_busy']:8.0%}"
        )
    if "push" in middle:
        row = middle["push"]
        lines.append("")
        for key, words in (("rush", "steady arrivals"), ("watched", "kiosks flat out")):
            lines.append(
                f"last screen, {words}: p50 {row[f'{key}.last_screen_p50_ms']:.0f} ms, "
                f"p95 {row[f'{key}.last_screen_p95_ms']:.0f} ms, max {row[f'{key}.last_screen_max_ms']:.0f} ms"
            )
    if "fan-out" in middle:
        row = middle["fan-out"]
        lines.append("")
        for key, words in (("library", "as the library sends it"), ("one", "one frame for all")):
            lines.append(
                f"snapshot to all boards, {words}: CPU {row[f'{key}.cpu_us_per_screen']:.0f} us a screen, last screen "
                f"p50 {row[f'{key}.last_screen_p50_ms']:.0f} ms, p95 {row[f'{key}.last_screen_p95_ms']:.0f} ms"
            )
    if "paper" in middle:
        row = middle["paper"]
        lines.append("")
        for key, words in (
            ("spool", "commit to last byte, the spool's own part"),
            ("drawing", "drawing a ticket, warm"),
        ):
            lines.append(f"{words}: p50 {row[f'{key}_p50_ms']:.1f} ms, p99 {row[f'{key}_p99_ms']:.1f} ms")
        lines.append(f"drawing a ticket: {row['drawing_cpu_ms']:.1f} ms of CPU")
    if "hostile phone" in middle:
        lines += ["", *_attacks(middle["hostile phone"])]
    if "boards" in middle:
        row = middle["boards"]
        lines += [
            "",
            f"Next pressed to the last of 40 boards: received p50 {row['last_received_p50_ms']:.0f} ms, "
            f"p95 {row['last_received_p95_ms']:.0f} ms",
            f"Next pressed to drawn on all boards in a browser: p50 {row['last_drawn_p50_ms']:.0f} ms, "
            f"p95 {row['last_drawn_p95_ms']:.0f} ms",
            f"Next pressed to painted on all boards in a browser: p50 {row['last_painted_p50_ms']:.0f} ms, "
            f"p95 {row['last_painted_p95_ms']:.0f} ms, max {row['last_painted_max_ms']:.0f} ms "
            f"({row['calls']:.0f} calls)",
        ]
    if "routing" in middle:
        lines += ["", *(f"{name:46}{value:8.2f}" for name, value in middle["routing"].items())]
    for rate in [figure.split(".")[0] for figure in middle.get("kiosk", {}) if figure.endswith(".greeting_p50_ms")]:
        row = middle["kiosk"]
        lines += [
            "",
            f"a kiosk beside others that take {rate} visitors a second: last key to greeting painted "
            f"p50 {row[f'{rate}.greeting_p50_ms']:.0f} ms, p95 {row[f'{rate}.greeting_p95_ms']:.0f} ms, "
            f"max {row[f'{rate}.greeting_max_ms']:.0f} ms; cold start p50 {row[f'{rate}.start_p50_ms']:.0f} ms, "
            f"max {row[f'{rate}.start_max_ms']:.0f} ms",
        ]
    if "reconnect" in middle:
        row = middle["reconnect"]
        lines += [
            "",
            f"A board that was cut off shows what it missed: p50 {row['from_connection_p50_ms']:.0f} ms, "
            f"max {row['from_connection_max_ms']:.0f} ms after its first connection; "
            f"p50 {row['from_mending_p50_ms']:.0f} ms, max {row['from_mending_max_ms']:.0f} ms after the mending",
        ]
    if compared:
        lines += ["", *(f"{name:42}{value:8.2f}" for name, value in compared.items())]
    return "\n".join(lines)
