"""Who may be at a device: what a device is paired as, and what a member of staff may sign in as."""

ROLES = ("board", "kiosk", "counter", "welcome", "organizer", "privacy", "print_agent")
"""What a device is paired as."""
STAFF_ROLES = ("counter", "welcome", "organizer")
"""What staff are."""
