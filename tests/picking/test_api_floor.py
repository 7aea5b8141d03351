"""The floor by the API: work released, batches read and taken, picks done, units put back, each judged by itself."""

from typing import Any

import pytest

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.actions.save_serials import save_serials
from colisage.inventory.checks import differences
from colisage.inventory.models import StockCell
from colisage.kit.actors import SYSTEM
from colisage.network.queries import place_of
from colisage.orders.actions.cancel_orders import cancel_orders
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.events import OrderCancelled
from colisage.orders.queries import parts
from colisage.people.models import ServiceContract
from colisage.picking.actions.ask_put_backs import ask_put_backs
from colisage.picking.models import PickBatch, PickTask, PutBack, Wave
from tests.books import balanced, lose, move, spot_of, virtual, where
from tests.cast import World
from tests.picking.conftest import Ready
from tests.program import Make, Program, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("floor:read", "floor:write")


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def barcode(world: World, code: str) -> str:
    return str(Barcode.objects.get(sku=world.sku(code)).code)


def released(ask: Program, *ids: int) -> list[int]:
    """Release fulfilment orders; give the picks of their batches."""
    answer = ask.post("waves", {"node": "LYON", "fulfillment_orders": ids})
    assert answer.status_code == 200, answer.content
    walks = [ask.read(f"batches/{batch['id']}") for batch in answer.json()["batches"]]
    return [task["id"] for walk in walks for task in walk["tasks"]]


def test_orders_are_released_as_one_wave_each_judged_by_itself(world: World, ready: Ready, program: Make) -> None:
    one, other, held = ready((("MUG", 1),), (("CARTE", 2),), (("MUG", 1),))
    order = parts([held])[held].order_id or 0
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM)
    ask = program(*MAY)
    [waiting] = ask.read("waves/waiting")["items"]
    assert (waiting["node"], waiting["orders"], waiting["units"]) == ("LYON", 2, 3)
    named = [one, other, held, 999_999]
    answer = ask.post("waves", {"node": "lyon", "fulfillment_orders": named}, Accept_Language="fr")
    assert outcomes(answer) == [
        (one, "released", ""),
        (other, "released", ""),
        (held, "refused", "not_complete"),
        (999_999, "refused", "not_there"),
    ]
    assert "bloqué" in answer.json()["results"][2]["detail"]
    assert answer.json()["wave"] == Wave.objects.get().pk
    [batch] = answer.json()["batches"]
    assert (batch["node"], batch["state"], batch["picks"], batch["left"]) == ("LYON", "waiting", 2, 2)
    again = ask.post("waves", {"node": "LYON", "fulfillment_orders": named[:2]})
    assert outcomes(again) == [(one, "unchanged", ""), (other, "unchanged", "")]
    assert (again.json()["wave"], again.json()["batches"]) == (None, [])
    assert code_of(ask.post("waves", {"node": "LYON"})) == (409, "nothing_to_release")


def test_without_names_the_most_urgent_are_released(ready: Ready, program: Make) -> None:
    ready(*[(("MUG", 1),)] * 3)
    ask = program(*MAY)
    answer = ask.post("waves", {"node": "LYON", "most": 2})
    assert answer.json()["batches"][0]["picks"] == 2
    assert ask.read("waves/waiting")["items"][0]["orders"] == 1


def test_a_batch_is_read_along_its_walk_and_taken_by_one(ready: Ready, program: Make) -> None:
    ask = program(*MAY)
    released(ask, *ready((("MUG", 2), ("CARTE", 1))))
    [batch] = ask.every("batches", state="waiting")
    walk = ask.read(f"batches/{batch['id']}")
    assert {(task["sku"], task["quantity"], task["state"]) for task in walk["tasks"]} == {
        ("MUG", 2, "open"), ("CARTE", 1, "open")
    }  # fmt: skip
    assert all(task["bin"] for task in walk["tasks"])
    assert ask.post(f"batches/{batch['id']}/take").json()["state"] == "taken"
    assert ask.post(f"batches/{batch['id']}/take").status_code == 200
    PickBatch.objects.update(picked_by="Ada")
    assert code_of(ask.post(f"batches/{batch['id']}/take")) == (409, "batch_is_taken")
    assert ask.every("batches", state="waiting") == []


def test_picks_are_done_each_judged_by_itself(world: World, ready: Ready, program: Make) -> None:
    ids = ready((("MUG", 2),), (("CARTE", 3),), (("PLUME", 2),), (("TAPIS", 1),))
    ask = program(*MAY)
    released(ask, *ids)
    task = {code: PickTask.objects.get(sku=world.sku(code)).pk for code in ("MUG", "CARTE", "PLUME", "TAPIS")}
    body = {
        "picks": [
            {"id": task["MUG"]},
            {"id": task["CARTE"], "found": 1, "reason": "damaged"},
            {"id": task["PLUME"], "found": 3},
            {"id": task["TAPIS"], "code": barcode(world, "MUG")},
            {"id": 999_999},
        ]
    }
    answer = ask.post("picks", body)
    assert outcomes(answer) == [
        (task["MUG"], "picked", ""),
        (task["CARTE"], "short", ""),
        (task["PLUME"], "refused", "too_many_found"),
        (task["TAPIS"], "refused", "wrong_item"),
        (999_999, "refused", "not_there"),
    ]
    states = dict(PickTask.objects.filter(pk__in=task.values()).values_list("sku__code", "state"))
    assert states == {"MUG": "done", "CARTE": "short", "PLUME": "open", "TAPIS": "open"}
    assert parts(ids)[ids[0]].stage == "picked"
    damaged = StockCell.objects.get(sku=world.sku("CARTE"), condition="damaged", qty__gt=0)
    assert damaged.qty == 2
    more = {"picks": [{"id": task["MUG"]}, {"id": task["TAPIS"], "code": barcode(world, "TAPIS")}]}
    assert outcomes(ask.post("picks", more)) == [(task["MUG"], "unchanged", ""), (task["TAPIS"], "picked", "")]
    assert differences() == []


def test_units_that_were_lost_before_the_pick_are_said_to_be(world: World, ready: Ready, program: Make) -> None:
    ask = program(*MAY)
    [pick] = released(ask, *ready((("MUG", 2),)))
    lose(world.sku("MUG"), 20, at=where(world.sku("MUG"), world.lyon))
    assert outcomes(ask.post("picks", {"picks": [{"id": pick}]})) == [(pick, "refused", "units_lost")]
    assert outcomes(ask.post("picks", {"picks": [{"id": pick}]})) == [(pick, "refused", "units_lost")]


def test_of_units_with_numbers_the_one_that_was_scanned_is_taken(world: World, ready: Ready, program: Make) -> None:
    lamp = world.sku("LAMPE")
    lose(lamp, 20, at=where(lamp, world.lyon))
    Sku.objects.filter(pk=lamp.pk).update(tracks_serials=True)
    for code in ("S-1", "S-2"):
        [pk] = save_serials(lamp.merchant_id, serials=[(lamp.pk, code)]).values()
        target = spot_of(world.bins()[6], lot_id=pk)
        post_movements([move(lamp, 1, source=virtual("supplier"), target=target)], actor=SYSTEM)
    ask = program(*MAY)
    [pick] = released(ask, *ready((("LAMPE", 1),)))
    told = ask.read(f"batches/{PickBatch.objects.get().pk}")["tasks"][0]
    other = {"S-1": "S-2", "S-2": "S-1"}[told["lot"]]
    assert told["serial"] is True
    assert outcomes(ask.post("picks", {"picks": [{"id": pick}]})) == [(pick, "refused", "serial_wanted")]
    assert outcomes(ask.post("picks", {"picks": [{"id": pick, "code": other}]})) == [(pick, "picked", "")]
    bench = place_of(world.lyon.pk, kind="bench").pk
    assert StockCell.objects.get(sku=lamp, place=bench, qty=1).lot.code == other  # type: ignore[union-attr]


def test_what_was_picked_for_a_cancelled_order_goes_back_or_is_written_off(
    world: World, ready: Ready, program: Make
) -> None:
    ask = program(*MAY)
    [part] = ready((("MUG", 5),))
    [pick] = released(ask, part)
    lose(world.sku("MUG"), 15, at=where(world.sku("MUG"), world.lyon))
    ask.post("picks", {"picks": [{"id": pick, "found": 3}]})
    order = parts([part])[part].order_id or 0
    cancel_orders(world.tilleul.pk, order_ids=[order], actor=SYSTEM)
    ask_put_backs([OrderCancelled(merchant_id=world.tilleul.pk, order_id=order)])
    [told] = ask.every("put-backs")
    home = PickTask.objects.get().place.code
    assert (told["sku"], told["left"], told["bin"], told["node"], told["order_id"]) == ("MUG", 3, home, "LYON", order)
    back = {"id": told["id"], "units": 1, "bin": home, "item": barcode(world, "MUG")}
    wrong = [{"item": barcode(world, "CARTE")}, {"units": 9}, {"bin": "Z-9"}, {"id": 999_999}]
    answer = ask.post("put-backs", {"put_backs": [back, *({**back, **one} for one in wrong)]})
    assert [(one["outcome"], one["left"], one["code"]) for one in answer.json()["results"]] == [
        ("put_back", 2, ""),
        ("refused", None, "not_the_item"),
        ("refused", None, "too_many_back"),
        ("refused", None, "no_such_bin"),
        ("refused", None, "not_there"),
    ]
    gone = {"put_backs": [{"id": told["id"], "units": 2, "why": "lost"}]}
    assert ask.post("put-backs/write-off", gone).json()["results"][0]["left"] == 0
    assert ask.post("put-backs/write-off", gone).json()["results"][0]["code"] == "nothing_to_put_back"
    assert (PutBack.objects.get().back, PutBack.objects.get().missing) == (1, 2)
    assert ask.every("put-backs") == []
    assert differences() == []


def test_on_a_floor_that_works_for_others_too_its_operator_decides(world: World, ready: Ready, program: Make) -> None:
    one, other = ready((("MUG", 1),), (("MUG", 1),))
    ask = program(*MAY)
    [pick] = released(ask, one)
    ServiceContract.objects.create(operator=world.nord, merchant=world.northwind)
    answer = ask.post("waves", {"node": "LYON", "fulfillment_orders": [other]}, Accept_Language="fr")
    assert code_of(answer) == (403, "not_your_floor")
    assert "ce que font ses équipes" in answer.json()["detail"]
    assert outcomes(ask.post("picks", {"picks": [{"id": pick}]})) == [(pick, "refused", "not_your_floor")]
    assert ask.every("batches") == []
    assert code_of(ask.get(f"batches/{PickBatch.objects.get().pk}")) == (404, "not_there")
    assert PickTask.objects.get().state == "open"


def test_nobody_works_on_the_floor_without_the_scopes_or_for_another_merchant(
    ready: Ready, program: Make, stranger: Make
) -> None:
    ids = ready((("MUG", 1),), (("MUG", 1),))
    [pick] = released(program(*MAY), ids[0])
    batch = PickBatch.objects.get().pk
    assert code_of(program("floor:read").post("picks", {"picks": [{"id": pick}]})) == (401, "unauthorized")
    assert code_of(program("floor:write").get("batches")) == (401, "unauthorized")
    other = stranger(*MAY)
    assert outcomes(other.post("picks", {"picks": [{"id": pick}]})) == [(pick, "refused", "not_there")]
    assert code_of(other.post("waves", {"node": "LYON", "fulfillment_orders": ids})) == (404, "not_there")
    assert code_of(other.get(f"batches/{batch}")) == (404, "not_there")
    assert code_of(other.post(f"batches/{batch}/take")) == (404, "not_there")
    assert other.read("waves/waiting")["items"] == []
    assert PickTask.objects.get().state == "open"


def test_many_picks_are_told_and_done_in_as_many_statements_as_few(ready: Ready, program: Make) -> None:
    ask = program(*MAY)
    counts = []
    for many in (2, 12):
        picks = released(ask, *ready(*[(("CARTE", 1),)] * many))
        batch = PickBatch.objects.order_by("-pk")[0].pk
        ask.read(f"batches/{batch}")
        reading = statements(lambda batch=batch: ask.read(f"batches/{batch}"))  # type: ignore[misc]
        body = {"picks": [{"id": pk} for pk in picks]}
        counts.append((reading, statements(lambda body=body: ask.post("picks", body))))  # type: ignore[misc]
    assert counts[0] == counts[1]
