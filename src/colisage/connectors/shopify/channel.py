"""Shopify as a shop of ours: GraphQL Admin API, signed webhooks, fulfilment orders, stock by comparison."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from colisage.connectors.ports import Access, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.shopify.client import ShopifyClient
from colisage.connectors.shopify.config import FIELDS, SCOPES
from colisage.connectors.shopify.graph import number
from colisage.connectors.shopify.mapping import told as read_told
from colisage.connectors.shopify.parcels import parcels_of
from colisage.connectors.shopify.stock import tell_stock
from colisage.intake.ports import Arrived, AskFor, Nothing, OrderTold, Unreadable


class Shopify:
    """Fills `connectors.ports.Shop`."""

    label: Final = "Shopify"
    fields: Final = FIELDS
    hooks: Final = True
    asked: Final = True

    def read(self, body: bytes, *, topic: str) -> OrderTold | AskFor | Nothing:
        """Read an order, from a webhook or from our asking."""
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("unreadable", str(error)) from error
        return read_told(sent, topic=topic)

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Check the signature over the raw body. One event may be told under several topics, each of them once."""
        secret = access.secrets.get("webhook_secret", "")
        right = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
        if not secret or not hmac.compare_digest(right, headers.get("x-shopify-hmac-sha256", "").encode()):
            raise NotSigned
        topic = headers.get("x-shopify-topic", "")[:60]
        event, delivery = headers.get("x-shopify-event-id", ""), headers.get("x-shopify-webhook-id", "")
        if event:
            return Arrived(key=f"event:{topic}:{event[:100]}", body=body, topic=topic)
        return Arrived(key=f"webhook:{delivery[:100] or hashlib.sha256(body).hexdigest()}", body=body, topic=topic)

    def check(self, access: Access) -> str:
        """Ask who the shop is, and whether the app may do all that is needed."""
        found = ShopifyClient(access).shop()
        shop, app = found.get("shop"), found.get("currentAppInstallation")
        if not isinstance(shop, Mapping) or not isinstance(app, Mapping):
            raise ShopRefused("not_a_shop")
        given = {str(one.get("handle")) for one in app.get("accessScopes") or ()}
        given |= {scope.replace("write_", "read_", 1) for scope in given if scope.startswith("write_")}
        if missing := [scope for scope in SCOPES if scope not in given]:
            raise ShopRefused("not_allowed", ", ".join(missing))
        return f"{shop.get('name')} · {shop.get('myshopifyDomain')}"

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for what changed; the last second is asked for again, since an order may change in it after we looked."""
        client = ShopifyClient(access)
        since, after = str(cursor.get("since", "")), str(cursor.get("after", ""))
        query = f"updated_at:>='{since}'" if since else ""
        try:
            changed, following = client.changed(query=query, after=after)
        except ShopRefused as fault:
            if not after or fault.code != "strange_answer":
                raise
            changed, following = client.changed(query=query, after="")  # cursors do not live for ever
        found = [client.order(gid) for gid, _when in changed]
        arrived = [_kept(order) for order in found if order is not None]
        if following:
            return Page(arrived, {"since": since, "after": following}, more=True)
        return Page(arrived, {"since": _just_before(changed[-1][1]) if changed else since, "after": ""})

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for an order, by its number or by one of its fulfilment orders: one that waits to be accepted is."""
        client = ShopifyClient(access)
        gid = _gid(external_ref)
        if "/FulfillmentOrder/" in gid:
            gid = client.order_of_part(gid)
        order = client.order(gid) if gid else None
        return [] if order is None else [_kept(order)]

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Tell of a parcel with its numbers, by fulfilment order; what the shop knows already is not told again."""
        client = ShopifyClient(access)
        order = client.parcels(_gid(told.external_ref), numbers={one for one, _page in told.tracking})
        if order is None:
            raise ShopRefused("unknown_to_shop", told.external_ref)
        for parcel in parcels_of(order, told, again=again):
            for part in parcel.to_accept:
                client.accept(part)
            client.send(parcel.fulfillment)

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Set what may be sold at the location that was chosen, or the only one."""
        return tell_stock(ShopifyClient(access), stock=stock, location=access.option("location"))


def _kept(order: Mapping[str, Any]) -> Arrived:
    body = json.dumps(order, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(body).hexdigest()[:16]
    ref = number(str(order.get("id")))
    return Arrived(key=f"order:{ref}:{order.get('updatedAt')}:{digest}", body=body, topic="order.read")


def _gid(ref: str) -> str:
    return ref if ref.startswith("gid://") else f"gid://shopify/Order/{ref}"


def _just_before(moment: str) -> str:
    try:
        return (datetime.fromisoformat(moment) - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    except ValueError as error:
        raise ShopRefused("strange_answer", moment) from error
