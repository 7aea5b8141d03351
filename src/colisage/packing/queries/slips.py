"""Packing slips: what is in the parcel, in the customer's language, as PDF."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from colisage.catalog.queries import SkuFacts, skus_across
from colisage.kit.code128 import code128
from colisage.kit.typst import INSTEAD, pdf, unprintable
from colisage.orders.queries import Order, orders_across, wishes_of
from colisage.orders.queries.inserts import insert_lines
from colisage.orders.queries.instructions import instructions_of
from colisage.orders.queries.together import orders_aboard, orders_of_parts
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.rules import parcel_code
from colisage.ui import words


def slip_pdf(merchant_ids: Collection[int], *, parcel_ids: Collection[int]) -> bytes:
    """Set the slips of parcels, one a page, in the order of their codes; one run of Typst however many."""
    chosen = list(
        Parcel.objects.filter(merchant_id__in=merchant_ids, pk__in=parcel_ids)
        .exclude(state="void")
        .order_by("fulfillment_order_id", "number")
    )
    inside = orders_aboard({p.fulfillment_order_id for p in chosen})
    orders = orders_across({pk for each in inside.values() for pk in each})
    siblings = list(
        Parcel.objects.filter(fulfillment_order__in=inside)
        .exclude(state="void")
        .order_by("fulfillment_order_id", "number")
    )
    lines = list(ParcelLine.objects.filter(parcel__in=siblings).order_by("pk"))
    wishes = wishes_of({line.fulfillment_line_id for line in lines})
    inserts = insert_lines({line.fulfillment_line_id for line in lines})
    skus = skus_across({p.merchant_id for p in chosen}, ids={line.sku_id for line in lines})
    numbers = orders_of_parts({line.fulfillment_line_id for line in lines}) if len(orders) > len(inside) else {}
    told = instructions_of(list(orders), kind="slip")
    slips = [
        _slip(
            parcel,
            inside=[orders[pk] for pk in inside[parcel.fulfillment_order_id]],
            siblings=[p for p in siblings if p.fulfillment_order_id == parcel.fulfillment_order_id],
            lines=lines,
            skus=skus,
            wishes=wishes,
            inserts=inserts,
            numbers=numbers,
            told=[words for pk in inside[parcel.fulfillment_order_id] for words in told.get(pk, ())],
        )
        for parcel in chosen
        if inside[parcel.fulfillment_order_id]
    ]
    for slip in slips:
        _say_unprintable(slip)
    dated = max((p.sealed_at for p in chosen if p.sealed_at), default=None)
    return pdf("packing/slip", {"title": "; ".join(s["code"] for s in slips), "slips": slips}, dated=dated)


def _slip(
    parcel: Parcel,
    *,
    inside: Sequence[Order],
    siblings: Sequence[Parcel],
    lines: Sequence[ParcelLine],
    skus: Mapping[int, SkuFacts],
    wishes: Mapping[int, str],
    inserts: Collection[int],
    numbers: Mapping[int, str],
    told: Sequence[str],
) -> dict[str, Any]:
    """Give one slip as plain values, every word in the customer's language; it names each order that is inside."""
    order, first = inside[0], parcel == siblings[0]
    several = len(inside) > 1
    code = parcel_code(parcel.fulfillment_order_id, parcel.number)
    contents = {p.pk: [line for line in lines if line.parcel_id == p.pk] for p in siblings}
    with override(order.language):
        return {
            "language": order.language,
            "code": code,
            "bars": code128(code),
            "heading": _("Packing slip"),
            "sender": [order.merchant.name, *_address(order.merchant.address, language=order.language)],
            "recipient": _recipient(order),
            "facts": _facts(inside, parcel, of=len(siblings)),
            "columns": [_("Item"), _("SKU"), _("Qty")],
            "lines": [
                {
                    "name": skus[line.sku_id].name,
                    "wish": _beside(
                        numbers.get(line.fulfillment_line_id, "") if several else "",
                        wishes.get(line.fulfillment_line_id, ""),
                        insert=line.fulfillment_line_id in inserts,
                    ),
                    "sku": skus[line.sku_id].code,
                    "quantity": line.quantity,
                }
                for line in contents[parcel.pk]
            ],
            "notes": [
                _("In parcel %(n)s: %(items)s.")
                % {
                    "n": p.number,
                    "items": ", ".join(f"{skus[line.sku_id].name} × {line.quantity}" for line in contents[p.pk]),
                }
                for p in siblings
                if p.pk != parcel.pk
            ]
            + (list(told) if first else []),
            "asked": "\n\n".join(
                _("Your note: %(note)s") % {"note": o.customer_note} for o in inside if o.customer_note and first
            ),
            "gift": "\n\n".join(_("“%(note)s”") % {"note": o.gift_note} for o in inside if o.gift_note and first),
            "contact": _("A question? %(email)s") % {"email": order.merchant.email} if order.merchant.email else "",
        }


def _say_unprintable(slip: dict[str, Any]) -> None:
    """Say on a slip, in its language, what stands for letters that cannot be printed."""
    if unprintable(slip):
        with override(slip["language"]):
            slip["notes"].append(
                _("%(instead)s stands for letters that could not be printed here.") % {"instead": INSTEAD}
            )


def _beside(number: str, wish: str, *, insert: bool) -> str:
    """Say below an article which order it is of, what was made of it, and that nobody ordered it."""
    return " · ".join(filter(None, (number, wish, _("Insert, free of charge") if insert else "")))


def _facts(inside: Sequence[Order], parcel: Parcel, *, of: int) -> list[str]:
    weight = words.grams(parcel.grams if parcel.grams is not None else parcel.expected_grams)
    told: list[str] = []
    for order in inside:
        day = words.day(order.placed_at, style="long")
        told.append(_("Order %(number)s of %(day)s") % {"number": order.number, "day": day})
        if order.purchase_reference:
            told.append(_("Your reference: %(reference)s") % {"reference": order.purchase_reference})
        if order.wanted_on:
            told.append(_("Delivery wanted on %(day)s") % {"day": words.day(order.wanted_on, style="long")})
    return [
        *told,
        _("Parcel %(n)s of %(of)s · %(weight)s") % {"n": parcel.number, "of": of, "weight": weight},
    ]


def _recipient(order: Order) -> list[str]:
    to = order.ship_to or {}
    here = order.merchant.country
    named = [part for part in (to.get("name") or order.customer_name, to.get("company")) if part]
    return [*(named or [order.number]), *_address(to, language=order.language, home=here)]


def _address(address: Mapping[str, Any], *, language: str, home: str = "") -> list[str]:
    """Give the lines of an address; the country only when it is not the sender's."""
    town = " ".join(part for part in (address.get("postcode"), address.get("city"), address.get("region")) if part)
    country = address.get("country") or ""
    abroad = Locale(language).territories.get(country, country) if home and country != home else ""
    return [line for line in (address.get("line1"), address.get("line2"), town, abroad) if line]
