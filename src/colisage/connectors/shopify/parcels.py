"""Which fulfilment orders of Shopify a parcel of ours answers; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from colisage.connectors.ports import ShipmentTold, ShopRefused
from colisage.connectors.shopify.client import OPEN
from colisage.connectors.shopify.graph import number
from colisage.connectors.values import text


@dataclass(frozen=True, slots=True)
class Parcel:
    """What Shopify is told at once: fulfilment orders of one location, and which of them wait to be accepted."""

    fulfillment: Mapping[str, Any]
    to_accept: Sequence[str]


def parcels_of(order: Mapping[str, Any], told: ShipmentTold, *, again: bool) -> list[Parcel]:
    """Give what remains to be told of a shipment: nothing when the shop knows its numbers already.

    A fulfilment order belongs to one location and can be told only with others of the same. Raises `ShopRefused` when
    the shop waits for none of the units any more.
    """
    wanted = _wanted(order, told)
    by_location: dict[str, list[tuple[str, str, dict[str, int]]]] = {}
    for part in order["parts"]:
        if text(part, "status") in OPEN and (given := _given(part, wanted)):
            where = text((part.get("assignedLocation") or {}).get("location"), "id")
            by_location.setdefault(where, []).append((text(part, "id"), text(part, "requestStatus"), given))
    if any(wanted.values()) and not by_location and not (again and not told.tracking):
        raise ShopRefused("said_no", _why(order))
    return [_parcel(parts, told) for parts in by_location.values()]


def _wanted(order: Mapping[str, Any], told: ShipmentTold) -> dict[str, int]:
    """Give the units to tell by line, less those that were told with a number of this shipment."""
    wanted: dict[str, int] = {}
    for line, units in told.lines:
        wanted[line] = wanted.get(line, 0) + units
    for one in order["left"]:
        for sent in one["lineItems"]:
            line = number(text(sent.get("lineItem"), "id"))
            wanted[line] = max(wanted.get(line, 0) - int(sent.get("quantity") or 0), 0)
    return wanted


def _given(part: Mapping[str, Any], wanted: dict[str, int]) -> dict[str, int]:
    """Take from a fulfilment order what is wanted and remains; `wanted` is lowered by it."""
    given = {}
    for one in part["lineItems"]:
        line = number(text(one.get("lineItem"), "id"))
        units = min(int(one.get("remainingQuantity") or 0), wanted.get(line, 0))
        if units > 0:
            given[text(one, "id")] = units
            wanted[line] -= units
    return given


def _parcel(parts: Sequence[tuple[str, str, dict[str, int]]], told: ShipmentTold) -> Parcel:
    numbers, pages = [one for one, _page in told.tracking], [page for _one, page in told.tracking]
    tracking: dict[str, Any] = {"company": told.carrier, "numbers": numbers}
    if pages and all(pages):
        tracking["urls"] = pages
    groups = [
        {
            "fulfillmentOrderId": pk,
            "fulfillmentOrderLineItems": [{"id": line, "quantity": units} for line, units in given.items()],
        }
        for pk, _status, given in parts
    ]
    fulfillment = {"lineItemsByFulfillmentOrder": groups, "notifyCustomer": True}
    if numbers:
        fulfillment["trackingInfo"] = tracking
    return Parcel(fulfillment, [pk for pk, status, _given in parts if status == "SUBMITTED"])


def _why(order: Mapping[str, Any]) -> str:
    states = sorted({text(part, "status") for part in order["parts"]})
    return f"fulfillment orders: {', '.join(states) or '-'}"
