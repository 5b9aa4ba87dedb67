"""Where what is installed with the server lies (templates of paper, fonts, the demo's venue), and where it listens."""

from pathlib import Path

SERVER = Path(__file__).resolve().parents[1]
"""The package itself."""
CONFIG = SERVER.parent / "config"
TEMPLATES = CONFIG / "templates"
"""What lays out paper, unless a command or a server is told of another template."""
TICKET_TEMPLATE = TEMPLATES / "ticket.typ"
CARD_TEMPLATE = TEMPLATES / "card.typ"
SHARED_FILES = SERVER / "shared" / "static"
"""What all screens share."""
FONTS = SHARED_FILES / "vendor" / "fonts"
DEMO_VENUE = CONFIG / "demo" / "rabat.toml"
EVERYWHERE = ("0.0.0.0", "::")  # nosec B104: compared with what the settings say; the default is this machine alone
"""Addresses by which a server listens in all of its machine's networks."""
