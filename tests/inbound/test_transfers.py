"""Transfers: only free units leave, what is on its way is incoming, what does not arrive is explained."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.inbound.actions.put_away import put_away
from colisage.inbound.actions.receive_transfer import Arrived, MoreThanSent, NothingArrived, receive_transfer
from colisage.inbound.actions.send_transfer import NothingSent, SameNode, TooFewFree, send_transfer
from colisage.inbound.actions.settle_transfer import NoSuchReason, settle_transfer
from colisage.inbound.actions.write_purchase import DayIsPast
from colisage.inbound.models import Receipt, Transfer, TransferLine
from colisage.inbound.queries import incoming_of
from colisage.inventory.models import StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere, Refused
from tests.books import hold, stand
from tests.cast import World
from tests.inbound.screens import client_of, text_of

pytestmark = pytest.mark.usefixtures("balanced")


def send(world: World, *wanted: tuple[str, int], **changes: Any) -> int:
    facts = {
        "from_node_id": world.lyon.pk, "to_node_id": world.montreal.pk, "once": f"once-{Transfer.objects.count()}",
        "actor": SYSTEM, **changes,
    }  # fmt: skip
    rows = [(world.sku(code).pk, qty) for code, qty in wanted or (("MUG", 8),)]
    return send_transfer(world.tilleul.pk, rows, **facts)


def line() -> int:
    return TransferLine.objects.get().pk


def lying(world: World, code: str = "MUG") -> dict[str, int]:
    rows = StockCell.objects.filter(sku=world.sku(code), kept=True, qty__gt=0)
    return {f"{node}/{kind}": qty for node, kind, qty in rows.values_list("node__code", "place__kind", "qty")}


def coming(world: World) -> list[tuple[int, str, int]]:
    sku = world.sku("MUG").pk
    return [(i.node_id, i.kind, i.qty) for i in incoming_of([world.tilleul.pk], [sku])[sku]]


def test_units_sent_are_incoming_until_they_are_put_away(world: World) -> None:
    made = send(world)
    assert lying(world) == {"LYON/bin": 12, "MTL/transit": 8}
    assert stand(world.sku("MUG"), world.lyon) == (12, 0)
    assert coming(world) == [(world.montreal.pk, "transit", 8)]
    (receipt,) = receive_transfer(world.tilleul.pk, [Arrived(line(), 5, 1)], transfer_id=made, actor=SYSTEM)
    assert lying(world) == {"LYON/bin": 12, "MTL/transit": 2, "MTL/dock": 5, "MTL/quarantine": 1}
    assert coming(world) == [(world.montreal.pk, "transit", 2)]
    assert Transfer.objects.get().state == "partly"
    put_away(world.tilleul.pk, receipt_id=receipt, bin_code="C-04-1", qty=5, actor=SYSTEM)
    assert stand(world.sku("MUG"), world.montreal) == (5, 0)
    receive_transfer(world.tilleul.pk, [Arrived(line(), 2)], transfer_id=made, actor=SYSTEM)
    assert Transfer.objects.get().state == "arrived"
    assert coming(world) == []


def test_what_is_promised_stays(world: World) -> None:
    hold(world.sku("MUG"), 15, nodes=(world.lyon.pk,))
    with pytest.raises(TooFewFree):
        send(world, ("MUG", 6))
    assert not Transfer.objects.exists()
    assert lying(world) == {"LYON/bin": 20}
    send(world, ("MUG", 5))
    assert stand(world.sku("MUG"), world.lyon) == (15, 15)


def test_the_same_form_sent_twice_is_one_transfer(world: World) -> None:
    assert send(world, once="x") == send(world, once="x")
    assert lying(world)["MTL/transit"] == 8


@pytest.mark.parametrize(("reason", "left"), [("lost", {"LYON/bin": 12}), ("stayed", {"LYON/bin": 12, "LYON/dock": 8})])
def test_what_does_not_arrive_is_explained(world: World, reason: str, left: dict[str, int]) -> None:
    made = send(world)
    for expected in (8, 0):
        assert settle_transfer(world.tilleul.pk, transfer_id=made, reason=reason, actor=SYSTEM) == expected
    assert lying(world) == left
    assert (Transfer.objects.get().state, TransferLine.objects.get().reason) == ("arrived", reason)


@pytest.mark.parametrize(
    ("wanted", "changes", "refusal"),
    [
        ([], {}, NothingSent),
        ([("MUG", 0)], {}, NothingSent),
        ([("MUG", -3)], {}, NothingSent),
        ([("MUG", 10**7)], {}, NothingSent),
        ([("MUG", 15), ("MUG", 15)], {}, TooFewFree),
        ([("COFFRET", 1)], {}, TooFewFree),
        ([("MUG", 1)], {"expected_on": timezone.localdate() - timedelta(days=1)}, DayIsPast),
        ([("MUG", 1)], {"to_node_id": 10**9}, NotThere),
    ],
)
def test_what_cannot_be_sent_is_refused(
    world: World, wanted: list[tuple[str, int]], changes: dict[str, Any], refusal: type[Refused]
) -> None:
    before = StockMovement.objects.count()
    facts = {
        "from_node_id": world.lyon.pk, "to_node_id": world.montreal.pk, "once": "x", "actor": SYSTEM, **changes,
    }  # fmt: skip
    with pytest.raises(refusal):
        send_transfer(world.tilleul.pk, [(world.sku(code).pk, qty) for code, qty in wanted], **facts)
    with pytest.raises(SameNode):
        send(world, to_node_id=world.lyon.pk)
    with pytest.raises(NotThere):
        send_transfer(world.northwind.pk, [(world.sku("MUG").pk, 1)], **{**facts, "from_node_id": world.montreal.pk})
    assert StockMovement.objects.count() == before
    assert not Transfer.objects.exists()


def test_no_more_arrives_than_was_sent(world: World) -> None:
    made = send(world)
    for arrived, refusal in (
        ([Arrived(line(), 9)], MoreThanSent),
        ([Arrived(line(), 5), Arrived(line(), 4)], MoreThanSent),
        ([Arrived(line(), -1)], NothingArrived),
        ([Arrived(line(), 0)], NothingArrived),
        ([Arrived(10**9, 1)], NotThere),
    ):
        with pytest.raises(refusal):
            receive_transfer(world.tilleul.pk, arrived, transfer_id=made, actor=SYSTEM)
    with pytest.raises(NoSuchReason):
        settle_transfer(world.tilleul.pk, transfer_id=made, reason="because", actor=SYSTEM)
    with pytest.raises(NotThere):
        receive_transfer(world.northwind.pk, [Arrived(line(), 1)], transfer_id=made, actor=SYSTEM)
    assert lying(world)["MTL/transit"] == 8
    assert not Receipt.objects.exists()


def test_a_transfer_is_sent_on_the_desk_and_counted_at_the_dock(world: World) -> None:
    desk = client_of(world.chen)
    page = desk.get("/inbound/transfers/new")
    told = {
        "from_node": world.lyon.pk, "to_node": world.montreal.pk, "lines": "MUG 8\nCARTE; 20", "note": "Navette",
        "once": page.context["form"].initial["once"],
    }  # fmt: skip
    assert desk.post("/inbound/transfers/new", {**told, "lines": "MUG 80"}).status_code == 422
    assert desk.post("/inbound/transfers/new", {**told, "lines": "NOPE 8"}).status_code == 422
    assert desk.post("/inbound/transfers/new", told).status_code == 302
    made = Transfer.objects.get().pk
    assert "Navette" in text_of(desk.get(f"/inbound/transfers/{made}"))
    asked = desk.post(f"/inbound/transfers/{made}/arrive", {"code": "MUG"})
    mug = asked.context["chosen"][0].pk
    assert desk.post(f"/inbound/transfers/{made}/arrive", {"code": "TAPIS"}).status_code == 422
    assert desk.post(f"/inbound/transfers/{made}/arrive", {"line": mug, "good": "x"}).status_code == 422
    part = {"line": mug, "good": "3", "damaged": "1", "once": asked.context["once"]}
    for said in ("1 damaged, to quarantine.", "counted already"):  # the same form, sent twice
        assert said in text_of(desk.post(f"/inbound/transfers/{made}/arrive", part))
    assert TransferLine.objects.filter(pk=mug).values_list("good", "damaged").get() == (3, 1)
    assert desk.post(f"/inbound/transfers/{made}/arrive", {"line": mug, "good": "4"}).status_code == 200
    again = desk.post(f"/inbound/transfers/{made}/arrive", {"code": "MUG"})
    assert "All of this item is counted already." in text_of(again)
    assert "20 units are missing: say why" in text_of(again)
    desk.post(f"/inbound/transfers/{made}/settle", {"reason": "lost"})
    assert Transfer.objects.get().state == "arrived"
    assert "20 units did not arrive: lost on the way" in text_of(desk.get(f"/inbound/transfers/{made}"))
    over = desk.get(f"/inbound/transfers/{made}/arrive")
    assert "Nothing of this transfer is on its way any more." in text_of(over)
    assert "data-scan" not in over.content.decode()
    assert "Navette" not in text_of(client_of(world.dee).get("/inbound/transfers"))
    dee = client_of(world.dee)
    assert dee.get(f"/inbound/transfers/{made}").status_code == 404
    assert dee.post(f"/inbound/transfers/{made}/settle", {"reason": "lost"}).status_code == 404
    assert client_of(world.ada).get(f"/inbound/transfers/{made}/arrive").status_code == 403


def test_many_lines_cost_as_many_statements_as_few(world: World) -> None:
    asked = []
    send(world, ("MUG", 1))  # the place of what is on its way is made once
    for codes in (("MUG",), ("TAPIS", "LAMPE", "PLUME", "CARTE")):
        with CaptureQueriesContext(connection) as sending:
            made = send(world, *((code, 2) for code in codes))
        arrived = [Arrived(pk, 1) for pk in TransferLine.objects.filter(transfer=made).values_list("pk", flat=True)]
        with CaptureQueriesContext(connection) as arriving:
            receive_transfer(world.tilleul.pk, arrived, transfer_id=made, actor=SYSTEM)
        asked.append((len(sending), len(arriving)))
    assert asked[0] == asked[1]
