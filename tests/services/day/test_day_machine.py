from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.day.day_machine import DayMachine
from tests.support.faults import Faults
from tests.support.venue import Site, postgres_site, sqlcipher_site

_BUSY = settings(
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class OnSqlcipher(DayMachine):
    """Each example is a new encrypted file."""

    def make_site(self) -> Site:
        """Return a site on a new file."""
        self.after = ExitStack()
        folder = self.after.enter_context(tempfile.TemporaryDirectory(prefix="riwaq-day-"))
        return self.after.enter_context(sqlcipher_site(Path(folder), crowd=4))

    def teardown(self) -> None:
        """Look once more, then close the file."""
        try:
            super().teardown()
        finally:
            if hasattr(self, "after"):
                self.after.close()


class OnPostgres(OnSqlcipher):
    """Each example is an empty PostgreSQL database."""

    server: ClassVar[str]

    def make_site(self) -> Site:
        """Return a site on an empty database."""
        self.after = ExitStack()
        return self.after.enter_context(postgres_site(self.server, crowd=4))


def test_whatever_people_do_nobody_is_lost_no_number_is_given_twice_and_no_visit_is_in_two_places(
    faults: Faults,
) -> None:
    """Days played at random on the embedded database."""
    run_state_machine_as_test(
        OnSqlcipher, settings=settings(_BUSY, max_examples=faults.times(12, 300), stateful_step_count=35)
    )


def test_the_same_holds_on_postgresql(postgres_url: str, faults: Faults) -> None:
    """Fewer days, the same promises."""
    OnPostgres.server = postgres_url
    run_state_machine_as_test(
        OnPostgres, settings=settings(_BUSY, max_examples=faults.times(4, 100), stateful_step_count=30)
    )
