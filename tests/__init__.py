"""Tests. A package, so that another distribution's top-level `tests` folder can't take its place."""
