"""Screens that the server owns: dashboard, welcome desk, the demo's pages."""
