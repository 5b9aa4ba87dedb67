"""Migrations, run by `checkin_server.db.migrate`."""
