"""A Shopify shop on a loopback socket, for demos and tests: the GraphQL documents that we ask, and its webhooks.

It knows nothing of Colisage's data. Orders are what is put in by `place`, in the format of Shopify's webhooks;
`message` takes one as it is now, signed, and `send` delivers it, late, twice or in any order. How it misbehaves
otherwise is in `connectors.misbehaviour`; `throttled` is how many of the next questions find the bucket empty.
"""

import base64
import hashlib
import hmac
import json
import random
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from colisage.connectors.misbehaviour import Behaviour
from colisage.connectors.shopify.config import API_VERSION, SCOPES
from colisage.connectors.shopify.graphql import parsed
from colisage.connectors.shopify.sim_answers import Connection, answered
from colisage.connectors.shopify.sim_orders import gid, order_node, refund_node, return_node
from colisage.connectors.shopify.sim_parts import LOCATION, Left, Part, PartsOfShop, error


@dataclass
class Item:
    """Something that is counted; by location, how many are available."""

    id: str
    sku: str
    available: dict[str, int]
    tracked: bool = True


@dataclass
class ShopifyShop(PartsOfShop):
    """The whole shop, in memory."""

    token: str = field(default_factory=lambda: f"shpat_{secrets.token_hex(8)}")
    secret: str = field(default_factory=lambda: f"shpss_{secrets.token_hex(8)}")
    url: str = ""
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=lambda: {LOCATION: "Entrepôt"})
    services: dict[str, str] = field(default_factory=dict)  # handles of fulfilment services, by their location
    keys: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)  # happen before stock is set, one at a time
    behaviour: Behaviour = field(default_factory=Behaviour)
    asked: list[str] = field(default_factory=list)  # the names of the documents
    throttled: int = 0
    faults: dict[str, str] = field(default_factory=dict)  # by document, how only its answers misbehave

    def place(self, order: dict[str, Any], **part: Any) -> None:
        """Take an order in, with one fulfilment order of all its lines."""
        pk = int(order["id"])
        self.orders[pk] = order
        lines = {
            gid("FulfillmentOrderLineItem", one["id"]): [gid("LineItem", one["id"]), one["quantity"], one["quantity"]]
            for one in order["line_items"]
        }
        name = gid("FulfillmentOrder", pk)
        self.parts[name] = Part(name, pk, lines, **part)

    def stock(self, sku: str, units: int, **more: Any) -> Item:
        """Count a product."""
        item = Item(gid("InventoryItem", len(self.items) + 1), sku, {LOCATION: units}, **more)
        self.items[item.id] = item
        return item

    def app(self) -> Starlette:
        """Give the web application."""
        return Starlette(routes=[Route(f"/admin/api/{API_VERSION}/graphql.json", self._door, methods=["POST"])])

    async def _door(self, request: Request) -> Response:
        name = (await request.json()).get("operationName")
        ways = self.behaviour.ways | {self.faults[name]} if name in self.faults else self.behaviour.ways
        return await replace(self.behaviour, ways=frozenset(ways)).around(self._answer)(request)

    async def _answer(self, request: Request) -> Response:
        if request.headers.get("x-shopify-access-token") != self.token:
            return JSONResponse({"errors": "[API] Invalid API key or access token"}, 401)
        asked = await request.json()
        document = parsed(asked["query"])
        self.asked.append(document.name)
        if self.throttled:
            self.throttled -= 1
            return JSONResponse(_throttled())
        try:
            return JSONResponse({"data": answered(self._root(), document.fields, asked["variables"])})
        except LookupError as missing:
            return JSONResponse(
                {"errors": [{"message": f"no field {missing}", "extensions": {"code": "undefinedField"}}]}
            )

    def _root(self) -> dict[str, Any]:
        return {
            "shop": {"name": "Au Tilleul", "myshopifyDomain": "au-tilleul.myshopify.com"},
            "currentAppInstallation": {"accessScopes": [{"handle": scope} for scope in self.scopes]},
            "orders": self._orders,
            "order": self._order,
            "refund": self._refund,
            "fulfillmentOrder": self.part_node,
            "fulfillmentOrders": self.changed_parts,
            "return": self._return,
            "fulfillment": self._parcel,
            **self.answers(),
            "fulfillmentCreate": self._send,
            "locations": Connection({"id": pk, "name": name, "isActive": True} for pk, name in self.locations.items()),
            "inventoryItems": self._items,
            "inventorySetQuantities": self._set_stock,
        }

    def _orders(self, *, query: str | None, **_asked: Any) -> Connection:
        since = datetime.fromisoformat(query.partition("'")[2].rstrip("'")) if query else None
        found = [(datetime.fromisoformat(one["updated_at"]), pk) for pk, one in self.orders.items()]
        found = sorted((when, pk) for when, pk in found if since is None or when >= since)
        return Connection({"id": gid("Order", pk), "updatedAt": self.orders[pk]["updated_at"]} for _when, pk in found)

    def _order(self, *, id: str) -> dict[str, Any] | None:  # noqa: A002 -- Shopify's word
        order = self.orders.get(_number(id))
        if order is None:
            return None
        parts = [self.part_node(id=part.id) for part in self.parts.values() if part.order == order["id"]]
        left = [self._left_node(one) for one in self.left.values() if one.order == order["id"]]
        return {
            **order_node(order),
            "fulfillmentOrders": Connection(parts),
            "fulfillments": lambda **_asked: left,
        }

    def _refund(self, *, id: str) -> dict[str, Any] | None:  # noqa: A002 -- Shopify's word
        for order in self.orders.values():
            for one in order.get("refunds") or ():
                if one["id"] == _number(id):
                    return refund_node(one, str(order.get("presentment_currency") or order["currency"]))
        return None

    def _parcel(self, *, id: str) -> dict[str, Any] | None:  # noqa: A002 -- Shopify's word
        return self._left_node(self.left[id]) if id in self.left else None

    def _left_node(self, left: Left) -> dict[str, Any]:
        return {
            "id": left.id,
            "status": "SUCCESS",
            "trackingInfo": lambda **_asked: [{"number": one} for one in left.numbers],
            "fulfillmentLineItems": Connection(
                {"quantity": units, "lineItem": {"id": line}} for line, units in left.lines
            ),
        }

    def _return(self, *, id: str) -> dict[str, Any] | None:  # noqa: A002 -- Shopify's word
        for order in self.orders.values():
            for one in order.get("returns") or ():
                if one["id"] == _number(id):
                    return return_node(one)
        return None

    def _send(self, *, fulfillment: Mapping[str, Any]) -> dict[str, Any]:
        groups = fulfillment["lineItemsByFulfillmentOrder"]
        parts = [self.parts[one["fulfillmentOrderId"]] for one in groups]
        if len({part.location for part in parts}) != 1:
            return {"fulfillment": None, "userErrors": [error("all of one location")]}
        lines: list[tuple[str, int]] = []
        for part, group in zip(parts, groups, strict=True):
            if part.status not in {"OPEN", "IN_PROGRESS"} or part.request == "SUBMITTED":
                return {"fulfillment": None, "userErrors": [error(f"{part.status} {part.request}")]}
            for one in group["fulfillmentOrderLineItems"]:
                if not 0 < one["quantity"] <= part.lines[one["id"]][1]:
                    return {"fulfillment": None, "userErrors": [error("so many do not remain")]}
                lines.append((part.lines[one["id"]][0], one["quantity"]))
        for part, group in zip(parts, groups, strict=True):
            for one in group["fulfillmentOrderLineItems"]:
                part.lines[one["id"]][1] -= one["quantity"]
            part.status = "IN_PROGRESS" if any(row[1] for row in part.lines.values()) else "CLOSED"
        info = fulfillment.get("trackingInfo") or {}
        name = self._leave(parts[0], lines, numbers=info.get("numbers") or [], mailed=fulfillment["notifyCustomer"])
        return {"fulfillment": {"id": name, "status": "SUCCESS"}, "userErrors": []}

    def _items(self, *, query: str, **_asked: Any) -> Connection:
        wanted = {one.partition("sku:")[2].strip('"').replace('\\"', '"') for one in query.split(" OR ")}

        def level(item: Item) -> Callable[..., dict[str, Any] | None]:
            def at(*, locationId: str) -> dict[str, Any] | None:  # noqa: N803 -- Shopify's word
                if locationId not in item.available:
                    return None
                return {"quantities": lambda **_asked: [{"name": "available", "quantity": item.available[locationId]}]}

            return at

        return Connection(
            {"id": item.id, "sku": item.sku, "tracked": item.tracked, "inventoryLevel": level(item)}
            for item in self.items.values()
            if item.sku.casefold() in {one.casefold() for one in wanted}
        )

    def _set_stock(self, *, input: Mapping[str, Any], directives: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        key, said = directives["idempotent"]["key"], json.dumps(input, sort_keys=True)
        if key in self.keys:
            before, answer = self.keys[key]
            return answer if before == said else _not_set("IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
        if self.meanwhile:
            self.meanwhile.pop(0)()
        for one in input["quantities"]:
            if self.items[one["inventoryItemId"]].available[one["locationId"]] != one["changeFromQuantity"]:
                return _not_set("CHANGE_FROM_QUANTITY_STALE")
        for one in input["quantities"]:
            self.items[one["inventoryItemId"]].available[one["locationId"]] = one["quantity"]
        answer = {"inventoryAdjustmentGroup": {"id": gid("InventoryAdjustmentGroup", len(self.keys))}, "userErrors": []}
        self.keys[key] = said, answer
        return answer

    def message(self, order_id: int, *, topic: str = "orders/updated") -> tuple[bytes, dict[str, str]]:
        """Give an order as it is now, as a signed message."""
        return self.signed(json.dumps(self.orders[order_id]).encode(), topic=topic)

    def signed(self, body: bytes, *, topic: str) -> tuple[bytes, dict[str, str]]:
        """Sign a message as the shop does."""
        digest = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        return body, {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
            "x-shopify-api-version": API_VERSION,
            "x-shopify-webhook-id": secrets.token_hex(16),
            "x-shopify-event-id": secrets.token_hex(16),
        }

    def send(self, message: tuple[bytes, Mapping[str, str]], *, url: str) -> int:
        """Deliver a message; give the status of the answer."""
        body, headers = message
        return httpx.post(url, content=body, headers=dict(headers), timeout=10).status_code

    def question(
        self, name: str, *asked: tuple[str, str], signed: str = "address", secret: str = ""
    ) -> tuple[str, dict[str, str]]:
        """Make a question to a fulfilment service, signed in the `address` or the `header`, or not."""
        given = [("shop", "au-tilleul.myshopify.com"), *asked, ("timestamp", "1764410400")]
        if signed == "address":
            given.append(("hmac", self._digest(_written(given), secret).hex()))
        query, headers = urlencode(given), {}
        if signed == "header":
            headers["x-shopify-hmac-sha256"] = base64.b64encode(self._digest(query, secret)).decode()
        return f"{name}.json?{query}", headers

    def fetch(self, question: tuple[str, dict[str, str]], *, url: str) -> Any:
        """Ask a fulfilment service, and give what it answers."""
        path, headers = question
        return httpx.get(f"{url}/{path}", headers=headers, timeout=30, trust_env=False).raise_for_status().json()

    def _digest(self, said: str, secret: str) -> bytes:
        return hmac.new((secret or self.secret).encode(), said.encode(), hashlib.sha256).digest()

    def scramble(
        self, messages: Iterable[tuple[bytes, dict[str, str]]], *, seed: int
    ) -> list[tuple[bytes, dict[str, str]]]:
        """Give messages as they may arrive: each twice, and in any order."""
        found = [one for message in messages for one in (message, message)]
        random.Random(seed).shuffle(found)  # noqa: S311 -- no secret
        return found


def _written(asked: Sequence[tuple[str, str]]) -> str:
    """Write parameters in their order, as they are signed; those of a list together: name=["a", "b"]."""
    found: dict[str, Any] = {}
    for name, value in sorted(asked):
        if name.endswith("[]"):
            found.setdefault(name[:-2], []).append(value)
        else:
            found[name] = value
    said = {name: json.dumps(value) if isinstance(value, list) else value for name, value in found.items()}
    return "&".join(f"{name}={value}" for name, value in said.items())


def _throttled() -> dict[str, Any]:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 99, "restoreRate": 1000.0}
    cost = {"requestedQueryCost": 100, "actualQueryCost": None, "throttleStatus": status}
    said = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return {"errors": [said], "extensions": {"cost": cost}}


def _not_set(code: str) -> dict[str, Any]:
    error = {"code": code, "field": ["input", "quantities"], "message": code.lower()}
    return {"inventoryAdjustmentGroup": None, "userErrors": [error]}


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])
