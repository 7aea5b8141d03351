"""Handing over by the API: what a carrier took leaves on one manifest, each shipment judged by itself."""

from typing import Any

import pytest

from colisage.carriers.models import Carrier
from colisage.inventory.checks import differences
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import parts
from colisage.shipping.models import Manifest, Shipment
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger
from tests.shipping.conftest import Packed, shipment

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("floor:write", "shipments:read", "customers:read")
HERE = {"node": "LYON", "carrier": "laposte"}


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_what_a_carrier_took_leaves_on_one_manifest_and_the_rest_says_why_not(
    world: World, labelled: Packed, packed: Packed, program: Make
) -> None:
    one, other, held, stays = (shipment(pk) for pk in labelled(*[(("CARTE", 1),)] * 4))
    set_hold(world.tilleul.pk, order_ids=[held.order_id], kind="manual", reason="wait", actor=SYSTEM)
    Shipment.objects.filter(pk=stays.pk).update(carrier=Carrier.objects.create(code="dhl", name="DHL", country="DE"))
    ask = program(*MAY)
    named = [one.pk, other.pk, held.pk, stays.pk, 999_999]
    answer = ask.post("manifests", {**HERE, "shipments": named}, Accept_Language="fr")
    assert outcomes(answer) == [
        (one.pk, "handed_over", ""),
        (other.pk, "handed_over", ""),
        (held.pk, "refused", "still_held"),
        (stays.pk, "refused", "other_carrier"),
        (999_999, "refused", "not_there"),
    ]
    assert "est bloquée" in answer.json()["results"][2]["detail"]
    manifest = answer.json()["manifest"]
    assert (manifest["shipments"], manifest["parcels"], manifest["whole"]) == ([one.pk, other.pk], 2, True)
    assert (manifest["node"], manifest["carrier"]) == ("LYON", "laposte")
    again = ask.post("manifests", {**HERE, "shipments": named[:3]})
    assert outcomes(again) == [
        (one.pk, "unchanged", ""), (other.pk, "unchanged", ""), (held.pk, "refused", "still_held")
    ]  # fmt: skip
    assert again.json()["manifest"] is None
    assert [told["id"] for told in ask.every("manifests", limit=1)] == [manifest["id"]]
    assert ask.read(f"manifests/{manifest['id']}") == manifest
    assert ask.get(f"manifests/{manifest['id']}/document.pdf").content[:5] == b"%PDF-"
    assert Manifest.objects.get().closed_by == "Program"
    assert differences() == []


def test_without_names_all_that_wait_leave_and_then_there_is_nothing(labelled: Packed, program: Make) -> None:
    ids = labelled(*[(("CARTE", 1),)] * 3)
    ask = program(*MAY)
    rehearsed = ask.post("manifests", HERE, Dry_Run="true")
    assert len(outcomes(rehearsed)) == 3
    assert {part.stage for part in parts(ids).values()} == {"labelled"}
    assert {outcome for _id, outcome, _code in outcomes(ask.post("manifests", HERE))} == {"handed_over"}
    assert {part.stage for part in parts(ids).values()} == {"handed_over"}
    assert code_of(ask.post("manifests", HERE)) == (409, "nothing_to_hand_over")


def test_of_a_manifest_that_others_share_one_reads_ones_own_and_not_its_sheet(
    world: World, labelled: Packed, program: Make
) -> None:
    labelled((("CARTE", 1),))
    ask = program(*MAY)
    made = ask.post("manifests", HERE).json()["manifest"]
    Manifest.objects.update(shipments=2, parcels=7, grams=9_000)
    told = ask.read(f"manifests/{made['id']}")
    assert (told["whole"], told["parcels"], told["grams"]) == (False, made["parcels"], made["grams"])
    assert code_of(ask.get(f"manifests/{made['id']}/document.pdf")) == (409, "shared_manifest")


def test_nobody_hands_over_without_the_scope_or_what_is_another_merchants(
    world: World, labelled: Packed, program: Make, stranger: Make
) -> None:
    one = shipment(labelled((("CARTE", 1),))[0]).pk
    assert code_of(program("shipments:write").post("manifests", HERE)) == (401, "unauthorized")
    assert code_of(stranger(*MAY).post("manifests", HERE)) == (404, "not_there")
    elsewhere = {"node": "MTL", "carrier": "laposte", "shipments": [one]}
    assert outcomes(stranger(*MAY).post("manifests", elsewhere)) == [(one, "refused", "not_there")]
    assert outcomes(program(*MAY).post("manifests", elsewhere)) == [(one, "refused", "other_carrier")]
    made = program(*MAY).post("manifests", HERE).json()["manifest"]["id"]
    assert code_of(stranger(*MAY).get(f"manifests/{made}")) == (404, "not_there")
    assert stranger(*MAY).read("manifests")["items"] == []
    assert code_of(program("shipments:read").get(f"manifests/{made}/document.pdf")) == (401, "unauthorized")


def test_many_shipments_leave_in_as_many_statements_as_few(labelled: Packed, program: Make) -> None:
    ask = program(*MAY)
    labelled((("CARTE", 1),))
    ask.post("manifests", HERE)  # what a process asks once in its life
    counts = []
    for many in (2, 12):
        labelled(*[(("CARTE", 1),)] * many)
        counts.append(statements(lambda: ask.post("manifests", HERE)))
    assert counts[0] == counts[1]
    counts = [statements(lambda size=size: ask.read("manifests", limit=size)) for size in (1, 3)]  # type: ignore[misc]
    assert counts[0] == counts[1]
