"""Packing by the API: what is to pack is read, checked, boxed otherwise and closed, each parcel judged by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from colisage.catalog.models import Barcode
from colisage.inventory.checks import differences
from colisage.orders.queries import parts
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.models import Parcel
from tests.books import balanced
from tests.cast import World
from tests.packing.conftest import Picked
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("floor:read", "floor:write", "customers:read")


@pytest.fixture
def planned(picked: Picked) -> Picked:
    """Accept orders, pick them and plan their parcels; give the parcels."""

    def make(*wants: tuple[tuple[str, int], ...], **changes: Any) -> list[int]:
        return make_parcels(picked(*wants, **changes))

    return make


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["id"], one["outcome"], one.get("code", "")) for one in answer.json()["results"]]


def barcode(world: World, code: str) -> str:
    return str(Barcode.objects.get(sku=world.sku(code)).code)


def test_what_is_to_pack_is_told_with_its_contents_its_box_and_the_weight_to_expect(
    planned: Picked, program: Make
) -> None:
    late, *_rest = planned((("CARTE", 3),), ship_by=datetime(2026, 11, 21, 17, tzinfo=UTC))
    soon, *_rest = planned((("MUG", 2), ("CARTE", 1)), ship_by=datetime(2026, 11, 20, 17, tzinfo=UTC))
    ask = program(*MAY)
    found = ask.every("parcels", limit=1)
    assert [one["id"] for one in found] == [soon, late]
    one = found[0]
    assert sorted((line["sku"], line["quantity"], line["checked"]) for line in one["lines"]) == [
        ("CARTE", 1, 0), ("MUG", 2, 0)
    ]  # fmt: skip
    assert (one["state"], one["stage"], one["node"], one["box"]) == ("open", "picked", "LYON", "C1")
    assert one["low_grams"] < one["expected_grams"] < one["high_grams"]
    assert one["totes"]
    assert one["code"] == f"CL-{one['fulfillment_order_id']}-1"
    assert ask.read(f"parcels/{soon}") == one
    assert ask.read("parcels", order=one["orders"][0])["items"] == [one]
    assert ask.get(f"parcels/{soon}/slip.pdf").content[:5] == b"%PDF-"


def test_parcels_are_closed_each_judged_by_itself(world: World, planned: Picked, program: Make) -> None:
    good, odd, unchecked, sure = planned(*[(("MUG", 1),)] * 4)
    grams = Parcel.objects.get(pk=good).expected_grams
    ask = program(*MAY)
    body = {
        "parcels": [
            {"id": good, "grams": grams, "checked": True},
            {"id": odd, "grams": grams * 3, "checked": True},
            {"id": unchecked, "grams": grams},
            {"id": sure, "grams": grams * 3, "checked": True, "sure": True},
            {"id": 999_999, "grams": 5},
        ]
    }
    answer = ask.post("parcels/seal", body, Accept_Language="fr")
    assert outcomes(answer) == [
        (good, "sealed", ""),
        (odd, "refused", "wrong_weight"),
        (unchecked, "refused", "not_all_scanned"),
        (sure, "sealed", ""),
        (999_999, "refused", "not_there"),
    ]
    assert "La balance indique" in answer.json()["results"][1]["detail"]
    assert set(Parcel.objects.filter(pk__in=[odd, unchecked]).values_list("state", flat=True)) == {"open"}
    assert ask.read(f"parcels/{odd}")["lines"][0]["checked"] == 0  # what was refused left nothing
    stages = {part.stage for part in parts(Parcel.objects.filter(pk__in=[good, sure]).values_list(
        "fulfillment_order_id", flat=True)).values()}  # fmt: skip
    assert stages == {"packed"}
    assert outcomes(ask.post("parcels/seal", {"parcels": [{"id": good, "grams": 1}]})) == [(good, "unchanged", "")]
    assert Parcel.objects.get(pk=good).grams == grams
    assert differences() == []


def test_items_are_checked_in_by_scan_or_counted_by_line(world: World, planned: Picked, program: Make) -> None:
    [pk] = planned((("MUG", 2), ("CARTE", 15)))
    ask = program(*MAY)
    told = ask.read(f"parcels/{pk}")
    mug, card = (next(line for line in told["lines"] if line["sku"] == sku) for sku in ("MUG", "CARTE"))
    once = ask.post(f"parcels/{pk}/check", {"code": barcode(world, "MUG")}, Idempotency_Key="a")
    again = ask.post(f"parcels/{pk}/check", {"code": barcode(world, "MUG")}, Idempotency_Key="a")
    assert once.json() == again.json()
    assert next(line["checked"] for line in once.json()["lines"] if line["id"] == mug["id"]) == 1
    counted = ask.post(f"parcels/{pk}/check", {"line": card["id"]})
    assert next(line["checked"] for line in counted.json()["lines"] if line["id"] == card["id"]) == card["quantity"]
    for code, why in ((barcode(world, "LAMPE"), "not_in_this_parcel"), (barcode(world, "CARTE"), "enough_of_it")):
        assert code_of(ask.post(f"parcels/{pk}/check", {"code": code})) == (422, why)
    for body in ({}, {"code": "1", "line": 1}):
        assert code_of(ask.post(f"parcels/{pk}/check", body))[0] == 422


def test_a_line_is_counted_in_its_own_parcel_alone(planned: Picked, program: Make) -> None:
    one, other = planned((("MUG", 1),), (("MUG", 1),))
    ask = program(*MAY)
    [line] = ask.read(f"parcels/{other}")["lines"]
    assert code_of(ask.post(f"parcels/{one}/check", {"line": line["id"]})) == (404, "not_there")
    assert ask.read(f"parcels/{other}")["lines"][0]["checked"] == 0


def test_another_box_is_taken_when_all_goes_in(planned: Picked, program: Make) -> None:
    [pk] = planned((("MUG", 1),))
    ask = program(*MAY)
    fitting = [one["code"] for one in ask.read(f"parcels/{pk}/boxes")["items"]]
    assert "C3" in fitting
    assert "E1" not in fitting
    assert ask.post(f"parcels/{pk}/box", {"box": "c3"}).json()["box"] == "C3"
    assert code_of(ask.post(f"parcels/{pk}/box", {"box": "E1"})) == (409, "does_not_fit")
    assert code_of(ask.post(f"parcels/{pk}/box", {"box": "X"})) == (404, "not_there")
    ask.post("parcels/seal", {"parcels": [{"id": pk, "grams": 900, "checked": True, "sure": True}]})
    assert code_of(ask.post(f"parcels/{pk}/box", {"box": "C1"})) == (409, "parcel_is_closed")


def test_nobody_packs_without_the_scopes_or_what_is_another_merchants(
    planned: Picked, program: Make, stranger: Make
) -> None:
    [pk] = planned((("MUG", 1),))
    body = {"parcels": [{"id": pk, "grams": 400, "checked": True}]}
    assert code_of(program("floor:read").post("parcels/seal", body)) == (401, "unauthorized")
    assert code_of(program("floor:write").get("parcels")) == (401, "unauthorized")
    assert code_of(program("floor:read").get(f"parcels/{pk}/slip.pdf")) == (401, "unauthorized")
    other = stranger(*MAY)
    assert outcomes(other.post("parcels/seal", body)) == [(pk, "refused", "not_there")]
    assert other.read("parcels")["items"] == []
    for path in (f"parcels/{pk}", f"parcels/{pk}/boxes", f"parcels/{pk}/slip.pdf"):
        assert code_of(other.get(path)) == (404, "not_there")
    assert code_of(other.post(f"parcels/{pk}/check", {"code": "1"})) == (404, "not_there")
    assert Parcel.objects.get().state == "open"


def test_many_parcels_are_told_and_closed_in_as_many_statements_as_few(planned: Picked, program: Make) -> None:
    ask = program(*MAY)
    counts = []
    for many in (2, 12):
        ids = planned(*[(("CARTE", 1),)] * many)
        body = {"parcels": [{"id": pk, "grams": 1, "checked": True, "sure": True} for pk in ids]}
        ask.read("parcels", limit=many)
        reading = statements(lambda many=many: ask.read("parcels", limit=many))  # type: ignore[misc]
        counts.append((reading, statements(lambda body=body: ask.post("parcels/seal", body))))  # type: ignore[misc]
    assert counts[0] == counts[1]
