"""Mutations drawn at random: an operator, a number, a condition or a statement of a function is changed.

Only functions are changed: what stands at the top of a module is run by whichever test imports it first.
"""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutations.places import ROOT

LAYERS = ("services", "domain", "db")
_OTHER: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_SUM: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place that was drawn, and what becomes of it."""

    file: str
    line: int
    statement: int
    """Which statement of the file it is in, counted as `ast.walk` meets them."""
    node: int
    """Which node of that statement it is, counted likewise."""
    kind: int
    """Which of the node's mutations."""

    def mutated(self, root: Path = ROOT) -> tuple[str, str, str]:
        """Return the file's text with the mutation, the statement before it, and after."""
        tree = ast.parse((root / self.file).read_text("utf-8"))
        statement = _statements(tree)[self.statement]
        before = _first_line(statement.owner[statement.index])
        own = _own(statement.owner[statement.index])
        node = own[self.node]
        _mutations(node, statement)[self.kind]()
        after = _first_line(statement.owner[statement.index])
        return ast.unparse(ast.fix_missing_locations(tree)), before, after

    def __str__(self) -> str:
        _, before, after = self.mutated()
        return f"{self.file}:{self.line}\n    - {before}\n    + {after}"


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement of a function, and the list that holds it."""

    owner: list[ast.stmt]
    index: int


def every(root: Path = ROOT) -> list[Drawn]:
    """Return every mutation that may be drawn, in an order that depends on nothing but the files."""
    found = []
    for layer in LAYERS:
        for path in sorted((root / "checkin_server" / layer).rglob("*.py")):
            if "migrations" not in path.parts:
                found += list(_of_file(path.relative_to(root).as_posix(), path.read_text("utf-8")))
    return found


def some(seed: int, count: int, root: Path = ROOT) -> list[Drawn]:
    """Draw `count` mutations by a seed, each in a statement of its own."""
    order = every(root)
    random.Random(seed).shuffle(order)
    chosen: dict[tuple[str, int], Drawn] = {}
    for drawn in order:
        if len(chosen) == count:
            break
        chosen.setdefault((drawn.file, drawn.statement), drawn)
    return list(chosen.values())


def probed(file: str, drawn: list[tuple[int, Drawn]], root: Path = ROOT) -> str:
    """Return a file's text in which each drawn statement first says that it was reached."""
    tree = ast.parse((root / file).read_text("utf-8"))
    statements = _statements(tree)
    # Positions first: each insertion moves the ones after it.
    where = [(statements[one.statement], number) for number, one in drawn]
    for statement, number in sorted(where, key=lambda pair: -pair[0].index):
        probe = ast.parse(f"__import__('tests.mutations.reached', fromlist=['at']).at({number})").body[0]
        statement.owner.insert(statement.index, probe)
    return ast.unparse(ast.fix_missing_locations(tree))


def _of_file(file: str, text: str) -> Iterator[Drawn]:
    for which, statement in enumerate(_statements(ast.parse(text))):
        for number, node in enumerate(_own(statement.owner[statement.index])):
            for kind in range(len(_mutations(node, statement))):
                yield Drawn(file, getattr(node, "lineno", 0), which, number, kind)


def _statements(tree: ast.Module) -> list[_Statement]:
    """Return the statements of all functions, docstrings aside."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if not isinstance(block, list) or isinstance(node, ast.ClassDef):
                    continue
                for index, statement in enumerate(block):
                    if isinstance(statement, ast.stmt) and not _is_words(statement):
                        found.append((block, index))
    unique: dict[tuple[int, int], _Statement] = {}
    for block, index in found:
        unique.setdefault((id(block), index), _Statement(block, index))
    return list(unique.values())


def _is_words(statement: ast.stmt) -> bool:
    """Whether it is a docstring, or goes to the log: nobody promises its words."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    return isinstance(statement, ast.Expr) and ast.unparse(statement).startswith(("log.", "_log."))


def _own(statement: ast.stmt) -> list[ast.AST]:
    """Return the statement and the expressions that are its own, not those of the statements within."""
    nodes: list[ast.AST] = [statement]
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr | ast.keyword | ast.withitem):
            nodes += list(ast.walk(child))
    return nodes


def _mutations(node: ast.AST, statement: _Statement) -> list[Callable[[], None]]:
    """Return what may be done to a node, each as a function that does it."""
    found: list[Callable[[], None]] = []

    def put(owner: object, name: str, value: object) -> Callable[[], None]:
        return lambda: setattr(owner, name, value)

    def put_statement(value: ast.stmt) -> Callable[[], None]:
        return lambda: statement.owner.__setitem__(statement.index, value)

    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        found.append(put(node, "ops", [_OTHER[type(node.ops[0])](), *node.ops[1:]]))
    elif isinstance(node, ast.BoolOp):
        found.append(put(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And()))
        found += [put(node, "values", node.values[:k] + node.values[k + 1 :]) for k in range(len(node.values))]
    elif isinstance(node, ast.BinOp) and type(node.op) in _SUM and not _of_text(node):
        found.append(put(node, "op", _SUM[type(node.op)]()))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        found.append(put(node, "value", not node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        found.append(put(node, "value", node.value + 1))
    elif isinstance(node, ast.IfExp):
        found.append(put(node, "test", _negated(node.test)))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        found.append(put(node.func, "id", _CALLS[node.func.id]))
    elif isinstance(node, ast.If | ast.While) and not isinstance(node.test, ast.Compare):
        found.append(put(node, "test", _negated(node.test)))
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Compare | ast.BoolOp):
        found.append(put(node, "value", _negated(node.value)))
    if (
        isinstance(node, ast.If)
        and not node.orelse
        and isinstance(node.body[-1], ast.Return | ast.Raise | ast.Continue)
    ):
        found.append(put_statement(ast.Pass()))
    if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        found.append(put_statement(ast.Pass()))
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
        found.append(put_statement(ast.Pass()))
    return found


def _negated(test: ast.expr) -> ast.expr:
    return test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else _not(test)


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), copy.deepcopy(test))


def _of_text(node: ast.BinOp) -> bool:
    """Whether it joins words: minus would be no rule broken but a crash."""
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr | ast.List | ast.Tuple)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )


def _first_line(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]
