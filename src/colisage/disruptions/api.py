"""The JSON doors of disruptions: what a merchant declares, for its own orders; and what its operators declared."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.disruptions.problem import disrupted, said_why
from colisage.disruptions.queries.foreseen import foresee
from colisage.inbound.queries.postponed import postponed_counts
from colisage.inbound.queries.suppliers import suppliers_of
from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, Paged, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import NotAllowed
from colisage.network.actions.change_disruption import change_disruption
from colisage.network.actions.declare_disruption import Disrupted, declare_disruption
from colisage.network.actions.end_disruptions import end_disruptions
from colisage.network.queries import nodes_by_id
from colisage.network.queries.disruptions import Disruption, about_of, disruption_of, disruptions_page
from colisage.orders.queries.holds import disrupted_counts, redated_counts
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "disruptions:read"
WRITE: Final = "disruptions:write"
router = Router(tags=["disruptions"])
Words = Annotated[str, Meta(max_length=300)]


class CauseIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Why, in words for people: in one language at least."""

    fr: Words = ""
    en: Words = ""


class DisruptionIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What does not work, from its first day to its last; without `ends_on` it goes on until further notice.

    `what` is the code of the node, the carrier or the supplier. Of a lane it is the carrier that does not go there, or
    nothing; `countries` and `prefixes` (how postcodes begin) say where. `redate` promises a day `delay_days` later.
    `reroute` has another node or carrier take the orders, and holds those that none can take.
    """

    kind: Literal["node", "carrier", "lane", "supplier"]
    what: Annotated[str, Meta(max_length=60)] = ""
    countries: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=50)] = []
    prefixes: Annotated[list[Annotated[str, Meta(max_length=20)]], Meta(max_length=50)] = []
    starts_on: date
    ends_on: date | None = None
    cause: CauseIn
    effect: Literal["hold", "redate", "reroute"] = "hold"
    delay_days: Annotated[int, Meta(ge=1, le=365)] | None = None
    tells: bool = True


class DisruptionChangeIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Another last day (null: until further notice) and other words; both are replaced."""

    ends_on: date | None
    cause: CauseIn


class CauseOut(Struct, frozen=True, kw_only=True):
    """Why, in words for people, where they were written."""

    fr: str
    en: str


class DisruptionOut(Struct, frozen=True, kw_only=True):
    """A disruption. `own` is false for one that an operator of the merchant declared: it is read only.

    `state` is planned, active or ended; `held_now`, `held_in_all` and `redated` count the merchant's orders;
    `postponed` the days that it moved of what is to come. `tells`: the customers of these orders are told.
    """

    id: int
    kind: str
    what: str
    about: str
    starts_on: date
    ends_on: date | None
    countries: list[str]
    prefixes: list[str]
    effect: str
    delay_days: int | None
    tells: bool
    cause: CauseOut
    state: str
    own: bool
    held_now: int
    held_in_all: int
    redated: int
    postponed: int
    declared_at: datetime
    ended_at: datetime | None


class DisruptionPageOut(Struct, frozen=True, kw_only=True):
    """A page of disruptions, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[DisruptionOut]
    next: int | None


class ForeseenOut(Struct, frozen=True, kw_only=True):
    """What a disruption would touch if it acted now: orders, parts of them, parcels with a label, and some orders.

    `incoming` counts purchase orders, announced deliveries and transfers with a day, which would come later.
    """

    orders: int
    parts: int
    labels: int
    incoming: int
    order_ids: list[int]


class DisruptionsAsked(Paged):
    """Which disruptions: those that are `open`, or `over`."""

    state: Literal["open", "over"] | None = None


_DECLARE: Final = msgspec.json.Decoder(DisruptionIn)
_CHANGE: Final = msgspec.json.Decoder(DisruptionChangeIn)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_SENT: Final[dict[str, Any]] = {"scope": WRITE, "headers": ("Idempotency-Key",)}
_EXAMPLE: Final = {
    "kind": "carrier", "what": "laposte", "starts_on": "2026-12-01", "ends_on": "2026-12-03",
    "cause": {"fr": "Grève nationale", "en": "National strike"},
}  # fmt: skip


def _told(found: list[Disruption], *, merchant_id: int) -> list[DisruptionOut]:
    ids = [one.pk for one in found]
    counts = disrupted_counts([merchant_id], disruption_ids=ids)
    redated = redated_counts([merchant_id], disruption_ids=ids)
    postponed = postponed_counts([merchant_id], disruption_ids=ids)
    known = suppliers_of(merchant_id) if any(one.supplier_id for one in found) else []
    suppliers = {supplier.pk: supplier.code for supplier in known}
    codes = {pk: node.code for pk, node in nodes_by_id({one.node_id for one in found if one.node_id}).items()}
    plain = (
        "kind", "starts_on", "ends_on", "countries", "prefixes", "effect", "delay_days", "tells", "state",
        "declared_at", "ended_at",
    )  # fmt: skip
    return [
        DisruptionOut(
            id=one.pk,
            what=codes.get(one.node_id or 0) or suppliers.get(one.supplier_id or 0) or one.carrier,
            cause=CauseOut(fr=one.cause.get("fr", ""), en=one.cause.get("en", "")),
            about=about_of(one),
            own=one.merchant_id is not None,
            held_now=counts.get(one.pk, (0, 0))[0],
            redated=redated.get(one.pk, 0),
            postponed=postponed.get(one.pk, 0),
            held_in_all=counts.get(one.pk, (0, 0))[1],
            **{name: getattr(one, name) for name in plain},
        )
        for one in found
    ]


def _found(key: Key, disruption_id: int) -> Disruption:
    return there(
        disruption_of([key.merchant_id], operator_ids=list(key.operators), disruption_id=known_id(disruption_id))
    )


def _own(key: Key, disruption_id: int) -> Disruption:
    found = _found(key, disruption_id)
    if found.merchant_id is None:
        raise NotAllowed
    return found


def _wanted(key: Key, sent: DisruptionIn) -> Disrupted:
    return disrupted(
        merchant_id=key.merchant_id,
        operator_id=None,
        **{**msgspec.structs.asdict(sent), "cause": msgspec.structs.asdict(sent.cause)},
    )


def _one(key: Key, disruption_id: int) -> DisruptionOut:
    return _told([_found(key, disruption_id)], merchant_id=key.merchant_id)[0]


@router.get(
    "/disruptions", operation_id="list_disruptions", auth=None, openapi_extra=described(DisruptionPageOut, **_READ)
)
def list_disruptions(request: HttpRequest, asked: Query[DisruptionsAsked]) -> HttpResponse:
    """List the disruptions you declared, and those of the operators that work for you, the latest first."""
    known_parameters(request, DisruptionsAsked)
    with behind_key(request, scope=READ) as key:
        past = None if asked.state is None else asked.state == "over"
        found = disruptions_page(
            [key.merchant_id], operator_ids=list(key.operators), past=past, after=asked.page, size=asked.limit
        )
        shown, last = page_of(found, limit=asked.limit)
        items = _told(list(shown), merchant_id=key.merchant_id)
        return given(request, DisruptionPageOut(items=items, next=last.pk if last else None))


@router.get(
    "/disruptions/{int:disruption_id}",
    operation_id="get_disruption",
    auth=None,
    openapi_extra=described(DisruptionOut, refusals=(404,), **_READ),
)
def get_disruption(request: HttpRequest, disruption_id: int) -> HttpResponse:
    """Give a disruption."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _one(key, disruption_id))


@router.post(
    "/disruptions",
    operation_id="declare_disruption",
    auth=None,
    openapi_extra=described(DisruptionOut, body=DisruptionIn, example=_EXAMPLE, status=201, refusals=(409,), **_SENT),
)
def declare(request: HttpRequest) -> HttpResponse:
    """Declare a disruption for your orders, which acts from its first day on. What it would touch is foreseen first."""
    sent = read_body(request, _DECLARE)

    def answer(key: Key, actor: Actor) -> tuple[int, DisruptionOut]:
        made = declare_disruption(_wanted(key, sent), merchant_id=key.merchant_id, operator_id=None, actor=actor)
        return 201, _one(key, made)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/disruptions/foresee",
    operation_id="foresee_disruption",
    auth=None,
    openapi_extra=described(ForeseenOut, body=DisruptionIn, example=_EXAMPLE, scope=READ, refusals=(409,)),
)
def foresee_one(request: HttpRequest) -> HttpResponse:
    """Say what a disruption would touch if it acted now. Nothing is declared."""
    known_parameters(request)
    sent = read_body(request, _DECLARE)
    with behind_key(request, scope=READ) as key:
        found = foresee(_wanted(key, sent), merchant_id=key.merchant_id, operator_id=None)
        ids = [pk for pk, _number in found.examples]
        counts = {name: getattr(found, name) for name in ("orders", "parts", "labels", "incoming")}
        return given(request, ForeseenOut(**counts, order_ids=ids))


@router.post(
    "/disruptions/{int:disruption_id}/change",
    operation_id="change_disruption",
    auth=None,
    openapi_extra=described(
        DisruptionOut,
        body=DisruptionChangeIn,
        example={"ends_on": "2026-12-05", "cause": {"fr": "Grève prolongée", "en": "The strike goes on"}},
        refusals=(403, 404, 409),
        **_SENT,
    ),
)
def change(request: HttpRequest, disruption_id: int) -> HttpResponse:
    """Give a disruption of yours another last day and other words."""
    sent = read_body(request, _CHANGE)

    def answer(key: Key, actor: Actor) -> tuple[int, DisruptionOut]:
        cause = said_why(msgspec.structs.asdict(sent.cause))
        change_disruption(_own(key, disruption_id).pk, ends_on=sent.ends_on, cause=cause, actor=actor)
        return 200, _one(key, disruption_id)

    return written(request, scope=WRITE, answer=answer)


@router.post(
    "/disruptions/{int:disruption_id}/end",
    operation_id="end_disruption",
    auth=None,
    openapi_extra=described(DoneOut, refusals=(403, 404), **_SENT),
)
def end(request: HttpRequest, disruption_id: int) -> HttpResponse:
    """End a disruption of yours: the orders that only it held go on. Ending twice is harmless (`unchanged`)."""

    def answer(key: Key, actor: Actor) -> tuple[int, DoneOut]:
        done = end_disruptions([_own(key, disruption_id).pk], actor=actor)
        return 200, DoneOut(outcome="ended" if done else "unchanged", id=disruption_id)

    return written(request, scope=WRITE, answer=answer)
