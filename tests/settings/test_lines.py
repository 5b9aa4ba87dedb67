"""Finding the line of each key of a TOML text."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin_server.settings.lines import Path, lines_of
from tests.settings.folder import CONFIG

TRICKY = r"""# a comment with = and [brackets]
top = 1
"quoted \"key\"" = 'it # is not a comment'
a.b . "c.d" = { x = 1, y.z = [1, 2] }

list = [ # a comment, with a comma
    "]", '''one
two''',
    { k = "}" },   # and a brace }
]
long = '''
[not.a.table]
key = "no"
'''
basic = '''a''''
multi = '''x'''
[table]  # comment
day = 2019-12-27 07:32:00Z
[table.sub]
n = +1_000
[[many]]
id = "a"
[[many.inner]]
k = 1
[[many.inner]]
k = 2
[many.single]
k = 3
[[many]]
[[many.inner]]
k = 4
empty = []
none = {}
""".replace("basic = '''a''''", 'basic = """a \\""" [x]\n k = 1"""""')


def paths_of(data: Any, path: Path = ()) -> set[Path]:
    """Every table, key and array element of parsed TOML."""
    children: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        children = list(data.items())
    elif isinstance(data, list):
        children = list(enumerate(data))
    return {path} - {()} | {p for key, value in children for p in paths_of(value, (*path, key))}


def test_every_key_of_a_tricky_text_is_found_and_nothing_else() -> None:
    """Strings, comments and dates that look like keys are not taken for keys."""
    assert set(lines_of(TRICKY)) == paths_of(tomllib.loads(TRICKY))


@pytest.mark.parametrize(
    ("path", "start"),
    [
        (("top",), "top ="),
        (('quoted "key"',), '"quoted'),
        (("a", "b", "c.d", "y", "z", 1), "a.b"),
        (("list", 0), '    "]"'),
        (("list", 2, "k"), "    { k"),
        (("basic",), "basic"),
        (("multi",), "multi"),
        (("table", "sub"), "[table.sub]"),
        (("many", 0, "inner", 1, "k"), "k = 2"),
        (("many", 0, "single"), "[many.single]"),
        (("many", 1, "inner", 0, "k"), "k = 4"),
    ],
)
def test_a_key_is_found_in_the_line_it_is_written_in(path: Path, start: str) -> None:
    """The line is counted from 1."""
    assert TRICKY.split("\n")[lines_of(TRICKY)[path] - 1].startswith(start)


@pytest.mark.parametrize("file", sorted(CONFIG.rglob("*.toml")), ids=lambda file: file.name)
def test_every_key_of_the_shipped_files_is_found(file: Any) -> None:
    """The scanner agrees with tomllib about which keys there are."""
    text = file.read_text(encoding="utf-8")
    assert set(lines_of(text)) == paths_of(tomllib.loads(text))


words = st.text("ab\"\\'#=[]{},.\n \tأⵣ", max_size=8)
bare = st.sampled_from(["a", "b-1", "c_2", "3"])


def quoted(text: str) -> str:
    """A basic string of TOML."""
    table = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
    return '"' + "".join(table.get(letter, letter) for letter in text) + '"'


long_texts = words.map(lambda text: '"""' + text.replace("\\", "\\\\").replace('"""', '""\\"') + 'x"""')
scalars = st.one_of(
    st.integers().map(str),
    st.floats(allow_nan=False).map(str),
    words.map(quoted),
    long_texts,
    st.just("2019-12-27 09:00:00"),
)
keys = st.lists(st.one_of(bare, words.map(quoted)), min_size=1, max_size=3).map(" . ".join)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # ]\n" + ",\n".join(items) + "\n]"),
        st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{n} = {item}" for n, item in enumerate(items)) + "}"
        ),
    ),
    max_leaves=5,
)
statements = st.one_of(
    st.builds("{} = {}".format, keys, values),
    keys.map("[{}]".format),
    keys.map("[[ {} ]]".format),
    st.just("  # a = 'comment'"),
)


@given(st.lists(statements, max_size=8))
def test_any_text_that_tomllib_reads_is_scanned_to_the_same_keys(lines: list[str]) -> None:
    """Whatever tomllib accepts, the scanner walks to its end and finds the same keys."""
    text = "\n".join(lines)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(lines_of(text)) == paths_of(data)
