"""WooCommerce as a shop of ours."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from colisage.connectors.origins import of_this_shop, said_by
from colisage.connectors.ports import Access, Lost, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.values import text
from colisage.connectors.woocommerce.client import PAGE, WooClient
from colisage.connectors.woocommerce.config import FIELDS
from colisage.connectors.woocommerce.mapping import may_be_virtual, told
from colisage.intake.ports import Arrived, AskFor, Deleted, Nothing, OrderTold, Unreadable

OVERLAP: Final = 10


class WooCommerce:
    """Fills `connectors.ports.Shop`."""

    label: Final = "WooCommerce"
    fields: Final = FIELDS
    hooks: Final = True
    asked: Final = True

    def read(self, body: bytes, *, topic: str) -> OrderTold | AskFor | Deleted | Nothing:
        """Read an order, from a webhook or from our asking."""
        topic = of_this_shop(topic)
        try:
            sent = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("unreadable", str(error)) from error
        if isinstance(sent, Mapping) and isinstance(sent.get("data"), Mapping):  # some proxies wrap it
            sent = sent["data"]
        if topic == "order.deleted" and isinstance(sent, Mapping) and set(sent) == {"id"} and text(sent, "id"):
            return Deleted(text(sent, "id"))  # put into the bin, or gone for good: only its number is told
        return told(sent)

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Check the signature over the raw body. The first call of a webhook is a form with its number, unsigned."""
        signature = headers.get("x-wc-webhook-signature", "")
        if not signature and body.startswith(b"webhook_id=") and len(body) < 40:
            return None
        secret = access.secrets.get("webhook_secret", "")
        right = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
        if not secret or not hmac.compare_digest(right, signature.encode()):
            raise NotSigned
        name = headers.get("x-wc-webhook-delivery-id") or hashlib.sha256(body).hexdigest()
        topic = said_by(headers.get("x-wc-webhook-topic", ""), headers.get("x-wc-webhook-source", ""), access)
        return Arrived(key=f"delivery:{name}", body=body, topic=topic)

    def check(self, access: Access) -> str:
        """Ask for the shop's settings: only a key that may read everything sees them."""
        environment = WooClient(access).system().get("environment")
        if not isinstance(environment, Mapping) or "version" not in environment:
            raise ShopRefused("not_a_shop")
        return f"{environment.get('site_url', '')} · WooCommerce {environment['version']}"

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for what changed, then for what was put into the bin: the message that tells of it gets lost, too.

        The bin is a list of its own, left out of all the others by the shop, with a place of its own in the cursor.
        It is asked last: an order that is put into it in between is seen there.
        """
        client = WooClient(access)
        live, more = _changed(client, cursor, status="any")
        place = {"after": live.after, "offset": live.offset}
        if more:
            return Page(live.arrived, {**cursor, **place}, more=True)
        binned, more = _changed(client, cursor.get("bin") or {"after": cursor.get("after", "")}, status="trash")
        place["bin"] = {"after": binned.after, "offset": binned.offset}
        return Page([*live.arrived, *binned.arrived], place, more=more)

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for one order with its refunds."""
        client = WooClient(access)
        try:
            return [_kept(client, client.order(external_ref))]
        except ShopRefused as fault:
            if fault.code == "unknown_to_shop":
                return []
            raise

    def lost(self, access: Access, *, external_refs: Sequence[str]) -> list[Lost]:
        """Ask for orders all at once, and for each that is not listed by itself: a list may leave one out.

        Numbers grow: an order above all that the shop has may have come after the copy it was restored from.
        """
        client, refs = WooClient(access), [ref for ref in external_refs if ref.isascii() and ref.isdecimal()]
        known = client.known(refs) if refs else set()
        gone = [ref for ref in refs if ref not in known and client.is_gone(ref)]
        newest = client.newest() if gone else 0
        body = {ref: json.dumps({"id": int(ref)}).encode() for ref in gone}
        return [
            Lost(ref, int(ref) < newest, Arrived(key=f"lost:{ref}", body=body[ref], topic="order.deleted"))
            for ref in gone
        ]

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Write the tracking numbers as a note to the customer, and complete the order with its last parcel."""
        client = WooClient(access)
        text = _note(told)
        if not again or all(str(note.get("note", "")) != text for note in client.notes(told.external_ref)):
            client.write_note(told.external_ref, text=text)
        if told.last:
            numbers = ", ".join(number for number, _page in told.tracking)
            client.complete(told.external_ref, meta=[{"key": "_colisage_tracking", "value": numbers}])

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Set what may be sold, product by product."""
        client = WooClient(access)
        refused = {}
        for one in stock:
            products = client.products(one.sku)
            if not products:
                refused[one.sku] = "unknown_to_shop"
            for product in products:
                if product.get("stock_quantity") != one.quantity:
                    client.set_stock(product, quantity=one.quantity)
        return refused


class _Asked(NamedTuple):
    """Orders as the shop gave them, and where to go on."""

    arrived: list[Arrived]
    after: str
    offset: int


def _changed(client: WooClient, place: Mapping[str, Any], *, status: str) -> tuple[_Asked, bool]:
    """Ask for a page of what changed, and say whether there is more; a place is the second before the last change.

    The last second is asked for again: an order may change in it after we looked. Only where more changed in one
    second than fit on a page are orders counted, with some seen twice: one that changes meanwhile moves those
    behind it. What was seen is not kept twice.
    """
    after, offset = str(place.get("after", "")), int(place.get("offset", 0))
    found = client.orders(after=after, offset=offset, status=status)
    arrived = [_kept(client, one) for one in found]
    last = str(found[-1].get("date_modified_gmt", "")) if found else ""
    before = _just_before(last) if last else after
    if len(found) < PAGE:
        return _Asked(arrived, before, 0), False
    return _Asked(arrived, before, offset + PAGE - OVERLAP if before == after else 0), True


def _kept(client: WooClient, order: dict[str, Any]) -> Arrived:
    """Give an order as a message; the refunds it names are asked for, and what of it may be virtual."""
    ref = str(order.get("id", ""))
    if order.get("refunds"):
        order = {**order, "_refunds": client.refunds(ref)}
    with suppress(Unreadable):  # whoever reads it says so
        order = {**order, "_virtual": client.virtual(order)} if may_be_virtual(order) else order
    body = json.dumps(order, ensure_ascii=False).encode(errors="replace")  # half a character stops nothing
    digest = hashlib.sha256(body).hexdigest()[:16]
    return Arrived(key=f"order:{ref}:{order.get('date_modified_gmt', '')}:{digest}", body=body, topic="order.read")


def _just_before(second: str) -> str:
    return (datetime.fromisoformat(second) - timedelta(seconds=1)).isoformat()


def _note(told: ShipmentTold) -> str:
    numbers = ", ".join(f"{number} {page}".strip() for number, page in told.tracking)
    return f"{told.carrier}: {numbers}"
