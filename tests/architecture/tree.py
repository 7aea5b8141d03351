"""The source tree, as the tests of the house style read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "colisage"
LIBRARIES = frozenset({"kit", "ui", "solvers", "config", "connectors"})  # no steps: files are named after what they do


def apps() -> list[Path]:
    """Give the folders of all steps."""
    found = (path.parent for path in PACKAGE.glob("*/apps.py"))
    return sorted(path for path in found if path.name not in LIBRARIES)


def modules(*, below: Path = PACKAGE) -> Iterator[Path]:
    """Give every module that people write, migrations left out."""
    return (path for path in sorted(below.rglob("*.py")) if "migrations" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def called(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Give the calls of a module with the last name of what is called: `save` of `row.save()`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def told(path: Path, node: ast.expr) -> str:
    """Name a place in the tree: `orders/views.py:17`."""
    return f"{path.relative_to(PACKAGE)}:{node.lineno}"
