"""Fulfilment orders of the simulated Shopify: who sends what, and all that merchants and services do with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from colisage.connectors.shopify.sim_answers import Connection
from colisage.connectors.shopify.sim_orders import gid

LOCATION = gid("Location", 1)
SENT = ("OPEN", "IN_PROGRESS")


@dataclass
class Part:
    """A fulfilment order: what of an order leaves from one location; lines are [its line, units that remain, units]."""

    id: str
    order: int
    lines: dict[str, list[Any]]
    location: str = LOCATION
    status: str = "OPEN"
    request: str = "UNSUBMITTED"
    holds: list[dict[str, Any]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # what a service said
    updated: str = "2026-11-20T10:00:05Z"

    def __post_init__(self) -> None:
        """Let a line that says only what remains be one of which nothing left."""
        self.lines = {pk: row if len(row) == 3 else [*row, row[1]] for pk, row in self.lines.items()}


@dataclass
class Left:
    """A fulfilment: what left, with its numbers, and whether the customer was written to."""

    id: str
    order: int
    numbers: list[str]
    lines: list[tuple[str, int]]
    mailed: bool


class PartsOfShop:
    """What a shop does with its fulfilment orders; mixed into it."""

    orders: dict[int, dict[str, Any]]
    parts: dict[str, Part]
    left: dict[str, Left]
    locations: dict[str, str]
    services: dict[str, str]

    def part_of(self, order: int) -> Part:
        """Give the newest fulfilment order of an order that is not over."""
        return [one for one in self.parts.values() if one.order == order and one.status != "CANCELLED"][-1]

    def place_at(self, name: str, *, service: str = "") -> str:
        """Open a location, of the merchant or of a fulfilment service."""
        pk = gid("Location", len(self.locations) + 1)
        self.locations[pk] = name
        if service:
            self.services[pk] = service
        return pk

    def move(self, part: Part, location: str, *, units: Mapping[str, int] | None = None) -> Part:
        """Move a fulfilment order, or some units of its lines, to another location: the old one gives way."""
        moved = {}
        for pk, row in part.lines.items():
            some = row[1] if units is None else units.get(pk, 0)
            if some:
                moved[f"{pk}{len(self.parts)}"] = [row[0], some, some]
                row[1], row[2] = row[1] - some, row[2] - some
        if not any(row[1] for row in part.lines.values()):
            part.status = "CLOSED" if any(row[2] for row in part.lines.values()) else "CANCELLED"
        made = Part(gid("FulfillmentOrder", 9_000 + len(self.parts)), part.order, moved, location)
        self.parts[made.id] = made
        self._touched(part, made)
        return made

    def hold(self, part: Part, *, reason: str = "OTHER", own: bool = False, handle: str = "") -> str:
        """Put a fulfilment order on hold; give the hold's name."""
        name = gid("FulfillmentHold", len(part.holds) + 1)
        part.holds.append({"id": name, "reason": reason, "handle": handle, "heldByRequestingApp": own})
        part.status = "ON_HOLD"
        self._touched(part)
        return name

    def free(self, part: Part, holds: list[str] | None = None) -> None:
        """End holds of a fulfilment order: all, or those named."""
        part.holds = [one for one in part.holds if holds is not None and one["id"] not in holds]
        if not part.holds and part.status == "ON_HOLD":
            part.status = "OPEN"
        self._touched(part)

    def ask(self, part: Part, *, cancel: bool = False) -> None:
        """Ask the service of a fulfilment order to send it, or not to send it after all."""
        part.request = "CANCELLATION_REQUESTED" if cancel else "SUBMITTED"
        self._touched(part)

    def send_by_hand(self, order: int, *, units: Mapping[str, int] | None = None) -> None:
        """Mark units of lines as sent, as a person does in the shop, without a number; all where none are named."""
        for part in [one for one in self.parts.values() if one.order == order and one.status in SENT]:
            lines = []
            for row in part.lines.values():
                some = row[1] if units is None else min(units.get(row[0], 0), row[1])
                if some:
                    row[1] -= some
                    lines.append((row[0], some))
            if lines:
                self._leave(part, lines, numbers=[], mailed=False)

    def _leave(self, part: Part, lines: list[tuple[str, int]], *, numbers: list[str], mailed: bool) -> str:
        name = gid("Fulfillment", len(self.left) + 1)
        self.left[name] = Left(name, part.order, numbers, lines, mailed)
        part.status = "IN_PROGRESS" if any(row[1] for row in part.lines.values()) else "CLOSED"
        self._sent(part.order)
        self._touched(part)
        return name

    def _sent(self, order: int) -> None:
        """Let an order say how much of it left."""
        found = self.orders[order]
        for line in found["line_items"]:
            name = gid("LineItem", line["id"])
            sent = sum(n for one in self.left.values() if one.order == order for ref, n in one.lines if ref == name)
            rows = [row for one in self.parts.values() if one.order == order for row in one.lines.values()]
            still = sum(row[1] for row in rows if row[0] == name)
            line["fulfillable_quantity"] = still
            line["fulfillment_status"] = ("partial" if still else "fulfilled") if sent else None
        found["fulfillments"] = [
            {
                "id": int(one.id.rpartition("/")[2]), "status": "success", "tracking_numbers": one.numbers,
                "line_items": [{"id": int(ref.rpartition("/")[2]), "quantity": n} for ref, n in one.lines],
            }
            for one in self.left.values()
            if one.order == order
        ]  # fmt: skip
        done = all(one.status in {"CLOSED", "CANCELLED"} for one in self.parts.values() if one.order == order)
        found.update(fulfillment_status="fulfilled" if done else "partial", updated_at=now())

    def refund(self, order: int, *, units: Mapping[int, int], restock: str, cents: str = "0.00", pk: int = 0) -> None:
        """Give money back for units of lines, by number of the line; those that did not leave are not sent any more."""
        found, rows = self.orders[order], []
        for line in found["line_items"]:
            if n := units.get(line["id"], 0):
                price = f"{n * float(line['price']):.2f}"
                row = {"line_item_id": line["id"], "quantity": n, "restock_type": restock}
                rows.append({**row, "subtotal": price, "total_tax": "0.00"})
                line["current_quantity"] -= n
                found["current_total_price"] = f"{float(found['current_total_price']) - float(price):.2f}"
                self._take_away(order, line, n if restock == "cancel" else 0)
        paid = cents if cents != "0.00" else f"{sum(float(one['subtotal']) for one in rows):.2f}"
        found["refunds"].append(
            {
                "id": pk or 500 + len(found["refunds"]), "order_id": order, "created_at": now(),
                "refund_line_items": rows, "order_adjustments": [],
                "transactions": [{"kind": "refund", "status": "success", "amount": paid}],
            }
        )  # fmt: skip
        found.update(financial_status="partially_refunded", updated_at=now())

    def _take_away(self, order: int, line: dict[str, Any], units: int) -> None:
        for part in self.parts.values():
            for row in part.lines.values():
                if part.order == order and row[0] == gid("LineItem", line["id"]):
                    some = min(units, row[1])
                    row[1], row[2], units = row[1] - some, row[2] - some, units - some
                    line["fulfillable_quantity"] -= some

    def ask_back(
        self, order: int, *, units: Mapping[int, int], pk: int, status: str = "REQUESTED", **more: Any
    ) -> None:
        """Ask for a return, or let one go on."""
        found = self.orders[order]
        known = [one for one in found.setdefault("returns", []) if one["id"] != pk]
        found["returns"] = [*known, {"id": pk, "status": status, "lines": dict(units), **more}]
        found["updated_at"] = now()

    def _touched(self, *parts: Part) -> None:
        for part in parts:
            part.updated = now()

    def changed_parts(self, *, query: str | None, **_asked: Any) -> Connection:
        """Answer which fulfilment orders changed since."""
        since = datetime.fromisoformat(query.partition("'")[2].rstrip("'")) if query else None
        found = [(datetime.fromisoformat(one.updated), one) for one in self.parts.values()]
        rows = sorted((when, one.id) for when, one in found if since is None or when >= since)
        return Connection(
            {"id": pk, "orderId": gid("Order", self.parts[pk].order), "updatedAt": self.parts[pk].updated}
            for _when, pk in rows
        )

    def part_node(self, *, id: str) -> dict[str, Any] | None:  # noqa: A002 -- Shopify's word
        """Answer what a fulfilment order is."""
        part = self.parts.get(id)
        if part is None:
            return None
        service = self.services.get(part.location)
        location = {"id": part.location, "fulfillmentService": {"handle": service} if service else None}
        return {
            "id": part.id,
            "orderId": gid("Order", part.order),
            "status": part.status,
            "requestStatus": part.request,
            "updatedAt": part.updated,
            "assignedLocation": {"name": self.locations.get(part.location, "Atelier"), "location": location},
            "fulfillmentHolds": part.holds,
            "lineItems": Connection(
                {"id": pk, "totalQuantity": total, "remainingQuantity": units, "lineItem": {"id": line}}
                for pk, (line, units, total) in part.lines.items()
            ),
        }

    def answers(self) -> dict[str, Any]:
        """Give what a service or an app may say of a fulfilment order."""
        return {
            "fulfillmentOrderAcceptFulfillmentRequest": self._answering("SUBMITTED", "ACCEPTED", "IN_PROGRESS"),
            "fulfillmentOrderRejectFulfillmentRequest": self._answering("SUBMITTED", "REJECTED", "OPEN"),
            "fulfillmentOrderAcceptCancellationRequest": self._answering(
                "CANCELLATION_REQUESTED", "CANCELLATION_ACCEPTED", "CANCELLED"
            ),
            "fulfillmentOrderRejectCancellationRequest": self._answering(
                "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED", "IN_PROGRESS"
            ),
            "fulfillmentOrderHold": self._hold,
            "fulfillmentOrderReleaseHold": self._release,
        }

    def _answering(self, before: str, after: str, status: str) -> Any:
        def answer(*, id: str, reason: str = "", message: str = "") -> dict[str, Any]:  # noqa: A002 -- Shopify's word
            part = self.parts[id]
            if part.request != before:
                return {"fulfillmentOrder": None, "userErrors": [error("nothing was requested")]}
            part.request, part.status = after, status
            part.answers.append(" ".join(filter(None, (after, reason, message))))
            self._touched(part)
            if after == "CANCELLATION_ACCEPTED":  # the units wait for somebody else
                fresh = Part(
                    gid("FulfillmentOrder", 9_000 + len(self.parts)), part.order, dict(part.lines), part.location
                )
                self.parts[fresh.id] = fresh
            return {"fulfillmentOrder": {"id": id, "requestStatus": part.request}, "userErrors": []}

        return answer

    def _hold(self, *, id: str, fulfillmentHold: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002, N803 -- Shopify's words
        part = self.parts[id]
        if any(one["handle"] == fulfillmentHold["handle"] and one["heldByRequestingApp"] for one in part.holds):
            return {"userErrors": [error("DUPLICATE_FULFILLMENT_HOLD_HANDLE")]}
        self.hold(part, reason=fulfillmentHold["reason"], own=True, handle=fulfillmentHold["handle"])
        return {"userErrors": []}

    def _release(self, *, id: str, holdIds: list[str]) -> dict[str, Any]:  # noqa: A002, N803 -- Shopify's words
        self.free(self.parts[id], holdIds)
        return {"userErrors": []}


def error(message: str) -> dict[str, Any]:
    """Give an error as mutations do."""
    return {"field": ["fulfillment"], "message": message}


def now() -> str:
    """Give this moment as Shopify writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
