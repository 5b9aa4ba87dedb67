"""`make mutate`: break the rules of the data files one by one, then ten places at random.

    python -m tests.mutations [--seed 7] [--only services/visits] [--no-random] [--jobs 2]

Exit 0: every rule of the data files was missed by a test. 1: one was not, or a data file is wrong. What survives of the
ten is listed and does not count: some mutations change nothing that anybody could notice.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.mutations import draw, places
from tests.mutations.benches import Bench, Ended, Run, benches, work
from tests.mutations.places import Mutation
from tests.mutations.reached import PLACES

QUICK = ("tests/domain", "tests/services", "tests/db", "tests/members", "tests/settings", "tests/cards")
"""Where the tests are that the ten drawn mutations are tried on."""
QUICK_MARKS = "not (e2e or postgres or programs or faults)"
"""Which of them: `make quick`'s."""
TEN = 10
_DRAWN_AT_FIRST = 30
"""Places drawn, of which the first ten that a quick test comes by are broken."""
_LONGEST_S = 45.0
"""Seconds of tests, as long as they took unbroken, that one drawn mutation is tried on."""


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="make mutate", description="Does a broken rule break a test?")
    parser.add_argument("--seed", type=int, help="of the ten that are drawn; by default another one each time")
    parser.add_argument("--only", default="", help="only mutations whose file or rule has these words in it")
    parser.add_argument("--no-random", action="store_true", help="only the rules of the data files")
    parser.add_argument("--draw", type=int, default=TEN, help="how many are drawn (10)")
    parser.add_argument("--no-rules", action="store_true", help="only the drawn ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2, help="how many at once")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10_000)
    try:
        mutations = places.read()
    except places.Misplaced as misplaced:
        print(misplaced)
        return 1
    wrong = places.problems(mutations)
    for problem in wrong:
        print(f"data files: {problem}")
    if wrong and not arguments.only:
        return 1
    chosen = [m for m in mutations if arguments.only in m.file or arguments.only.lower() in m.rule.lower()]
    began = time.monotonic()
    failed = False
    with benches(arguments.jobs) as made:
        if not arguments.no_rules:
            failed = not _rules(made, chosen)
        if not arguments.no_random:
            _ten(made, seed, arguments.draw)
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if failed else 0


# ---- the rules of the data files -------------------------------------------------------------------------------------


def _rules(made: Sequence[Bench], mutations: Sequence[Mutation]) -> bool:
    """Break each rule; say which went unnoticed, and return whether none did."""
    times = _unbroken(made, mutations)
    if times is None:
        return False
    survivors: list[Mutation] = []
    broken: list[tuple[Mutation, Ended]] = []
    by_name = {str(number): mutation for number, mutation in enumerate(mutations)}

    def tell(ended: Ended) -> None:
        mutation = by_name[ended.run.name]
        words = {0: "SURVIVED", 1: "noticed", None: "given up"}.get(ended.code, "BROKEN")
        if words == "SURVIVED":
            survivors.append(mutation)
        elif words == "BROKEN":
            broken.append((mutation, ended))
        print(f"{words:9} {ended.seconds:5.1f} s  {places.room_of(mutation.file):20} {mutation.rule}", flush=True)

    work(made, [_run_of(name, mutation, times) for name, mutation in by_name.items()], tell)
    for mutation in survivors:
        print(f"\nno test noticed: {mutation.rule}\n  {mutation}\n    tried on: {', '.join(mutation.tests)}")
    for mutation, ended in broken:
        print(f"\nnothing could be run (exit code {ended.code}): {mutation.rule}\n  {mutation}\n{ended.output[-2000:]}")
    rooms = Counter(places.room_of(mutation.file) for mutation in mutations)
    print(f"\n{len(mutations)} rules broken in {len(rooms)} rooms, {len(survivors)} unnoticed")
    return not survivors and not broken


def _unbroken(made: Sequence[Bench], mutations: Sequence[Mutation]) -> dict[str, float] | None:
    """Run all named tests on the unbroken product; return their seconds, or None (and say why) if one fails."""
    files: dict[str, set[str]] = defaultdict(set)
    for mutation in mutations:
        for test in mutation.tests:
            files[test.partition("::")[0]].add(test)
    # A file is named whole where a mutation names it whole; else pytest would be told of its tests twice.
    named = [sorted({file} if file in tests else tests) for file, tests in sorted(files.items())]
    of_node = [test for tests in named for test in tests if test.endswith(".js")]
    of_pytest = [tests for tests in named if not tests[0].endswith(".js")]
    # Several files a run: each run imports the product anew.
    many = min(3 * len(made), len(of_pytest))
    parts = [tuple(test for tests in of_pytest[k::many] for test in tests) for k in range(many)]
    runs = [Run(f"unbroken {k}", part, first_failure=False, seconds=600.0) for k, part in enumerate(parts)]
    runs += [Run("unbroken scripts", tuple(of_node), seconds=600.0)] if of_node else []
    print(
        f"{sum(len(run.tests) for run in runs)} tests or files of tests must pass on the unbroken product", flush=True
    )
    ended = work(made, runs)
    times = {name: seconds for end in ended for name, (_, seconds) in end.tests.items()}
    slowest = sorted(times, key=lambda name: -times[name])[:3]
    print("the slowest: " + ", ".join(f"{name} {times[name]:.1f} s" for name in slowest), flush=True)
    bad = [end for end in ended if end.code != 0]
    for end in bad:
        print(f"fails without any mutation: {', '.join(end.failed) or end.run.name}\n{end.output[-3000:]}")
    nameless = [
        f"{test} (rule: {mutation.rule})"
        for mutation in mutations
        for test in mutation.tests
        if not mutation.of_node and not any(_is_of(name, test) for name in times)
    ]
    if nameless and not bad:
        print("no test of that name was run: " + "; ".join(nameless))
    return None if bad or nameless else times


def _run_of(name: str, mutation: Mutation, times: dict[str, float]) -> Run:
    usual = sum(seconds for test, seconds in times.items() if any(_is_of(test, named) for named in mutation.tests))
    text = mutation.apply(places.ROOT)
    return Run(name, mutation.tests, {mutation.file: text}, seconds=60.0 + 10 * usual)


def _is_of(test: str, named: str) -> bool:
    """Whether a test is one that a data file names: itself, a set of parameters, or a file."""
    return test == named or test.startswith((f"{named}[", f"{named}::", f"{named}/"))


# ---- ten at random ---------------------------------------------------------------------------------------------------


def _ten(made: Sequence[Bench], seed: int, count: int) -> None:
    """Draw, see which quick tests come by the drawn places, break the first ten of them, list what survives."""
    print(f"\n{count} more are drawn with the seed {seed} (make mutate SEED={seed})", flush=True)
    drawn = list(enumerate(draw.some(seed, _DRAWN_AT_FIRST * count // TEN)))
    reached, times = _come_by(made, drawn)
    chosen = [(number, one) for number, one in drawn if reached.get(number)][:count]
    by_name = {str(number): one for number, one in chosen}
    survivors: list[tuple[draw.Drawn, Ended]] = []

    def tell(ended: Ended) -> None:
        survived = ended.code == 0
        if survived:
            survivors.append((by_name[ended.run.name], ended))
        one = by_name[ended.run.name]
        word = "survived" if survived else "given up" if ended.code is None else "noticed"
        print(f"{word:9} {ended.seconds:5.1f} s  {one.file}:{one.line}", flush=True)

    work(made, [_run_of_drawn(name, one, reached[int(name)], times) for name, one in by_name.items()], tell)
    for one, ended in survivors:
        print(f"\nsurvived {len(ended.tests)} tests: {one}")
    print(f"\n{len(chosen)} drawn with the seed {seed}, {len(survivors)} survived")


def _come_by(
    made: Sequence[Bench], drawn: Sequence[tuple[int, draw.Drawn]]
) -> tuple[dict[int, set[str]], dict[str, float]]:
    """Run the quick tests on the unbroken product; return which come by which place, and how long each takes."""
    by_file: dict[str, list[tuple[int, draw.Drawn]]] = defaultdict(list)
    for number, one in drawn:
        by_file[one.file].append((number, one))
    files = {file: draw.probed(file, those) for file, those in by_file.items()}
    # In pieces, so that every bench has work to the end.
    pieces = sorted(
        path.relative_to(places.ROOT).as_posix()
        for folder in QUICK
        for path in (places.ROOT / folder).rglob("test_*.py")
    )
    share = 4 * len(made)
    places_file = made[0].folder / "reached"
    runs = [
        Run(
            f"piece {k}",
            tuple(pieces[k::share]),
            files,
            first_failure=False,
            seconds=600.0,
            marks=QUICK_MARKS,
            environment={PLACES: str(places_file)},
        )
        for k in range(min(share, len(pieces)))
    ]
    ended = work(made, runs)
    for end in ended:
        if end.code not in (0, 5):
            print(f"fails without any mutation: {', '.join(end.failed) or end.output[-2000:]}")
    bad = {name for end in ended for name in end.failed}
    times = {name: seconds for end in ended for name, (_, seconds) in end.tests.items()}
    reached: dict[int, set[str]] = defaultdict(set)
    for line in _lines(places_file):
        place, _, test = line.partition("\t")
        if test in times and test not in bad:
            reached[int(place)].add(test)
    return reached, times


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _run_of_drawn(name: str, one: draw.Drawn, tests: set[str], times: dict[str, float]) -> Run:
    """The quickest first, and no more than fit into the time of one mutation."""
    chosen: list[str] = []
    left = _LONGEST_S
    for test in sorted(tests, key=lambda test: (times[test], test)):
        left -= times[test]
        if left < 0 and chosen:
            break
        chosen.append(test)
    return Run(name, tuple(chosen), {one.file: one.mutated()[0]}, seconds=60.0 + 10 * _LONGEST_S)


if __name__ == "__main__":
    sys.exit(main())
