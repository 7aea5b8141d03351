"""What the door for orders takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

Text80 = Annotated[str, Meta(max_length=80)]
Text160 = Annotated[str, Meta(max_length=160)]
Cents = Annotated[int, Meta(ge=0, le=10**12)]


class AddressIn(Struct, forbid_unknown_fields=True):
    """Where a parcel goes. `country` is an ISO 3166 code of two letters."""

    name: Text160 = ""
    company: Text160 = ""
    line1: Text160 = ""
    line2: Text160 = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    city: Text80 = ""
    region: Text80 = ""
    country: Annotated[str, Meta(pattern="^([A-Z]{2})?$")] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class LineIn(Struct, forbid_unknown_fields=True):
    """So many of one SKU. Amounts in minor units; discount and tax are of the whole line."""

    sku: Annotated[str, Meta(min_length=1, max_length=80)]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    unit_price_cents: Cents = 0
    name: Annotated[str, Meta(max_length=250)] = ""
    discount_cents: Cents = 0
    tax_cents: Cents = 0
    requires_shipping: bool = True
    reference: Text80 = ""
    personalisation: Annotated[str, Meta(max_length=2_000)] = ""


class OrderIn(Struct, forbid_unknown_fields=True):
    """An order. `reference` is your own identity of it: sent again, it is the same order."""

    reference: Annotated[str, Meta(min_length=1, max_length=80)]
    lines: Annotated[list[LineIn], Meta(min_length=1, max_length=1_000)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    number: Annotated[str, Meta(max_length=40)] = ""
    placed_at: Annotated[datetime, Meta(tz=True)] | None = None
    ship_to: AddressIn | None = None
    bill_to: AddressIn | None = None
    customer_name: Text160 = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    language: Literal["fr", "en"] = "fr"
    payment: Literal["paid", "authorized", "pending", "unknown"] = "paid"
    shipping_cents: Cents = 0
    discount_cents: Cents = 0
    tax_cents: Cents = 0
    total_cents: Cents | None = None  # checked when given
    prices_include_tax: bool = True
    shipping_method: Annotated[str, Meta(max_length=120)] = ""
    customer_note: Annotated[str, Meta(max_length=4_000)] = ""
    gift_note: Annotated[str, Meta(max_length=4_000)] = ""
    purchase_reference: Text80 = ""  # a firm's own reference of what it orders: on its packing slip
    wanted_on: date | None = None  # the day on which delivery is asked for: not before that of the order
    tags: Annotated[list[Text80], Meta(max_length=50)] = []
    channel: Annotated[str, Meta(max_length=30)] = "api"
    reservation: Annotated[int, Meta(ge=1, le=2**63 - 1)] | None = None  # what its cart holds: the order takes it over


class OrdersIn(Struct, forbid_unknown_fields=True):
    """Many orders, each judged by itself."""

    orders: Annotated[list[OrderIn], Meta(min_length=1, max_length=5_000)]


class WaitOut(Struct, frozen=True):
    """What an order waits for: the kind of the hold, and its reason as a code."""

    kind: str
    reason: str


class LineFaultOut(Struct, frozen=True):
    """A line that an order is refused for, by JSON pointer."""

    pointer: str
    code: str


class PlacedOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an order: `accepted`, `duplicate` (it was here before), or `refused` with a code and words.

    An accepted order may wait: `holds` say for what.
    """

    reference: str
    outcome: str
    id: int | None = None
    holds: list[WaitOut] = []
    code: str = ""
    detail: str = ""
    errors: list[LineFaultOut] = []


class PlacedManyOut(Struct, frozen=True):
    """What became of each order, as they were sent."""

    results: list[PlacedOut]
