"""Every command is done once: its answer is kept by the client's id and given again.

Refusals are answers too: the same id gets the same refusal, whatever has changed since.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from checkin_server.db import commands
from checkin_server.db.tx import Tx
from checkin_server.domain.refusal import Refusal

Answer = dict[str, Any]


def fingerprint(kind: str, target: str, body: Any) -> str:
    """Return what identifies a command's content: its kind, what it acts on, and its body."""
    text = json.dumps([kind, target, body], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def once(tx: Tx, command_id: str, print_of: str, now: int, do: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    """Do a command unless it was done; return its (first) answer, or ``id_reused`` for an id with another content."""
    kept = commands.find(tx, command_id)
    if kept is not None:
        if kept["fingerprint"] != print_of:
            return Refusal("id_reused")
        first = json.loads(kept["answer"])
        return Refusal(first["refused"], first["params"]) if "refused" in first else first["answer"]
    result = do()
    kept_as = (
        {"refused": result.code, "params": dict(result.params)} if isinstance(result, Refusal) else {"answer": result}
    )
    commands.keep(tx, command_id, print_of, json.dumps(kept_as, ensure_ascii=False, separators=(",", ":")), now)
    return result
