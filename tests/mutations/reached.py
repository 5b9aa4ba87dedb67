"""Which tests come by which places: the drawn places say so here while the quick tests run on the unbroken product."""

from __future__ import annotations

import os

PLACES = "RIWAQ_MUTATIONS_REACHED"
"""Environment variable with the file that is written to: a line for each place and test, number and name."""
_said: set[tuple[int, str]] = set()


def at(number: int) -> None:
    """Note that the test that runs now has come by a place."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    path = os.environ.get(PLACES)
    if not test or not path or (number, test) in _said:
        return
    _said.add((number, test))
    with open(path, "a", encoding="utf-8") as file:
        file.write(f"{number}\t{test}\n")
