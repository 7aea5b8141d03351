"""The fulfilment orders of an order of Shopify: which are ours, which somebody else sends, what holds them; pure.

An order goes to locations, each in a fulfilment order of its own, and the shop may move it to another at any time. A
location is ours when no service runs it, or a service that stands for us; where the shop has more of its own than we
send from, a person names ours. What our service was not asked to send, or gave back, is not ours (yet, any more).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from colisage.connectors.shopify.graph import number
from colisage.connectors.shopify.lines import NOBODY, is_ours
from colisage.connectors.values import count, items, text

SENDER: Final = "Shopify"  # who sends where nobody else is named
_ASKED: Final = frozenset({"SUBMITTED", "ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED", "CLOSED"})
TO_ANSWER: Final = frozenset({"SUBMITTED", "CANCELLATION_REQUESTED"})
_HOLDS: Final[Mapping[str, str]] = {
    "AWAITING_PAYMENT": "shop_payment",
    "HIGH_RISK_OF_FRAUD": "shop_risk",
    "INCORRECT_ADDRESS": "shop_address",
    "INVENTORY_OUT_OF_STOCK": "shop_stock",
    "UNKNOWN_DELIVERY_DATE": "shop_stock",
    "AWAITING_RETURN_ITEMS": "shop_return",
}
HANDLE: Final = "colisage"  # what our holds are called
HOLD_REASONS: Final[Mapping[str, str]] = {"address": "INCORRECT_ADDRESS", "risk": "HIGH_RISK_OF_FRAUD"}


def sent_by(part: Mapping[str, Any], *, places: Collection[str]) -> str:
    """Say who sends a fulfilment order: nothing when we do. `places` are names of locations, folded; none: all."""
    assigned = part.get("assignedLocation")
    location = assigned.get("location") if isinstance(assigned, Mapping) else None
    service = location.get("fulfillmentService") if isinstance(location, Mapping) else None
    handle, name = text(service, "handle", longest=80), text(assigned, "name", longest=80)
    if is_ours(handle):
        return "" if text(part, "requestStatus") in _ASKED else SENDER
    if handle.casefold() not in NOBODY:
        return handle
    return name if places and name.casefold() not in places else ""


def kept(
    part: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] | None, *, places: Collection[str]
) -> dict[str, Any]:
    """Give what is kept of a fulfilment order beside its order; no `lines` where they need not be known."""
    return {
        "id": part.get("id"),
        "status": part.get("status"),
        "requestStatus": part.get("requestStatus"),
        "updatedAt": part.get("updatedAt"),  # held and freed again, it looks as before: the message has to differ
        "away": sent_by(part, places=places),
        "holds": [
            {"reason": one.get("reason"), "own": bool(one.get("heldByRequestingApp"))}
            for one in items(part, "fulfillmentHolds")
        ],
        "lines": None
        if lines is None
        else [
            {
                "ref": number(text(one.get("lineItem"), "id")),
                "total": one.get("totalQuantity"),
                "remaining": one.get("remainingQuantity"),
            }
            for one in lines
        ],
    }


def living(order: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the fulfilment orders that count: one that was cancelled has another in its place, or none."""
    return [one for one in items(order, "parts") if text(one, "status") != "CANCELLED"]


def left_of(order: Mapping[str, Any], *, ours: bool = False) -> dict[str, int]:
    """Give the units that left by line; of `ours`, those that nobody else sent."""
    found: dict[str, int] = {}
    for part in living(order):
        if not (ours and text(part, "away")):
            for line in items(part, "lines"):
                units = max(count(line, "total") - count(line, "remaining"), 0)
                found[text(line, "ref")] = found.get(text(line, "ref"), 0) + units
    return {ref: units for ref, units in found.items() if units}


def away_of(order: Mapping[str, Any]) -> dict[str, dict[str, int]] | None:
    """Give the units that others send or sent, by line and name; None while something is undecided or was not told."""
    if not isinstance(order.get("parts"), list):
        return None
    found: dict[str, dict[str, int]] = {}
    for part in living(order):
        if text(part, "requestStatus") == "CANCELLATION_REQUESTED" and not text(part, "away"):
            return None
        if name := text(part, "away"):
            for line in items(part, "lines"):
                by_name = found.setdefault(text(line, "ref"), {})
                by_name[name] = by_name.get(name, 0) + max(count(line, "total"), 0)
    return found


def hold_of(order: Mapping[str, Any]) -> str | None:
    """Say why the shop lets our part of an order wait; nothing when it does not; None when that was not told."""
    if not isinstance(order.get("parts"), list):
        return None
    ours = [part for part in living(order) if not text(part, "away")]
    reasons = [
        _HOLDS.get(text(one, "reason"), "shop_holds")
        for part in ours
        if text(part, "status") == "ON_HOLD"
        for one in items(part, "holds")
        if not one.get("own")
    ]
    if not reasons and any(text(part, "status") == "SCHEDULED" for part in ours):
        return "shop_later"
    return min(reasons, default="")


def to_answer(parts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Name our fulfilment orders of which the shop waits for an answer."""
    return tuple(text(one, "id") for one in parts if not one["away"] and text(one, "requestStatus") in TO_ANSWER)


def own_holds(part: Mapping[str, Any]) -> list[str]:
    """Name the holds of a fulfilment order that we set."""
    return [
        text(one, "id")
        for one in items(part, "fulfillmentHolds")
        if one.get("heldByRequestingApp") and text(one, "handle") == HANDLE
    ]
