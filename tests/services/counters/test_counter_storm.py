from __future__ import annotations

import os
import random

from tests.services.conftest import MakeSite
from tests.services.counters.counter_storm import Storm, at_once, plan_of_twenty

SEED = 20191227 if "CI" in os.environ else random.SystemRandom().randrange(10**6)


def test_whatever_twenty_counters_do_each_action_is_explained_and_undo_leaves_no_trace(new_site: MakeSite) -> None:
    """Events, rows and promises agree after each action, and at the end everybody who waits is served."""
    print(f"seed {SEED}")
    with new_site(plan=plan_of_twenty(), crowd=400) as site:
        storm = Storm(site, SEED)
        storm.run(400, compare_every=200)
        assert storm.exact > 0 and storm.done["transfer"] and storm.done["scan"], "the storm is one"
        storm.drain()


def test_twenty_counters_at_once_leave_nobody_in_two_places_and_lose_nobody(new_site: MakeSite) -> None:
    """In threads: as many events of each kind as actions that were answered with yes."""
    print(f"seed {SEED}")
    with new_site(plan=plan_of_twenty(), crowd=80) as site:
        assert at_once(site, SEED, 12).total() > 0
