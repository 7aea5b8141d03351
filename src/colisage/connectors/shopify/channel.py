"""Shopify as a shop of ours: GraphQL Admin API, signed webhooks, fulfilment orders, stock by comparison."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from colisage.connectors.origins import of_this_shop, said_by
from colisage.connectors.ports import Access, NotSigned, Page, Requested, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.shopify.client import ShopifyClient
from colisage.connectors.shopify.config import FIELDS, SCOPES
from colisage.connectors.shopify.graph import number
from colisage.connectors.shopify.mapping import ASKED
from colisage.connectors.shopify.mapping import told as read_told
from colisage.connectors.shopify.parcels import parcels_of
from colisage.connectors.shopify.parts import HANDLE, HOLD_REASONS, SENDER, TO_ANSWER, own_holds, sent_by, to_answer
from colisage.connectors.shopify.stock import tell_stock
from colisage.connectors.values import count, text
from colisage.intake.ports import Arrived, AskFor, Deleted, Nothing, OrderTold, Unreadable

PARTS_AT_ONCE: Final = 50  # as the document asks


class Shopify:
    """Fills `connectors.ports.Shop` and `Answering`."""

    label: Final = "Shopify"
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
        return read_told(sent, topic=topic)

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Check the signature over the raw body. One event may be told under several topics, each of them once."""
        secret = access.secrets.get("webhook_secret", "")
        right = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
        if not secret or not hmac.compare_digest(right, headers.get("x-shopify-hmac-sha256", "").encode()):
            raise NotSigned
        topic = said_by(headers.get("x-shopify-topic", ""), headers.get("x-shopify-shop-domain", ""), access)
        topic += ASKED if access.option("sent_from") else ""
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
        wanted = {gid: "" for gid, _when in changed}
        parts, moved = str(cursor.get("parts", "")), []
        if not following:  # a move or a hold changes a fulfilment order, and not always the order itself
            begin = parts or _just_before(datetime.now(UTC).isoformat(timespec="seconds"))
            moved = client.changed_parts(query=f"updated_at:>='{begin}'")
            parts = _just_before(moved[-1][1]) if moved else begin
            wanted |= {gid: "" for gid, _when in moved}
        found = [client.order(gid) for gid in wanted]
        arrived = [_kept(order) for order in found if order is not None]
        if following:
            return Page(arrived, {"since": since, "after": following, "parts": parts}, more=True)
        since = _just_before(changed[-1][1]) if changed else since
        again = len(moved) == PARTS_AT_ONCE and moved[0][1] != moved[-1][1]
        return Page(arrived, {"since": since, "after": "", "parts": parts}, more=again)

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for an order, by its number or by one of its fulfilment orders."""
        client = ShopifyClient(access)
        gid = _gid(external_ref)
        if "/FulfillmentOrder/" in gid:
            gid = text(client.part(gid), "orderId")
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

    def requested(self, access: Access, *, key: str) -> Requested | None:
        """Ask whether a fulfilment order waits for our answer."""
        client = ShopifyClient(access)
        part = client.part(key)
        if part is None or sent_by(part, places=client.places) or part.get("requestStatus") not in TO_ANSWER:
            return None
        lines: dict[str, int] = {}
        for one in client.lines_of_part(part):
            ref = number(text(one.get("lineItem"), "id"))
            lines[ref] = lines.get(ref, 0) + count(one, "remainingQuantity")
        cancel = part.get("requestStatus") == "CANCELLATION_REQUESTED"
        ref = number(text(part, "orderId"))
        return Requested(key=key, external_ref=ref, give_back=cancel, lines=lines, sender=SENDER)

    def answer(self, access: Access, *, asked: Requested, no: str) -> None:
        """Accept or refuse to send a fulfilment order, or to give it back."""
        client = ShopifyClient(access)
        if asked.give_back:
            if no:
                client.keep(asked.key, message=no[:250])
            else:
                client.give_back(asked.key)
        elif no:
            client.refuse(asked.key, reason="OTHER", message=no[:250])
        else:
            client.accept(asked.key)

    def tell_hold(self, access: Access, *, external_ref: str, kind: str, words: str) -> None:
        """Put our fulfilment orders that are open on hold, or end our holds; what is so already stays."""
        client = ShopifyClient(access)
        for part in client.parts_of_order(_gid(external_ref)) or ():
            own = own_holds(part)
            if kind and not own and text(part, "status") == "OPEN":
                reason = HOLD_REASONS.get(kind, "OTHER")
                client.hold(text(part, "id"), reason=reason, notes=words, handle=HANDLE)
            elif own and not kind:
                client.release(text(part, "id"), holds=own)

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Set what may be sold at the location that was chosen, or the only one."""
        return tell_stock(ShopifyClient(access), stock=stock, location=access.option("location"))


def _kept(order: Mapping[str, Any]) -> Arrived:
    body = json.dumps(order, ensure_ascii=False, sort_keys=True).encode(
        errors="replace"
    )  # half a character stops nothing
    digest = hashlib.sha256(body).hexdigest()[:16]
    ref = number(str(order.get("id")))
    key, parts = f"order:{ref}:{order.get('updatedAt')}:{digest}", order.get("parts") or ()
    return Arrived(key=key, body=body, topic="order.read", requests=to_answer(parts))


def _gid(ref: str) -> str:
    return ref if ref.startswith("gid://") else f"gid://shopify/Order/{ref}"


def _just_before(moment: str) -> str:
    try:
        return (datetime.fromisoformat(moment) - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    except ValueError as error:
        raise ShopRefused("strange_answer", moment) from error
