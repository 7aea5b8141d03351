"""Receiving over the API: what came is taken in, set aside, taken back and inspected as at the dock, each by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from colisage.catalog.models import Barcode, Sku
from colisage.inbound.actions.save_checklist import Asked, save_checklist
from colisage.inbound.models import Announcement, Delivery, PurchaseOrder, Receipt, SetAside
from colisage.inventory.models import Lot, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.models import Photo
from tests.cast import World, day
from tests.inbound.dock import lying, order, photo, take_in
from tests.inbound.screens import words_of
from tests.inbound.test_api_deliveries import CARTON, PALLET, announced
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "inbound:write", "dock:write")


def came(answer: Any) -> list[tuple[str, str, int, int, str]]:
    assert answer.status_code == 200, answer.content
    return [
        (one["sku"], one["outcome"], one.get("good", 0), one.get("damaged", 0), one.get("code", ""))
        for one in answer.json()["results"]
    ]


def outcomes(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def receive(ask: Any, *units: dict[str, Any], **rest: Any) -> Any:
    return ask.post("inbound/receipts", {"units": list(units), **rest})


def test_what_came_is_taken_in_each_judged_by_itself_and_once(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12), ("CARTE", 100))
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="4006381333931", units=50)
    ask = program(*MAY)
    sent = {
        "purchase_order": purchase,
        "units": [
            {"sku": "mug", "good": 10, "damaged": 1},
            {"sku": "4006381333931", "good": 2},  # two cases
            {"sku": "MUG", "good": 3},
            {"sku": "LAMPE", "good": 1},
            {"sku": "PLUME", "good": 1, "unexpected": True},
            {"sku": "NOPE", "good": 1},
            {"sku": "COFFRET", "good": 1},
            {"sku": "MUG"},
            {"sku": "MUG", "good": 1, "serial": "S-1"},
            {"sku": "MUG", "good": 1, "lot": "OLD", "expires_on": "2020-01-01"},
        ],
    }
    first = ask.post("inbound/receipts", sent, Idempotency_Key="d1")
    assert came(first) == [
        ("MUG", "received", 10, 1, ""),
        ("CARTE", "received", 100, 0, ""),
        ("MUG", "refused", 0, 0, "over_delivered"),
        ("LAMPE", "refused", 0, 0, "not_expected"),
        ("PLUME", "received", 1, 0, ""),
        ("NOPE", "refused", 0, 0, "no_such_sku"),
        ("COFFRET", "refused", 0, 0, "bundle"),
        ("MUG", "refused", 0, 0, "not_that_many"),
        ("MUG", "refused", 0, 0, "no_serials"),
        ("MUG", "refused", 0, 0, "lot_expired"),
    ]
    assert ask.post("inbound/receipts", sent, Idempotency_Key="d1").content == first.content
    assert Receipt.objects.count() == 3
    assert lying(world, "MUG") == {("dock", "sellable"): 10, ("quarantine", "damaged"): 1}
    again = receive(ask, {"sku": "MUG", "good": 3}, purchase_order=purchase, over_confirmed=True)
    assert came(again) == [("MUG", "received", 3, 0, "")]
    assert again.json()["results"][0]["over"] == 2
    assert again.json()["delivery"] == first.json()["delivery"]


def test_a_delivery_says_what_is_over_short_damaged_and_unknown(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12), ("CARTE", 100))
    ask = program(*MAY)
    brought = receive(
        ask, {"sku": "MUG", "good": 12, "damaged": 1}, {"sku": "PLUME", "good": 2, "unexpected": True},
        purchase_order=purchase, over_confirmed=True,
    )  # fmt: skip
    unknown = {"units": 3, "sku": "NOPE", "description": "grey bowls"}
    ask.post("inbound/set-aside", {"purchase_order": purchase, "items": [unknown]})
    delivery = brought.json()["delivery"]
    told = ask.read(f"inbound/deliveries/{delivery}")
    assert [
        (one["sku"], one["ordered"], one["good"], one["damaged"], one["missing"], one["over"], one["unexpected"])
        for one in told["lines"]
    ] == [
        ("CARTE", 100, 0, 0, 100, 0, False),
        ("MUG", 12, 12, 1, 0, 1, False),
        ("PLUME", 0, 2, 0, 0, 2, True),
    ]
    assert [(one["kind"], one["units"], one["scanned"]) for one in told["set_aside"]] == [("unidentified", 3, "NOPE")]
    noted = ask.post(f"inbound/deliveries/{delivery}/papers", {"carrier": "Geodis", "note_number": "BL-7"})
    assert (noted.json()["carrier"], noted.json()["note_number"]) == ("Geodis", "BL-7")
    receiver = program("dock:write")
    closing = receiver.post(f"inbound/deliveries/{delivery}/finish", {"close_short": True})
    assert code_of(closing) == (401, "unauthorized")
    ended = ask.post(f"inbound/deliveries/{delivery}/finish", {"close_short": True})
    assert (ended.json()["state"], ended.json()["closed_short"]) == ("finished", True)
    assert PurchaseOrder.objects.get().state == "short"
    assert code_of(ask.post(f"inbound/deliveries/{delivery}/finish", {})) == (409, "delivery_finished")


def test_a_delivery_begins_with_what_is_taken_in_never_with_a_refusal(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12))
    answer = receive(program(*MAY), {"sku": "LAMPE", "good": 1}, {"sku": "TAPIS", "good": 1}, purchase_order=purchase)
    assert [code for *_rest, code in came(answer)] == ["not_expected"] * 2
    assert answer.json()["delivery"] is None
    assert not Delivery.objects.exists()
    assert not Receipt.objects.exists()


def test_what_nobody_expected_comes_to_a_node_and_is_the_delivery_of_programs(world: World, program: Make) -> None:
    one, other = program(*MAY), program(*MAY)
    first = receive(one, {"sku": "MUG", "good": 2}, node="lyon")
    second = receive(other, {"sku": "CARTE", "good": 5}, node="LYON")
    assert came(first) == [("MUG", "received", 2, 0, "")]
    assert first.json()["delivery"] == second.json()["delivery"]
    assert Delivery.objects.get().started_by_id is None


def test_a_label_says_the_lot_and_the_date(world: World, program: Make) -> None:
    Sku.objects.filter(pk=world.sku("MUG").pk).update(tracks_lots=True, tracks_expiry=True)
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="4006381333931")
    label = "(01)04006381333931(17)301231(10)L-7"
    answer = receive(program(*MAY), {"sku": label, "good": 4}, {"sku": "MUG", "good": 1}, node="LYON")
    assert came(answer) == [("MUG", "received", 4, 0, ""), ("MUG", "refused", 0, 0, "lot_missing")]
    assert [(lot.code, str(lot.expires_on)) for lot in Lot.objects.all()] == [("L-7", "2030-12-31")]


def test_serial_numbers_come_one_by_one(world: World, program: Make) -> None:
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    ask = program(*MAY)
    units = [{"sku": "LAMPE", "serial": f"S-{n}"} for n in (2, 1, 2)]
    answer = receive(
        ask, *units, {"sku": "LAMPE", "damaged": 1, "serial": "S-3"}, {"sku": "LAMPE", "good": 2}, node="LYON"
    )
    assert [(outcome, code) for _sku, outcome, _g, _d, code in came(answer)] == [
        ("received", ""),
        ("received", ""),
        ("refused", "serial_on_hand"),
        ("received", ""),
        ("refused", "serial_missing"),
    ]
    assert lying(world, "LAMPE") == {("dock", "sellable"): 1, ("quarantine", "damaged"): 1}


def test_a_rehearsal_takes_nothing_in(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12))
    sent = {"purchase_order": purchase, "units": [{"sku": "MUG", "good": 12}]}
    assert came(program(*MAY).post("inbound/receipts", sent, Dry_Run="true")) == [("MUG", "received", 12, 0, "")]
    assert not Receipt.objects.exists()
    assert PurchaseOrder.objects.get().state == "open"


def test_many_units_cost_as_many_statements_as_one(world: World, program: Make) -> None:
    ask = program(*MAY)
    receive(ask, {"sku": "MUG", "good": 1}, node="LYON")  # begins the delivery
    few = statements(lambda: receive(ask, {"sku": "MUG", "good": 1}, node="LYON"))
    units = [{"sku": code, "good": n} for n in range(1, 30) for code in ("MUG", "CARTE", "PLUME")]
    assert statements(lambda: receive(ask, *units, node="LYON")) == few
    assert Receipt.objects.count() == 89


def test_what_is_sent_twice_is_refused_without_trying_each(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 90), ("CARTE", 90))
    Sku.objects.filter(pk=world.sku("LAMPE").pk).update(tracks_serials=True)
    ask = program(*MAY)
    lamps = [{"sku": "LAMPE", "serial": f"S-{n}", "unexpected": True} for n in range(20)]
    units = [*({"sku": code, "good": 5} for code in ("MUG", "CARTE") * 20), *lamps]
    first = receive(ask, *units, purchase_order=purchase, over_confirmed=True)
    assert {outcome for outcome, _code in outcomes(first)} == {"received"}
    one = statements(lambda: receive(ask, units[0], lamps[0], purchase_order=purchase))
    answers: list[Any] = []
    assert statements(lambda: answers.append(receive(ask, *units, purchase_order=purchase))) == one
    assert {code for _outcome, code in outcomes(answers[0])} == {"over_delivered", "serial_on_hand"}


def test_what_was_too_many_is_taken_in_when_the_others_did_not_come(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 10))
    until = day(90)
    Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code="L-1", expires_on=until)
    other = {"sku": "MUG", "good": 6, "lot": "L-1", "expires_on": (until + timedelta(days=9)).isoformat()}
    answer = receive(
        program(*MAY), other, {"sku": "MUG", "good": 6}, {"sku": "MUG", "good": 6}, purchase_order=purchase
    )
    assert [code for *_rest, code in came(answer)] == ["other_date", "", "over_delivered"]
    assert PurchaseOrder.objects.get().state == "partly"


def test_nothing_is_received_on_an_order_that_was_cancelled(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12))
    PurchaseOrder.objects.update(state="cancelled")
    answer = receive(program(*MAY), {"sku": "MUG", "good": 1}, purchase_order=purchase)
    assert code_of(answer) == (409, "order_not_open")


def test_pallets_come_whole_and_once(world: World, program: Make) -> None:
    order(world, ("MUG", 48), ("CARTE", 100))
    announced(program)
    ask = program(*MAY)
    answer = ask.post("inbound/pallets/receive", {"ssccs": [CARTON, PALLET, PALLET, "0" * 18]})
    assert [(one["outcome"], one.get("units", 0), one.get("code", "")) for one in answer.json()["results"]] == [
        ("received", 24, ""), ("received", 60, ""), ("refused", 0, "pallet_not_expected"),
        ("refused", 0, "pallet_not_expected"),
    ]  # fmt: skip
    assert Announcement.objects.get().state == "arriving"


def test_receipts_are_taken_back_while_they_stand_there(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12))
    ask = program(*MAY)
    [one] = receive(ask, {"sku": "MUG", "good": 12}, purchase_order=purchase).json()["results"]
    assert PurchaseOrder.objects.get().state == "closed"
    answer = ask.post("inbound/receipts/undo", {"receipts": [one["receipt"], one["receipt"] + 10_000]})
    assert outcomes(answer) == [("undone", ""), ("refused", "not_there")]
    assert outcomes(ask.post("inbound/receipts/undo", {"receipts": [one["receipt"]]})) == [
        ("refused", "already_undone")
    ]
    assert PurchaseOrder.objects.get().state == "open"
    assert ask.read(f"inbound/receipts/{one['receipt']}")["undone_at"]


def test_what_is_set_aside_is_read_labelled_and_settled(world: World, program: Make) -> None:
    purchase = order(world, ("MUG", 12))
    ask = program(*MAY)
    soon = day(9).isoformat()
    items = [
        {"units": 2, "sku": "NOPE", "description": "grey bowls"},
        {"units": 1, "sku": "LAMPE"},
        {"units": 4, "sku": "MUG", "why": "expired", "lot": "L-1", "expires_on": soon},
        {"units": 2},
        {"units": 2, "sku": "MUG", "serial": "S-1"},
        {"units": 2, "sku": "COFFRET"},
    ]
    answer = ask.post("inbound/set-aside", {"purchase_order": purchase, "items": items})
    assert outcomes(answer) == [
        ("kept", ""), ("kept", ""), ("kept", ""), ("refused", "nothing_said"), ("refused", "serial_of_many"),
        ("refused", "bundle"),
    ]  # fmt: skip
    bowls, lamp, old = (one["id"] for one in answer.json()["results"][:3])
    assert answer.json()["results"][0]["name"] == SetAside.objects.get(pk=bowls).number
    assert [one["kind"] for one in ask.every("inbound/set-aside", limit=1)] == ["expired", "wrong", "unidentified"]
    SetAside.objects.filter(pk=bowls).update(at=datetime(2026, 11, 30, 23, 30, tzinfo=UTC))
    assert "Lyon · 01/12/2026" in words_of(ask.get(f"inbound/set-aside/{bowls}/label.pdf").content)
    settle = f"inbound/set-aside/{bowls}/settle"
    assert code_of(ask.post(settle, {"verdict": "take"})) == (422, "no_such_sku")
    assert code_of(ask.post(settle, {"verdict": "take", "sku": "COFFRET"})) == (422, "bundle")
    taken = ask.post(settle, {"verdict": "take", "sku": "mug", "note": "relabelled"}).json()
    assert (taken["state"], taken["sku"], taken["note"]) == ("taken", "MUG", "relabelled")
    assert ask.read(f"inbound/receipts/{taken['receipt']}")["good"] == 2
    assert code_of(ask.post(settle, {"verdict": "send_back"})) == (409, "aside_settled")
    assert code_of(ask.post(f"inbound/set-aside/{old}/settle", {"verdict": "take"})) == (409, "stays_out")
    gone = ask.post(f"inbound/set-aside/{lamp}/settle", {"verdict": "send_back"}).json()
    assert gone["state"] == "sent_back"
    assert lying(world, "LAMPE") == {}
    assert [one["id"] for one in ask.read("inbound/set-aside", state="open")["items"]] == [old]


def test_an_inspection_is_read_and_answered(world: World, program: Make) -> None:
    save_checklist(
        world.tilleul.pk, name="Glaze", sku_id=world.sku("MUG").pk, supplier_id=None, sample_rule="percent",
        sample_value=20, actor=SYSTEM,
        questions=[
            Asked("yes_no", "Is the glaze even?"), Asked("measure", "Height", "mm", 95_000, 105_000),
            Asked("photo", "Photo of the label"),
        ],
    )  # fmt: skip
    ask = program(*MAY)
    [one] = receive(ask, {"sku": "MUG", "good": 10}, node="LYON").json()["results"]
    assert one["to_inspect"] is True
    path = f"inbound/receipts/{one['receipt']}"
    told = ask.read(path)
    assert (told["inspection"]["name"], told["inspection"]["sample"], told["found"]) == ("Glaze", 2, None)
    even, height, label = told["inspection"]["questions"]
    assert (height["kind"], height["lowest"], height["highest"], label["kind"]) == ("measure", "95", "105", "photo")
    finding = {
        "answers": [{"question": even["id"], "answer": "no"}, {"question": height["id"], "answer": "99.5"}],
        "failed_units": 3, "note": "cracked",
    }  # fmt: skip
    assert code_of(ask.post(f"{path}/inspect", finding)) == (422, "photo_missing")
    picture = photo().read()
    headers = {"Content-Type": "image/jpeg"}
    rehearsed = ask.client.generic("POST", f"/api/v1/{path}/photos", picture, headers={**headers, "Dry-Run": "true"})
    assert (rehearsed.status_code, Photo.objects.count()) == (201, 0)
    assert ask.client.generic("POST", f"/api/v1/{path}/photos", picture, headers=headers).status_code == 201
    assert code_of(ask.client.generic("POST", f"/api/v1/{path}/photos", b"no photo")) == (422, "not_a_photo")
    unclear = {**finding, "failed_units": 0}
    assert code_of(ask.post(f"{path}/inspect", unclear)) == (422, "failed_unclear")
    found = ask.post(f"{path}/inspect", finding).json()
    assert (found["rejected"], found["loose"], found["to_inspect"], found["inspection"]) == (3, 7, False, None)
    assert (found["found"]["passed"], found["found"]["failed_units"], found["found"]["note"]) == (False, 3, "cracked")
    assert [one["right"] for one in found["found"]["answers"]] == [False, True, True]
    assert code_of(ask.post(f"{path}/inspect", finding)) == (409, "nothing_to_inspect")
    assert lying(world, "MUG") == {("dock", "sellable"): 7, ("quarantine", "quarantine"): 3}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, (422, "not_said_where")),
        ({"node": "LYON", "announcement": 1}, (422, "not_said_where")),
        ({"node": "NOPE"}, (404, "not_there")),
        ({"purchase_order": 2**62}, (404, "not_there")),
        ({"announcement": 2**62}, (404, "not_there")),
        ({"purchase_order": 0}, (422, "malformed")),
        ({"node": "LYON", "units": []}, (422, "malformed")),
        ({"node": "LYON", "units": [{"sku": "MUG", "good": -1}]}, (422, "malformed")),
        ({"node": "LYON", "units": [{"sku": "MUG", "good": 1, "over": True}]}, (422, "malformed")),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_request_that_says_not_where_or_not_what_is_refused(
    program: Make, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    sent = {"units": [{"sku": "MUG", "good": 1}], **change}
    assert code_of(program(*MAY).post("inbound/receipts", sent)) == refusal
    assert not Delivery.objects.exists()


def test_strangers_and_keys_without_the_right_receive_nothing(world: World, program: Make, stranger: Make) -> None:
    purchase = order(world, ("MUG", 12))
    receipt = take_in(world, purchase_order_id=purchase, good=2)
    ask = program(*MAY)
    kept = ask.post("inbound/set-aside", {"node": "LYON", "items": [{"units": 1, "sku": "MUG"}]}).json()["results"][0]
    delivery = SetAside.objects.get().delivery_id
    before = StockMovement.objects.count()
    doors = {
        "inbound/receipts": {"purchase_order": purchase, "units": [{"sku": "MUG", "good": 1}]},
        "inbound/set-aside": {"purchase_order": purchase, "items": [{"units": 1, "description": "x"}]},
        f"inbound/set-aside/{kept['id']}/settle": {"verdict": "send_back"},
        f"inbound/receipts/{receipt}/inspect": {"answers": []},
        f"inbound/deliveries/{delivery}/finish": {},
        f"inbound/deliveries/{delivery}/papers": {"carrier": "x"},
        "inbound/receipts/undo": {"receipts": [receipt]},
        "inbound/pallets/receive": {"ssccs": [PALLET]},
    }
    for path, body in doors.items():
        assert code_of(program("inbound:read", "inbound:write").post(path, body)) == (401, "unauthorized")
        answer = stranger(*MAY).post(path, body)
        if answer.status_code == 200:
            assert {one["outcome"] for one in answer.json()["results"]} == {"refused"}
        else:
            assert code_of(answer) == (404, "not_there")
    for path in (f"inbound/set-aside/{kept['id']}", f"inbound/receipts/{receipt}"):
        assert code_of(stranger(*MAY).get(path)) == (404, "not_there")
    assert stranger(*MAY).read("inbound/set-aside")["items"] == []
    assert StockMovement.objects.count() == before
