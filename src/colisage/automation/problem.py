"""From orders as they are kept to orders as rules see them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.automation.rules.facts import Seen
from colisage.automation.rules.shape import Fault
from colisage.catalog.queries import SkuFacts
from colisage.orders.queries import Order, OrderLine


def seen_of(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    skus: Mapping[int, SkuFacts],
    channel: str,
    earlier: int | None,
    nodes: Collection[str],
) -> Seen:
    """Put together what rules may ask about an order; what was cancelled of it does not count."""
    to, bill = order.ship_to or {}, order.bill_to or {}
    live = [line for line in lines if line.wanted]
    inside = [skus[sku] for sku in sku_ids_of(live) if sku in skus]
    units: dict[str, int] = {}
    for line in live:
        units[line.sku_code.casefold()] = units.get(line.sku_code.casefold(), 0) + line.wanted
    return Seen(
        order_id=order.pk,
        channel=channel,
        country=_text(to, "country").upper(),
        postcode=_text(to, "postcode"),
        region=_text(to, "region"),
        city=_text(to, "city"),
        company=_text(to, "company"),
        name=_text(to, "name"),
        line1=_text(to, "line1"),
        bill_country=_text(bill, "country").upper() or None,
        phone_country=_phone_country(_text(to, "phone") or order.phone, home=_text(to, "country")),
        email=order.email,
        phone=_text(to, "phone") or order.phone,
        language=order.language,
        payment=order.payment,
        currency=order.currency,
        total_cents=order.total_cents,
        shipping_cents=order.shipping_cents,
        discount_cents=order.discount_cents + sum(line.discount_cents for line in live),
        grams=_grams(live, skus),
        lines=len(live),
        units=sum(units.values()),
        most_of_one=max(units.values(), default=0),
        skus=frozenset(line.sku_code for line in live) | {sku.code for sku in inside},
        sku_kinds=frozenset(sku.kind for sku in inside),
        fragile=any(sku.fragile for sku in inside),
        hazardous=any(sku.hazardous for sku in inside),
        personalised=any(line.personalisation for line in live),
        tags=frozenset(str(tag) for tag in order.tags),
        shipping_method=order.shipping_method,
        gift_note=order.gift_note,
        customer_note=order.customer_note,
        earlier=earlier,
        nodes=frozenset(nodes),
    )


def sku_ids_of(lines: Sequence[OrderLine]) -> set[int]:
    """Give the SKUs of lines, with what bundles were made of."""
    return {sku for line in lines for sku in (line.sku_id, *_components(line)) if sku}


def insert_faults(raw: Mapping[str, Any], *, skus: Mapping[str, SkuFacts]) -> Iterator[Fault]:
    """Give what is wrong with the SKUs that a rule puts into parcels; `skus` are those of the merchant, by code."""
    effects = raw.get("effects")
    for n, effect in enumerate(effects if isinstance(effects, list) else ()):
        code = effect.get("sku") if isinstance(effect, dict) and effect.get("does") == "insert" else None
        if isinstance(code, str) and code.strip() and (said := _unfit(skus.get(code.strip().upper()))):
            yield Fault(f"e{n}", said, {"code": code.strip()})


def _unfit(sku: SkuFacts | None) -> str | Promise:
    """Say why a SKU cannot be an insert."""
    if sku is None:
        return _("“%(code)s” is not in your catalogue, or not in use.")
    if sku.kind == "bundle":
        return _(
            "“%(code)s” is a bundle: it has no stock of its own. Name each SKU that it is made of, or make it a kit."
        )
    if sku.tracks_serials:
        return _(
            "“%(code)s” has serial numbers: each unit is recorded for who ordered it, and nobody orders an insert."
        )
    if sku.digital:
        return _("“%(code)s” is not a thing that goes into a parcel.")
    return ""


def _components(line: OrderLine) -> list[int]:
    return [int(sku) for sku, _units in line.recipe or ()]


def _grams(lines: Sequence[OrderLine], skus: Mapping[int, SkuFacts]) -> int | None:
    """Weigh what is sent; nobody knows when the weight of anything is not."""
    total = 0
    for line in lines:
        if not line.requires_shipping:
            continue
        for sku, units in line.recipe or [(line.sku_id, 1)]:
            known = skus.get(int(sku)) if sku else None
            if known is None or known.grams is None:
                return None
            total += known.grams * int(units) * line.wanted
    return total


def _text(told: Mapping[str, Any], name: str) -> str:
    return str(told.get(name) or "")


def _phone_country(written: str, *, home: str) -> str | None:
    """Give the country of a phone number; one written without its country is at home, and proves nothing."""
    dialled = written.strip()
    if dialled.startswith("00"):
        dialled = f"+{dialled[2:]}"
    if not dialled.startswith("+"):
        return None
    try:
        number = phonenumbers.parse(dialled, None)
    except phonenumbers.NumberParseException:
        return None
    shared = phonenumbers.region_codes_for_country_code(number.country_code or 0)  # +1 is the US and Canada
    return home.upper() if home.upper() in shared else phonenumbers.region_code_for_number(number)
