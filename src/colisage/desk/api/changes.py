"""The JSON doors by which accepted orders change: what they hold, where they go, what is said of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import UNSET, Meta, Struct, UnsetType
from ninja import Router

from colisage.desk.actions.ask_each import ask_each
from colisage.desk.actions.change_each import Addition, Asked, Done, change_each
from colisage.desk.actions.free_each import free_each
from colisage.desk.actions.settle_each import settle_each
from colisage.desk.actions.split_each import split_each
from colisage.desk.actions.tag_each import tag_each
from colisage.desk.api.orders import CHANGE, CUSTOMERS, OrdersNamed
from colisage.kit.actors import Actor
from colisage.kit.answers import Id, Ids, ResultsOut, judged, known_id, read_body, results_of
from colisage.kit.described import described
from colisage.kit.errors import Malformed, Refused
from colisage.people.queries import Key
from colisage.people.queries.doors import written

router = Router(tags=["changes"])
Cents = Annotated[int, Meta(ge=0, le=10**12)]
Text = Annotated[str, Meta(max_length=300)]
Note = Annotated[str, Meta(max_length=2_000)]
Tags = Annotated[list[Annotated[str, Meta(min_length=1, max_length=80)]], Meta(max_length=10)]


class PostalIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An address as a whole: what is left out is empty. `country` is an ISO 3166 code of two letters."""

    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    name: Text = ""
    company: Text = ""
    line1: Text = ""
    line2: Text = ""
    postcode: Annotated[str, Meta(max_length=20)] = ""
    city: Text = ""
    region: Text = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class LineChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How many units of a line are wanted in all; 0 cancels it."""

    line_id: Id
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)]


class AddedLineIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units of a SKU that join the order. Without `unit_price_cents`: the price of the catalogue.

    Without `tax_cents`: taxed as the goods of the order were.
    """

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    unit_price_cents: Cents | None = None
    discount_cents: Cents = 0
    tax_cents: Cents | None = None


class OrderChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How an order shall look: what is left out stays, a day that is null holds no more. Lines not named stay, too.

    `reason` is a code (customer_asked, out_of_stock, damaged, wrong_price, wrong_address, duplicate, risk, other) or
    words of your own.
    """

    ship_to: PostalIn | UnsetType = UNSET
    bill_to: PostalIn | UnsetType = UNSET
    email: Text | UnsetType = UNSET
    phone: Annotated[str, Meta(max_length=40)] | UnsetType = UNSET
    customer_name: Text | UnsetType = UNSET
    shipping_method: Text | UnsetType = UNSET
    promised_on: date | UnsetType | None = UNSET
    wanted_on: date | UnsetType | None = UNSET
    customer_note: Note | UnsetType = UNSET
    gift_note: Note | UnsetType = UNSET
    lines: Annotated[list[LineChangeIn], Meta(max_length=1_000)] = []
    add: Annotated[list[AddedLineIn], Meta(max_length=100)] = []
    reason: Annotated[str, Meta(max_length=60)] = ""


class OneChangeIn(OrderChangeIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A change of one order among many. `etag` is that of `get_order`, or `*` for an order as it stands."""

    order: Id
    etag: Annotated[str, Meta(max_length=100)]


class OrderChangesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Changes of orders, each judged by itself and done as a whole or not at all."""

    changes: Annotated[list[OneChangeIn], Meta(min_length=1, max_length=50)]


class ChangedOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a change: `changed`, `unchanged`, `cancelled` (nothing is left of the order) or `refused`.

    `price_cents` is what the order comes to more, or less. Units: given back, held, owed. `etag` is the order's now.
    """

    outcome: str
    id: int
    etag: str = ""
    price_cents: int = 0
    given_back: int = 0
    held: int = 0
    owed: int = 0
    code: str = ""
    detail: str = ""


class ChangesOut(Struct, frozen=True, kw_only=True):
    """What became of each change, in the order in which they were sent."""

    results: list[ChangedOut]


class TagsIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Tags that orders get and lose. Capitals do not matter."""

    orders: Ids
    add: Tags = []
    drop: Tags = []


class PartsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The ids of fulfilment orders that wait."""

    fulfillment_orders: Ids


class SettledIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An order, and whether the address that is suggested for it is taken, or the one that was written kept."""

    order: Id
    take: bool


class AddressesIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Addresses to settle, each judged by itself."""

    addresses: Annotated[list[SettledIn], Meta(min_length=1, max_length=50)]


class NoTag(Malformed):
    """Neither a tag to add nor one to take away, or one of blanks alone."""

    code = "no_tag"
    text = _("Say which tags are added or taken away.")


class LineTwice(Malformed):
    """Two wishes for one line of an order: nobody knows which one is meant."""

    code = "line_twice"
    text = _("Line %(line)s is named twice: say once how many units of it are wanted.")


_CHANGE: Final = msgspec.json.Decoder(OrderChangeIn)
_CHANGES: Final = msgspec.json.Decoder(OrderChangesIn)
_TAGS: Final = msgspec.json.Decoder(TagsIn)
_PARTS: Final = msgspec.json.Decoder(PartsIn)
_ADDRESSES: Final = msgspec.json.Decoder(AddressesIn)
_FREE: Final = msgspec.json.Decoder(OrdersNamed)
_CHANGED: Final = msgspec.json.Decoder(ChangedOut)
_SENT: Final[dict[str, Any]] = {"scope": CHANGE, "headers": ("Idempotency-Key",)}
_NOT_WISHED: Final = {"lines", "add", "reason", "order", "etag"}


def _asked(sent: OrderChangeIn, *, order_id: int, etag: str) -> Asked:
    """Read what is wished for; what was left out is not wished for."""
    fields: dict[str, Any] = {
        name: msgspec.structs.asdict(value) if isinstance(value, PostalIn) else value
        for name in sent.__struct_fields__
        if name not in _NOT_WISHED and (value := getattr(sent, name)) is not UNSET
    }
    fields["cleared"] = frozenset(name for name, value in fields.items() if value is None)
    fields["quantities"] = {line.line_id: line.quantity for line in sent.lines}
    if len(fields["quantities"]) < len(sent.lines):
        raise LineTwice(line=Counter(line.line_id for line in sent.lines).most_common(1)[0][0])
    added = [
        Addition(one.sku, one.quantity, one.unit_price_cents, one.discount_cents, one.tax_cents) for one in sent.add
    ]
    return Asked(order_id, etag, fields, added, sent.reason)


def _changed(order_id: int, became: Done | Refused) -> ChangedOut:
    if isinstance(became, Refused):
        return ChangedOut(outcome="refused", id=order_id, code=became.code, detail=str(became))
    done = became.changed
    outcome = "cancelled" if done.cancelled else "changed" if done.change_id else "unchanged"
    return ChangedOut(
        outcome=outcome, id=order_id, etag=became.etag, price_cents=done.price_cents, given_back=done.given_back,
        held=done.held, owed=done.owed,
    )  # fmt: skip


@router.patch(
    "/orders/{int:order_id}",
    operation_id="change_order",
    auth=None,
    openapi_extra=described(
        ChangedOut,
        body=OrderChangeIn,
        scope=CHANGE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"lines": [{"line_id": 2084, "quantity": 1}], "reason": "customer_asked"},
    ),
)
def patch_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """Change an order that was accepted: all that is sent, or nothing. `If-Match` is the ETag of `get_order`.

    Stock follows: units that are not wanted any more are free again, units that are added are held or owed. What the
    floor works on already is refused, with what can be done instead.
    """
    sent = read_body(request, _CHANGE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        asked = _asked(sent, order_id=known_id(order_id), etag=request.headers.get("If-Match", ""))
        [became] = change_each(key.merchant_id, [asked], actor=actor, customers=CUSTOMERS in key.scopes)
        if isinstance(became, Refused):
            raise became
        return 200, _changed(order_id, became)

    told = written(request, scope=CHANGE, answer=answer)
    told.headers["ETag"] = _CHANGED.decode(told.content).etag
    return told


@router.post(
    "/orders/change",
    operation_id="change_orders",
    auth=None,
    openapi_extra=described(
        ChangesOut,
        body=OrderChangesIn,
        example={"changes": [{"order": 1042, "etag": "*", "gift_note": "For Lou", "reason": "customer_asked"}]},
        **_SENT,
    ),
)
def post_changes(request: HttpRequest) -> HttpResponse:
    """Change orders, each judged by itself: `changed`, `unchanged`, `cancelled` (nothing is left) or `refused`."""
    sent = read_body(request, _CHANGES).changes

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        asked = [_asked(one, order_id=one.order, etag=one.etag) for one in sent]
        became = change_each(key.merchant_id, asked, actor=actor, customers=CUSTOMERS in key.scopes)
        return 200, ChangesOut(results=[_changed(one.order, done) for one, done in zip(sent, became, strict=True)])

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/release",
    operation_id="release_orders",
    auth=None,
    openapi_extra=described(ResultsOut, body=OrdersNamed, example={"orders": [1042]}, **_SENT),
)
def post_free(request: HttpRequest) -> HttpResponse:
    """Release every hold of orders, each judged by itself: `released`, `unchanged` (none was open) or `refused`."""
    sent = read_body(request, _FREE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent.orders, free_each(key.merchant_id, sent.orders, actor=actor), done="released")

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/tag",
    operation_id="tag_orders",
    auth=None,
    openapi_extra=described(ResultsOut, body=TagsIn, example={"orders": [1042], "add": ["vip"]}, **_SENT),
)
def post_tags(request: HttpRequest) -> HttpResponse:
    """Give tags to orders and take others away, each judged by itself: `tagged`, `unchanged` or `refused`."""
    sent = read_body(request, _TAGS)
    add, drop = _tidied(sent.add), _tidied(sent.drop)
    if not (add or drop):
        raise NoTag

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = tag_each(key.merchant_id, sent.orders, add=add, drop=drop, actor=actor)
        return 200, results_of(sent.orders, became, done="tagged")

    return written(request, scope=CHANGE, answer=answer)


def _tidied(tags: Sequence[str]) -> list[str]:
    told = [" ".join(tag.split()) for tag in tags]
    return list({tag.casefold(): tag for tag in told if tag}.values())


@router.post(
    "/fulfillment-orders/split",
    operation_id="split_fulfillment_orders",
    auth=None,
    openapi_extra=described(ResultsOut, body=PartsIn, example={"fulfillment_orders": [512]}, **_SENT),
)
def post_split(request: HttpRequest) -> HttpResponse:
    """Send now what is here of fulfilment orders that wait, the rest later: `split` or `refused`.

    Of one that was split, `name` is the id of the new fulfilment order, which waits for the rest.
    """
    sent = read_body(request, _PARTS).fulfillment_orders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = split_each(key.merchant_id, sent, actor=actor)
        told = [
            judged(pk, became=made)
            if isinstance(made, Refused)
            else judged(pk, became=True, done="split", name=str(made))
            for pk, made in zip(sent, became, strict=True)
        ]
        return 200, ResultsOut(results=told)

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/addresses",
    operation_id="settle_addresses",
    auth=None,
    openapi_extra=described(
        ResultsOut, body=AddressesIn, example={"addresses": [{"order": 1042, "take": True}]}, **_SENT
    ),
)
def post_addresses(request: HttpRequest) -> HttpResponse:
    """Take the address that is suggested for orders, or keep what was written; the hold for it ends.

    Each is judged by itself: `taken`, `kept` or `refused`.
    """
    sent = read_body(request, _ADDRESSES).addresses

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = settle_each(key.merchant_id, [(one.order, one.take) for one in sent], actor=actor)
        told = [
            judged(one.order, became=refusal or True, done="taken" if one.take else "kept")
            for one, refusal in zip(sent, became, strict=True)
        ]
        return 200, ResultsOut(results=told)

    return written(request, scope=CHANGE, answer=answer)


@router.post(
    "/orders/addresses/ask",
    operation_id="ask_addresses",
    auth=None,
    openapi_extra=described(ResultsOut, body=OrdersNamed, example={"orders": [1042]}, **_SENT),
)
def post_ask(request: HttpRequest) -> HttpResponse:
    """Ask customers by mail whether the suggested address is right, or to complete theirs: `asked`, or `refused`.

    Once for each finding: `nothing_to_ask` when nothing is wrong, or they were asked. What they answer counts.
    """
    sent = read_body(request, _FREE).orders

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        return 200, results_of(sent, ask_each(key.merchant_id, sent, actor=actor), done="asked")

    return written(request, scope=CHANGE, answer=answer)
