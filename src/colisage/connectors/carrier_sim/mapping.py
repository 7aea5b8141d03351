"""Pure translation between our words and the simulated carrier's."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from colisage.shipping.ports import Bought, ShipmentToBuy
from colisage.tracking.ports import CarrierEvent, Status, Unreadable

CODES: Final[Mapping[str, tuple[Status, str]]] = {
    "ANNOUNCED": ("pending", ""),
    "COLLECTED": ("picked_up", ""),
    "HUB": ("in_transit", ""),
    "ON_VAN": ("out_for_delivery", ""),
    "HANDED_OVER": ("delivered", ""),
    "LATE": ("delayed", "carrier"),
    "NOT_HOME": ("in_transit", "absent"),
    "AT_SHOP": ("ready_for_pickup", ""),
    "REFUSED": ("failed", "refused"),
    "GOING_BACK": ("returning", "refused"),
    "BACK": ("returned", "refused"),
}


def to_shipment(shipment: ShipmentToBuy) -> dict[str, Any]:
    """Write a shipment as the carrier reads it."""
    return {
        "account": shipment.carrier,
        "service": shipment.service,
        "reference": shipment.reference,
        "from": _address(shipment.sender),
        "to": _address(shipment.recipient),
        "parcels": [{"grams": p.grams, "sides_mm": [p.length_mm, p.width_mm, p.height_mm]} for p in shipment.parcels],
    }


def _address(address: Mapping[str, Any]) -> dict[str, str]:
    keys = ("name", "company", "line1", "line2", "postcode", "city", "region", "country", "phone")
    return {key: str(address.get(key) or "") for key in keys}


def from_shipment(answer: Any) -> Bought:
    """Read what the carrier sold; raises `ValueError` for what is no such answer."""
    try:
        return Bought(
            str(answer["shipment"]),
            tuple(str(parcel["tracking"]) for parcel in answer["parcels"]),
            specimen=answer["live"] is not True,
        )
    except (KeyError, TypeError) as error:
        raise ValueError("no shipment in this answer") from error


def from_message(body: bytes) -> list[CarrierEvent]:
    """Read a message of the carrier; raises `Unreadable`. A code we do not know is unknown, not an error."""
    try:
        told = json.loads(body)
        return [_event(told, scan) for scan in told["scans"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _event(told: Mapping[str, Any], scan: Mapping[str, Any]) -> CarrierEvent:
    status, reason = CODES.get(str(scan["code"]), ("unknown", ""))
    at = datetime.fromisoformat(scan["at"])
    if at.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return CarrierEvent(
        carrier=str(told["account"]),
        tracking_number=str(told["tracking"]),
        key=str(scan["id"]),
        status=status,
        reason=reason,
        code=str(scan["code"]),
        place=str(scan.get("site") or ""),
        occurred_at=at,
        expected_on=date.fromisoformat(scan["due"]) if scan.get("due") else None,
    )
