"""Consigned goods over the API: whose lie here, what was bought of them, its cost and its close."""

from typing import Any

import pytest

from colisage.inbound.models import ConsignmentLine, ConsignmentStatement, Supplier
from colisage.kit.models import AuditEntry
from tests.cast import World
from tests.inbound.test_consignment import hear, leave, supplier
from tests.program import Make, Program, code_of, program, statements, stranger

__all__ = ["program", "stranger", "supplier"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write")
STATEMENTS = "inbound/consignment-statements"


@pytest.fixture
def bought(world: World, supplier: int) -> ConsignmentStatement:
    """Give a statement of three mugs without a cost, and one that costs 7.00."""
    leave(world, supplier, 3)
    hear()
    ConsignmentLine.objects.update(unit_cost_cents=0)
    leave(world, supplier, 1)
    hear()
    return ConsignmentStatement.objects.get()


def outcomes(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["name"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def code_of_supplier() -> str:
    return str(Supplier.objects.get().code)


def lines(ask: Program, statement: int) -> list[tuple[str, int, int]]:
    told = ask.every(f"{STATEMENTS}/{statement}/lines", limit=1)
    return [(one["sku"], one["units"], one["total_cents"]) for one in told]


def test_what_lies_here_and_is_a_suppliers_is_told(world: World, bought: ConsignmentStatement, program: Make) -> None:
    ask = program(*MAY)
    [told] = ask.every("inbound/consigned", limit=1)
    assert (told["supplier"], told["sku"], told["units"], told["currency"]) == (code_of_supplier(), "MUG", 6, "EUR")
    assert ask.every("inbound/consigned", supplier=code_of_supplier().lower()) == [told]
    assert ask.every("inbound/consigned", supplier="NOPE") == []
    assert ask.get("inbound/consigned", page="1").status_code == 422


def test_a_statement_is_read_priced_and_closed(world: World, bought: ConsignmentStatement, program: Make) -> None:
    ask = program(*MAY)
    path = f"{STATEMENTS}/{bought.pk}"
    [told] = ask.every(STATEMENTS, state="open", supplier=code_of_supplier())
    assert (told["units"], told["total_cents"], told["state"]) == (4, 700, "open")
    assert ask.read(path) == {**told, "without_cost": ["MUG"]}
    assert lines(ask, bought.pk) == [("MUG", 3, 0), ("MUG", 1, 700)]
    costs = {"costs": [{"sku": "mug", "unit_cost_cents": 655}, {"sku": "MUG", "unit_cost_cents": 9},
                       {"sku": "NOPE", "unit_cost_cents": 5}]}  # fmt: skip
    answer = ask.post(f"{path}/costs", costs, Idempotency_Key="k1")
    assert outcomes(answer) == [("mug", "priced", ""), ("MUG", "unchanged", ""), ("NOPE", "refused", "no_such_sku")]
    assert ask.post(f"{path}/costs", costs, Idempotency_Key="k1").content == answer.content
    assert lines(ask, bought.pk) == [("MUG", 3, 1965), ("MUG", 1, 700)]
    closed = ask.post(f"{path}/close")
    assert closed.json() == ask.read(path)
    assert (closed.json()["state"], closed.json()["total_cents"], closed.json()["without_cost"]) == ("closed", 2665, [])
    assert ask.post(f"{path}/close").json() == closed.json()
    assert AuditEntry.objects.filter(verb="statement_closed").count() == 1
    again = ask.post(f"{path}/costs", {"costs": [{"sku": "MUG", "unit_cost_cents": 1}]})
    assert outcomes(again) == [("MUG", "refused", "statement_closed")]
    assert ask.every(STATEMENTS, state="open") == []


def test_a_statement_is_given_as_documents(bought: ConsignmentStatement, program: Make) -> None:
    ask, path = program(*MAY), f"{STATEMENTS}/{bought.pk}/statement"
    assert ask.get(f"{path}.pdf").content[:4] == b"%PDF"
    rows = ask.get(f"{path}.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[0].startswith("supplier,month")


def test_strangers_and_readers_price_and_close_nothing(
    bought: ConsignmentStatement, program: Make, stranger: Make
) -> None:
    ask, reader = stranger(*MAY), program("inbound:read")
    assert ask.every("inbound/consigned") == ask.every(STATEMENTS) == []
    path, costs = f"{STATEMENTS}/{bought.pk}", {"costs": [{"sku": "MUG", "unit_cost_cents": 1}]}
    for name in ("", "/lines", "/statement.pdf", "/statement.csv"):
        assert code_of(ask.get(f"{path}{name}")) == (404, "not_there")
    for name, body in (("costs", costs), ("close", None)):
        assert code_of(ask.post(f"{path}/{name}", body)) == (404, "not_there")
        assert code_of(reader.post(f"{path}/{name}", body)) == (401, "unauthorized")
    assert ConsignmentStatement.objects.get().state == "open"
    assert ConsignmentLine.objects.filter(unit_cost_cents=0).count() == 1


@pytest.mark.parametrize(
    "cost", [{"sku": "MUG", "unit_cost_cents": 0}, {"sku": "", "unit_cost_cents": 1}, {"sku": "M"}]
)
def test_what_cannot_be_read_is_a_problem(bought: ConsignmentStatement, program: Make, cost: dict[str, Any]) -> None:
    answer = program(*MAY).post(f"{STATEMENTS}/{bought.pk}/costs", {"costs": [cost]})
    assert code_of(answer) == (422, "malformed")


def test_lists_cost_the_same_whatever_they_hold(
    world: World, supplier: int, bought: ConsignmentStatement, program: Make
) -> None:
    ask, path = program(*MAY), f"{STATEMENTS}/{bought.pk}/lines"
    few = statements(lambda: ask.read(path))
    for _n in range(3):
        leave(world, supplier, 1)
    hear()
    assert statements(lambda: ask.read(path)) == few
