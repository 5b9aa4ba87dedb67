"""Every column says what it holds of people, what for and how long."""

from __future__ import annotations

from checkin_server.db import personal_data, purges
from checkin_server.db.schema import metadata


def columns() -> dict[str, set[str]]:
    """The schema's columns by table."""
    return {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


def test_every_column_is_declared_and_none_that_is_gone() -> None:
    """Whoever adds a column says in `db/personal_data.py` what it is."""
    assert personal_data.undeclared(columns()) == []


def test_a_column_that_is_not_declared_is_named() -> None:
    """The test above can fail, both ways."""
    schema = columns()
    schema["visit"] |= {"phone"}
    schema["visit"].discard("member")
    assert personal_data.undeclared(schema) == ["visit.member", "visit.phone"]


def test_what_is_personal_has_a_time_and_what_is_kept_for_good_names_nobody() -> None:
    """Names, identities and free text all go; what stays is a figure, a code or a digest."""
    for table, declared in personal_data.COLUMNS.items():
        for name, column in declared.items():
            assert len(column.why) > 10, f"{table}.{name}"
            if column.sort in ("name", "identity", "link", "text"):
                assert column.kept != "for good", f"{table}.{name}"


def test_each_kind_that_goes_by_a_purge_is_one_that_purges_know() -> None:
    """The times that the table names are those of the settings."""
    by_purge = {column.kept for declared in personal_data.COLUMNS.values() for column in declared.values()}
    assert {"texts", "prints", "links", "members"} <= by_purge
    for kind in ("texts", "prints", "links", "members"):
        assert purges.parts(kind) > 0
