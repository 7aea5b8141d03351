"""Inside an app: only known files, writes in actions only, no clock in rules, modules of a readable size."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, apps, called, modules, parsed, told

FILES = frozenset(
    {
        "__init__.py", "apps.py", "urls.py", "views.py", "api.py", "tasks.py", "admin.py", "forms.py",
        "queries.py", "problem.py", "models.py", "rules.py", "events.py", "ports.py", "checks.py",
    }
)  # fmt: skip
FOLDERS = frozenset(
    {
        "actions",
        "api",
        "forms",
        "models",
        "queries",
        "rules",
        "views",
        "management",
        "migrations",
        "locale",
        "static",
        "templates",
        "templatetags",
        "sql",
        "typst",
        "data",
    }
)
EXTRA = {"people": {"context.py", "middleware.py"}}  # what Django asks for at the door of every page
WRITES = frozenset(
    {
        "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
        "update_or_create", "aupdate", "acreate", "asave", "adelete",
    }
)  # fmt: skip
PLAIN_OWNERS = frozenset({"verdicts", "found", "headers", "session", "stages", "ids", "context", "counts", "hashlib"})
CLOCKS = frozenset({"now", "today", "utcnow", "monotonic", "time_ns", "localtime", "localdate", "perf_counter"})
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_an_app_holds_only_files_whose_meaning_is_known(app: Path) -> None:
    allowed = FILES | FOLDERS | EXTRA.get(app.name, set())
    strange = {path.name for path in app.iterdir() if path.name != "__pycache__"} - allowed
    assert not strange


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_every_action_is_one_function_of_the_name_of_its_file(app: Path) -> None:
    for path in (app / "actions").glob("*.py"):
        if path.name != "__init__.py":
            functions = [n.name for n in parsed(path).body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]
            assert path.stem in functions, f"{path}: {functions}"


def _writes(path: Path) -> Iterator[str]:
    for node, name in called(path):
        if name not in WRITES or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        plain = isinstance(owner, ast.Name) and (owner.id in PLAIN_OWNERS or owner.id.startswith("_"))
        if not plain and not isinstance(owner, ast.Dict | ast.DictComp | ast.Constant):
            yield told(path, node)


def test_rows_are_written_in_actions_only() -> None:
    doors = [
        path
        for app in apps()
        for path in modules(below=app)
        if path.relative_to(app).parts[0].removesuffix(".py")
        in {
            "views",
            "api",
            "queries",
            "rules",
            "checks",
            "problem",
            "forms",
            "tasks",
            "events",
            "ports",
            "admin",
        }
    ]
    assert not [place for path in doors for place in _writes(path)]


def test_rules_events_and_ports_never_look_at_the_clock() -> None:
    plain = {"rules", "events", "ports"}
    pure = [p for p in modules() if p.stem in plain or "rules" in p.parts or "solvers" in p.parts]
    budgets = {"improve.py", "solve.py"}  # a solver may be told how many seconds it has
    assert not [
        told(path, node) for path in pure if path.name not in budgets for node, name in called(path) if name in CLOCKS
    ]


def test_models_neither_override_save_nor_call_out() -> None:
    for path in [*PACKAGE.glob("*/models.py"), *PACKAGE.glob("*/models/*.py")]:
        names = {n.name for n in ast.walk(parsed(path)) if isinstance(n, ast.FunctionDef)}
        assert not names & {"save", "delete", "full_clean"}, path


def test_no_signals() -> None:
    assert not [
        path for path in modules() if "django.dispatch" in path.read_text() or "models.signals" in path.read_text()
    ]


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in modules() if (n := p.read_text().count("\n")) > LONGEST_MODULE}
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(PACKAGE)}:{node.name} {size}"
        for path in modules()
        if path.name != "gallery.py"  # one example of each part of the design system, one after the other
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long


def test_no_module_is_named_after_nothing() -> None:
    vague = {"utils", "helpers", "common", "core", "services", "misc", "tools", "base"}
    assert not [path for path in modules() if path.stem in vague or vague & set(path.relative_to(PACKAGE).parts[:-1])]


@pytest.mark.parametrize("app", apps(), ids=lambda app: app.name)
def test_parameters_after_the_first_are_named(app: Path) -> None:
    """Two ids in the wrong order are the mistake that no type finds."""
    loose = [
        f"{path.relative_to(PACKAGE)}:{node.name}"
        for path in [*modules(below=app / "actions"), *modules(below=app / "queries"), app / "queries.py"]
        if path.is_file()
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_"
        if len(node.args.args) > 2 or (len(node.args.args) == 2 and not _many(node.args.args[1]))
    ]
    assert not loose


def _many(argument: ast.arg) -> bool:
    """Say whether an argument is what an action is about: the many rows after the merchant they belong to."""
    said = ast.unparse(argument.annotation) if argument.annotation else ""
    return said.startswith(("Sequence[", "Collection[", "Iterable[", "Mapping["))
