"""A WooCommerce shop on a loopback socket, for demos and tests: the part of REST v3 that we use, and its webhooks.

It knows nothing of Colisage. Orders are what is put into `orders`, in the shop's own format; `push` sends one to the
webhook, signed; how it misbehaves is in `connectors.misbehaviour`.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from colisage.connectors.misbehaviour import Behaviour, Door

API = "/wp-json/wc/v3"


class WooShop:
    """The whole shop, in memory."""

    def __init__(self) -> None:
        self.key, self.secret, self.webhook_secret = (f"{kind}_{secrets.token_hex(8)}" for kind in ("ck", "cs", "wh"))
        self.orders: dict[int, dict[str, Any]] = {}
        self.refunds: dict[int, list[dict[str, Any]]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.products: dict[int, dict[str, Any]] = {}
        self.behaviour = Behaviour()

    def app(self) -> Starlette:
        """Give the web application."""
        doors: list[tuple[str, str, Door]] = [
            ("/system_status", "GET", self.system),
            ("/orders", "GET", self.list_orders),
            ("/orders/{id:int}", "GET", self.show_order),
            ("/orders/{id:int}", "PUT", self.change_order),
            ("/orders/{id:int}/refunds", "GET", self.list_refunds),
            ("/orders/{id:int}/notes", "GET", self.list_notes),
            ("/orders/{id:int}/notes", "POST", self.write_note),
            ("/products", "GET", self.find_products),
            ("/products/{parent:int}/variations", "GET", self.list_variations),
            ("/products/{id:int}", "PUT", self.change_product),
            ("/products/{parent:int}/variations/{id:int}", "PUT", self.change_product),
        ]
        return Starlette(
            routes=[
                Route(API + path, self.behaviour.around(self._let_in(door)), methods=[method])
                for path, method, door in doors
            ]
        )

    def _let_in(self, door: Door) -> Door:
        async def answer(request: Request) -> Response:
            given = request.headers.get("authorization", "").removeprefix("Basic ")
            if given != base64.b64encode(f"{self.key}:{self.secret}".encode()).decode():
                return JSONResponse({"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {}}, 401)
            return await door(request)

        return answer

    async def system(self, _request: Request) -> Response:
        """Say what the shop is."""
        return JSONResponse({"environment": {"site_url": "http://shop.test", "version": "10.3.5"}, "settings": {}})

    async def list_orders(self, request: Request) -> Response:
        """List orders by when they were changed; those in the bin only when it is asked for."""
        asked = request.query_params
        after, binned = asked.get("modified_after", ""), asked.get("status", "any") == "trash"
        listed = [one for one in self.orders.values() if (one.get("status") == "trash") == binned]
        if "include" in asked:
            listed = [one for one in listed if str(one["id"]) in asked["include"].split(",")]
        found = [one for one in listed if str(one.get("date_modified_gmt", "")) > after]
        found.sort(key=lambda one: (str(one.get("date_modified_gmt", "")), one["id"]))
        if asked.get("orderby") == "id":
            found.sort(key=lambda one: one["id"], reverse=asked.get("order") == "desc")
        first = int(asked.get("offset", "0"))
        return JSONResponse(found[first : first + int(asked.get("per_page", "10"))])

    async def show_order(self, request: Request) -> Response:
        """Show an order."""
        found = self.orders.get(request.path_params["id"])
        return JSONResponse(found) if found else _nothing()

    async def change_order(self, request: Request) -> Response:
        """Change an order."""
        found = self.orders.get(request.path_params["id"])
        if found is None:
            return _nothing()
        sent = await request.json()
        found.update({"status": sent.get("status", found.get("status")), "meta_data": sent.get("meta_data", [])})
        found["date_modified_gmt"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return JSONResponse(found)

    async def list_refunds(self, request: Request) -> Response:
        """List the refunds of an order."""
        return JSONResponse(self.refunds.get(request.path_params["id"], []))

    def refund(self, order_id: int, *, cents: int, units: Mapping[int, tuple[int, int]], status: str = "") -> int:
        """Give money back: of lines so many units for so many cents, the rest for none; give the refund's number.

        An order that is given back whole is called refunded.
        """
        order, made = self.orders[order_id], self.refunds.setdefault(order_id, [])
        pk, now = order_id * 100 + len(made) + 1, self.touch(order_id)
        lines = [
            {
                "id": pk * 10 + n, "quantity": -some, "total": _money(-back), "total_tax": "0.00",
                "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": str(line)}],
            }
            for n, (line, (some, back)) in enumerate(units.items())
        ]  # fmt: skip
        made.insert(0, {"id": pk, "date_created_gmt": now, "amount": _money(cents), "line_items": lines})
        order["refunds"] = [{"id": one["id"], "reason": "", "total": f"-{one['amount']}"} for one in made]
        order["status"] = status or order["status"]
        return pk

    def touch(self, order_id: int, **changes: Any) -> str:
        """Change an order a minute after it was changed last; give when that was."""
        order = self.orders[order_id]
        later = datetime.fromisoformat(str(order["date_modified_gmt"])) + timedelta(minutes=1)
        order.update(changes, date_modified_gmt=later.isoformat())
        return later.isoformat()

    async def list_notes(self, request: Request) -> Response:
        """List the notes of an order."""
        return JSONResponse(self.notes.get(request.path_params["id"], []))

    async def write_note(self, request: Request) -> Response:
        """Write a note."""
        pk = request.path_params["id"]
        if pk not in self.orders:
            return _nothing()
        note = {"id": secrets.randbelow(10**6), **await request.json()}
        self.notes.setdefault(pk, []).append(note)
        return JSONResponse(note, 201)

    async def find_products(self, request: Request) -> Response:
        """Find products by SKU, variations too, or by their numbers, variations not."""
        asked = request.query_params
        if "include" in asked:
            wanted = asked["include"].split(",")
            found = [one for pk, one in self.products.items() if str(pk) in wanted and not one.get("parent_id")]
        else:
            found = [one for one in self.products.values() if one.get("sku") == asked.get("sku", "")]
        return JSONResponse(found)

    async def list_variations(self, request: Request) -> Response:
        """List the variations of a product."""
        parent = request.path_params["parent"]
        return JSONResponse([one for one in self.products.values() if one.get("parent_id") == parent])

    async def change_product(self, request: Request) -> Response:
        """Set the stock of a product."""
        found = self.products.get(request.path_params["id"])
        if found is None:
            return _nothing()
        found.update(await request.json())
        return JSONResponse(found)

    def signed(self, body: bytes, *, topic: str = "order.updated") -> dict[str, str]:
        """Sign a message as the shop does."""
        digest = hmac.new(self.webhook_secret.encode(), body, hashlib.sha256).digest()
        return {
            "content-type": "application/json",
            "x-wc-webhook-topic": topic,
            "x-wc-webhook-signature": base64.b64encode(digest).decode(),
            "x-wc-webhook-delivery-id": secrets.token_hex(16),
        }

    def push(self, order_id: int, *, url: str, topic: str = "order.updated") -> int:
        """Send an order to a webhook; give the status of the answer."""
        body = json.dumps(self.orders[order_id]).encode()
        return httpx.post(url, content=body, headers=self.signed(body, topic=topic), timeout=10).status_code


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _nothing() -> Response:
    return JSONResponse({"code": "woocommerce_rest_shop_order_invalid_id", "message": "Invalid ID."}, 404)
