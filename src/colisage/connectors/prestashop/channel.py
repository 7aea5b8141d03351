"""PrestaShop as a shop of ours."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from colisage.connectors.ports import Access, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.prestashop.client import PAGE, PrestaClient, Record
from colisage.connectors.prestashop.config import FIELDS, RIGHTS, SHIPPED, ZONE
from colisage.connectors.prestashop.gathering import gathered
from colisage.connectors.prestashop.mapping import told
from colisage.intake.ports import Arrived, Nothing, OrderTold, Unreadable

OVERLAP: Final = 10
LONGEST_NUMBER: Final = 64
_WRITTEN: Final = "%Y-%m-%d %H:%M:%S"


class PrestaShop:
    """Fills `connectors.ports.Shop`."""

    label: Final = "PrestaShop"
    fields: Final = FIELDS
    hooks: Final = False
    asked: Final = True

    def read(self, body: bytes, *, topic: str) -> OrderTold | Nothing:
        """Read an order, from our asking."""
        try:
            return told(json.loads(body))
        except (ValueError, RecursionError) as error:
            raise Unreadable("unreadable", str(error)) from error

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Refuse whatever is sent: a PrestaShop sends nothing by itself."""
        raise NotSigned

    def check(self, access: Access) -> str:
        """Ask what the key may do, and name the rights that are missing."""
        _zone(access)
        name, rights = PrestaClient(access).rights()
        missing = [
            f"{resource} ({verb.upper()})"
            for resource, verbs in RIGHTS.items()
            for verb in verbs.split()
            if verb not in rights.get(resource, set())
        ]
        if missing:
            raise ShopRefused("not_allowed", ", ".join(missing))
        return f"{name} · PrestaShop"

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for what changed; the cursor is the second before the last change.

        The last second is asked for again: an order may change in it after we looked. Only where more changed in one
        second than fit on a page are orders counted, with some seen twice: one that changes meanwhile moves those
        behind it. What was seen is not kept twice. The shop counts in its own local
        time: in the hours after its clock was turned back, it is asked for an hour more.
        """
        after, offset = str(cursor.get("after", "")), int(cursor.get("offset", 0))
        zone = _zone(access)
        found = PrestaClient(access).orders(after=after, offset=offset)
        arrived = gathered(access, found)
        last = str(found[-1].get("date_upd", "")) if found else ""
        before = _earlier(last, seconds=1) if last else after
        if len(found) < PAGE:
            if before and _turned_back(zone):
                before = _earlier(before, seconds=3600)
            return Page(arrived, {"after": before, "offset": 0})
        if before == after:  # more in one second than fit on a page
            return Page(arrived, {"after": after, "offset": offset + PAGE - OVERLAP}, more=True)
        return Page(arrived, {"after": before, "offset": 0}, more=True)

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Ask for one order with all it refers to."""
        try:
            return gathered(access, [PrestaClient(access).order(external_ref)])
        except ShopRefused as fault:
            if fault.code == "unknown_to_shop":
                return []
            raise

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Add the tracking numbers to the order's carrier, and set its status with the last parcel; looking first."""
        client = PrestaClient(access)
        order = client.order(told.external_ref)
        carriers = client.those("order_carriers", ids=[told.external_ref], by="id_order")
        if carriers:
            carrier = max(carriers, key=lambda one: int(one.get("id") or 0))
            numbers = _joined(str(carrier.get("tracking_number", "")), [number for number, _page in told.tracking])
            if numbers != carrier.get("tracking_number", ""):
                client.write("order_carriers", "order_carrier", {**carrier, "tracking_number": numbers})
        state = access.option("shipped") or SHIPPED
        if told.last and state != "0" and order.get("current_state") != state:
            histories = client.those("order_histories", ids=[told.external_ref], by="id_order")
            if all(one.get("id_order_state") != state for one in histories):
                client.add_history(told.external_ref, state=state)

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Set what may be sold of products and combinations, by their references; what is right already is left."""
        client = PrestaClient(access)
        wanted = {one.sku.casefold(): one for one in stock}
        skus = [one.sku for one in stock]
        variants = client.those("combinations", ids=skus, by="reference", fields="[id,id_product,reference]")
        products = client.those("products", ids=skus, by="reference", fields="[id,reference]")
        places = {(str(one.get("id_product")), str(one.get("id"))): _folded(one) for one in variants}
        places |= {(str(one.get("id")), "0"): _folded(one) for one in products}
        rows = client.those("stock_availables", ids={product for product, _variant in places}, by="id_product")
        varied = {str(row.get("id_product")) for row in rows if row.get("id_product_attribute") not in {"0", ""}}
        taken = set()
        for row in rows:
            place = (str(row.get("id_product")), str(row.get("id_product_attribute")))
            one = wanted.get(places.get(place, ""))
            if one is None or (place[1] == "0" and place[0] in varied):  # the sum of its combinations: the shop's own
                continue
            taken.add(one.sku)
            if row.get("quantity") != str(one.quantity):
                client.write("stock_availables", "stock_available", {**row, "quantity": str(one.quantity)})
        known = set(places.values())
        return {
            one.sku: "not_counted_there" if one.sku.casefold() in known else "unknown_to_shop"
            for one in stock
            if one.sku not in taken
        }


def _folded(found: Record) -> str:
    return str(found.get("reference", "")).casefold()


def _joined(before: str, numbers: Sequence[str]) -> str:
    """Add numbers to those the shop has; as many whole ones as fit."""
    known = [one.strip() for one in before.split(",") if one.strip()]
    for number in numbers:
        if number not in known and len(", ".join([*known, number])) <= LONGEST_NUMBER:
            known.append(number)
    return ", ".join(known)


def _zone(access: Access) -> ZoneInfo:
    name = access.option("zone") or ZONE
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ShopRefused("wrong_setting", name) from error


def _turned_back(zone: ZoneInfo) -> bool:
    """Say whether the clock of the shop was turned back lately: an hour of its day came twice."""
    now = datetime.now(UTC)
    here, before = (moment.astimezone(zone).utcoffset() or timedelta() for moment in (now, now - timedelta(hours=3)))
    return here < before


def _earlier(moment: str, *, seconds: int) -> str:
    try:
        return (datetime.strptime(moment, _WRITTEN) - timedelta(seconds=seconds)).strftime(_WRITTEN)  # noqa: DTZ007 -- the shop's own
    except ValueError as error:
        raise ShopRefused("strange_answer", f"date_upd: {moment}") from error
