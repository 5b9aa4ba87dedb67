"""JSON Schema and OpenAPI, held against what is answered.

Both libraries are imported when they are asked for: with the grammars of all their formats they take nearly three
seconds of the processor, which each process of a test run would pay before its first test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def must_fit(document: Any, schema: Mapping[str, Any]) -> None:
    """Hold a document against a JSON Schema (2020-12). Raises jsonschema.ValidationError, which says where."""
    from jsonschema import Draft202012Validator

    Draft202012Validator(schema).validate(document)


def must_be_openapi(document: Mapping[str, Any]) -> None:
    """Hold a description of an API against OpenAPI's own schema. Raises an error that says where."""
    from openapi_spec_validator import validate

    validate(document)
