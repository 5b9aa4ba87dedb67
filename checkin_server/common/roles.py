"""Who may be at a device: what a device is paired as, and what a member of staff may sign in as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["board", "kiosk", "counter", "welcome", "organizer", "privacy", "print_agent"]
ROLES: tuple[str, ...] = get_args(Role)
"""What a device is paired as."""
STAFF_ROLES = ("counter", "welcome", "organizer", "privacy")
"""What staff are."""
MAY_SIGN_IN: Mapping[str, tuple[str, ...]] = {
    "counter": STAFF_ROLES,
    "welcome": ("welcome", "organizer"),
    "organizer": ("organizer", "privacy"),
    "privacy": ("privacy",),
}
"""Roles of devices that people sign in on, and who may: members are looked up at the welcome desk, the day is run from
the dashboard; whoever was lent to a stand works at counters only."""
OFFICE = ("organizer", "privacy")
"""Roles of devices that the day is run and accounted for from: their people go on when a day ends."""
BEYOND: Mapping[str, frozenset[str]] = {"organizer": frozenset({"privacy"})}
"""By a device's role: which devices it can't let in, because they may do more than itself."""
