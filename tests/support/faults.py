"""How long the long tests go on: a slice in `make test`, hours of it in `make faults`."""

from __future__ import annotations

from dataclasses import dataclass

SEED = 20191227
"""What `make test` draws by, always the same: a red run can be repeated."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often and by which seed a test of faults plays, as the command line says."""

    seed: int = SEED
    count: int | None = None
    whole: bool = False
    """Whether this is `make faults` and not a slice of it."""

    def times(self, slice_: int, whole: int) -> int:
        """Return how often to play: `slice_` in the suite, `whole` in `make faults`, or what ``N=`` says there."""
        if not self.whole:
            return slice_
        return whole if self.count is None else self.count
