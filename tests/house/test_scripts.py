"""The types that the screens' scripts are checked with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from scripts import api_types
from scripts.doc_tables import openapi

ROOT = Path(__file__).resolve().parents[2]
TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"

SMALL = {
    "paths": {
        "/api/v1/visits/{visit_id}": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/x/Visit"}}}}}}
        },
        "/api/v1/visits/{visit_id}/hold": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/x/HoldBody"}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/x/Visit"}}}}},
            }
        },
        "/api/v1/visits": {"get": {"responses": {"204": {"description": "nothing"}}}},
    },
    "components": {
        "schemas": {
            "Visit": {
                "type": "object",
                "description": "One visit.",
                "required": ["id", "state"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"enum": ["open", "left"], "type": "string"},
                    "number": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "stops": {"type": "array", "items": {"$ref": "#/x/Stop"}},
                },
            }
        }
    },
}


def found_by_tsc(folder: Path, text: str) -> str:
    """What the check of the screens' scripts says of one more script."""
    (folder / "one.js").write_text(text, encoding="utf-8")
    project = {"extends": str(ROOT / "tsconfig.json"), "include": ["one.js"], "exclude": []}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    node = subprocess.run(
        [ROOT / "scripts" / "find_node.sh"], capture_output=True, text=True, check=True
    ).stdout.strip()
    command = [node, str(TSC), "--project", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def test_the_types_of_the_api_are_those_that_it_declares() -> None:
    """The committed file is what would be written now."""
    text = api_types.written(openapi())
    assert text == api_types.PATH.read_text(encoding="utf-8"), "run .venv/bin/python -m scripts.api_types"


def test_a_model_becomes_a_type_with_what_may_be_missing_and_what_may_be_null() -> None:
    """Names, unions, lists and references, with the words of the docstring."""
    text = api_types.written(SMALL)
    assert (
        "/** One visit. */\nexport interface Visit {\n  id: string;\n"
        '  state: "open" | "left";\n  number?: number | null;\n  stops?: Array<Stop>;\n}\n'
    ) in text


def test_the_longest_address_is_tried_first_and_an_id_is_never_asked_for() -> None:
    """`/visits/${string}` would take in what lies below it; client.js adds the command's id."""
    text = api_types.written(SMALL)
    assert "P extends `/visits/${string}/hold` ? Bare<HoldBody> :" in text
    assert text.index("`/visits/${string}` |") < text.index('"/visits" |')


def test_a_script_that_asks_for_what_no_answer_has_is_found(tmp_path: Path) -> None:
    """A field, an address and a body that the API does not know; and a right one is not found."""
    right = (
        'import { get } from "/static/shared/api.js";\nconst { venue } = await get("/venue");\nvenue.timezone.trim();\n'
    )
    assert found_by_tsc(tmp_path, right) == ""
    assert "'timezon'" in found_by_tsc(tmp_path, right.replace("timezone", "timezon"))
    assert "'never'" in found_by_tsc(tmp_path, right.replace('get("/venue")', 'get("/venues")'))
    wrong = 'import { post } from "/static/shared/api.js";\nawait post("/scans", { kode: "C" });\n'
    assert "'kode'" in found_by_tsc(tmp_path, wrong)
