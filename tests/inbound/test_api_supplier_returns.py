"""Goods that go back to suppliers over the API: from quarantine to the credit."""

from typing import Any

import pytest

from colisage.inbound.actions.open_delivery import open_delivery
from colisage.inbound.models import Supplier, SupplierReturn
from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.actions.post_movements import Spot, post_movements
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Photo
from tests.books import move
from tests.cast import World, day
from tests.inbound.dock import lying, order, photo, take_in
from tests.program import Make, Program, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
MAY = ("inbound:read", "inbound:write", "dock:write")
RETURNS = "inbound/supplier-returns"
BROKEN = ("quarantine", "damaged")


@pytest.fixture
def broken(balanced: World) -> World:
    """Give the world with four mugs that came broken, on an order at 7.00 each."""
    purchase = order(balanced, ("MUG", 20), ("TAPIS", 5))
    delivery = open_delivery(balanced.tilleul.pk, node_id=balanced.lyon.pk, purchase_order_id=purchase, actor=SYSTEM)
    for code, good, damaged in (("MUG", 16, 4), ("TAPIS", 3, 2)):
        take_in(balanced, code, good=good, damaged=damaged, purchase_order_id=purchase, delivery_id=delivery)
    return balanced


def pottery() -> str:
    return str(Supplier.objects.get().code)


def waiting(ask: Program) -> dict[str, Any]:
    return {one["sku"]: one for one in ask.every("inbound/quarantine", limit=1)}


def test_what_lies_in_quarantine_goes_back_and_is_credited(broken: World, program: Make) -> None:
    ask = program(*MAY)
    lies = waiting(ask)
    assert list(lies) == ["MUG", "TAPIS"]
    mug = lies["MUG"]
    facts = ("node", "units", "condition", "supplier", "unit_cost_cents", "reason", "consigned")
    assert [mug[name] for name in facts] == ["LYON", 4, "damaged", pottery(), 700, "damaged", False]
    body = {
        "supplier": pottery().lower(), "note": "see photos",
        "lines": [
            {"cell": mug["cell"], "units": 3},
            {"cell": lies["TAPIS"]["cell"], "units": 1, "reason": "quality", "unit_credit_cents": 500},
        ],
    }  # fmt: skip
    made = ask.post(RETURNS, body, Idempotency_Key="r1")
    assert made.status_code == 201, made.content
    assert ask.post(RETURNS, body, Idempotency_Key="r1").content == made.content
    told = made.json()
    path = f"{RETURNS}/{told['id']}"
    assert told == ask.read(path)
    assert (told["state"], told["units"], told["expected_cents"], told["overdue"]) == ("draft", 4, 2600, False)
    assert [(one["sku"], one["units"], one["reason"], one["unit_credit_cents"]) for one in told["lines"]] == [
        ("MUG", 3, "damaged", 700), ("TAPIS", 1, "quality", 500),
    ]  # fmt: skip
    assert ask.client.get(f"/api/v1/{path}/document.pdf").content[:4] == b"%PDF"
    assert ask.post(f"{path}/move", {"to": "announced"}).json()["state"] == "announced"
    sent = ask.post(f"{path}/send", {"carrier": "Geodis", "tracking_number": "8R4"}, Idempotency_Key="s1")
    assert (sent.status_code, sent.json()["state"], sent.json()["carrier"]) == (200, "sent", "Geodis")
    assert ask.post(f"{path}/send", {"carrier": "Geodis", "tracking_number": "8R4"}, Idempotency_Key="s1").json()
    assert lying(broken, "MUG")[BROKEN] == 1
    assert code_of(ask.post(f"{path}/send", {})) == (409, "not_that_step")
    assert code_of(ask.post(f"{path}/move", {"to": "credited"})) == (422, "credit_unclear")
    today = day(0).isoformat()
    credit = {"to": "credited", "credited_cents": 2000, "credited_on": today, "reference": "AV-9"}
    told = ask.post(f"{path}/move", credit).json()
    assert (told["state"], told["credited_cents"], told["credited_on"], told["reference"]) == (
        "credited", 2000, today, "AV-9",
    )  # fmt: skip
    assert code_of(ask.post(f"{path}/move", {"to": "cancelled"})) == (409, "not_that_step")


def test_returns_are_listed_by_how_far_they_are_and_to_whom(broken: World, program: Make) -> None:
    ask = program(*MAY)
    for units in (1, 2):
        cell = waiting(ask)["MUG"]["cell"]
        ask.post(RETURNS, {"supplier": pottery(), "lines": [{"cell": cell, "units": units}]})
    first, second = SupplierReturn.objects.order_by("pk")
    SupplierReturn.objects.filter(pk=first.pk).update(claim_until=day(-1))
    ask.post(f"{RETURNS}/{second.pk}/move", {"to": "cancelled"})

    def ids(**asked: Any) -> list[int]:
        return [one["id"] for one in ask.every(RETURNS, limit=1, **asked)]

    assert ids() == [second.pk, first.pk]
    assert ids(view="open") == ids(view="overdue") == [first.pk]
    assert ids(view="ended") == [second.pk]
    assert ids(supplier=pottery().lower()) == [second.pk, first.pk]
    assert ids(supplier="NOPE") == []


def test_a_plate_goes_back_whole_by_its_code(broken: World, program: Make) -> None:
    ask = program(*MAY)
    [(plate, code)] = make_plates(broken.tilleul.pk, codes=["PAL-7"], actor=SYSTEM)
    cell = StockCell.objects.get(sku=broken.sku("MUG"), place__kind="quarantine", qty__gt=0)
    lies = Spot(place_id=cell.place_id, condition="damaged")
    onto = Spot(place_id=cell.place_id, condition="damaged", plate_id=plate)
    post_movements([move(broken.sku("MUG"), 4, source=lies, target=onto)], actor=SYSTEM)
    assert waiting(ask)["MUG"]["plate"] == code
    told = ask.post(RETURNS, {"supplier": pottery(), "plates": [code.lower()]}).json()
    assert [(one["sku"], one["units"], one["plate"]) for one in told["lines"]] == [("MUG", 4, code)]
    assert ask.post(f"{RETURNS}/{told['id']}/send", {}).json()["state"] == "sent"
    assert BROKEN not in lying(broken, "MUG")


def test_what_cannot_go_back_is_refused_and_nothing_is_written(broken: World, program: Make) -> None:
    ask = program(*MAY)
    cell = waiting(ask)["MUG"]["cell"]
    good = StockCell.objects.filter(sku=broken.sku("MUG"), place__kind="bin").first()
    assert good is not None
    line = {"cell": cell, "units": 1}
    for change, refused in (
        ({"supplier": "nobody"}, (422, "no_such_supplier")),
        ({"lines": []}, (422, "nothing_goes_back")),
        ({"lines": [{"cell": cell, "units": 5}]}, (409, "not_in_quarantine")),
        ({"lines": [line, line]}, (422, "cell_twice")),
        ({"lines": [{"cell": good.pk, "units": 1}]}, (404, "not_there")),
        ({"plates": ["NOPE"]}, (422, "no_such_plates")),
        ({"lines": [{"cell": cell, "units": 1, "reason": "ugly"}]}, (422, "malformed")),
    ):
        assert code_of(ask.post(RETURNS, {"supplier": pottery(), "lines": [line], **change})) == refused
    assert not SupplierReturn.objects.exists()
    assert ask.get("inbound/quarantine", page="nonsense").status_code == 422


def test_a_photo_is_kept_with_a_return(broken: World, program: Make, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    ask = program(*MAY)
    made = ask.post(
        RETURNS, {"supplier": pottery(), "lines": [{"cell": waiting(ask)["MUG"]["cell"], "units": 1}]}
    ).json()
    url = f"/api/v1/{RETURNS}/{made['id']}/photos"
    answer: Any = ask.client.post(url, photo().read(), content_type="image/jpeg")
    assert (answer.status_code, answer.json()["outcome"]) == (201, "kept")
    kept = Photo.objects.get()
    assert (kept.doc_kind, kept.doc_id) == ("supplier_return", made["id"])


def test_strangers_and_those_who_may_not_do_nothing(broken: World, program: Make, stranger: Make) -> None:
    own, ask = program(*MAY), stranger(*MAY)
    line = {"cell": waiting(own)["MUG"]["cell"], "units": 1}
    made = own.post(RETURNS, {"supplier": pottery(), "lines": [line]}).json()["id"]
    assert ask.every("inbound/quarantine") == ask.every(RETURNS) == []
    assert code_of(ask.post(RETURNS, {"supplier": pottery(), "lines": [line]})) == (422, "no_such_supplier")
    path = f"{RETURNS}/{made}"
    for answer in (
        ask.get(path), ask.get(f"{path}/document.pdf"), ask.post(f"{path}/send", {}),
        ask.post(f"{path}/move", {"to": "announced"}), ask.post(f"{path}/photos", b"x"),
    ):  # fmt: skip
        assert code_of(answer) == (404, "not_there")
    assert code_of(program("inbound:read", "inbound:write").post(f"{path}/send", {})) == (401, "unauthorized")
    assert code_of(program("inbound:read", "dock:write").post(f"{path}/move", {"to": "announced"})) == (
        401, "unauthorized",
    )  # fmt: skip
    assert SupplierReturn.objects.get().state == "draft"


def test_lists_cost_the_same_whatever_they_hold(broken: World, program: Make) -> None:
    ask = program(*MAY)
    cell = waiting(ask)["MUG"]["cell"]
    ask.post(RETURNS, {"supplier": pottery(), "lines": [{"cell": cell, "units": 1}]})
    few = statements(lambda: ask.read(RETURNS))
    ask.post(RETURNS, {"supplier": pottery(), "lines": [{"cell": cell, "units": 1}]})
    assert statements(lambda: ask.read(RETURNS)) == few
    several = statements(lambda: ask.read("inbound/quarantine", limit=2))
    assert statements(lambda: ask.read("inbound/quarantine", limit=1)) == several
