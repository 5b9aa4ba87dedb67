"""Which events an audit shows, by what was done: every event that is about a person or that a person is behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Sort = Literal["looked", "let_in", "refused", "visit", "served", "data", "rights", "access", "day"]
SORTS: tuple[str, ...] = get_args(Sort)
_BY_SORT: Mapping[Sort, str] = {
    # Somebody saw who a person is, or what they came for.
    "looked": "members_searched searches_limited visit_looked_up visit_seen_again notes_read audit_read cards_laid_out",
    "let_in": "member_admitted walked_in member_registered family_parted visit_remembered",
    "refused": "scan_refused",
    "visit": "services_chosen priority_given priority_taken_back visit_held visit_resumed visit_left visit_reopened "
    "visit_ended visit_brought_back feedback_given number_handed_over ticket_queued",
    "served": "counter_opened counter_paused counter_closed visitor_called visitor_recalled visitor_missed "
    "service_started service_finished step_parked step_resumed step_transferred service_added note_written "
    "action_undone",
    # What is kept of a person was made, corrected, replaced.
    "data": "members_enrolled members_imported member_corrected card_issued card_issued_at_desk card_printed "
    "card_revoked",
    "rights": "member_exported member_erased purged",
    # Who may come in: people, their PINs, devices.
    "access": "staff_signed_in sign_in_locked short_codes_locked staff_added staff_pin_set staff_disabled "
    "staff_enabled staff_unlocked device_added pairing_approved device_revoked",
    "day": "day_opened day_hours_set day_closed day_ended last_tickets_set plan_in_force database_restored "
    "numbers_skipped clock_corrected clock_kept",
}
SHOWN: Mapping[str, Sort] = {kind: sort for sort, kinds in _BY_SORT.items() for kind in kinds.split()}
"""By kind, what it is."""
OF_THE_MACHINE = (
    "visitor_sent", "visitor_released", "forecasts_told", "ticket_moved", "ticket_printed", "ticket_sent",
    "ticket_uncertain", "ticket_failed", "printer_doubted", "test_print_judged", "test_print_queued", "purge_planned",
    "clock_set", "clock_doubted", "clock_agreed",
)  # fmt: skip
"""What Riwaq does by itself, and what is about printers and clocks: no audit asks for it. A kind that this release does
not know is shown, as ``day``."""


def sort_of(kind: str) -> Sort:
    """Return what an event of a kind is."""
    return SHOWN.get(kind, "day")
