"""The data files of `make mutate`: each place is there once, each test is there, each room has its three."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutations import draw, places
from tests.mutations.places import Misplaced, Mutation


def test_every_place_and_every_test_of_the_data_files_is_there_and_no_room_has_fewer_than_three() -> None:
    """Who moves a line or a test moves what is said of it; who makes a room names three rules of it."""
    assert places.problems(places.read()) == []


def test_no_mutation_stands_twice() -> None:
    """Each breaks something of its own."""
    broken = [(mutation.file, mutation.apply(places.ROOT)) for mutation in places.read()]
    assert len(broken) == len(set(broken))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A product with one file."""
    (tmp_path / "rule.py").write_text("def first():\n    return 1 < 2\n\n\ndef second():\n    return 1 < 2\n", "utf-8")
    return tmp_path


def mutation(**more: str) -> Mutation:
    """A mutation of the file."""
    return Mutation(
        **{"file": "rule.py", "line": "return 1 < 2", "becomes": "return 1 > 2", "rule": "r", **more}, tests=()
    )


def test_a_line_that_stands_twice_is_found_by_what_stands_above(house: Path) -> None:
    """Else it is an error: the wrong one would be broken one day."""
    with pytest.raises(Misplaced, match="stands there 2 times"):
        mutation().apply(house)
    mutated = mutation(near="def second():").apply(house)
    assert mutated.splitlines()[1::4] == ["    return 1 < 2", "    return 1 > 2"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"line": "return 2 < 3"}, "not any more"),
        ({"file": "gone.py"}, "gone.py is gone"),
        ({"near": "def second():", "becomes": "return 1 <"}, "is no Python there"),
        ({"near": "def second():", "becomes": "return 1 < 2"}, "becomes itself"),
    ],
)
def test_what_would_break_nothing_or_everything_is_an_error(house: Path, more: dict[str, str], why: str) -> None:
    """A place that is gone, and a mutation that is none."""
    with pytest.raises(Misplaced, match=why):
        mutation(**more).apply(house)


def test_the_same_seed_draws_the_same_and_what_is_drawn_changes_something_and_compiles() -> None:
    """Another seed draws others; nothing is drawn twice in one statement."""
    drawn = draw.some(7, 40)
    assert drawn == draw.some(7, 40) != draw.some(8, 40)
    assert len({(one.file, one.statement) for one in drawn}) == 40
    for one in drawn:
        text, _, _ = one.mutated()
        original = ast.unparse(ast.parse((places.ROOT / one.file).read_text("utf-8")))
        assert text != original, one
        compile(text, one.file, "exec")


def test_a_probe_stands_before_each_drawn_statement_and_changes_nothing_else() -> None:
    """What is reached is told by the tests that come by."""
    drawn = draw.some(7, 1)
    text = draw.probed(drawn[0].file, list(enumerate(drawn)))
    probe = "__import__('tests.mutations.reached', fromlist=['at']).at(0)"
    assert text.count(probe) == 1
    rest = "\n".join(line for line in text.splitlines() if line.strip() != probe)
    assert rest == ast.unparse(ast.parse((places.ROOT / drawn[0].file).read_text("utf-8")))
