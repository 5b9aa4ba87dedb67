from __future__ import annotations

from tests.services.conftest import MakeSite
from tests.services.counters.counter_storm import Storm
from tests.services.counters.everybody import at_once, plan_of_twenty
from tests.support.faults import Faults


def test_whatever_twenty_counters_do_each_action_is_explained_and_undo_leaves_no_trace(
    new_site: MakeSite, faults: Faults
) -> None:
    """Events, rows and promises agree after each action, and at the end everybody who waits is served."""
    actions = faults.times(250, 20_000)
    with new_site(plan=plan_of_twenty(), crowd=actions) as site:
        storm = Storm(site, faults.seed)
        storm.run(actions, compare_every=max(150, actions // 50))
        assert storm.exact > 0 and storm.done["transfer"] and storm.done["scan"], "the storm is one"
        storm.drain()


def test_twenty_counters_at_once_leave_nobody_in_two_places_and_lose_nobody(new_site: MakeSite, faults: Faults) -> None:
    """In threads: as many events of each kind as actions that were answered with yes."""
    with new_site(plan=plan_of_twenty(), crowd=80) as site:
        assert at_once(site, faults.seed, faults.times(5, 40)).total() > 0
