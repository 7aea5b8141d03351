"""The JSON doors of announced deliveries: read with their lines and pallets, and moved on."""

from typing import Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router

from colisage.inbound.actions.move_announcement import move_announcement
from colisage.inbound.queries.announcements import deliveries_page, delivery_of
from colisage.inbound.queries.told import (
    AnnouncementPageOut,
    WholeAnnouncementOut,
    announcement_told,
    announcements_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, given, known_id, known_parameters, page_of, read_body, there
from colisage.kit.described import described
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

READ: Final = "inbound:read"
WRITE: Final = "inbound:write"
router = Router(tags=["inbound"])


class AnnouncementsAsked(Paged):
    """What a list of announced deliveries is narrowed to: those not settled, received or cancelled."""

    view: Literal["expected", "received", "cancelled"] | None = None


class AnnouncementStepIn(Struct, forbid_unknown_fields=True, frozen=True):
    """A step: it stands at the dock (`arriving`), is settled as it came (`received`), or will not come."""

    to: Literal["arriving", "received", "cancelled"]


_STEP: Final = msgspec.json.Decoder(AnnouncementStepIn)


@router.get(
    "/inbound/announcements",
    operation_id="list_announcements",
    auth=None,
    openapi_extra=described(AnnouncementPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_announcements(request: HttpRequest, asked: Query[AnnouncementsAsked]) -> HttpResponse:
    """List announced deliveries, the latest first."""
    known_parameters(request, AnnouncementsAsked)
    with behind_key(request, scope=READ) as key:
        found = deliveries_page([key.merchant_id], view=asked.view or "", after=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, AnnouncementPageOut(items=announcements_told(shown), next=last.id if last else None))


@router.get(
    "/inbound/announcements/{int:announcement_id}",
    operation_id="get_announcement",
    auth=None,
    openapi_extra=described(WholeAnnouncementOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Give an announced delivery with its lines, and its pallets by SSCC."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, known_id(announcement_id)))


def _told(key: Key, announcement_id: int) -> WholeAnnouncementOut:
    return announcement_told(there(delivery_of([key.merchant_id], announcement_id=announcement_id)))


@router.post(
    "/inbound/announcements/{int:announcement_id}/move",
    operation_id="move_announcement",
    auth=None,
    openapi_extra=described(
        WholeAnnouncementOut,
        body=AnnouncementStepIn,
        scope=WRITE,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"to": "arriving"},
    ),
)
def post_step(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Say that a delivery stands at the dock, is settled as it came, or will not come. Twice is as once."""
    to = read_body(request, _STEP).to

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        move_announcement(key.merchant_id, announcement_id=known_id(announcement_id), to=to, actor=actor)
        return 200, _told(key, announcement_id)

    return written(request, scope=WRITE, answer=answer)
