"""Transfers over the API: sent by codes, read, counted where they arrive, settled; the same refusals as at the desk."""

from typing import Any

import pytest

from colisage.catalog.models import Barcode
from colisage.inbound.models import Transfer
from colisage.inventory.models import StockMovement
from tests.books import hold
from tests.cast import World, day
from tests.inbound.test_transfers import lying, send
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("inbound:read", "stock:write", "dock:write")


def body(*lines: tuple[str, int], **changes: Any) -> dict[str, Any]:
    rows = [{"sku": sku, "quantity": n} for sku, n in lines or (("MUG", 8),)]
    return {"source": "lyon", "target": "MTL", "lines": rows, **changes}


def test_units_are_sent_once_read_and_counted_where_they_arrive(world: World, program: Make) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="4006381333931", units=5)
    ask = program(*MAY)
    soon = day(3).isoformat()
    sent = body(("mug", 8), ("4006381333931", 2), expected_on=soon, note="van")
    first = ask.post("inbound/transfers", sent, Idempotency_Key="t1")
    assert first.status_code == 201, first.content
    assert ask.post("inbound/transfers", sent, Idempotency_Key="t1").content == first.content
    assert lying(world) == {"LYON/bin": 12, "MTL/transit": 8}
    told = first.json()
    assert (told["source"], told["target"], told["state"], told["sent"], told["arrived"]) == (
        "LYON",
        "MTL",
        "sent",
        18,
        0,
    )
    assert (told["expected_on"], told["note"], told["ended_at"]) == (soon, "van", None)
    cards, mugs = told["lines"]
    assert (cards["sku"], cards["left"], mugs["sku"], mugs["left"]) == ("CARTE", 10, "MUG", 8)
    assert mugs["bins"].endswith("× 8")
    path = f"inbound/transfers/{told['id']}"
    came = [{"line": mugs["id"], "good": 5, "damaged": 1}, {"line": cards["id"], "good": 10}]
    arrived = ask.post(f"{path}/arrive", {"lines": came}, Idempotency_Key="a1").json()
    assert ask.post(f"{path}/arrive", {"lines": came}, Idempotency_Key="a1").json() == arrived
    assert (arrived["state"], arrived["arrived"]) == ("partly", 16)
    assert lying(world) == {"LYON/bin": 12, "MTL/transit": 2, "MTL/dock": 5, "MTL/quarantine": 1}
    assert code_of(ask.post(f"{path}/arrive", {"lines": came})) == (409, "more_than_sent")
    assert code_of(ask.post(f"{path}/arrive", {"lines": [{"line": mugs["id"]}]})) == (422, "nothing_arrived")
    assert code_of(ask.post(f"{path}/arrive", {"lines": [{"line": 2**62, "good": 1}]})) == (404, "not_there")
    settled = ask.post(f"{path}/settle", {"reason": "lost"}).json()
    assert (settled["state"], settled["lines"][1]["settled"], settled["lines"][1]["reason"]) == ("arrived", 2, "lost")
    assert ask.post(f"{path}/settle", {"reason": "theft"}).json() == settled
    assert ask.read(path) == settled
    assert [one["id"] for one in ask.every("inbound/transfers", state="arrived", limit=1)] == [told["id"]]
    assert ask.every("inbound/transfers", state="sent") == []


def test_what_means_nothing_is_named_at_once(world: World, program: Make) -> None:
    answer = program(*MAY).post("inbound/transfers", body(("NOPE", 1), ("MUG", 1), ("COFFRET", 1), source="NOPE"))
    assert code_of(answer) == (422, "means_nothing")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("/source", "no_such_node"), ("/lines/0", "no_such_sku"), ("/lines/2", "bundle"),
    ]  # fmt: skip
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"target": "LYON"}, (422, "same_node")),
        ({"expected_on": "2020-01-01"}, (422, "day_is_past")),
        ({"lines": [{"sku": "MUG", "quantity": 21}]}, (409, "too_few_free")),
        ({"lines": []}, (422, "malformed")),
        ({"lines": [{"sku": "MUG", "quantity": 0}]}, (422, "malformed")),
        ({"expected_on": "soon"}, (422, "malformed")),
        ({"from": "LYON"}, (422, "malformed")),
    ],
)
def test_what_is_refused_sends_nothing(
    world: World, program: Make, change: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert code_of(program(*MAY).post("inbound/transfers", {**body(), **change})) == refusal
    assert lying(world) == {"LYON/bin": 20}


def test_what_is_promised_stays_and_a_rehearsal_sends_nothing(world: World, program: Make) -> None:
    hold(world.sku("MUG"), 15, nodes=(world.lyon.pk,))
    ask = program(*MAY)
    refused = ask.post("inbound/transfers", body(("MUG", 3), ("MUG", 3)))
    assert code_of(refused) == (409, "too_few_free")
    assert ask.post("inbound/transfers", body(("MUG", 5)), Dry_Run="true").status_code == 201
    assert not Transfer.objects.exists()


def test_strangers_and_keys_without_the_right_send_and_count_nothing(
    world: World, program: Make, stranger: Make
) -> None:
    made = send(world)
    ask = stranger(*MAY)
    before = StockMovement.objects.count()
    assert ask.every("inbound/transfers") == []
    assert code_of(ask.get(f"inbound/transfers/{made}")) == (404, "not_there")
    assert code_of(ask.post("inbound/transfers", body())) == (422, "means_nothing")
    line = {"lines": [{"line": 1, "good": 1}]}
    assert code_of(ask.post(f"inbound/transfers/{made}/arrive", line)) == (404, "not_there")
    assert code_of(ask.post(f"inbound/transfers/{made}/settle", {"reason": "lost"})) == (404, "not_there")
    for path, sent, scope in (
        ("", body(), "stock:write"),
        (f"/{made}/arrive", line, "dock:write"),
        (f"/{made}/settle", {"reason": "lost"}, "stock:write"),
    ):
        others = program(*{*MAY, "inbound:write"} - {scope})
        assert code_of(others.post(f"inbound/transfers{path}", sent)) == (401, "unauthorized")
    assert StockMovement.objects.count() == before


def test_a_page_of_transfers_costs_the_same_whatever_it_holds(world: World, program: Make) -> None:
    for _n in range(4):
        send(world, ("MUG", 1), ("CARTE", 1))
    ask = program(*MAY)
    few = statements(lambda: ask.read("inbound/transfers", limit=1))
    assert statements(lambda: ask.read("inbound/transfers", limit=4)) == few
    assert len(ask.every("inbound/transfers", limit=3)) == 4
