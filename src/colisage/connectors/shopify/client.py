"""Calling the GraphQL Admin API of a Shopify shop; every document is a file beside this one."""

import time
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from colisage.connectors.calls import call, json_of
from colisage.connectors.ports import Access, ShopRefused, ShopSilent
from colisage.connectors.shopify.config import API_VERSION
from colisage.connectors.shopify.parts import kept, own_holds, sent_by

DOCUMENTS: Final = Path(__file__).parent / "documents"
LONGEST_WAIT: Final = 5.0  # seconds; a bucket that takes longer to fill is waited for by the queue
MOST_PAGES: Final = 400
# Fulfilment orders that can be told of, and fulfilments that came to nothing.
OPEN: Final = frozenset({"OPEN", "IN_PROGRESS"})
GONE: Final = frozenset({"CANCELLED", "ERROR", "FAILURE"})
_CODES: Final[Mapping[str, str]] = {
    "THROTTLED": "too_many_calls",
    "ACCESS_DENIED": "not_allowed",
    "SHOP_INACTIVE": "not_allowed",
}


class ShopifyClient:
    """One shop; each method is one document, asked page by page where it has pages."""

    def __init__(self, access: Access) -> None:
        self.access = access
        given = access.option("sent_from").split(",")
        self.places = frozenset(name.strip().casefold() for name in given if name.strip())

    def shop(self) -> Mapping[str, Any]:
        """Ask who the shop is, and what the app is allowed."""
        return self._ask("Shop")

    def changed(self, *, query: str, after: str) -> tuple[list[tuple[str, str]], str]:
        """Give (id, when) of orders that changed, the longest unchanged first, and the cursor of the next page."""
        page = _part(self._ask("ChangedOrders", query=query or None, after=after or None), "orders")
        info = _part(page, "pageInfo")
        found = [(str(node.get("id")), str(node.get("updatedAt"))) for node in nodes(page)]
        return found, str(info.get("endCursor") or "") if info.get("hasNextPage") else ""

    def changed_parts(self, *, query: str) -> list[tuple[str, str]]:
        """Give (order, when) of fulfilment orders that changed, the longest unchanged first: one page of them."""
        found = nodes(_part(self._ask("ChangedParts", query=query, after=None), "fulfillmentOrders"))
        return [(str(node.get("orderId")), str(node.get("updatedAt"))) for node in found]

    def order(self, gid: str) -> dict[str, Any] | None:
        """Give an order with all its lines, what others send of it, and its refunds and returns when it has any.

        None when the shop does not know it.
        """
        found: dict[str, Any] | None = None
        lines: list[Mapping[str, Any]] = []
        for one in self._pages("Order", "order", "lineItems", id=gid):
            found = one
            lines += nodes(one.get("lineItems"))
        if found is None:
            return None
        found["lineItems"] = {"nodes": lines}
        found["parts"] = self._parts(found, lines)
        if found.get("returnStatus") not in {None, "NO_RETURN"}:
            found["returns"] = [
                {**one, "returnLineItems": {"nodes": self._lines("ReturnLines", "return", "returnLineItems", one)}}
                for page in self._pages("OrderReturns", "order", "returns", id=gid)
                for one in nodes(page.get("returns"))
            ]
        if _gave_back(found, lines):
            refunds = _part(self._ask("OrderRefunds", id=gid), "order").get("refunds")
            found["refunds"] = [
                {**one, "refundLineItems": {"nodes": self._lines("RefundLines", "refund", "refundLineItems", one)}}
                for one in refunds or ()
            ]
        return found

    def _parts(self, order: Mapping[str, Any], lines: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Give the fulfilment orders of an order; with their lines, where it matters which have which."""
        found = nodes(order.pop("fulfillmentOrders", None)) if isinstance(order, dict) else []
        several = any(sent_by(one, places=self.places) for one in found)
        left = any(one.get("unfulfilledQuantity") != one.get("quantity") for one in lines)
        return [kept(one, self.lines_of_part(one) if several or left else None, places=self.places) for one in found]

    def lines_of_part(self, part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Give the lines of a fulfilment order."""
        return self._lines("PartLines", "fulfillmentOrder", "lineItems", part)

    def part(self, gid: str) -> Mapping[str, Any] | None:
        """Give a fulfilment order, with the order it is of; None when the shop does not know it."""
        part = self._ask("FulfillmentOrder", id=gid).get("fulfillmentOrder")
        return part if isinstance(part, Mapping) else None

    def parts_of_order(self, gid: str) -> list[Mapping[str, Any]] | None:
        """Give the fulfilment orders of an order that are ours; None when the shop does not know it."""
        found = self._ask("OrderParcels", id=gid).get("order")
        if not isinstance(found, Mapping):
            return None
        return [one for one in nodes(found.get("fulfillmentOrders")) if not sent_by(one, places=self.places)]

    def parcels(self, gid: str, *, numbers: Collection[str]) -> dict[str, Any] | None:
        """Give what of an order the shop still waits for, and what left under these numbers; None if it is unknown."""
        found = self._ask("OrderParcels", id=gid).get("order")
        if not isinstance(found, Mapping):
            return None
        parts = [
            {**one, "lineItems": self.lines_of_part(one)} if self._opened(one) else one
            for one in map(dict, nodes(found.get("fulfillmentOrders")))
            if not sent_by(one, places=self.places)
        ]
        left = [
            {**one, "lineItems": self._lines("ParcelLines", "fulfillment", "fulfillmentLineItems", one)}
            for one in found.get("fulfillments") or ()
            if one.get("status") not in GONE
            and any(info.get("number") in numbers for info in one.get("trackingInfo") or ())
        ]
        return {"parts": parts, "left": left}

    def _opened(self, part: dict[str, Any]) -> bool:
        """Say whether a fulfilment order can be told of; one that only we hold is freed, since it has left."""
        own = own_holds(part)
        if part.get("status") == "ON_HOLD" and own and len(own) == len(part.get("fulfillmentHolds") or ()):
            self.release(str(part.get("id")), holds=own)
            part["status"] = "OPEN"
        return part.get("status") in OPEN

    def accept(self, part: str) -> None:
        """Accept to send a fulfilment order."""
        self._do("AcceptRequest", "fulfillmentOrderAcceptFulfillmentRequest", id=part)

    def refuse(self, part: str, *, reason: str, message: str) -> None:
        """Refuse to send a fulfilment order."""
        field = "fulfillmentOrderRejectFulfillmentRequest"
        self._do("RejectRequest", field, id=part, reason=reason, message=message)

    def give_back(self, part: str) -> None:
        """Say that a fulfilment order is not sent, as the shop asked."""
        self._do("AcceptCancellation", "fulfillmentOrderAcceptCancellationRequest", id=part)

    def keep(self, part: str, *, message: str) -> None:
        """Say that a fulfilment order is sent all the same."""
        self._do("RejectCancellation", "fulfillmentOrderRejectCancellationRequest", id=part, message=message)

    def hold(self, part: str, *, reason: str, notes: str, handle: str) -> None:
        """Put a fulfilment order on hold."""
        given = {"reason": reason, "reasonNotes": notes, "handle": handle}
        self._do("HoldPart", "fulfillmentOrderHold", id=part, hold=given)

    def release(self, part: str, *, holds: list[str]) -> None:
        """End holds of a fulfilment order."""
        self._do("ReleasePart", "fulfillmentOrderReleaseHold", id=part, holds=holds)

    def send(self, fulfillment: Mapping[str, Any]) -> None:
        """Say that a parcel left."""
        self._do("SendParcel", "fulfillmentCreate", fulfillment=fulfillment)

    def locations(self) -> list[Mapping[str, Any]]:
        """Give the active locations of the shop."""
        return [one for one in nodes(_part(self._ask("Locations"), "locations")) if one.get("isActive")]

    def items(self, *, query: str, location: str) -> list[Mapping[str, Any]]:
        """Find inventory items, with what is available at a location."""
        return nodes(_part(self._ask("InventoryItems", query=query, location=location), "inventoryItems"))

    def set_stock(self, quantities: list[dict[str, Any]], *, key: str) -> list[Mapping[str, Any]]:
        """Set what is available; give the errors of the shop, which then did nothing."""
        given = {"name": "available", "reason": "correction", "quantities": quantities}
        return _errors(_part(self._ask("SetStock", input=given, key=key), "inventorySetQuantities"))

    def _lines(self, name: str, root: str, field: str, of: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [one for page in self._pages(name, root, field, id=of.get("id")) for one in nodes(page.get(field))]

    def _pages(self, name: str, root: str, field: str, **given: Any) -> Iterator[dict[str, Any]]:
        """Ask for an object until one connection of it has no further page; nothing when the shop does not know it."""
        after = None
        for _page in range(MOST_PAGES):
            found = self._ask(name, **given, after=after).get(root)
            if not isinstance(found, dict):
                return
            yield found
            info = _part(_part(found, field), "pageInfo")
            after = info.get("endCursor")
            if not info.get("hasNextPage"):
                return
        raise ShopRefused("strange_answer", f"{name}: more than {MOST_PAGES} pages")

    def _do(self, name: str, field: str, **given: Any) -> None:
        errors = _errors(_part(self._ask(name, **given), field))
        if errors:
            raise ShopRefused("said_no", "; ".join(str(one.get("message")) for one in errors))

    def _ask(self, name: str, **given: Any) -> Mapping[str, Any]:
        """Ask one document; wait once, for a moment, when only the shop's patience is used up."""
        answer = self._post(name, given)
        if (wait := _wait(answer)) is not None and wait <= LONGEST_WAIT:
            time.sleep(wait)
            answer = self._post(name, given)
        errors = answer.get("errors")
        if errors:
            raise _fault(errors)
        data = answer.get("data")
        if not isinstance(data, Mapping):
            raise ShopRefused("not_a_shop", name)
        return data

    def _post(self, name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        base = self.access.option("url").rstrip("/")
        answer = json_of(
            call(
                self.access, "POST", f"{base}/admin/api/{API_VERSION}/graphql.json",
                headers={"x-shopify-access-token": self.access.secrets.get("token", "")},
                json={"query": document(name), "operationName": name, "variables": given},
            )
        )  # fmt: skip
        if not isinstance(answer, Mapping):
            raise ShopRefused("not_a_shop", name)
        return answer


@cache
def document(name: str) -> str:
    """Give the text of a document."""
    return (DOCUMENTS / f"{name}.graphql").read_text()


def nodes(connection: Any) -> list[Mapping[str, Any]]:
    """Give what a connection holds."""
    found = connection.get("nodes") if isinstance(connection, Mapping) else None
    return [one for one in found or () if isinstance(one, Mapping)]


def _part(answer: Any, name: str) -> Mapping[str, Any]:
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(found, Mapping):
        raise ShopRefused("strange_answer", name)
    return found


def _errors(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in payload.get("userErrors") or () if isinstance(one, Mapping)]


def _gave_back(order: Mapping[str, Any], lines: list[Any]) -> bool:
    refunded = order.get("totalRefundedSet") or {}
    amount = (refunded.get("presentmentMoney") or {}).get("amount", "0")
    return bool(str(amount).strip("0.")) or any(one.get("currentQuantity") != one.get("quantity") for one in lines)


def _codes(errors: Any) -> list[str]:
    if not isinstance(errors, list):  # Shopify answers a text where the door itself says no
        return []
    extensions = [one.get("extensions") for one in errors if isinstance(one, Mapping)]
    return [str(one.get("code")) for one in extensions if isinstance(one, Mapping)]


def _wait(answer: Mapping[str, Any]) -> float | None:
    """Say for how many seconds a throttled question has to wait; None when it was answered."""
    if "THROTTLED" not in _codes(answer.get("errors")):
        return None
    try:
        cost = answer["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(missing, 0) / float(status["restoreRate"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return LONGEST_WAIT + 1


def _fault(errors: Any) -> ShopRefused:
    said = (
        "; ".join(str(one.get("message")) for one in errors if isinstance(one, Mapping))
        if isinstance(errors, list)
        else str(errors)
    )
    codes = _codes(errors)
    if "INTERNAL_SERVER_ERROR" in codes:
        return ShopSilent("shop_in_trouble", said)
    return ShopRefused(next((_CODES[code] for code in codes if code in _CODES), "strange_answer"), said)
