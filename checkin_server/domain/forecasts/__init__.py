"""What will be: calls to come, finishes, last tickets, what would help, and how far such forecasts have held.

Pure, like the router they look ahead with (`checkin_server/domain/routing/`).

    outlook = look_ahead(floor, now)                     # once a tick: expected calls and finishes of everybody
    calibration.range("next", (outlook.calls["s1"] - now) / 1000)   # -> Wait(p50, p90), in seconds
    promises(floor, outlook, closes_at)                  # last tickets
    advise(floor, now, outlook)                          # which counter to open or divert

Times are milliseconds since 1970 UTC.
"""

from checkin_server.domain.forecasts.advice import Advice, advise
from checkin_server.domain.forecasts.calibration import Calibration
from checkin_server.domain.forecasts.look_ahead import Outlook, begin_look, look_ahead
from checkin_server.domain.forecasts.promise import Promise, promises

__all__ = ["Advice", "Calibration", "Outlook", "Promise", "advise", "begin_look", "look_ahead", "promises"]
