"""One server process: wiring, loops, listening."""
