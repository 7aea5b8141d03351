"""Amazon as a shop of ours."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from colisage.connectors.amazon.client import AmazonClient
from colisage.connectors.amazon.config import CARRIERS, FIELDS, OTHER
from colisage.connectors.amazon.mapping import told
from colisage.connectors.ports import Access, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.values import text
from colisage.intake.ports import Arrived, AskFor, Nothing, OrderTold, Unreadable

FIRST_DAYS: Final = 30  # how far back the first asking looks
_WRITTEN: Final = "%Y-%m-%dT%H:%M:%SZ"


class Amazon:
    """Fills `connectors.ports.Shop`."""

    label: Final = "Amazon"
    fields: Final = FIELDS
    hooks: Final = True
    asked: Final = True

    def read(self, body: bytes, *, topic: str) -> OrderTold | AskFor | Nothing:
        """Read an order from our asking, or a notice that one changed."""
        try:
            return told(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise Unreadable("unreadable", str(error)) from error

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Check the key that an EventBridge API destination sends along."""
        key = access.secrets.get("notice_key", "")
        if not key or not hmac.compare_digest(key.encode(), headers.get("x-api-key", "").encode()):
            raise NotSigned
        return Arrived(key=f"notice:{_name(body)}", body=body, topic="ORDER_CHANGE")

    def check(self, access: Access) -> str:
        """Ask where the seller sells, and for an order with its address: only an app with that role may."""
        client = AmazonClient(access)
        found = {
            str(one["marketplace"].get("id")): str(one["marketplace"].get("name"))
            for one in client.participations()
            if isinstance(one.get("marketplace"), Mapping)
        }
        strangers = [name for name in client.marketplaces if name not in found]
        if strangers or not client.marketplaces:
            raise ShopRefused("wrong_setting", ", ".join(strangers))
        client.orders(after=_before(datetime.now(UTC), days=1), most=1)
        return " · ".join(found[name] for name in client.marketplaces)

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for what changed; the cursor is the moment up to which Amazon told everything, by its own clock.

        An empty cursor begins thirty days back. The pages of one asking share that moment and are named by tokens,
        which are good for that asking only: where one is refused, the asking begins anew and what was seen is not
        kept twice.
        """
        after = str(cursor.get("after") or _before(datetime.now(UTC), days=FIRST_DAYS))
        token = str(cursor.get("token", ""))
        client = AmazonClient(access)
        try:
            found = client.orders(after=after, token=token)
        except ShopRefused as fault:
            if not token or fault.code != "strange_answer":
                raise
            found = client.orders(after=after)
        arrived = [_kept(one) for one in found["orders"] if isinstance(one, Mapping)]
        pagination = found.get("pagination")
        further = pagination.get("nextToken") if isinstance(pagination, Mapping) else None
        if further:
            return Page(arrived, {"after": after, "token": str(further)}, more=True)
        return Page(arrived, {"after": str(found.get("lastUpdatedBefore") or after)})

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for one order."""
        try:
            return [_kept(AmazonClient(access).order(external_ref))]
        except ShopRefused as fault:
            if fault.code == "unknown_to_shop":
                return []
            raise

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Confirm a shipment as one package, with its first number: Amazon wants units in every package.

        The package has the same reference whenever it is told, so that Amazon changes it instead of adding one.
        """
        client = AmazonClient(access)
        order = client.order(told.external_ref, included="PACKAGES,FULFILLMENT")
        number = told.tracking[0][0] if told.tracking else ""
        packages = order.get("packages") or ()
        if again and any(isinstance(one, Mapping) and one.get("trackingNumber") == number for one in packages):
            return
        carrier = CARRIERS.get(told.carrier.casefold(), OTHER)
        lines = [(ref, units) for ref, units in told.lines if ref and units]
        channel = order.get("salesChannel")
        client.confirm(
            told.external_ref,
            marketplace=str(channel.get("marketplaceId", "")) if isinstance(channel, Mapping) else "",
            package={
                "packageReferenceId": _reference(told.key),
                "carrierCode": carrier,
                **({"carrierName": told.carrier} if carrier == OTHER else {}),
                "trackingNumber": number,
                "shipDate": told.shipped_at.astimezone(UTC).strftime(_WRITTEN),
                "orderItems": [{"orderItemId": ref, "quantity": units} for ref, units in lines],
            },
        )

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Set what may be sold, listing by listing, on all marketplaces of the connection."""
        client = AmazonClient(access)
        refused = {}
        for one in stock:
            try:
                if issues := client.set_stock(one.sku, quantity=one.quantity):
                    refused[one.sku] = f"said_no: {'; '.join(issues)}"
            except ShopRefused as fault:
                if fault.code != "unknown_to_shop":
                    raise
                refused[one.sku] = fault.code
        return refused


def _kept(order: Mapping[str, Any]) -> Arrived:
    body = json.dumps(order, ensure_ascii=False).encode(errors="replace")  # half a character stops nothing
    ref, changed = order.get("orderId", ""), order.get("lastUpdatedTime", "")
    return Arrived(key=f"order:{ref}:{changed}:{_digest(body)}", body=body, topic="order")


def _name(body: bytes) -> str:
    """Give Amazon's own number of a notice, or the digest of what cannot be read: it waits with its reason."""
    try:
        sent = json.loads(body)
        notice = sent.get("detail", sent)
        return text(notice["NotificationMetadata"], "NotificationId", longest=80) or _digest(body)
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return _digest(body)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def _reference(key: str) -> str:
    """Give a package a number of its own that is the same each time: Amazon wants a positive one."""
    return str(int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]) + 1)


def _before(moment: datetime, *, days: int) -> str:
    return (moment - timedelta(days=days)).strftime(_WRITTEN)
