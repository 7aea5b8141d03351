"""Calling the GraphQL Admin API of a Shopify shop; every document is a file beside this one."""

import time
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from colisage.connectors.calls import call, json_of
from colisage.connectors.ports import Access, ShopRefused, ShopSilent
from colisage.connectors.shopify.config import API_VERSION

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

    def shop(self) -> Mapping[str, Any]:
        """Ask who the shop is, and what the app is allowed."""
        return self._ask("Shop")

    def changed(self, *, query: str, after: str) -> tuple[list[tuple[str, str]], str]:
        """Give (id, when) of orders that changed, the longest unchanged first, and the cursor of the next page."""
        page = _part(self._ask("ChangedOrders", query=query or None, after=after or None), "orders")
        info = _part(page, "pageInfo")
        found = [(str(node.get("id")), str(node.get("updatedAt"))) for node in nodes(page)]
        return found, str(info.get("endCursor") or "") if info.get("hasNextPage") else ""

    def order(self, gid: str) -> dict[str, Any] | None:
        """Give an order with all its lines, and its refunds when it has any; None when the shop does not know it."""
        found: dict[str, Any] | None = None
        lines: list[Mapping[str, Any]] = []
        for one in self._pages("Order", "order", "lineItems", id=gid):
            found = one
            lines += nodes(one.get("lineItems"))
        if found is None:
            return None
        found["lineItems"] = {"nodes": lines}
        if _gave_back(found, lines):
            refunds = _part(self._ask("OrderRefunds", id=gid), "order").get("refunds")
            found["refunds"] = [
                {**one, "refundLineItems": {"nodes": self._lines("RefundLines", "refund", "refundLineItems", one)}}
                for one in refunds or ()
            ]
        return found

    def order_of_part(self, gid: str) -> str:
        """Give the order of a fulfilment order, or nothing; a request that waits to be accepted is accepted."""
        part = self._ask("FulfillmentOrder", id=gid).get("fulfillmentOrder")
        if not isinstance(part, Mapping):
            return ""
        if part.get("requestStatus") == "SUBMITTED":
            self.accept(gid)
        return str(part.get("orderId") or "")

    def parcels(self, gid: str, *, numbers: Collection[str]) -> dict[str, Any] | None:
        """Give what of an order the shop still waits for, and what left under these numbers; None if it is unknown."""
        found = self._ask("OrderParcels", id=gid).get("order")
        if not isinstance(found, Mapping):
            return None
        parts = [
            {**one, "lineItems": self._lines("PartLines", "fulfillmentOrder", "lineItems", one)}
            if one.get("status") in OPEN
            else one
            for one in nodes(found.get("fulfillmentOrders"))
        ]
        left = [
            {**one, "lineItems": self._lines("ParcelLines", "fulfillment", "fulfillmentLineItems", one)}
            for one in found.get("fulfillments") or ()
            if one.get("status") not in GONE
            and any(info.get("number") in numbers for info in one.get("trackingInfo") or ())
        ]
        return {"parts": parts, "left": left}

    def accept(self, part: str) -> None:
        """Accept to send a fulfilment order."""
        self._do("AcceptRequest", "fulfillmentOrderAcceptFulfillmentRequest", id=part)

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
