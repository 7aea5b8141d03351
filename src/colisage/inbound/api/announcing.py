"""The JSON door for announced deliveries: one or many, idempotent, each answered by itself."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from msgspec import Meta, Struct
from ninja import Router

from colisage.inbound.actions.announce_deliveries import DeliveryDraft, Kept, announce_deliveries
from colisage.inbound.queries.said import Meant, SaidRow, meant_by
from colisage.inbound.rules.announced import REASONS
from colisage.kit.actors import Actor
from colisage.kit.answers import known_parameters
from colisage.kit.bodies import holds_nul
from colisage.kit.conflicts import again
from colisage.kit.described import Fault, described
from colisage.kit.errors import Malformed
from colisage.kit.gs1.digits import is_sscc
from colisage.kit.idempotency import Answer, once
from colisage.kit.problems import CONTENT_TYPE, problem
from colisage.kit.unreadable import why_unreadable
from colisage.people.queries import Key, sent_key
from colisage.people.queries.doors import behind_wall_of

SCOPE = "inbound:write"
Text80 = Annotated[str, Meta(max_length=80)]
Code = Annotated[str, Meta(max_length=100)]


class AnnouncedLineIn(Struct, forbid_unknown_fields=True):
    """So many units of a SKU, by your code, the supplier's or a GTIN; of a case, so many cases.

    `sscc` is the carton or pallet in which they lie, `pallet_sscc` the one that carries it: 18 digits.
    """

    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]
    sku: Code = ""
    gtin: Code = ""
    order: Annotated[str, Meta(max_length=40)] = ""
    lot: Text80 = ""
    serial: Text80 = ""
    expires_on: date | None = None
    sscc: Annotated[str, Meta(pattern="^([0-9]{18})?$")] = ""
    pallet_sscc: Annotated[str, Meta(pattern="^([0-9]{18})?$")] = ""


class AnnouncementIn(Struct, forbid_unknown_fields=True):
    """A delivery. `reference` is the supplier's number of it: sent again, it is the same delivery, or changes it."""

    reference: Annotated[str, Meta(min_length=1, max_length=80)]
    lines: Annotated[list[AnnouncedLineIn], Meta(min_length=1, max_length=5_000)]
    supplier: Annotated[str, Meta(max_length=120)] = ""  # code or name; none is needed with an order
    order: Annotated[str, Meta(max_length=40)] = ""  # of every line that does not name its own
    node: Annotated[str, Meta(max_length=20)] = ""
    expected_on: date | None = None
    carrier: Text80 = ""
    tracking_number: Text80 = ""


class AnnouncementsIn(Struct, forbid_unknown_fields=True):
    """Many deliveries, each judged by itself."""

    announcements: Annotated[list[AnnouncementIn], Meta(min_length=1, max_length=500)]


class AnnouncedOut(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a delivery: its `id`, or a stable `code` and a sentence, and where it is wrong."""

    reference: str
    outcome: Literal["announced", "same", "changed", "refused"]
    id: int | None = None
    code: str = ""
    detail: str = ""
    errors: list[Fault] = []


class AnnouncedListOut(Struct, frozen=True, kw_only=True):
    """What became of each delivery, in the order in which they were sent."""

    results: list[AnnouncedOut]


_ONE = msgspec.json.Decoder(AnnouncementIn)
_MANY = msgspec.json.Decoder(AnnouncementsIn)
_BEGINS_MANY = re.compile(rb'\s*\{\s*"announcements"\s*:')
_STATUS = {"announced": 201, "same": 200, "changed": 200}
_EXAMPLE = {
    "reference": "BL-4711",
    "supplier": "POT",
    "node": "LYON",
    "expected_on": "2026-12-03",
    "lines": [{"sku": "MUG", "quantity": 48, "order": "A-1"}],
}
router = Router(tags=["inbound"])


@router.post(
    "/inbound/announcements",
    operation_id="post_announcements",
    auth=None,
    openapi_extra=described(
        AnnouncedOut | AnnouncedListOut,
        also={201: AnnouncedOut},
        body=AnnouncementIn | AnnouncementsIn,
        scope=SCOPE,
        refusals=(409,),
        headers=("Idempotency-Key",),
        example=_EXAMPLE,
    ),
)
def post_announcements(request: HttpRequest) -> HttpResponse:
    """Announce one delivery, or many as `{"announcements": [...]}`; sent again, a delivery is the same delivery."""
    key = sent_key(request, scope=SCOPE)
    known_parameters(request)
    many = _BEGINS_MANY.match(request.body) is not None
    try:
        deliveries = _read(request.body, many=many)
    except Malformed as error:
        return _http(422, problem(error.code, status=422, detail=str(error)))

    def answer() -> HttpResponse:
        with behind_wall_of(key):
            return _once(request, key, deliveries, many=many)

    return again(answer)


def _read(body: bytes, *, many: bool) -> list[AnnouncementIn]:
    try:
        if holds_nul(body):
            raise msgspec.ValidationError(gettext("a text holds the character NUL"))
        return _MANY.decode(body).announcements if many else [_ONE.decode(body)]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(why_unreadable(error)) from error


def _once(request: HttpRequest, key: Key, deliveries: Sequence[AnnouncementIn], *, many: bool) -> HttpResponse:
    """Answer a request; one whose idempotency key is known gets the answer of then."""

    def answer() -> Answer:
        status, document = _answer(key, deliveries, many=many)
        return status, msgspec.json.encode(document)

    said = request.headers.get("Idempotency-Key", "").replace("\x00", "")
    return _http(*once(f"key:{key.id}", key=said, body=request.body, merchants=[key.merchant_id], answer=answer))


def _answer(key: Key, deliveries: Sequence[AnnouncementIn], *, many: bool) -> tuple[int, Any]:
    """Keep what can be kept, and say of each delivery what became of it."""
    today = timezone.localdate()
    said = [_row(delivery, line) for delivery in deliveries for line in delivery.lines]
    meant = iter(meant_by(key.merchant_id, said, today=today))
    drafts: list[DeliveryDraft] = []
    answers: list[Kept | None] = []
    for delivery in deliveries:
        lines = [next(meant) for _line in delivery.lines]
        refused = _wrong(delivery, lines, today)
        answers.append(refused)
        if refused is None:
            first = lines[0]
            items = [one.item for one in lines if one.item]
            drafts.append(
                DeliveryDraft(
                    first.supplier_id, first.node_id, delivery.reference, items, delivery.expected_on,
                    delivery.carrier, delivery.tracking_number,
                )
            )  # fmt: skip
    actor = Actor("key", key.id, key.name)
    kept = iter(announce_deliveries(key.merchant_id, drafts, came_by="api", actor=actor))
    became = [answer or next(kept) for answer in answers]
    items_out = [_item(delivery, one) for delivery, one in zip(deliveries, became, strict=True)]
    if many:
        return 200, AnnouncedListOut(results=items_out)
    one = became[0]
    if one.outcome != "refused":
        return _STATUS[one.outcome], items_out[0]
    status = 409 if one.reason == "already_arrived" else 422
    detail, errors = items_out[0].detail, [msgspec.to_builtins(fault) for fault in items_out[0].errors]
    return status, problem(one.reason, status=status, detail=detail, errors=errors)


def _row(delivery: AnnouncementIn, line: AnnouncedLineIn) -> SaidRow:
    return SaidRow(
        delivery.supplier, line.order or delivery.order, delivery.node, line.sku, line.gtin, line.quantity, line.lot,
        line.serial, line.expires_on, line.sscc, line.pallet_sscc,
    )  # fmt: skip


def _wrong(delivery: AnnouncementIn, lines: Sequence[Meant], today: date) -> Kept | None:
    """Refuse a delivery of which a line means nothing; None when all do."""
    wrong = {n: line.reason for n, line in enumerate(lines) if line.reason}
    for n, line in enumerate(delivery.lines):
        if any(number and not is_sscc(number) for number in (line.sscc, line.pallet_sscc)):
            wrong.setdefault(n, "bad_sscc")
    if wrong:
        return Kept("refused", reason="bad_lines", lines=wrong)
    if delivery.expected_on and delivery.expected_on < today:
        return Kept("refused", reason="day_is_past")
    if len({(line.supplier_id, line.node_id) for line in lines}) > 1:
        return Kept("refused", reason="two_suppliers")
    return None


def _item(delivery: AnnouncementIn, kept: Kept) -> AnnouncedOut:
    return AnnouncedOut(
        reference=delivery.reference,
        outcome=kept.outcome,
        id=kept.id,
        code=kept.reason,
        detail=str(REASONS[kept.reason]) if kept.reason else "",
        errors=[
            Fault(pointer=f"/lines/{n}", code=reason, detail=str(REASONS[reason]))
            for n, reason in sorted(kept.lines.items())
        ],
    )


def _http(status: int, document: dict[str, Any] | bytes) -> HttpResponse:
    body = document if isinstance(document, bytes) else msgspec.json.encode(document)
    return HttpResponse(body, status=status, content_type="application/json" if status < 400 else CONTENT_TYPE)
