"""Settings: TOML files and environment variables to frozen, checked values.

`load_venue` reads a venue and its tour into the domain's `Plan`; `load_settings` reads a real venue's settings file
with the venue it names. Whatever is wrong is a `SettingsError` that names file, line, key and remedy.
The files' keys are described in ``docs/settings.md``.
"""

from __future__ import annotations

from checkin_server.settings.errors import Problem, SettingsError
from checkin_server.settings.server import ENVIRONMENT, Settings, load_settings
from checkin_server.settings.venue import load_venue

__all__ = ["ENVIRONMENT", "Problem", "Settings", "SettingsError", "load_settings", "load_venue"]
