"""Bodies and answers of the API as types: what is read is checked against them, and OpenAPI is written from them.

One file a subject; routes name them as `models.Visit`, wherever they stand.
"""

# ruff: noqa: F403 -- everything of each subject is this package's; a list of names here would be kept twice
from __future__ import annotations

from checkin_server.web.models.audit import *
from checkin_server.web.models.boards import *
from checkin_server.web.models.common import *
from checkin_server.web.models.counters import *
from checkin_server.web.models.day import *
from checkin_server.web.models.devices import *
from checkin_server.web.models.operations import *
from checkin_server.web.models.print_jobs import *
from checkin_server.web.models.printers import *
from checkin_server.web.models.privacy import *
from checkin_server.web.models.reports import *
from checkin_server.web.models.scans import *
from checkin_server.web.models.snapshots import *
from checkin_server.web.models.venue import *
from checkin_server.web.models.visits import *
from checkin_server.web.models.welcome import *
