"""Limits that several rooms hold to."""

LEAST_FREE_BYTES = 200 * 1024 * 1024
"""Of disk. With less a day is not begun: `riwaq doctor` says stop, `/readyz` is not ready."""

LARGE_LOG_BYTES = 128 * 1024 * 1024
"""Of an embedded database's write-ahead log. A larger one is said to people: something reads and does not end."""
