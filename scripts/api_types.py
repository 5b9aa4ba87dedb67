"""Writes `types/api.d.ts`, the types of the API for the screens' scripts: `python -m scripts.api_types`.

They come from the OpenAPI document that the server itself serves, so that a script that asks for a field which no
answer has, or for an address that is not there, fails in `make types`. The file is committed: an editor and `tsc` need
no Python, and a change of the contract shows in the diff. `--check` writes nothing and fails where it is out of date.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from scripts.doc_tables import openapi

ROOT = Path(__file__).resolve().parent.parent
PATH = ROOT / "types" / "api.d.ts"
PREFIX = "/api/v1"

HEAD = """\
// Written by `python -m scripts.api_types` from the API's own OpenAPI document. Change the models, not this file.

/** An object that the API does not describe: anything may stand in it. */
export type Loose = { [key: string]: any };

type Bare<Body> = Omit<Body, "command_id" | "scan_id">;
"""

ANSWERED = """\
/** What `{method} P` answers; `never` for an address that is not there. */
export type {name}Answer<P extends string> ={chain};
"""

GIVEN = """\
/** What `{method} P` takes, without the id that client.js adds. */
export type {name}Body<P extends string> ={chain};
"""


def written(document: dict[str, Any]) -> str:
    """Return the text of `types/api.d.ts` for an OpenAPI document."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    parts = [HEAD, *(_declaration(name, schema) for name, schema in sorted(schemas.items()))]
    for method in ("get", "post", "put", "delete"):
        found = {path.removeprefix(PREFIX): ops[method] for path, ops in document["paths"].items() if method in ops}
        # The longest address first: `/visits/${string}` would take in `/visits/${string}/ticket` too.
        ordered = sorted(found.items(), key=lambda item: (-item[0].count("/"), "{" in item[0], item[0]))
        name = method.capitalize()
        answers = [(_pattern(path, query=method == "get"), _answer(operation)) for path, operation in ordered]
        parts.append(ANSWERED.format(method=method.upper(), name=name, chain=_chain(answers)))
        if method in ("post", "put"):
            bodies = [(_pattern(path), _body(operation)) for path, operation in ordered]
            parts.append(GIVEN.format(method=method.upper(), name=name, chain=_chain(bodies)))
    return "\n".join(parts)


def _pattern(path: str, *, query: bool = False) -> str:
    """`/visits/{visit_id}` as a type: a literal, or a template where something stands for an id; with any query."""
    bare = re.sub(r"{[^}]*}", "${string}", path)
    pattern = f"`{bare}`" if "{" in path else json.dumps(path)
    return f"{pattern} | `{bare}?${{string}}`" if query else pattern


def _chain(cases: list[tuple[str, str]]) -> str:
    lines = [f"\n  P extends {pattern} ? {kind} :" for pattern, kind in cases]
    return "".join(lines) + "\n  never"


def _answer(operation: dict[str, Any]) -> str:
    answer: dict[str, Any] = next(
        (body for status, body in operation["responses"].items() if status.startswith("2")), {}
    )
    return _content(answer, "null")


def _body(operation: dict[str, Any]) -> str:
    kind = _content(operation.get("requestBody", {}), "{}")
    return kind if kind == "{}" else f"Bare<{kind}>"


def _content(holder: dict[str, Any], otherwise: str) -> str:
    schema = holder.get("content", {}).get("application/json", {}).get("schema")
    return _type(schema) if schema else otherwise


def _declaration(name: str, schema: dict[str, Any]) -> str:
    told = _comment(schema.get("description"))
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{told}export type {name} = {_type(schema)};\n"
    return f"{told}export interface {name} {_object(schema)}\n"


def _comment(text: str | None, indent: str = "") -> str:
    if not text:
        return ""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


def _object(schema: dict[str, Any]) -> str:
    required = set(schema.get("required", ()))
    lines = [
        f"{_comment(inner.get('description'), '  ')}  {_key(name)}{'' if name in required else '?'}: {_type(inner)};\n"
        for name, inner in schema["properties"].items()
    ]
    return "{\n" + "".join(lines) + "}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)


def _type(schema: dict[str, Any]) -> str:
    """Return one schema as a type.

    Raises:
        ValueError: a kind of schema that our models have not used until now; teach it here.
    """
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(_type(one) for one in schema[several]))
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "allOf" in schema:
        return " & ".join(_type(one) for one in schema["allOf"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "type" not in schema:
        return "any"
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    match schema["type"]:
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "null":
            return "null"
        case "array" if "prefixItems" in schema:
            return f"[{', '.join(_type(item) for item in schema['prefixItems'])}]"
        case "array":
            return f"Array<{_type(schema.get('items', {}))}>"
        case "object" if "properties" in schema:
            return _object(schema).replace("\n", " ")
        case "object":
            values = schema.get("additionalProperties", True)
            return f"{{ [key: string]: {_type(values)} }}" if isinstance(values, dict) and values else "Loose"
        case kind:
            raise ValueError(f"{kind!r}: scripts/api_types.py does not know how to write this: {schema}")


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or with `--check` compare it; 1 when it is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")
    checking = parser.parse_args(arguments).check
    text = written(openapi())
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == text:
        return 0
    name = PATH.relative_to(ROOT)
    if checking:
        print(f"riwaq: {name} is not what the API declares. Run .venv/bin/python -m scripts.api_types", file=sys.stderr)
        return 1
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text, encoding="utf-8")
    print(f"Wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
