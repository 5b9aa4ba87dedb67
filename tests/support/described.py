"""Requests that Schemathesis makes of the API's document, sent as one device, and what it says of the answers."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.engine
from hypothesis.internal.intervalsets import IntervalSet
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events

regex: Any = importlib.import_module("hypothesis.strategies._internal.regex")  # its types are its own
_TAKEN = ("2xx", "3xx", "401", "403", "404", "409", "429", "503")
_WIDE = 500
"""From so many signs on a range of a pattern is taken whole."""


@dataclass
class Told:
    """What came of a run."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    """The first request of each kind of which the server and its document think differently, with both."""

    @property
    def requests(self) -> int:
        """How many were sent."""
        return self.statuses.total()


@dataclass(frozen=True, slots=True)
class Plays:
    """How long, and with what: `phases` are Schemathesis' own, ``coverage`` plays each bound, ``fuzzing`` draws."""

    phases: Sequence[str]
    examples: int
    seed: int
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Values of parts of addresses that exist in the venue."""


def ask(base: str, headers: Mapping[str, str], operations: Sequence[str], plays: Plays) -> Told:
    """Try `operations` (by their ids in the document) of the server at `base`, with all of Schemathesis' checks."""
    document = requests.get(f"{base}/api/v1/openapi.json", timeout=60).json()
    told = Told()
    with _wide_ranges():
        schema = schemathesis.openapi.from_dict(document, config=_config(base, headers, plays))
        for event in schemathesis.engine.from_schema(schema.include(operation_id=list(operations))).execute():
            if isinstance(event, events.ScenarioFinished):
                _note(told, event)
            elif isinstance(event, events.NonFatalError):
                told.failures[f"{event.label} itself"] = str(event.info)
            elif isinstance(event, events.FatalError):
                raise event.exception
    return told


def _config(base: str, headers: Mapping[str, str], plays: Plays) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": plays.seed,
            "base-url": base,
            "headers": dict(headers),
            "parameters": dict(plays.parameters),
            "continue-on-failure": True,
            "workers": 1,
            "request-timeout": 60,
            "generation": {"max-examples": plays.examples, "no-shrink": True, "database": "none"},
            # It would read through every package that is installed for constants worth trying.
            "analysis": {"constants": {"enabled": False}},
            # What is well formed and names what this hall has not is told by name: `services_refused` and the like.
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [*_TAKEN, *(("422",) * bool(plays.parameters))]}
            },
            "phases": {
                name: {"enabled": name in plays.phases} for name in ("examples", "coverage", "fuzzing", "stateful")
            },
        }
    )


def _note(told: Told, event: events.ScenarioFinished) -> None:
    for each in event.recorder.interactions.values():
        told.statuses[each.response.status_code if each.response else 0] += 1
    for case, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            failure = check.failure_info.failure
            answer = event.recorder.interactions[case].response
            kind = f"{event.label}: {type(failure).__name__} {answer.status_code if answer else ''}"
            text = answer.content[:600].decode(errors="replace") if answer and answer.content else ""
            told.failures.setdefault(
                kind, f"{failure.title}\n{failure.message}\n{check.failure_info.code_sample}\n{text}"
            )


@contextmanager
def _wide_ranges() -> Iterator[None]:
    """Have Hypothesis take a pattern's wide ranges whole, and each class of signs once.

    It goes through them sign by sign, each time that a string is drawn. Our patterns name the private planes: 131,072
    signs, a second and a half of the processor for each field of each operation.
    """
    plainly = regex._strategy
    known: dict[Any, Any] = {}

    def strategy(codes: Any, context: Any, is_unicode: bool, *, alphabet: Any) -> Any:
        one = isinstance(codes, tuple) and codes[0] == regex.sre.IN and is_unicode
        wide = [v for k, v in codes[1] if k == regex.sre.RANGE and v[1] - v[0] >= _WIDE] if one else []
        if not wide or context.flags & re.IGNORECASE:
            return plainly(codes, context, is_unicode, alphabet=alphabet)
        key = (repr(codes[1]), regex.unwrap_strategies(alphabet).intervals)
        if key not in known:
            negate = codes[1][0][0] == regex.sre.NEGATE
            builder = regex.CharactersBuilder(flags=context.flags, negate=negate, alphabet=alphabet)
            for kind, value in codes[1]:
                if kind == regex.sre.RANGE and value in wide:
                    builder._intervals |= IntervalSet([value])
                elif kind == regex.sre.RANGE:
                    for sign in range(value[0], value[1] + 1):
                        builder.add_char(chr(sign))
                elif kind == regex.sre.LITERAL:
                    builder.add_char(chr(value))
                elif kind == regex.sre.CATEGORY:
                    builder.add_category(value)
            known[key] = builder.strategy
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regex, "_strategy", strategy)
        yield
