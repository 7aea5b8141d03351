"""The JSON doors of what was set aside at the dock: kept with a number, read, and settled."""

from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.inbound.actions.aside_each import Aside, aside_each
from colisage.inbound.actions.receive_each import NoSuchSku
from colisage.inbound.actions.settle_aside import Labelled, settle_aside
from colisage.inbound.api.dock import DOCK, Text80, WhereIn, where_in
from colisage.inbound.api.photographed import photographed, takes_photo
from colisage.inbound.models import SetAside
from colisage.inbound.queries.aside_label import aside_label_pdf
from colisage.inbound.queries.dock import aside_of, asides_page
from colisage.inbound.queries.dock_told import AsideOut, AsidePageOut, asides_told
from colisage.inbound.queries.suppliers import skus_said
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Paged,
    ResultsOut,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
PDF: Final = "application/pdf"
router = Router(tags=["dock"])
Text300 = Annotated[str, Meta(max_length=300)]


class AsidesAsked(Paged):
    """What a list of what was set aside is narrowed to."""

    state: Literal["open", "taken", "sent_back"] | None = None


class AsideIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Units that are kept apart: by a code, and in words where nobody knows it.

    Of a known SKU they are in the books, in quarantine: `wrong` (not ordered) or `expired`. Others are unidentified.
    """

    units: Annotated[int, Meta(ge=1, le=1_000_000)]
    sku: Text300 = ""
    why: Literal["wrong", "expired"] = "wrong"
    description: Text300 = ""
    lot: Text80 = ""
    serial: Text80 = ""
    expires_on: date | None = None


class AsidesIn(WhereIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What is set aside of a delivery, each judged by itself."""

    items: Annotated[list[AsideIn], Meta(min_length=1, max_length=100)]


class SettleIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What becomes of it: taken in as a SKU (with its `lot`, or serial number, and date), or sent back."""

    verdict: Literal["take", "send_back"]
    sku: Annotated[str, Meta(max_length=100)] = ""
    lot: Text80 = ""
    expires_on: date | None = None
    note: Text300 = ""


_ASIDES: Final = msgspec.json.Decoder(AsidesIn)
_SETTLE: Final = msgspec.json.Decoder(SettleIn)


@router.get(
    "/inbound/set-aside",
    operation_id="list_set_aside",
    auth=None,
    openapi_extra=described(AsidePageOut, scope=READ, headers=("If-None-Match",)),
)
def list_asides(request: HttpRequest, asked: Query[AsidesAsked]) -> HttpResponse:
    """List what was set aside at the dock, the latest first; what waits for a decision is `open`."""
    known_parameters(request, AsidesAsked)
    with behind_key(request, scope=READ) as key:
        found = asides_page([key.merchant_id], state=asked.state or "", after=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, AsidePageOut(items=asides_told(shown), next=last.pk if last else None))


@router.get(
    "/inbound/set-aside/{int:aside_id}",
    operation_id="get_set_aside",
    auth=None,
    openapi_extra=described(AsideOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_aside(request: HttpRequest, aside_id: int) -> HttpResponse:
    """Give what was set aside under a number."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, asides_told([_found(key, aside_id)])[0])


def _found(key: Key, aside_id: int) -> SetAside:
    return there(aside_of([key.merchant_id], aside_id=known_id(aside_id)))


@router.get(
    "/inbound/set-aside/{int:aside_id}/label.pdf",
    operation_id="get_set_aside_label",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_label(request: HttpRequest, aside_id: int) -> HttpResponse:
    """Give the label of what was set aside, 100 × 60 mm, with its number as a barcode."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        kept = _found(key, aside_id)
        content = aside_label_pdf(kept, language=get_language() or "fr")
        name = f'attachment; filename="{kept.number}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})


@router.post(
    "/inbound/set-aside",
    operation_id="set_aside",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=AsidesIn,
        scope=DOCK,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"purchase_order": 118, "items": [{"units": 2, "description": "grey bowls, no label"}]},
    ),
)
def post_asides(request: HttpRequest) -> HttpResponse:
    """Set aside what cannot be taken in, each judged by itself: `kept` (`name` goes on its label) or `refused`."""
    sent = read_body(request, _ASIDES)
    asides = [
        Aside(
            units=one.units, code=one.sku.strip(), why=one.why, description=one.description, lot=one.lot,
            serial=one.serial, expires_on=one.expires_on,
        )
        for one in sent.items
    ]  # fmt: skip

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = aside_each(key.merchant_id, asides, where=where_in(sent), actor=actor)
        return 200, ResultsOut(results=[_kept(one.sku, done) for one, done in zip(sent.items, became, strict=True)])

    return written(request, scope=DOCK, answer=answer)


def _kept(sku: str, became: Refused | int) -> DoneOut:
    if isinstance(became, Refused):
        return DoneOut(outcome="refused", name=sku, code=became.code, detail=str(became))
    return DoneOut(outcome="kept", id=became, name=SetAside(pk=became).number)


@router.post(
    "/inbound/set-aside/{int:aside_id}/photos",
    operation_id="add_set_aside_photo",
    auth=None,
    openapi_extra=takes_photo(scope=DOCK),
)
def post_photo(request: HttpRequest, aside_id: int) -> HttpResponse:
    """Add a photo to what was set aside, so that it can be told: a JPEG, PNG or WebP of at most 12 MB, as the body."""
    return photographed(request, scope=DOCK, kind="set_aside", shows=lambda key: _found(key, aside_id).pk)


@router.post(
    "/inbound/set-aside/{int:aside_id}/settle",
    operation_id="settle_set_aside",
    auth=None,
    openapi_extra=described(
        AsideOut,
        body=SettleIn,
        scope=DOCK,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"verdict": "take", "sku": "MUG-BLUE"},
    ),
)
def post_settle(request: HttpRequest, aside_id: int) -> HttpResponse:
    """Take in what was set aside, as a SKU (it may be left out where it is known), or note that it goes back.

    Taken in, it counts on the order of its delivery where that has the SKU, and stands on the dock.
    """
    sent = read_body(request, _SETTLE)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        kept = _found(key, aside_id)
        code = sent.sku.strip() or (kept.sku.code if kept.sku else "")
        sku = skus_said(key.merchant_id, codes=[code]).get(code.upper(), (None, 0))[0]
        if sent.verdict == "take" and sku is None:
            raise NoSuchSku
        labelled = Labelled(
            number=sent.lot.strip(), expires_on=sent.expires_on, tracks_lots=bool(sku and sku.tracks_lots),
            tracks_serials=bool(sku and sku.tracks_serials),
        )  # fmt: skip
        settle_aside(
            key.merchant_id, aside_id=kept.pk, take=(sku.id, sku.code) if sku and sent.verdict == "take" else None,
            labelled=labelled, note=sent.note, actor=actor,
        )  # fmt: skip
        return 200, asides_told([_found(key, aside_id)])[0]

    return written(request, scope=DOCK, answer=answer)
