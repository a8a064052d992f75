"""Code stays small: functions, files and templates have a budget, and exceptions a reason."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTION, FILE, TEMPLATE = 40, 400, 150
FOLDERS = ("preau", "config", "ops")

#: Longer than the budget, with the reason. This list only gets shorter: a useless line fails.
EXCEPTIONS: dict[str, str] = {}


def _files(ending):
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob(f"*{ending}")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


def _name(path):
    return str(path.relative_to(ROOT))


def _length(text):
    return len(text.splitlines())


def _functions(path):
    """Every function with its length, its docstring not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node):
                length -= node.body[0].end_lineno - node.body[0].lineno + 1
            yield f"{_name(path)}:{node.name}", length


def _too_long():
    found = {}
    for path in _files(".py"):
        length = _length(path.read_text())
        if length > FILE:
            found[_name(path)] = f"{length} lines, {FILE} allowed"
        for name, lines in _functions(path):
            if lines > FUNCTION:
                found[name] = f"{lines} lines, {FUNCTION} allowed"
    for path in _files(".html"):
        length = _length(path.read_text())
        if length > TEMPLATE:
            found[_name(path)] = f"{length} lines, {TEMPLATE} allowed"
    return found


@pytest.fixture(scope="module")
def too_long():
    return _too_long()


def test_everything_keeps_to_its_budget(too_long):
    assert {name: why for name, why in too_long.items() if name not in EXCEPTIONS} == {}


def test_every_exception_is_still_needed(too_long):
    assert {name for name in EXCEPTIONS if name not in too_long} == set()
