"""The money of what Shopify says: each amount stands there twice, in the shop's currency and in the customer's."""

from collections.abc import Mapping
from typing import Any

from colisage.connectors.values import amount, currency_of, text
from colisage.intake.ports import Unreadable


class Purse:
    """Amounts of one order in the currency the customer paid in: the shop gives it beside its own."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        total = order.get("current_total_price_set") or order.get("total_price_set")
        shown = isinstance(total, Mapping) and isinstance(total.get("presentment_money"), Mapping)
        self.currency = currency_of((text(order, "presentment_currency") if shown else "") or text(order, "currency"))
        self.foreign = self.currency != text(order, "currency").upper()
        self._side = "presentment_money" if shown else "shop_money"

    def of(self, item: Any, name: str) -> int:
        """Read an amount in minor units; nothing said is 0. Raises `Unreadable`."""
        money = self._set(item, name)
        if money is not None:
            written = text(money, "currency_code").upper()
            if written and written != self.currency:
                raise Unreadable("bad_amount", f"{name}: {written}, not {self.currency}")
            return amount(money, "amount", self.currency)
        found = amount(item, name, self.currency)
        if found and self.foreign:
            raise Unreadable("missing_field", f"{name}_set")
        return found

    def said(self, item: Any, name: str) -> bool:
        """Say whether an amount is there at all, be it 0."""
        return self._set(item, name) is not None or text(item, name) != ""

    def _set(self, item: Any, name: str) -> Mapping[str, Any] | None:
        both = item.get(f"{name}_set") if isinstance(item, Mapping) else None
        money = both.get(self._side) if isinstance(both, Mapping) else None
        return money if isinstance(money, Mapping) else None
