"""A database that a migration is tried on: rows in, rows out, in plain SQL that names no release's code."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine


class Tables:
    """The tables of one database, whatever their revision."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, table: str, **values: object) -> None:
        """Add a row."""
        names = ", ".join(values)
        holders = ", ".join(f":{name}" for name in values)
        self.run(f"INSERT INTO {table} ({names}) VALUES ({holders})", **values)

    def run(self, statement: str, **values: object) -> None:
        """Run a statement in a transaction of its own."""
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """Return what a query finds."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), values).mappings()]

    def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns."""
        return {column["name"] for column in inspect(self._engine).get_columns(table)}

    def indexes(self, table: str) -> dict[str, list[str | None]]:
        """Return a table's indexes: by name, their columns."""
        return {str(found["name"]): list(found["column_names"]) for found in inspect(self._engine).get_indexes(table)}

    def is_postgres(self) -> bool:
        """Say whether several may write to this database at once."""
        return self._engine.dialect.name == "postgresql"

    def names(self) -> set[str]:
        """Return the tables' names, without the migrations' own."""
        return set(inspect(self._engine).get_table_names()) - {"alembic_version"}

    # -- rows that most migrations need ---------------------------------------------------------------------------

    def put_day(self, day: str = "2019-12-27", last_number: int = 1) -> None:
        """Add an open day that has given out some numbers."""
        self.put(
            "service_day",
            id=day, state="open", opens_at=0, closes_at=9, capacity=None, admitted=1, last_number=last_number,
            opened_at=0,
        )  # fmt: skip

    def put_member(self, member: str = "M1") -> None:
        """Add a member, invented."""
        self.put(
            "member",
            id=member, family="F1", name_ar="مثال", name_la="Exemple", category="active", unit="rabat", locale="ar",
            needs="[]",
        )  # fmt: skip

    def put_visit(self, visit: str = "V1", number: int = 1, **more: object) -> None:
        """Add a visit of the member M1 on the day; `more` are columns of later revisions."""
        self.put(
            "visit",
            id=visit, service_day="2019-12-27", number=number, state="open", member="M1", category="active",
            unit="rabat", locale="ar", needs="[]", party_size=1, keep_together=1, not_before=0, created_at=5, **more,
        )  # fmt: skip

    def put_step(self, step: str = "S1", visit: str = "V1", state: str = "waiting", **more: object) -> None:
        """Add a step of a visit; `more` are further columns."""
        self.put(
            "step",
            id=step, visit=visit, service_day="2019-12-27", service="bank", position=0, state=state, since=5,
            recalls=0, misses=0, **more,
        )  # fmt: skip

    def put_job(self, job: str = "p1", state: str = "queued", **more: object) -> None:
        """Add a print job of the visit V1; `more` are columns of later revisions."""
        self.put(
            "print_job",
            id=job, service_day="2019-12-27", visit="V1", printer="P1", kind="ticket", state=state, spec="{}",
            attempts=0, not_before=0, error=None, created_at=5, updated_at=6, **more,
        )  # fmt: skip
