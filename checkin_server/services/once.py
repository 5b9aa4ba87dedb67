"""The one declaration of a command: what a device asks for is done once, and a refusal changes nothing.

The answer is kept by the client's id and given again. Refusals are answers too: the same id gets the same refusal,
whatever has changed since. Before a refusal is kept, everything that was written on the way to it is taken back
(docs/adr/0015-a-refusal-changes-nothing-by-construction.md), so a use case may write before it knows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checkin_server.db import commands
from checkin_server.db.tx import Event, Tx
from checkin_server.domain.refusal import Refusal
from checkin_server.services.venue import Actor, Venue

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Command:
    """What a device asks to be done, and when that was."""

    kind: str
    """What is to be done: ``hold``, ``call-next``."""
    target: str
    """The id of what it is done to."""
    id: str
    """Made by the client; sent again when the answer got lost."""
    body: Mapping[str, Any]
    """Everything else that the device said. What an older release did not know is left out when it says nothing, so
    that a command from before an upgrade stays the same command."""
    actor: Actor
    now: int
    """Milliseconds since 1970 UTC."""

    def fingerprint(self) -> str:
        """Return what tells this content from another under the same id."""
        text = json.dumps(
            [self.kind, self.target, self.body], sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Noted:
    """A refusal that the log shall know of: its one event is all that stays of the command, beside the answer."""

    answer: Answer | Refusal
    """What the device gets. A scan that is refused is an answer by the contract."""
    event: Event


def noted(answer: Answer | Refusal, kind: str, at: int, data: Mapping[str, Any], **fields: Any) -> Noted:
    """Return a refusal with its event, which is said as `Tx.emit` says one."""
    return Noted(answer, Event(kind, at, fields, data))


class Kept(Answer):
    """An answer with the JSON that was kept of it, so that nobody has to write it once more. Not to be changed."""

    __slots__ = ("text",)

    def __init__(self, answer: Answer, text: str) -> None:
        super().__init__(answer)
        self.text = text


Do = Callable[[Tx], Answer | Refusal | Noted]


def once(venue: Venue, command: Command, do: Do) -> Answer | Refusal:
    """Do a command in a transaction of its own unless it was done; return its (first) answer.

    ``id_reused`` for an id that was used with another content. When `do` refuses, nothing of what it wrote stays.
    """
    fingerprint = command.fingerprint()
    return venue.db.write(lambda tx: _once(tx, command, fingerprint, do))


def _once(tx: Tx, command: Command, fingerprint: str, do: Do) -> Answer | Refusal:
    kept = commands.find(tx, command.id)
    if kept is not None:
        if kept["fingerprint"] != fingerprint:
            return Refusal("id_reused")
        first = json.loads(kept["answer"])
        return Refusal(first["refused"], first["params"]) if "refused" in first else first["answer"]
    result = do(tx)
    if isinstance(result, Refusal | Noted):
        tx.undo()
        if isinstance(result, Noted):
            tx.append(result.event)
            result = result.answer
    if isinstance(result, Refusal):
        commands.keep(
            tx, command.id, fingerprint, _json({"refused": result.code, "params": dict(result.params)}), command.now
        )
        return result
    answer = Kept(result, _json(result))
    commands.keep(tx, command.id, fingerprint, f'{{"answer":{answer.text}}}', command.now)
    return answer


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
