"""A shop that exports its orders as a custom store, as a shop of ours."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext_lazy as _

from colisage.connectors.custom_store.client import Exported, StoreClient
from colisage.connectors.custom_store.config import FIELDS, STATUSES
from colisage.connectors.custom_store.mapping import NOTICE, noticed, told
from colisage.connectors.custom_store.notice import notice
from colisage.connectors.ports import Access, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.xml_trees import NotXml, tree
from colisage.intake.ports import Arrived, OrderTold, Unreadable
from colisage.kit.tabular.cells import currency_code

FIRST: Final = timedelta(days=30)  # how far back the first asking goes
OVERLAP: Final = timedelta(minutes=15)  # asked for again: clocks differ, and the protocol counts in minutes


class CustomStore:
    """Fills `connectors.ports.Shop`. The protocol has no messages of its own, and no stock."""

    label: Final = _("ShipStation custom store")
    fields: Final = FIELDS
    hooks: Final = False
    asked: Final = True

    def read(self, body: bytes, *, topic: str) -> OrderTold:
        """Read an order, from our asking."""
        try:
            root = tree(body)
        except NotXml as fault:
            raise Unreadable("unreadable", str(fault)) from fault
        if topic == NOTICE:
            raise noticed(root)
        return told(root)

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Refuse whatever is sent: such a shop sends nothing by itself."""
        raise NotSigned

    def check(self, access: Access) -> str:
        """Ask for the orders of the last minute."""
        now = datetime.now(UTC)
        _believe(access)
        StoreClient(access).export(start=now - timedelta(minutes=1), end=now, page=1)
        return urlsplit(access.option("url")).netloc

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Ask for what changed, in windows of time; the pages of one window from its last to its first.

        An order that changes meanwhile leaves its window, and those behind it move to the page before: backwards none
        is missed, some are seen twice. What was seen is not kept twice.
        """
        _believe(access)
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        end = _at(cursor.get("end")) or now
        start = _at(cursor.get("start")) or now - FIRST
        page = int(cursor.get("page", 0))
        found = StoreClient(access).export(start=start, end=end, page=page or 1)
        arrived = [_kept(one, found, access) for one in found.orders]
        following = page - 1 if page else found.pages if found.pages > 1 else 0
        if following:
            place = {"start": start.isoformat(), "end": end.isoformat(), "page": following}
            return Page(arrived, place, more=True)
        return Page(arrived, {"start": (end - OVERLAP).isoformat()})

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Give nothing: the protocol cannot be asked for one order. Whatever changes comes with the export."""
        return []

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Tell of each parcel. The shop cannot be asked what it knows; the protocol allows to tell a parcel twice.

        Which parcel holds what is not known: the units stand in the first notice, so that they are counted once.
        """
        client = StoreClient(access)
        for n, number in enumerate([number for number, _page in told.tracking] or [""]):
            facts = {
                "order_number": told.external_ref, "carrier": told.carrier, "service": "", "tracking_number": number,
            }  # fmt: skip
            client.notify(facts, notice=notice(told, number=number, lines=() if n else told.lines))

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Do nothing, and refuse nothing: there is no stock in the protocol."""
        return {}


def _believe(access: Access) -> None:
    """Refuse to ask at all with a currency that is none: every order would have to be corrected by hand."""
    try:
        currency_code(access.option("currency"))
    except ValueError as error:
        raise ShopRefused("wrong_setting", access.option("currency")) from error


def _kept(order: bytes, found: Exported, access: Access) -> Arrived:
    """Keep an order with what a person said about all of them: a message can be read by itself."""
    facts = {name: access.option(name) for name in ("currency", *STATUSES)}
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in facts.items() if value)
    head = f'<?xml version="1.0" encoding="{found.encoding}"?>\n<Export {said}>'
    body = head.encode(found.encoding, "xmlcharrefreplace") + order + b"</Export>"
    return Arrived(key=f"export:{hashlib.sha256(body).hexdigest()}", body=body)


def _at(given: Any) -> datetime | None:
    return datetime.fromisoformat(given) if isinstance(given, str) and given else None
