"""Partners that order by EDI, as a shop of ours: they send, they are not asked."""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from colisage.connectors.edi import purchase_850, purchase_orders
from colisage.connectors.edi.config import FIELDS
from colisage.connectors.edi.envelopes import extracted
from colisage.connectors.edi.purchase import Purchase, order_told
from colisage.connectors.edi.segments import NotEdi
from colisage.connectors.ports import Access, NotSigned, Page, ShipmentTold, ShopRefused, StockTold
from colisage.connectors.values import currency_of
from colisage.intake.ports import Arrived, AskFor, Nothing, OrderTold, Unreadable

READERS: Final[Mapping[str, Callable[..., Purchase]]] = {
    "850": purchase_850.purchase, "ORDERS": purchase_orders.purchase,
}  # fmt: skip
CHANGES: Final = frozenset({"860", "ORDCHG"})
BETWEEN: Final = " · "


class Edi:
    """Fills `connectors.ports.Shop` for X12 and EDIFACT."""

    label: Final = "EDI (X12, EDIFACT)"
    fields: Final = FIELDS
    hooks: Final = True
    asked: Final = False

    def read(self, body: bytes, *, topic: str) -> OrderTold | AskFor | Nothing:
        """Read one message, as `keep_interchange` kept it; the topic ends with what stands in for what it lacks."""
        try:
            found, message = extracted(body)
        except NotEdi as error:
            raise Unreadable("unreadable") from error
        if message.fault:
            raise Unreadable(message.fault.code, message.fault.detail)
        if message.kind in CHANGES:
            raise Unreadable("change_of_lines", message.kind)
        if message.kind not in READERS:
            return Nothing("not_an_order")
        currency, country = topic.split(BETWEEN)[-2:] if topic.count(BETWEEN) >= 2 else ("", "")
        bought = READERS[message.kind](message.segments, sender=found.sender)
        return order_told(bought, currency=currency, country=country.strip("-"), test=found.test)

    def let_in(self, headers: Mapping[str, str], *, access: Access) -> None:
        """Check the key of a gateway: in `x-api-key`, or as a bearer token or a password. Raises `NotSigned`."""
        key = access.secrets.get("key", "")
        if not key or not any(hmac.compare_digest(key.encode(), said.encode()) for said in _keys(headers)):
            raise NotSigned

    def arrived(self, headers: Mapping[str, str], body: bytes, *, access: Access) -> Arrived | None:
        """Refuse: an interchange is many messages, and is kept by `keep_interchange`."""
        raise NotSigned

    def check(self, access: Access) -> str:
        """Look at the settings: there is nobody to ask."""
        try:
            currency_of(access.option("currency"))
        except Unreadable as fault:
            raise ShopRefused("wrong_setting", access.option("currency")) from fault
        country = access.option("country")
        if country and not (len(country) == 2 and country.isalpha()):
            raise ShopRefused("wrong_setting", country)
        return BETWEEN.join(filter(None, (access.option("own"), access.option("partners"))))

    def orders_since(self, access: Access, *, cursor: Mapping[str, Any]) -> Page:
        """Give nothing: partners send by themselves."""
        return Page([], cursor)

    def order(self, access: Access, *, external_ref: str) -> Sequence[Arrived]:
        """Give nothing: partners cannot be asked."""
        return []

    def tell_shipment(self, access: Access, *, told: ShipmentTold, again: bool) -> None:
        """Refuse: partners are not told, and nothing is written down for them."""
        raise ShopRefused("said_no")

    def tell_stock(self, access: Access, *, stock: Sequence[StockTold]) -> Mapping[str, str]:
        """Refuse: partners are not told, and nothing is written down for them."""
        raise ShopRefused("said_no")


def _keys(headers: Mapping[str, str]) -> list[str]:
    """Give whatever in the heads of a request may be a key."""
    kind, _space, said = headers.get("authorization", "").partition(" ")
    found = [headers.get("x-api-key", "")]
    if kind.casefold() == "bearer":
        found.append(said.strip())
    elif kind.casefold() == "basic":
        try:
            found.append(base64.b64decode(said, validate=True).decode(errors="replace").partition(":")[2])
        except (binascii.Error, ValueError):
            return found
    return found
