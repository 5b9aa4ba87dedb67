"""What the store cannot do just now: told from what is wrong with a command, named, and said once.

A full disk or a server that restarts is no fault of a command and ends by itself or by somebody's hand. So a command
that meets it is not lost and not half done: it was not taken, and whoever sent it sends it again with the same id.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import psycopg
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import exc

from checkin_server.common.faults import Fault

log = logging.getLogger(__name__)

Why = Literal["disk_full", "read_only", "disk_error", "locked", "overloaded", "slow", "unreachable", "no_answer"]
WHYS: tuple[Why, ...] = get_args(Why)
"""Every trouble of the store; `docs/reasons.md` explains them."""

_WORDS: dict[Why, str] = {
    "disk_full": "the disk is full",
    "read_only": "the database can only be read",
    "disk_error": "the disk does not take or give what it should",
    "locked": "something else holds the database",
    "overloaded": "the database takes no more connections",
    "slow": "the database takes too long over one thing",
    "unreachable": "the database server cannot be reached",
    "no_answer": "the database does not answer",
}
_OF_SQLITE: dict[int, Why] = {
    5: "locked",  # SQLITE_BUSY
    6: "locked",  # SQLITE_LOCKED
    8: "read_only",  # SQLITE_READONLY
    10: "disk_error",  # SQLITE_IOERR
    11: "disk_error",  # SQLITE_CORRUPT: it does not give back what it was given
    13: "disk_full",  # SQLITE_FULL
    14: "disk_error",  # SQLITE_CANTOPEN: its folder is gone, or no more files can be opened
    15: "no_answer",  # SQLITE_PROTOCOL: who is about to read or write never gets to it, as on a disk that hangs
}
_OF_POSTGRES: dict[str, Why] = {
    "08": "unreachable",
    "25006": "read_only",
    "25P03": "slow",
    "40001": "locked",
    "40P01": "locked",
    "53": "overloaded",
    "53100": "disk_full",
    "55P03": "locked",
    "57014": "slow",
    "57P": "unreachable",
    "58": "disk_error",
}
"""By ``SQLSTATE`` or how it begins; the longest that fits counts."""
_RECENT_S = 10.0
"""A command that failed so lately says more than a probe that went well since: a small row may still find room."""


class StoreUnavailable(Fault):
    """The store could not do this now; nothing of it was done, or its answer was lost: the same id tells."""

    def __init__(self, why: Why) -> None:
        super().__init__(
            f"the store cannot take this now: {_WORDS[why]} ({why}). Nothing was half done; mend it, then try again"
        )
        self.why: Why = why


def reason(error: BaseException | None) -> Why | None:
    """Return what of the store was in the way of a command, None when the fault lies elsewhere."""
    if isinstance(error, StoreUnavailable):
        return error.why
    if isinstance(error, sqlcipher.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return None if code is None else _OF_SQLITE.get(code & 0xFF)
    if isinstance(error, psycopg.Error):
        if isinstance(error, psycopg.errors.ConnectionTimeout):
            return "no_answer"  # it takes connections, and says nothing
        if error.sqlstate is None:
            # The server has not said anything: the connection broke, or there was none.
            return "unreachable" if isinstance(error, psycopg.OperationalError) else None
        fits = [begins for begins in _OF_POSTGRES if error.sqlstate.startswith(begins)]
        return _OF_POSTGRES[max(fits, key=len)] if fits else None
    if isinstance(error, exc.TimeoutError):
        return "overloaded"
    if isinstance(error, exc.DBAPIError):
        return reason(error.orig)
    # Whoever opens a connection says it in words of its own, over what the driver said.
    return reason(error.__cause__) if isinstance(error, Fault) else None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the store cannot do, and since when."""

    why: Why
    for_s: float
    """Seconds since it was first met."""


class Health:
    """What this process knows of its store, from its own commands and from a probe that is due every few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Know nothing bad; `clock` gives seconds that only go forward."""
        self._clock = clock
        self._why: Why | None = None
        self._since = 0.0
        self._met = float("-inf")
        self.probed = False
        """Whether a probe is running that notices when the store is back."""

    def blame(self, error: Exception, *, probe: bool = False) -> None:
        """Note what came of a command, or of a `probe`; raise `StoreUnavailable` in its place if the store is to blame.

        The log hears of a trouble when it begins, and of nothing more until it changes or ends.
        """
        why = reason(error)
        if why is None:
            return
        now = self._clock()
        if not probe:
            self._met = now
        if self._why is None:
            self._since = now
        if self._why != why:
            self._why = why
            log.error("the store takes nothing: %s (%s). Screens wait and send again; said once", _WORDS[why], why)
        if not isinstance(error, StoreUnavailable):
            raise StoreUnavailable(why) from error

    def worked(self) -> None:
        """A probe's row was written: the trouble is over, unless a command met it a moment ago."""
        if self._why is not None and (self.hopeless() or self._clock() - self._met > _RECENT_S):
            log.warning("the store takes commands again, after %.0f s", self._clock() - self._since)
            self._why = None

    def hopeless(self) -> bool:
        """Whether trying would only take long: nothing comes back, and a probe is finding out when it does."""
        return self.probed and self._why in ("unreachable", "no_answer")

    def admit(self) -> None:
        """Raise `StoreUnavailable` at once where trying would only take long."""
        if self._why is not None and self.hopeless():
            raise StoreUnavailable(self._why)

    def trouble(self) -> Trouble | None:
        """Return what is wrong at this moment."""
        return None if self._why is None else Trouble(self._why, self._clock() - self._since)


class Unsaid(logging.Filter):
    """Keeps out of the log what `Health` has said already: every loop and every request would say it again."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be written."""
        return not (record.exc_info and isinstance(record.exc_info[1], StoreUnavailable))
