"""Orders of Amazon in our words: Orders API 2026-01-01, money as the breakdowns of proceeds tell it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from colisage.connectors.values import amount, country_of, currency_of, items, moment, text, units
from colisage.intake.ports import (
    AskFor,
    DraftAddress,
    DraftCharge,
    DraftLine,
    Nothing,
    OrderDraft,
    OrderTold,
    Payment,
    Unreadable,
)

# No address and no prices are told of these yet.
UNFINISHED: Final = frozenset({"PENDING", "PENDING_AVAILABILITY"})
CANCELLED: Final = frozenset({"CANCELLED", "UNFULFILLABLE"})
FEES: Final = {"GIFT_WRAP": "gift wrap", "COD_FEE": "cash on delivery", "OTHER": "other"}
SENT_BY: Final = "Amazon"
FRENCH: Final = frozenset({"A13V1IB3VIYZZH"})


def told(body: Any) -> OrderTold | AskFor | Nothing:
    """Read an order, or a notice that one changed; raises `Unreadable`."""
    if not isinstance(body, Mapping):
        raise Unreadable("unreadable")
    notice = body.get("detail", body)  # EventBridge wraps it
    if isinstance(notice, Mapping) and "NotificationType" in notice:
        return _notice(notice)
    ref = text(body, "orderId")
    if not ref:
        raise Unreadable("missing_order_ref")
    try:
        return _order(body, ref)
    except Unreadable as fault:
        fault.external_ref = ref
        raise


def _notice(notice: Mapping[str, Any]) -> AskFor | Nothing:
    changed = _in(_in(notice, "Payload"), "OrderChangeNotification")
    ref = text(changed, "AmazonOrderId")
    return AskFor(ref) if text(notice, "NotificationType") == "ORDER_CHANGE" and ref else Nothing("not_an_order")


def _order(body: Mapping[str, Any], ref: str) -> OrderTold | Nothing:
    fulfilment = _in(body, "fulfillment")
    status = text(fulfilment, "fulfillmentStatus")
    if status in UNFINISHED:
        return Nothing("unfinished", ref)
    return OrderTold(
        draft=_draft(body, ref, served_by=SENT_BY if text(fulfilment, "fulfilledBy") == "AMAZON" else ""),
        version=moment(body, "lastUpdatedTime"),
        cancelled=status in CANCELLED,
        finished=status == "SHIPPED",
        cancel_asked=any(_asks_to_cancel(item) for item in items(body, "orderItems")),
    )


def _asks_to_cancel(item: Mapping[str, Any]) -> bool:
    """Say whether the customer asks to cancel an item, and it was neither cancelled nor sent since."""
    cancellation = _in(item, "cancellation")
    sent = text(_in(item, "fulfillment"), "quantityUnfulfilled") == "0"
    return (
        bool(_in(cancellation, "cancellationRequest")) and not _in(cancellation, "cancellationExecution") and not sent
    )


def _draft(body: Mapping[str, Any], ref: str, *, served_by: str) -> OrderDraft:
    currency, found = _currency(body), items(body, "orderItems")
    money = _Money(body, found, currency=currency)
    lines = tuple(line for item in found if (line := _line(item, currency, served_by=served_by)) is not None)
    goods = sum(line.total_cents for line in lines)
    total = amount(_in(_in(body, "proceeds"), "grandTotal"), "amount", currency)
    net = goods + money.shipping + sum(charge.cents for charge in money.charges) - money.discount
    said = bool(_in(_in(body, "proceeds"), "grandTotal"))
    # Where prices are told without tax it comes on top; in Europe they hold it and no tax is told, or within.
    on_top = money.tax > 0 and (not said or total == net + money.tax)
    buyer, recipient = _in(body, "buyer"), _in(body, "recipient")
    ship_to = _address(_in(recipient, "deliveryAddress"))
    placed_at = moment(body, "createdTime")
    if placed_at is None:
        raise Unreadable("bad_date", "createdTime")
    return OrderDraft(
        external_ref=ref,
        number=ref,
        placed_at=placed_at,
        currency=currency,
        lines=lines,
        total_cents=total if said else net + (money.tax if on_top else 0),
        ship_to=ship_to,
        email=text(buyer, "buyerEmail"),
        phone=ship_to.phone if ship_to else "",
        customer_name=text(buyer, "buyerName") or (ship_to.name if ship_to else ""),
        language="fr" if text(_in(body, "salesChannel"), "marketplaceId") in FRENCH else "",
        shipping_cents=money.shipping,
        tax_cents=money.tax,
        discount_cents=money.discount,
        charges=money.charges,
        prices_include_tax=not on_top,
        payment=_payment(body),
        shipping_method=text(_in(body, "fulfillment"), "fulfillmentServiceLevel"),
        purchase_reference=text(buyer, "buyerPurchaseOrderNumber"),
        wanted_on=_wanted(_in(_in(body, "fulfillment"), "deliverByWindow")),
        customer_note=_note(_in(recipient, "deliveryPreference")),
        gift_note="\n".join(filter(None, (text(_gift(one), "giftMessage", longest=2_000) for one in found))),
        tags=tuple(str(name).casefold()[:80] for name in body.get("programs") or () if isinstance(name, str)),
    )


def _wanted(window: Mapping[str, Any]) -> date | None:
    """Give the day by which it is to be delivered. The window ends with a day of its marketplace, told in UTC."""
    until = moment(window, "latestDateTime")
    return (until - timedelta(hours=12)).date() if until else None


class _Money:
    """What an order costs beside its goods: as its items tell it, or as the order does where they tell nothing."""

    def __init__(self, body: Mapping[str, Any], found: Sequence[Any], *, currency: str) -> None:
        whole = items(_in(body, "proceeds"), "breakdowns")
        parts = [part for item in found for part in items(_in(item, "proceeds"), "breakdowns")]
        by_item = bool(parts)
        sums: dict[str, int] = {}
        for part in parts or whole:
            kind = text(part, "type")
            sums[kind] = sums.get(kind, 0) + abs(_money(part, "subtotal", currency))
        tips = [part for part in whole if text(part, "type") == "DELIVERY_TIP"]
        charges = [DraftCharge("fee", sums[kind], name) for kind, name in FEES.items() if sums.get(kind)]
        charges += [DraftCharge("tip", cents) for part in tips if (cents := _money(part, "subtotal", currency))]
        self.charges = tuple(charges)
        self.shipping, self.tax = sums.get("SHIPPING", 0), sums.get("TAX", 0)
        # What an item tells of discounts lowers its own price; the rest that of the order.
        own = sum(_discount(item, currency) for item in found) if by_item else 0
        self.discount = sums.get("DISCOUNT", 0) - own


def _line(item: Mapping[str, Any], currency: str, *, served_by: str) -> DraftLine | None:
    """Read a line; none where all of its units were cancelled."""
    product, fulfilment = _in(item, "product"), _in(item, "fulfillment")
    name = text(product, "title")
    ordered = units(text(item, "quantityOrdered"), name)
    remains = ordered
    if text(fulfilment, "quantityFulfilled") and text(fulfilment, "quantityUnfulfilled"):
        counted = (units(text(fulfilment, n), name) for n in ("quantityFulfilled", "quantityUnfulfilled"))
        remains = min(sum(counted), ordered)
    if not remains:
        return None
    goods = [part for part in items(_in(item, "proceeds"), "breakdowns") if text(part, "type") == "ITEM"]
    price = _money(_in(product, "price"), "unitPrice", currency)
    whole = (
        sum(_money(part, "subtotal", currency) for part in goods) if goods and remains == ordered else price * remains
    )
    unit = -(-whole // remains)
    gift = _gift(item)
    wrap = text(gift, "giftWrapLevel")
    return DraftLine(
        sku=text(product, "sellerSku") or f"amazon:{text(product, 'asin')}",
        quantity=remains,
        unit_price_cents=unit,
        name=name[:250],
        discount_cents=min(unit * remains - whole + _discount(item, currency), unit * remains),
        tax_cents=sum(
            abs(_money(part, "subtotal", currency))
            for part in items(_in(item, "proceeds"), "breakdowns")
            if text(part, "type") == "TAX"
        ),
        external_ref=text(item, "orderItemId"),
        personalisation="\n".join(
            filter(None, (text(_in(product, "customization"), "customizedUrl"), f"gift wrap: {wrap}" if wrap else ""))
        ),
        served_by=served_by,
    )


def _discount(item: Mapping[str, Any], currency: str) -> int:
    """Give what of an item's discounts is on the item itself, not on its carriage or wrapping."""
    whole = off = 0
    for part in items(_in(item, "proceeds"), "breakdowns"):
        if text(part, "type") == "DISCOUNT":
            whole += abs(_money(part, "subtotal", currency))
            off += sum(
                abs(_money(one, "value", currency))
                for one in items(part, "detailedBreakdowns")
                if text(one, "subtype") != "ITEM"
            )
    return max(whole - off, 0)


def _payment(body: Mapping[str, Any]) -> Payment:
    """Amazon has the money before an order is ready to be sent, unless the customer pays at the door."""
    ways = {text(one, "paymentMethod").casefold() for one in items(_in(body, "payment"), "paymentExecutions")}
    return "authorized" if ways & {"cod", "cashondelivery", "cash_on_delivery"} else "paid"


def _note(preference: Mapping[str, Any]) -> str:
    said = (text(preference, "dropOffLocation"), text(preference, "addressInstruction"))
    return "\n".join(filter(None, said))


def _gift(item: Mapping[str, Any]) -> Mapping[str, Any]:
    return _in(_in(_in(item, "fulfillment"), "packing"), "giftOption")


def _address(found: Mapping[str, Any]) -> DraftAddress | None:
    address = DraftAddress(
        name=text(found, "name"),
        company=text(found, "companyName"),
        line1=text(found, "addressLine1"),
        line2=", ".join(filter(None, (text(found, "addressLine2"), text(found, "addressLine3")))),
        postcode=text(found, "postalCode"),
        city=text(found, "city") or text(found, "municipality"),
        region=text(found, "stateOrRegion"),
        country=country_of(text(found, "countryCode")),
        phone=text(found, "phone"),
    )
    return address if any((address.line1, address.line2, address.city, address.postcode)) else None


def _currency(body: Mapping[str, Any]) -> str:
    said = text(_in(_in(body, "proceeds"), "grandTotal"), "currencyCode")
    for item in items(body, "orderItems"):
        said = said or text(_in(_in(_in(item, "product"), "price"), "unitPrice"), "currencyCode")
    return currency_of(said)


def _money(item: Any, name: str, currency: str) -> int:
    """Read an amount with its currency, which must be that of the order; nothing said is 0."""
    found = _in(item, name)
    if found and text(found, "currencyCode") != currency:
        raise Unreadable("bad_amount", f"{name}: {text(found, 'currencyCode')}")
    return amount(found, "amount", currency)


def _in(item: Any, name: str) -> Mapping[str, Any]:
    found = item.get(name) if isinstance(item, Mapping) else None
    return found if isinstance(found, Mapping) else {}
