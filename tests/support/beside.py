"""Another process beside the one a test is in: a second server on one PostgreSQL, a command on an embedded file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from checkin_server.db.database import Database, PostgresDatabase, SqlcipherDatabase
from checkin_server.db.engine import postgres_engine
from checkin_server.services.hall import HallWatch
from tests.support.venue import Site


@contextmanager
def beside(site: Site) -> Iterator[Site]:
    """Give the venue as another process sees it: another database object, with a writer and a feed of its own."""
    url = site.db.engine.url
    database: Database
    if isinstance(site.db, PostgresDatabase):
        database = PostgresDatabase(postgres_engine(url.render_as_string(hide_password=False)))
    else:
        database = SqlcipherDatabase(site.db.engine)
    venue = replace(site.venue, db=database, hall=HallWatch(site.plan, database))
    try:
        yield Site(venue, site.clock, site.crowd)
    finally:
        database.close()
