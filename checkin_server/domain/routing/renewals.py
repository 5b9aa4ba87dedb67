"""How many services follow one another at a counter within a time: the renewal function of log-normal service times.

Reckoned once for each spread of the times, as a table in tenths of a mean time.
"""

from __future__ import annotations

import math

_A_MEAN = 10
"""Entries of the table for each mean time."""
_MEANS = 12
"""So many mean times it reaches; beyond, the function is a straight line."""
_NOTHING = 1e-6


class Renewals:
    """For services whose times are log-normal with this variance of the logarithm."""

    def __init__(self, variance: float) -> None:
        self._table = [services_within(variance, at / _A_MEAN) for at in range(_MEANS * _A_MEAN + 1)]
        self._beyond = self._table[-1] - _MEANS

    def within(self, means: float) -> float:
        """Return how many services end within so many mean times, expected, when one begins now."""
        at = max(0.0, means) * _A_MEAN
        low = int(at)
        if low + 1 >= len(self._table):
            return means + self._beyond
        return self._table[low] + (at - low) * (self._table[low + 1] - self._table[low])


def services_within(variance: float, means: float) -> float:
    """Return what `Renewals.within` tabulates: the sum over n of the probability that n services end by then.

    The sum of n of them is taken for log-normal too, with the mean and the variance that it has.
    """
    if means <= 0:
        return 0.0
    square, total, many = math.expm1(variance), 0.0, 0
    while many < 20 * _MEANS:
        many += 1
        wide = math.log1p(square / many)
        ended = 0.5 * math.erfc((math.log(many / means) - wide / 2) / math.sqrt(2 * wide))
        total += ended
        if ended < _NOTHING and many > means:
            break
    return total
