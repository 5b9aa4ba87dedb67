"""Rehearsal: a simulated day against a venue's own plan, in this process or through a running demo server."""
