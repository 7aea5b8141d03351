"""Reading single values of what Shopify says; each refuses with a reason what cannot be meant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from colisage.intake.ports import Unreadable
from colisage.kit.money import cents, exponent
from colisage.kit.tabular.cells import currency_code

MOST_UNITS: Final = 1_000_000


def text(item: Any, name: str, *, longest: int = 300) -> str:
    """Give a text, or nothing."""
    value = item.get(name) if isinstance(item, Mapping) else None
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value).replace("\x00", "").strip()[:longest]


def items(item: Any, name: str) -> list[Mapping[str, Any]]:
    """Give the objects of a list; raises `Unreadable` when it holds anything else."""
    value = (item.get(name) if isinstance(item, Mapping) else None) or []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise Unreadable("unreadable", name)
    return value


def whole(item: Mapping[str, Any], name: str) -> int:
    """Read a whole number; raises `Unreadable`."""
    value = item.get(name)
    try:
        number = Decimal(str(value))
        if not number.is_finite() or number != number.to_integral_value():
            raise Unreadable("bad_quantity", f"{text(item, 'name')}: {value}"[:200])
    except InvalidOperation as error:
        raise Unreadable("bad_quantity", f"{text(item, 'name')}: {value}"[:200]) from error
    if abs(number) > MOST_UNITS:
        raise Unreadable("huge_quantity", text(item, "name"))
    return int(number)


def moment(item: Mapping[str, Any], name: str) -> datetime | None:
    """Read a moment; raises `Unreadable`."""
    written = text(item, name)
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise Unreadable("bad_date", f"{name}: {written}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class Purse:
    """Amounts of one order in the currency the customer paid in: the shop gives it beside its own."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        total = order.get("current_total_price_set") or order.get("total_price_set")
        shown = isinstance(total, Mapping) and isinstance(total.get("presentment_money"), Mapping)
        self.currency = _currency((text(order, "presentment_currency") if shown else "") or text(order, "currency"))
        self.foreign = self.currency != text(order, "currency").upper()
        self._side = "presentment_money" if shown else "shop_money"

    def of(self, item: Any, name: str) -> int:
        """Read an amount in minor units; nothing said is 0. Raises `Unreadable`."""
        money = self._set(item, name)
        if money is not None:
            written = text(money, "currency_code").upper()
            if written and written != self.currency:
                raise Unreadable("bad_amount", f"{name}: {written}, not {self.currency}")
            return self._cents(money.get("amount"), name)
        amount = self._cents(item.get(name) if isinstance(item, Mapping) else None, name)
        if amount and self.foreign:
            raise Unreadable("missing_field", f"{name}_set")
        return amount

    def said(self, item: Any, name: str) -> bool:
        """Say whether an amount is there at all, be it 0."""
        return self._set(item, name) is not None or text(item, name) != ""

    def _set(self, item: Any, name: str) -> Mapping[str, Any] | None:
        both = item.get(f"{name}_set") if isinstance(item, Mapping) else None
        money = both.get(self._side) if isinstance(both, Mapping) else None
        return money if isinstance(money, Mapping) else None

    def _cents(self, value: Any, name: str) -> int:
        """Round what has more decimals than its currency, as the shop's totals are."""
        if value in (None, ""):
            return 0
        try:
            amount = Decimal(str(value))
            if not amount.is_finite() or abs(amount) >= 10**13:
                raise Unreadable("huge_amount", f"{name}: {value}"[:200])
            return cents(amount.quantize(Decimal(1).scaleb(-exponent(self.currency))), currency=self.currency)
        except (InvalidOperation, ValueError) as error:
            raise Unreadable("bad_amount", f"{name}: {value}"[:200]) from error


def _currency(written: str) -> str:
    try:
        return currency_code(written)
    except ValueError as error:
        raise Unreadable("unknown_currency", written) from error
