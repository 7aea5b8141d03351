"""Deliveries over the API: what suppliers announced, with its pallets, and what lorries brought."""

import pytest

from colisage.inbound.actions.finish_delivery import finish_delivery
from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.models import Announcement
from colisage.kit.actors import Actor
from tests.cast import World
from tests.inbound.dock import order, take_in
from tests.inbound.test_announcements import sscc
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write")
PALLET, CARTON, ALONE = sscc("37600019000000012"), sscc("37600019000000029"), sscc("37600019000000036")


def announced(program: Make, reference: str = "BL-1") -> int:
    body = {
        "reference": reference,
        "order": "A-1",
        "carrier": "Geodis",
        "lines": [
            {"sku": "MUG", "quantity": 24, "lot": "L-1", "sscc": CARTON, "pallet_sscc": PALLET},
            {"sku": "CARTE", "quantity": 60, "pallet_sscc": PALLET},
            {"sku": "CARTE", "quantity": 40, "sscc": ALONE},
        ],
    }
    answer = program(*MAY).post("inbound/announcements", body)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def test_an_announced_delivery_is_told_with_its_lines_and_pallets(world: World, program: Make) -> None:
    order(world, ("MUG", 48), ("CARTE", 100))
    made = announced(program)
    ask = program(*MAY)
    told = ask.read(f"inbound/announcements/{made}")
    assert (told["reference"], told["state"], told["node"], told["came_by"]) == ("BL-1", "announced", "LYON", "api")
    assert (told["announced"], told["received"], told["supplier_name"]) == (124, 0, "Poterie du Rhône")
    assert sorted((one["sku"], one["announced"], one["order"], one["lot"]) for one in told["lines"]) == [
        ("CARTE", 40, "A-1", ""),
        ("CARTE", 60, "A-1", ""),
        ("MUG", 24, "A-1", "L-1"),
    ]
    assert told["pallets"] == [
        {"sscc": PALLET, "cartons": [CARTON], "announced": 84, "received": 0},
        {"sscc": ALONE, "cartons": [], "announced": 40, "received": 0},
    ]
    assert ask.read("inbound/announcements", view="expected")["items"][0]["id"] == made
    assert ask.read("inbound/announcements", view="received")["items"] == []


def test_an_announced_delivery_arrives_and_is_settled_or_does_not_come(world: World, program: Make) -> None:
    order(world, ("MUG", 48), ("CARTE", 100))
    here, gone = announced(program), announced(program, "BL-2")
    ask = program(*MAY)
    assert ask.post(f"inbound/announcements/{here}/move", {"to": "arriving"}).json()["state"] == "arriving"
    assert ask.post(f"inbound/announcements/{here}/move", {"to": "arriving"}).json()["state"] == "arriving"
    assert ask.post(f"inbound/announcements/{here}/move", {"to": "received"}).json()["state"] == "received"
    late = ask.post(f"inbound/announcements/{here}/move", {"to": "cancelled"}, Accept_Language="fr")
    assert code_of(late) == (409, "delivery_moved_on")
    assert ask.post(f"inbound/announcements/{gone}/move", {"to": "cancelled"}).json()["state"] == "cancelled"
    assert code_of(ask.post(f"inbound/announcements/{gone}/move", {"to": "lost"})) == (422, "malformed")
    assert [one["id"] for one in ask.every("inbound/announcements", limit=1)] == [gone, here]


def test_what_lorries_brought_is_told_receipt_by_receipt(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 10))
    ada = Actor("person", world.ada.pk, "Ada")
    delivery = open_delivery(world.tilleul.pk, node_id=world.lyon.pk, purchase_order_id=purchase, actor=ada)
    take_in(world, good=9, damaged=1, purchase_order_id=purchase, delivery_id=delivery)
    ask = program(*MAY)
    [one] = ask.read("inbound/deliveries", state="open")["items"]
    assert (one["id"], one["purchase_order"], one["supplier"], one["node"]) == (
        delivery, "A-1", "POTERIE DU RHÔNE", "LYON",
    )  # fmt: skip
    assert (one["good"], one["damaged"], one["over"], one["finished_at"]) == (9, 1, 0, None)
    finish_delivery(world.tilleul.pk, delivery_id=delivery, actor=ada)
    told = ask.read(f"inbound/deliveries/{delivery}")
    assert told["state"] == "finished"
    assert [(r["sku"], r["good"], r["damaged"], r["undone_at"]) for r in told["receipts"]] == [("MUG", 9, 1, None)]
    assert ask.read("inbound/deliveries", state="open")["items"] == []


def test_strangers_see_no_delivery_and_move_none(world: World, program: Make, stranger: Make) -> None:
    purchase = order(world, ("MUG", 48), ("CARTE", 100))
    made = announced(program)
    ada = Actor("person", world.ada.pk, "Ada")
    delivery = open_delivery(world.tilleul.pk, node_id=world.lyon.pk, purchase_order_id=purchase, actor=ada)
    ask = stranger(*MAY)
    for path in ("inbound/announcements", "inbound/deliveries"):
        assert ask.read(path)["items"] == []
        assert code_of(program("inbound:write", "stock:read").get(path)) == (401, "unauthorized")
    for path in (f"inbound/announcements/{made}", f"inbound/deliveries/{delivery}", "inbound/deliveries/9999999"):
        assert code_of(ask.get(path)) == (404, "not_there")
    step = ask.post(f"inbound/announcements/{made}/move", {"to": "cancelled"})
    assert code_of(step) == (404, "not_there")
    reader = program("inbound:read")
    assert code_of(reader.post(f"inbound/announcements/{made}/move", {"to": "cancelled"})) == (401, "unauthorized")
    assert Announcement.objects.get().state == "announced"


def test_a_page_of_deliveries_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    order(world, ("MUG", 48), ("CARTE", 100))
    ask = program(*MAY)
    for n in range(4):
        announced(program, f"BL-{n}")
        ada = Actor("person", world.ada.pk, "Ada")
        opened = open_delivery(world.tilleul.pk, node_id=world.lyon.pk, actor=ada)
        take_in(world, good=1, delivery_id=opened)
    for path in ("inbound/announcements", "inbound/deliveries"):
        costs = [statements(lambda limit=limit, path=path: ask.read(path, limit=limit)) for limit in (1, 4)]  # type: ignore[misc]
        assert costs[0] == costs[1]
