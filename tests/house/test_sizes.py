"""No file, function or list of arguments grows out of sight; where one is better long, its reason stands beside it.

The reason is a comment `# size: …` on the line of the `def` (or of the closing parenthesis) or right above it, in
JavaScript `// size: …` right above the function.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 400
LONGEST = 60
MOST_ARGUMENTS = 6
NOT_OURS = ("/vendor/", "/migrations/versions/", "/revisions/")
SCHEMA = "checkin_server/db/schema.py"
REASON = re.compile(r"(#|//) size: \w.{9,}")
_JS_FUNCTION = re.compile(
    r"^(?P<indent> *)(?:export )?(?:default )?(?:async )?"
    r"(?:function\*? *(?P<name>\w*)|(?:const|let) (?P<arrow>\w+) = (?:async )?(?:\([^)]*\)|\w+) =>"
    r"|(?:static )?(?:async )?(?P<method>(?!if|for|while|switch|catch|return)\w+)\([^;]*\)) *.*\{$"
)


def ours(*endings: str) -> list[str]:
    """Return our files with these endings."""
    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).split("\n")
    return [name for name in listed if name.endswith(endings) and not any(part in name for part in NOT_OURS)]


def _reasoned(lines: list[str], first: int, last: int) -> bool:
    """Whether a reason stands on one of the lines `first` to `last` (from 1) or right above them."""
    return any(REASON.search(line) for line in lines[max(0, first - 2) : last])


def python_findings(text: str) -> Iterator[tuple[str, str]]:
    """Yield each function that is too long or takes too much, without a reason: its name and what it is."""
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        long = (node.end_lineno or node.lineno) - node.lineno + 1
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        many = len([one for one in arguments if one.arg not in ("self", "cls")])
        if _reasoned(lines, first, node.body[0].lineno):
            continue
        if long > LONGEST:
            yield node.name, f"{long} lines"
        if many > MOST_ARGUMENTS:
            yield node.name, f"{many} arguments"


def javascript_findings(text: str) -> Iterator[tuple[str, str]]:
    """Yield each function that is too long without a reason: it ends where a brace stands as far in as it began.

    That holds because the formatter (biome) writes all of them so.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines):
        begins = _JS_FUNCTION.match(line)
        if begins is None or _reasoned(lines, at + 1, at + 1):
            continue
        closing = begins["indent"] + "}"
        end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith(closing)), at)
        if end - at + 1 > LONGEST:
            yield begins["name"] or begins["arrow"] or begins["method"] or "function", f"{end - at + 1} lines"


def findings() -> list[str]:
    """Return everything of ours that is larger than the house allows, without a reason."""
    found = []
    for name in ours(".py", ".js", ".mjs", ".css"):
        text = (ROOT / name).read_text(encoding="utf-8")
        many = text.count("\n")
        if many > MOST_LINES and name != SCHEMA and not REASON.search("\n".join(text.split("\n")[:15])):
            found.append(f"{name}: {many} lines")
        if name.endswith(".css"):
            continue
        of_functions = python_findings(text) if name.endswith(".py") else javascript_findings(text)
        found += [f"{name}:{function}: {what}" for function, what in of_functions]
    return found


def test_nothing_grows_out_of_sight() -> None:
    """At most 400 lines a file, 60 a function, six arguments; or a reason."""
    assert findings() == []


_LONG = "\n".join(f"    x = {n}" for n in range(60))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"def f():\n{_LONG}\n", [("f", "61 lines")]),
        (f"# size: one table, read from top to bottom\ndef f():\n{_LONG}\n", []),
        (f"@a\ndef f():  # size: one table, read from top to bottom\n{_LONG}\n", []),
        (f"# size: \ndef f():\n{_LONG}\n", [("f", "61 lines")]),
        ("def f(a, b, c, *, d, e, g, h): ...\n", [("f", "7 arguments")]),
        ("class C:\n    def f(self, a, b, c, d, e, g): ...\n", []),
    ],
)
def test_a_python_function_is_measured(text: str, found: list[tuple[str, str]]) -> None:
    """Its lines and arguments, `self` apart; a reason must say something."""
    assert list(python_findings(text)) == found


_JS_LONG = "\n".join(f"    x({n});" for n in range(60))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"export async function go(a) {{\n{_JS_LONG}\n}}\n", [("go", "62 lines")]),
        (f"const go = (a) => {{\n{_JS_LONG}\n}};\n", [("go", "62 lines")]),
        (f"class A {{\n  go(a) {{\n{_JS_LONG}\n  }}\n}}\n", [("go", "62 lines")]),
        (f"// size: one table, read from top to bottom\nfunction go(a) {{\n{_JS_LONG}\n}}\n", []),
        ("function go() {\n  x();\n}\n" * 40, []),
    ],
)
def test_a_javascript_function_is_measured(text: str, found: list[tuple[str, str]]) -> None:
    """However it is written."""
    assert list(javascript_findings(text)) == found
