"""Faults that the person at the command line can mend. Their message says what is wrong and what to do."""

from __future__ import annotations


class Fault(Exception):
    """Something outside prevents it; `riwaq` prints the message and exits with `exit_code`."""

    exit_code = 1


class WrongUse(Fault):
    """What was asked for cannot be; the remedy is to ask differently or to prepare first."""

    exit_code = 2
