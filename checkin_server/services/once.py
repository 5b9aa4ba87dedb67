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


class Kept(Answer):
    """An answer with the JSON that was kept of it, so that nobody has to write it once more. Not to be changed."""

    __slots__ = ("text",)

    def __init__(self, answer: Answer, text: str) -> None:
        super().__init__(answer)
        self.text = text


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
    if isinstance(result, Refusal):
        commands.keep(tx, command_id, print_of, _json({"refused": result.code, "params": dict(result.params)}), now)
        return result
    answer = Kept(result, _json(result))
    commands.keep(tx, command_id, print_of, f'{{"answer":{answer.text}}}', now)
    return answer


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
