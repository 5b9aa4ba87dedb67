"""The chain over the event log: the bytes of an event that are hashed, and the hash of each position.

``h(n) = SHA-256(h(n-1) + canonical bytes of event n)``. What is personal in an event is not among those bytes, only its
salted digest (in ``data``), so that the chain still holds after it was forgotten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

BEGINNING = "0" * 64
"""What stands before the first position."""
HASHED = (
    "seq", "at", "kind", "service_day", "visit", "step", "service", "counter", "number", "device", "staff", "plan",
    "data",
)  # fmt: skip
"""The columns of an event that are hashed: all that the event says. The transaction's number is not: it means
something on one database server only, and is set anew when a database moves to another."""


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return an event's bytes: JSON in UTF-8, keys sorted, no spaces, nothing of what is null.

    ``data`` is the text that was written, as a string: whoever checks it needs to agree on no number's form.
    """
    said = {name: event[name] for name in HASHED if event[name] is not None}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def link(before: str, event: Mapping[str, Any]) -> str:
    """Return the hash of an event's position (hexadecimal) behind that of the position before."""
    return hashlib.sha256(bytes.fromhex(before) + canonical(event)).hexdigest()


def parts(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the digests of what is personal in an event, by the part's name; ``data`` is JSON text."""
    data = json.loads(event["data"])
    found = data.get("personal") if isinstance(data, dict) else None
    return {str(name): str(said) for name, said in found.items()} if isinstance(found, dict) else {}
