"""Writes the tables of the documents that are made from the code: `python -m scripts.doc_tables`.

`docs/api.md`: the operations, with roles and errors, from the OpenAPI document of a real application.
`docs/architecture.md`: every module with the first paragraph of its docstring.
`docs/figures.md`: the datasets and their columns, from `checkin_server/domain/figures/dictionary.py`.
`docs/kiosk.md`: the kiosk's screens and what may follow each, from `kiosk/static/states.js`.
`docs/privacy.md`: what each column holds of people, from `checkin_server/db/personal_data.py`.
Each stands between two marker lines; `tests/docs` fails while a page differs from what would be written here.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from checkin_server.db import personal_data
from checkin_server.domain.figures.dictionary import COLUMNS, DATASETS, FOR_OTHERS
from checkin_server.venues import demo

ROOT = Path(__file__).resolve().parent.parent


def openapi() -> dict[str, Any]:
    """Return the OpenAPI document as a demo with a virtual clock serves it: with every operation there is."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("RIWAQ_KEY_FILE")
        os.environ["RIWAQ_KEY_FILE"] = str(Path(folder) / "key")
        try:
            running = demo.set_up(Path(folder) / "venue", 1, virtual_clock=True)
        finally:
            os.environ.pop("RIWAQ_KEY_FILE")
            if before is not None:
                os.environ["RIWAQ_KEY_FILE"] = before
        try:
            client = running.application("threading").flask.test_client()
            document: dict[str, Any] = client.get("/api/v1/openapi.json").get_json()
            return document
        finally:
            running.close()


def operations_table(document: dict[str, Any]) -> str:
    """Return the operations as a table."""
    lines = ["| operation | does | roles | errors |", "|---|---|---|---|"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if not operation["security"]:
                roles = "everybody"
            else:
                roles = ", ".join(operation["x-roles"]) if len(operation["x-roles"]) < 7 else "every device"
                if "session" in operation["security"][0]:
                    roles += ", signed in"
                if people := operation.get("x-people"):
                    roles += f" as {' or '.join(people)}"
            codes = [
                f"{status} {answer['description']}"
                for status, answer in operation["responses"].items()
                if status != "200"
            ]
            address = path.removeprefix("/api/v1")
            lines.append(
                f"| `{method.upper()} {address}` | {operation['summary']} | {roles} | {'; '.join(codes) or 'none'} |"
            )
    return "\n".join(lines)


def modules(package: str) -> dict[str, str]:
    """Return each module below a top-level folder with the first paragraph of its docstring."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).parts
        if "versions" in parts or "vendor" in parts or "node_modules" in parts:
            continue
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.relative_to(ROOT).as_posix()] = text.split("\n\n")[0].replace("\n", " ")
    return found


def modules_table(package: str) -> str:
    """Return the modules below a top-level folder as a table."""
    rows = [f"| `{path}` | {text.replace('|', chr(92) + '|')} |" for path, text in modules(package).items()]
    return "\n".join(["| module | what it is |", "|---|---|", *rows])


def kiosk_states() -> dict[str, Any]:
    """Return `kiosk/static/states.js` as data: `first`, `always` and `states`."""
    script = (ROOT / "kiosk" / "static" / "states.js").read_text(encoding="utf-8")
    script += "\nprocess.stdout.write(JSON.stringify({ first: FIRST, always: ALWAYS, states: STATES }));"
    node = subprocess.check_output([ROOT / "scripts" / "find_node.sh"], cwd=ROOT, text=True).strip()
    told = subprocess.check_output([node, "--input-type=module"], input=script, cwd=ROOT, text=True)
    table: dict[str, Any] = json.loads(told)
    return table


_IDLE = {
    "rests": "rests: there is nothing to forget",
    "stands": "stands while the server is waited for; asks once the way to the desk is shown",
    "asks": "asks for more time, then forgets",
}


def kiosk_states_table(table: dict[str, Any]) -> str:
    """Return the kiosk's screens as a table, and below it as a picture (Mermaid)."""
    lines = ["| screen | shows | may be followed by | when nobody touches it |", "|---|---|---|---|"]
    arrows = [f"    [*] --> {table['first']}"]
    for name, state in table["states"].items():
        own = [other for other in state["next"] if other not in table["always"]]
        idle = _IDLE[state["idle"]]
        if "passes" in state:
            idle = f"goes on to `{own[0]}` after {state['passes'] / 1000:g} s"
        lines.append(
            f"| `{name}` | {state['shows']} | {', '.join(f'`{other}`' for other in own) or 'nothing else'} | {idle} |"
        )
        arrows += [f"    {name} --> {other}" for other in own]
    return "\n".join([*lines, "", "```mermaid", "stateDiagram-v2", *arrows, "```"])


def personal_data_table() -> str:
    """Return what every column holds of people: columns of a table that say the same stand in one row."""
    lines = ["| table | columns | what it holds | what for | how long |", "|---|---|---|---|---|"]
    for table, columns in personal_data.COLUMNS.items():
        alike: dict[personal_data.Column, list[str]] = {}
        for name, column in columns.items():
            alike.setdefault(column, []).append(f"`{name}`")
        for column, names in alike.items():
            sort, kept = personal_data.SORTS[column.sort], personal_data.TIMES[column.kept]
            lines.append(f"| `{table}` | {', '.join(names)} | *{column.sort}*: {sort} | {column.why} | {kept} |")
    return "\n".join(lines)


def personal_data_elsewhere_table() -> str:
    """Return where something personal may lie outside the database."""
    lines = ["| where | what it holds | how it goes |", "|---|---|---|"]
    lines += [f"| {place.where} | {place.holds} | {place.gone} |" for place in personal_data.ELSEWHERE]
    return "\n".join(lines)


def datasets_table() -> str:
    """Return the datasets: what a row is, and its columns."""
    lines = ["| dataset | what | a row is a | columns |", "|---|---|---|---|"]
    for dataset in (*DATASETS.values(), *FOR_OTHERS.values()):
        keys, values = (", ".join(f"`{name}`" for name in names) for names in (dataset.keys, dataset.values))
        lines.append(f"| `{dataset.name}` | {dataset.title['en']} | {keys} | {values} |")
    return "\n".join(lines)


def columns_table() -> str:
    """Return what each column means, with the version of its definition."""
    lines = ["| column | name | unit | definition | version |", "|---|---|---|---|---|"]
    for column in COLUMNS.values():
        unit = column.unit or "key"
        lines.append(f"| `{column.id}` | {column.name['en']} | {unit} | {column.definition} | {column.version} |")
    return "\n".join(lines)


def between(text: str, name: str, table: str) -> str:
    """Return `text` with `table` between the markers of `name`.

    Raises:
        ValueError: the markers are not there.
    """
    pattern = re.compile(rf"(<!-- {name}: begin[^>]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the page has no markers of the table {name!r}")
    return pattern.sub(lambda match: match[1] + table + "\n" + match[2], text)


def pages() -> dict[Path, str]:
    """Return each page that has such tables as it should be."""
    docs = ROOT / "docs"
    kiosk = (docs / "kiosk.md").read_text(encoding="utf-8")
    api = (docs / "api.md").read_text(encoding="utf-8")
    privacy = (docs / "privacy.md").read_text(encoding="utf-8")
    figures = (docs / "figures.md").read_text(encoding="utf-8")
    architecture = (docs / "architecture.md").read_text(encoding="utf-8")
    for package in ("checkin_server", "printers", "kiosk", "booth_display"):
        architecture = between(architecture, f"modules of {package}", modules_table(package))
    return {
        docs / "api.md": between(api, "operations", operations_table(openapi())),
        docs / "architecture.md": architecture,
        docs / "figures.md": between(between(figures, "datasets", datasets_table()), "columns", columns_table()),
        docs / "privacy.md": between(
            between(privacy, "personal data elsewhere", personal_data_elsewhere_table()),
            "personal data",
            personal_data_table(),
        ),
        docs / "kiosk.md": between(kiosk, "kiosk states", kiosk_states_table(kiosk_states())),
    }


if __name__ == "__main__":
    for page, text in pages().items():
        if page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            print(f"written: {page.relative_to(ROOT)}")
