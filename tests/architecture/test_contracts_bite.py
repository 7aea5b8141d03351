"""Each import contract of `pyproject.toml` is kept by the tree, and broken by one planted import."""

import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.application.use_cases import _register_contract_types, read_user_options
from importlinter.configuration import configure
from importlinter.domain.contract import Contract, registry

ROOT = Path(__file__).resolve().parents[2]

# contract: importer, imported, the line as it would stand there
PLANTED = {
    "ladder": ("colisage.network.queries", "colisage.orders.queries", "import colisage.orders.queries"),
    "anatomy": ("colisage.orders.queries", "colisage.orders.actions.set_hold", "import …"),
    "doors": ("colisage.intake.actions.run_import", "colisage.orders.rules", "import …"),
    "pure": ("colisage.orders.rules", "django", "from django.db import connection"),
    "solvers": ("colisage.solvers.waves.solve", "django", "from django.utils import timezone"),
    "outward": ("colisage.orders.actions.set_hold", "httpx", "import httpx"),
    "cycles": (
        "colisage.people.models",
        "colisage.people.queries",
        "from colisage.people import queries",
    ),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("colisage", include_external_packages=True, cache_dir=None)


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setattr(sys, "path", [str(ROOT), *sys.path])
        configure()
        options = read_user_options()
        _register_contract_types(options)
    made = {}
    for told in options.contracts_options:
        kind: Any = registry.get_contract_class(told["type"])
        made[told["id"]] = kind(told["name"], session_options=options.session_options, contract_options=told)
    return made


def _kept(contract: Contract, graph: grimp.ImportGraph) -> bool:
    return contract.check(deepcopy(graph), verbose=False).kept


def test_there_is_a_violation_for_every_contract(contracts: dict[str, Contract]) -> None:
    assert set(PLANTED) == set(contracts)


@pytest.mark.parametrize("name", PLANTED)
def test_the_tree_keeps(name: str, contracts: dict[str, Contract], graph: grimp.ImportGraph) -> None:
    assert _kept(contracts[name], graph), "run lint-imports to see which import breaks it"


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_import_breaks(name: str, contracts: dict[str, Contract], graph: grimp.ImportGraph) -> None:
    importer, imported, line = PLANTED[name]
    planted = deepcopy(graph)
    assert importer in planted.modules
    if imported not in planted.modules:
        planted.add_module(imported, is_squashed=True)
    planted.add_import(importer=importer, imported=imported, line_number=1, line_contents=line)
    assert not _kept(contracts[name], planted)


def test_an_unplanned_package_breaks_the_ladder(contracts: dict[str, Contract], graph: grimp.ImportGraph) -> None:
    planted = deepcopy(graph)
    planted.add_module("colisage.helpers")
    assert not _kept(contracts["ladder"], planted)
