"""Runs migrations on the connection that `checkin_server.db.migrate` passes."""

from __future__ import annotations

from alembic import context

from checkin_server.db.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
context.run_migrations()
