"""Templates: nothing inline, and no part of another step."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE

TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
ADDRESSES = re.compile(r"""{%\s*(?:include|extends)\s+["']([^"'#]+)""")
INLINE = (
    re.compile(r"<style\b", re.IGNORECASE),
    re.compile(r"""\sstyle\s*=\s*["']""", re.IGNORECASE),
    re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=.application/json)", re.IGNORECASE),
    re.compile(r"""\son[a-z]+\s*=\s*["']""", re.IGNORECASE),
    re.compile(r"javascript:", re.IGNORECASE),
    re.compile(r"hx-on\b|hx-on:", re.IGNORECASE),
)
ELSEWHERE = re.compile(r"""\b(?:src|href|action)\s*=\s*["'](?:https?:)?//""")

EDGES = frozenset({"desk", "portal"})  # they show the parts of the steps below side by side


def _step(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_nothing_inline_and_loads_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [found.group() for rule in (*INLINE, ELSEWHERE) for found in rule.finditer(text)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_includes_only_parts_of_its_own_step_and_of_ui(path: Path) -> None:
    if _step(path) in EDGES:
        return
    allowed = (f"{_step(path)}/", "ui/")
    foreign = [name for name in ADDRESSES.findall(path.read_text(encoding="utf-8")) if not name.startswith(allowed)]
    assert not foreign


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_marks_nothing_safe(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in text
    assert "autoescape off" not in text
