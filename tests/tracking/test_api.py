"""Shipments over the API: with their parcels and what carriers told of them."""

import pytest

from colisage.shipping.models import Shipment
from colisage.tracking.actions.apply_events import apply_events
from tests.program import Make, code_of, program, statements, stranger
from tests.tracking.conftest import OnTheRoad, numbers, told

__all__ = ["program", "stranger"]


def test_a_shipment_is_told_with_what_its_carrier_told(on_the_road: OnTheRoad, program: Make) -> None:
    [part] = on_the_road((("MUG", 1),))
    [number] = numbers(part)
    apply_events([told(number, "picked_up", hours=1), told(number, "in_transit", hours=5)])
    ask = program("shipments:read", "orders:read")
    [one] = ask.read("shipments", tracking_number=number.lower())["items"]
    assert (one["fulfillment_order_id"], one["node"], one["state"]) == (part, "LYON", "handed_over")
    assert one["handed_over_at"].endswith("Z")
    [parcel] = one["parcels"]
    assert (parcel["tracking_number"], parcel["status"], parcel["place"]) == (number, "in_transit", "Lyon")
    assert [(e["status"], e["code"], e["occurred_at"]) for e in parcel["events"]] == [
        ("picked_up", "PICKED_UP", "2026-11-24T13:00:00Z"),
        ("in_transit", "IN_TRANSIT", "2026-11-24T17:00:00Z"),
    ]
    assert ask.read(f"shipments/{one['id']}") == one
    assert ask.read(f"orders/{one['order_id']}")["shipments"] == [one]


def test_shipments_are_narrowed_and_strangers_see_none(on_the_road: OnTheRoad, program: Make, stranger: Make) -> None:
    on_the_road((("MUG", 1),), (("CARTE", 1),))
    ids = list(Shipment.objects.order_by("-pk").values_list("pk", flat=True))
    ask = program("shipments:read")
    assert [one["id"] for one in ask.every("shipments", limit=1)] == ids
    assert ask.read("shipments", state="bought")["items"] == []
    assert len(ask.read("shipments", carrier="laposte")["items"]) == len(ids)
    assert ask.read("shipments", requested_since="2999-01-01T00:00:00Z")["items"] == []
    assert stranger("shipments:read").read("shipments")["items"] == []
    assert code_of(stranger("shipments:read").get(f"shipments/{ids[0]}")) == (404, "not_there")
    assert code_of(program("orders:read").get("shipments")) == (401, "unauthorized")


def test_a_page_of_shipments_costs_the_same_whatever_it_holds(on_the_road: OnTheRoad, program: Make) -> None:
    ask = program("shipments:read")
    [first] = on_the_road((("MUG", 1),))
    apply_events([told(numbers(first)[0], "picked_up")])
    few = statements(lambda: ask.read("shipments"))
    parts = on_the_road(*[(("CARTE", 1),)] * 5)
    apply_events([told(numbers(part)[0], "picked_up") for part in parts])
    assert len(ask.read("shipments")["items"]) == 6
    assert statements(lambda: ask.read("shipments")) == few


@pytest.mark.parametrize("path", ["shipments/99999999999999999999", "shipments/1"])
def test_what_is_not_there_is_not_there(program: Make, path: str) -> None:
    assert code_of(program("shipments:read").get(path)) == (404, "not_there")
