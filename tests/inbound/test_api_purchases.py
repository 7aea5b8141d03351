"""Purchase orders over the API: read, written by codes, changed as they were read, moved on."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from colisage.catalog.models import Barcode
from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.actions.save_supplier_sku import save_supplier_sku
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier
from colisage.inbound.queries import incoming_of
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.cast import World, day
from tests.inbound.dock import order, take_in
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write")
ORDERS = "inbound/purchase-orders"


@pytest.fixture
def poterie(world: World) -> int:
    return save_supplier(
        world.tilleul.pk, code="POT", name="Faïence du Rhône", language="en", currency="EUR", actor=SYSTEM
    )


def wanted(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = lines or ({"sku": "MUG", "quantity": 24, "unit_cost_cents": 700},)
    return {"number": "A-1", "supplier": "pot", "node": "LYON", "lines": list(said), **changes}


def test_goods_are_ordered_by_codes_and_read_as_they_stand(world: World, poterie: int, program: Make) -> None:
    save_supplier_sku(
        world.tilleul.pk, supplier_id=poterie, sku_id=world.sku("CARTE").pk, supplier_code="P-12", unit_cost_cents=75,
        actor=SYSTEM,
    )  # fmt: skip
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("PLUME"), code="3760000000017", units=6)
    soon = day(9).isoformat()
    body = wanted(
        {"sku": "mug", "quantity": 24, "unit_cost_cents": 700, "expected_on": soon},
        {"sku": "P-12", "quantity": 100},
        {"sku": "3760000000017", "quantity": 2},
        {"sku": "MUG", "quantity": 6},
        node="",
        expected_on=soon,
        note="Fragile",
    )
    ask = program(*MAY)
    answer = ask.post(ORDERS, body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["number"], told["supplier"], told["node"], told["state"]) == ("A-1", "POT", "LYON", "open")
    assert (told["ordered"], told["total_cents"], told["currency"]) == (142, 30 * 700 + 100 * 75, "EUR")
    facts = ("sku", "ordered", "missing", "supplier_code", "expected_on")
    assert [tuple(one[name] for name in facts) for one in told["lines"]] == [
        ("CARTE", 100, 100, "P-12", None),
        ("MUG", 30, 30, "", soon),
        ("PLUME", 12, 12, "", None),
    ]  # fmt: skip
    read = ask.get(f"{ORDERS}/{told['id']}")
    assert (read.json(), read.headers["ETag"]) == (told, answer.headers["ETag"])
    take_in(world, good=10, purchase_order_id=told["id"])
    now = ask.read(f"{ORDERS}/{told['id']}")
    assert (now["state"], now["received"], now["lines"][1]["missing"]) == ("partly", 10, 20)
    assert ask.get(f"{ORDERS}/{told['id']}/document.pdf").content[:5] == b"%PDF-"
    assert AuditEntry.objects.get(verb="goods_ordered").actor_name == "Program"


@pytest.mark.parametrize(("offered", "status"), [("2026-11-30", 422), ("2026-12-01", 201)])
def test_a_day_is_past_where_the_merchant_is(
    world: World, poterie: int, program: Make, offered: str, status: int
) -> None:
    ask = program(*MAY)
    with time_machine.travel(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)):  # half past midnight in Paris
        assert ask.post(ORDERS, wanted(expected_on=offered)).status_code == status


def test_everything_that_means_nothing_is_said_at_once(world: World, poterie: int, program: Make) -> None:
    past, far = (day(n).isoformat() for n in (-1, 3_000))
    body = wanted(
        {"sku": "MUG", "quantity": 1},
        {"sku": "MUGG", "quantity": 1},
        {"sku": "COFFRET", "quantity": 1},
        {"sku": "MUG", "quantity": 1, "expected_on": past},
        {"sku": "MUG", "quantity": 1, "expected_on": far},
        supplier="Potterie",
        node="PARIS",
    )
    for tongue, word in (("en", "catalogue"), ("fr", "catalogue")):
        answer = program(*MAY).post(ORDERS, body, Accept_Language=tongue)
        assert code_of(answer) == (422, "not_orderable")
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
            ("/supplier", "no_such_supplier"),
            ("/node", "no_such_node"),
            ("/lines/1/sku", "no_such_sku"),
            ("/lines/2/sku", "bundle"),
            ("/lines/3/expected_on", "day_is_past"),
            ("/lines/4/expected_on", "bad_date"),
        ]
        assert word in answer.json()["errors"][2]["detail"]
    assert answer.json()["detail"].startswith("Ceci ne se commande pas")
    assert not PurchaseOrder.objects.exists()
    assert Supplier.objects.count() == 1  # what is misspelt is not a new one


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": []}, (422, "malformed")),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, (422, "malformed")),
        ({"lines": [{"sku": "MUG", "quantity": 1, "unit_cost_cents": -1}]}, (422, "malformed")),
        ({"lines": [{"sku": "MUG", "quantity": 600_000}, {"sku": "MUG", "quantity": 600_000}]}, (422, "not_ordered")),
        ({"number": " "}, (422, "malformed")),
        ({"expected_on": "2020-01-01"}, (422, "day_is_past")),
        ({"state": "closed"}, (422, "malformed")),
    ],
)
def test_what_cannot_be_read_is_refused(
    poterie: int, program: Make, changes: dict[str, Any], code: tuple[int, str]
) -> None:
    assert code_of(program(*MAY).post(ORDERS, wanted(**changes))) == code
    assert not PurchaseOrder.objects.exists()


def test_a_number_is_taken_once_and_the_same_request_has_its_answer(poterie: int, program: Make) -> None:
    ask = program(*MAY)
    assert ask.post(ORDERS, wanted(), Dry_Run="true").status_code == 201
    assert not PurchaseOrder.objects.exists()
    first = ask.post(ORDERS, wanted(), Idempotency_Key="a")
    assert ask.post(ORDERS, wanted(), Idempotency_Key="a").content == first.content
    assert code_of(ask.post(ORDERS, wanted())) == (409, "number_taken")


def test_an_order_is_replaced_as_it_was_read(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    made = ask.post(ORDERS, wanted())
    here, tag = f"{ORDERS}/{made.json()['id']}", made.headers["ETag"]
    change = {"number": "A-2", "lines": [{"sku": "MUG", "quantity": 12}, {"sku": "CARTE", "quantity": 5}]}
    assert code_of(ask.send("PUT", here, change)) == (428, "etag_needed")
    take_in(world, good=10, purchase_order_id=made.json()["id"])
    assert code_of(ask.send("PUT", here, change, If_Match=tag)) == (412, "etag_differs")
    assert PurchaseOrder.objects.get().number == "A-1"
    tag = ask.get(here).headers["ETag"]
    answer = ask.send("PUT", here, change, If_Match=tag)
    told = answer.json()
    assert (told["number"], told["supplier"], told["state"]) == ("A-2", "POT", "partly")
    assert [(one["sku"], one["ordered"], one["received"], one["unit_cost_cents"]) for one in told["lines"]] == [
        ("CARTE", 5, 0, world.sku("CARTE").cost_cents),
        ("MUG", 12, 10, 700),
    ]
    assert answer.headers["ETag"] == ask.get(here).headers["ETag"]
    gone = {"number": "A-2", "lines": [{"sku": "CARTE", "quantity": 5}]}
    assert code_of(ask.send("PUT", here, gone, If_Match="*")) == (409, "already_came")
    wrong = {"number": "A-2", "lines": [{"sku": "NOPE", "quantity": 5}]}
    assert code_of(ask.send("PUT", here, wrong, If_Match="*")) == (422, "not_orderable")
    ask.post(f"{here}/move", {"to": "short"})
    assert code_of(ask.send("PUT", here, change, If_Match="*")) == (409, "order_ended")


def test_an_order_is_sent_cancelled_or_closed_short(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    made = ask.post(ORDERS, wanted(draft=True)).json()
    mug = world.sku("MUG").pk
    assert (made["state"], made["sent_at"]) == ("draft", None)
    assert incoming_of([world.tilleul.pk], [mug])[mug] == []
    here = f"{ORDERS}/{made['id']}/move"
    assert code_of(ask.post(here, {"to": "short"})) == (409, "no_such_step")
    assert ask.post(here, {"to": "open"}).json()["state"] == "open"
    assert ask.post(here, {"to": "open"}).json()["state"] == "open"
    take_in(world, good=1, purchase_order_id=made["id"])
    refused = ask.post(here, {"to": "cancelled"}, Accept_Language="fr")
    assert code_of(refused) == (409, "some_came")
    assert ask.post(here, {"to": "short"}).json()["state"] == "short"
    assert code_of(ask.post(here, {"to": "closed"})) == (422, "malformed")
    assert AuditEntry.objects.filter(verb="purchase_moved").count() == 2


def test_orders_are_listed_narrowed_page_by_page(world: World, poterie: int, program: Make) -> None:
    ids = [order(world, ("MUG", n), number=f"N-{n}") for n in (1, 2, 3)]  # of another supplier, made by its name
    ask = program(*MAY)
    late = ask.post(ORDERS, wanted(number="L-1")).json()["id"]
    draft = ask.post(ORDERS, wanted(number="D-1", draft=True)).json()["id"]
    PurchaseOrder.objects.filter(pk=late).update(expected_on=day(-1))
    PurchaseOrder.objects.filter(pk=ids[0]).update(state="cancelled")
    assert [one["id"] for one in ask.every(ORDERS, limit=2)] == [draft, late, *ids[::-1]]
    for query, found in (
        ({"view": "expected"}, [late, ids[2], ids[1]]),
        ({"view": "late"}, [late]),
        ({"view": "draft"}, [draft]),
        ({"view": "ended"}, [ids[0]]),
        ({"supplier": "pot"}, [draft, late]),
        ({"supplier": "none"}, []),
        ({"number": "N-"}, ids[::-1]),
    ):
        assert [one["id"] for one in ask.read(ORDERS, **query)["items"]] == found, query
    assert code_of(ask.get(ORDERS, view="lost")) == (422, "malformed")
    assert code_of(ask.get(ORDERS, state="open")) == (422, "unknown_parameter")


def test_strangers_and_keys_without_the_scope_get_nothing(
    world: World, poterie: int, program: Make, stranger: Make
) -> None:
    made = program(*MAY).post(ORDERS, wanted()).json()["id"]
    ask = stranger(*MAY)
    assert ask.read(ORDERS)["items"] == []
    assert ask.read("inbound/suppliers")["items"] == []
    for path in (f"{ORDERS}/{made}", f"{ORDERS}/{made}/document.pdf", f"{ORDERS}/99999999999999999999"):
        assert code_of(ask.get(path)) == (404, "not_there")
    change = {"number": "X", "lines": [{"sku": "MUG", "quantity": 1}]}
    assert code_of(ask.send("PUT", f"{ORDERS}/{made}", change, If_Match="*")) == (404, "not_there")
    assert code_of(ask.post(f"{ORDERS}/{made}/move", {"to": "cancelled"})) == (404, "not_there")
    assert code_of(ask.post(ORDERS, wanted(number="B-1"))) == (422, "not_orderable")  # their supplier, their nodes
    assert code_of(program("inbound:read").post(ORDERS, wanted(number="B-1"))) == (401, "unauthorized")
    assert code_of(program("inbound:write").get(ORDERS)) == (401, "unauthorized")
    assert list(PurchaseOrder.objects.values_list("number", "state")) == [("A-1", "open")]


def test_many_lines_and_orders_cost_as_many_statements_as_few(world: World, poterie: int, program: Make) -> None:
    ask = program(*MAY)
    codes = ("MUG", "CARTE", "LAMPE", "PLUME", "TAPIS")
    costs = []
    for number, some in (("A", codes[:1]), ("B", codes)):
        body = wanted(*({"sku": code, "quantity": 2} for code in some), number=number)
        costs.append(statements(lambda body=body: ask.post(ORDERS, body)))  # type: ignore[misc]
    assert costs[0] == costs[1]
    lists = [statements(lambda limit=limit: ask.read(ORDERS, limit=limit)) for limit in (1, 2)]  # type: ignore[misc]
    assert lists[0] == lists[1]
    assert PurchaseLine.objects.count() == 6


def test_suppliers_are_listed_with_their_terms(world: World, poterie: int, program: Make) -> None:
    for code in ("ZED", "ABC"):
        save_supplier(world.tilleul.pk, code=code, name=f"Maison {code}", language="fr", currency="EUR", actor=SYSTEM)
    ask = program(*MAY)
    assert [one["code"] for one in ask.every("inbound/suppliers", limit=1)] == ["ABC", "POT", "ZED"]
    [one] = ask.read("inbound/suppliers", text="rhône")["items"]
    assert (one["code"], one["language"], one["due_days"], one["active"]) == ("POT", "en", 30, True)
