"""Everything that happens at a counter: call, serve, pass on, undo."""
