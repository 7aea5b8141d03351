"""Labels over the API: read, noted as printed, voided, asked for again; each shipment judged by itself."""

from typing import Any

import pytest

from colisage.carriers.models import Carrier, RateZone
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.queries import parts
from colisage.shipping.actions.buy_labels import buy_labels
from colisage.shipping.actions.hand_over import hand_over
from colisage.shipping.actions.request_shipments import request_shipments
from colisage.shipping.models import Label, Shipment
from colisage.shipping.queries import labels_waiting
from tests.books import balanced
from tests.cast import World
from tests.program import Make, code_of, program, statements, stranger
from tests.shipping.conftest import Packed, shipment
from tests.shipping.fakes import FakeCarrier

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("shipments:read", "shipments:write", "customers:read")


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def test_labels_are_read_to_be_printed_elsewhere_and_reading_is_not_printing(
    world: World, labelled: Packed, laposte: Carrier, program: Make
) -> None:
    [part] = labelled((("LAMPE", 2),))
    one = shipment(part).pk
    ask = program(*MAY)
    pdf = ask.get(f"shipments/{one}/labels.pdf")
    assert (pdf.status_code, pdf.headers["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    zpl = ask.get(f"shipments/{one}/labels.zpl")
    assert zpl.headers["Content-Type"] == "application/zpl; charset=utf-8"
    assert zpl.content.decode().count("^XA") == Label.objects.count() == 2
    waiting = {"operator_ids": [world.nord.pk], "node_id": world.lyon.pk, "carrier_id": laposte.pk, "unprinted": True}
    assert len(labels_waiting([world.tilleul.pk], **waiting)) == 2  # type: ignore[arg-type]
    body = {"shipments": [one, 999_999]}
    assert outcomes(ask.post("shipments/printed", body)) == [(one, "printed", ""), (999_999, "refused", "not_there")]
    assert outcomes(ask.post("shipments/printed", body))[0] == (one, "unchanged", "")
    assert labels_waiting([world.tilleul.pk], **waiting) == []  # type: ignore[arg-type]


def test_labels_are_not_shown_without_the_scopes_nor_to_strangers_nor_when_void(
    labelled: Packed, program: Make, stranger: Make
) -> None:
    one = shipment(labelled((("MUG", 1),))[0]).pk
    for path in (f"shipments/{one}/labels.pdf", f"shipments/{one}/labels.zpl"):
        assert code_of(stranger(*MAY).get(path)) == (404, "not_there")
        assert code_of(program("shipments:read").get(path)) == (401, "unauthorized")
        assert code_of(program("customers:read", "shipments:write").get(path)) == (401, "unauthorized")
        assert code_of(program(*MAY).get(path, kind="x")) == (422, "unknown_parameter")
        assert code_of(program(*MAY).get(path.replace(str(one), "999999"))) == (404, "not_there")
    ask = program(*MAY)
    ask.post("shipments/void", {"shipments": [one]})
    assert code_of(ask.get(f"shipments/{one}/labels.pdf")) == (404, "not_there")
    assert outcomes(ask.post("shipments/printed", {"shipments": [one]})) == [(one, "refused", "no_label")]


def test_shipments_are_voided_until_they_have_left(
    world: World, labelled: Packed, laposte: Carrier, program: Make
) -> None:
    gone, here, other = (shipment(pk).pk for pk in labelled((("MUG", 1),), (("CARTE", 1),), (("CARTE", 2),)))
    hand_over(world.nord.pk, node_id=world.lyon.pk, carrier_id=laposte.pk, shipment_ids=[gone], actor=SYSTEM)
    ask = program(*MAY)
    body = {"shipments": [gone, here, 999_999]}
    answer = ask.post("shipments/void", body, Accept_Language="fr")
    assert outcomes(answer) == [
        (gone, "refused", "already_left"),
        (here, "voided", ""),
        (999_999, "refused", "not_there"),
    ]
    assert "Le transporteur a ces colis" in answer.json()["results"][0]["detail"]
    assert outcomes(ask.post("shipments/void", body))[1] == (here, "unchanged", "")
    assert dict(Shipment.objects.values_list("pk", "state")) == {gone: "handed_over", here: "voiding", other: "bought"}
    deed = AuditEntry.objects.get(verb="label_voided")
    assert (deed.actor_kind, deed.actor_name) == ("key", "Program")


def test_carriers_are_asked_again_and_nothing_is_bought_twice(
    packed: Packed, carrier: FakeCarrier, program: Make
) -> None:
    carrier.moods = ["silent", "refuse"]
    ids = packed((("MUG", 1),), (("CARTE", 1),), (("CARTE", 2),))
    buy_labels(request_shipments(ids))
    unsure, failed, good = (shipment(pk).pk for pk in ids)
    ask = program(*MAY)
    answer = ask.post("shipments/retry", {"shipments": [unsure, failed, good, 999_999]})
    assert outcomes(answer) == [
        (unsure, "asked", ""),
        (failed, "asked", ""),
        (good, "unchanged", ""),
        (999_999, "refused", "not_there"),
    ]
    anew = shipment(ids[1]).pk
    assert [one.get("name") for one in answer.json()["results"]] == [str(unsure), str(anew), str(good), None]
    buy_labels([unsure, anew])
    assert [shipment(pk).state for pk in ids] == ["bought"] * 3
    assert len(carrier.sold) == 3


def test_what_was_voided_gets_a_new_label_unless_it_is_held_or_nobody_goes_there(
    world: World, labelled: Packed, program: Make
) -> None:
    ids = labelled((("MUG", 1),), (("CARTE", 1),), (("CARTE", 2),))
    old, held, far = (shipment(pk).pk for pk in ids)
    ask = program(*MAY)
    ask.post("shipments/void", {"shipments": [old, held, far]})
    set_hold(world.tilleul.pk, order_ids=[shipment(ids[1]).order_id], kind="manual", reason="wait", actor=SYSTEM)
    answer = ask.post("shipments/retry", {"shipments": [old, held]})
    assert outcomes(answer) == [(old, "asked", ""), (held, "refused", "not_packed")]
    RateZone.objects.all().delete()
    answer = ask.post("shipments/retry", {"shipments": [far]}, Accept_Language="fr")
    assert outcomes(answer) == [(far, "refused", "no_service")]
    assert "aucun transporteur" in answer.json()["results"][0]["detail"]
    assert shipment(ids[0]).state == "requested"
    assert parts(ids)[ids[0]].stage == "labelling"
    again = ask.post("shipments/retry", {"shipments": [old]}).json()["results"][0]
    assert (again["outcome"], again["name"]) == ("unchanged", str(shipment(ids[0]).pk))


def test_a_stranger_and_a_key_that_may_not_change_no_shipment(labelled: Packed, program: Make, stranger: Make) -> None:
    one = shipment(labelled((("MUG", 1),))[0]).pk
    for path in ("shipments/void", "shipments/retry", "shipments/printed"):
        assert outcomes(stranger(*MAY).post(path, {"shipments": [one]})) == [(one, "refused", "not_there")]
        reader = program("shipments:read", "customers:read")
        assert code_of(reader.post(path, {"shipments": [one]})) == (401, "unauthorized")
        for bad in ({}, {"shipments": []}, {"shipments": [0]}, {"shipments": [one], "x": 1}):
            assert code_of(program(*MAY).post(path, bad)) == (422, "malformed")
    assert (Shipment.objects.get().state, Label.objects.get().printed_at) == ("bought", None)


def test_a_rehearsal_voids_nothing_and_the_same_request_again_has_its_answer(labelled: Packed, program: Make) -> None:
    one = shipment(labelled((("MUG", 1),))[0]).pk
    ask = program(*MAY)
    assert outcomes(ask.post("shipments/void", {"shipments": [one]}, Dry_Run="true")) == [(one, "voided", "")]
    assert Shipment.objects.get().state == "bought"
    first = ask.post("shipments/void", {"shipments": [one]}, Idempotency_Key="a")
    assert ask.post("shipments/void", {"shipments": [one]}, Idempotency_Key="a").content == first.content
    assert AuditEntry.objects.filter(verb="label_voided").count() == 1


def test_many_shipments_cost_as_many_statements_as_two(labelled: Packed, program: Make) -> None:
    ask = program(*MAY)
    costs = []
    for many in (2, 9):
        ids = [shipment(pk).pk for pk in labelled(*[(("CARTE", 1),)] * many)]
        costs.append(
            [
                statements(lambda ids=ids, path=path: ask.post(path, {"shipments": ids}))  # type: ignore[misc]
                for path in ("shipments/printed", "shipments/void", "shipments/retry")
            ]
        )
    assert costs[0] == costs[1]


def test_labels_are_asked_for_what_is_packed_each_judged_by_itself(
    world: World, packed: Packed, program: Make, stranger: Make
) -> None:
    one, held, other = packed(*[(("CARTE", 1),)] * 3)
    order = parts([held])[held].order_id or 0
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="wait", actor=SYSTEM)
    ask, body = program(*MAY), {"fulfillment_orders": [one, held, other, 999_999]}
    answer = ask.post("shipments/request", body)
    assert outcomes(answer) == [
        (one, "asked", ""), (held, "refused", "not_packed"), (other, "asked", ""), (999_999, "refused", "not_there")
    ]  # fmt: skip
    assert answer.json()["results"][0]["name"] == str(shipment(one).pk)
    assert outcomes(ask.post("shipments/request", body))[0] == (one, "unchanged", "")
    assert outcomes(stranger(*MAY).post("shipments/request", {"fulfillment_orders": [one]})) == [
        (one, "refused", "not_there")
    ]
    assert Shipment.objects.count() == 2


def test_what_no_carrier_takes_is_said_when_labels_are_asked_for(packed: Packed, program: Make) -> None:
    [one] = packed((("CARTE", 1),))
    RateZone.objects.all().delete()
    answer = program(*MAY).post("shipments/request", {"fulfillment_orders": [one]})
    assert outcomes(answer) == [(one, "refused", "no_service")]
