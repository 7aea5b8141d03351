"""The JSON doors of what leaves: parcels handed to a carrier, and the manifests they left on."""

from typing import Annotated, Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct
from ninja import Query, Router

from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Ids,
    Paged,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    results_of,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Refused
from colisage.people.queries import Key, Unauthorized
from colisage.people.queries.doors import behind_key, written
from colisage.shipping.actions.hand_over_named import hand_over_named
from colisage.shipping.api.labels import CUSTOMERS, PDF, READ
from colisage.shipping.models import Manifest
from colisage.shipping.queries.manifests import (
    ManifestOut,
    ManifestPageOut,
    manifest_of,
    manifest_pdf,
    manifests_page,
    tell_manifests,
)

FLOOR: Final = "floor:write"
router = Router(tags=["shipments"])


class SharedManifest(Refused):
    """The sheet that a driver signs names the parcels of every merchant on it."""

    code = "shared_manifest"
    text = _("Parcels of other merchants are on this manifest: the warehouse has its sheet.")


class LeavingIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a carrier takes at a node: these shipments, or all of yours that wait for it there."""

    node: Annotated[str, Meta(min_length=1, max_length=20)]
    carrier: Annotated[str, Meta(min_length=1, max_length=40)]
    shipments: Ids | None = None


class LeftOut(Struct, frozen=True, kw_only=True):
    """What left, on which manifest: null when nothing did; and what became of each."""

    manifest: ManifestOut | None
    results: list[DoneOut]


_LEAVING: Final = msgspec.json.Decoder(LeavingIn)


def _found(key: Key, manifest_id: int) -> Manifest:
    return there(manifest_of(key.merchant_id, operator_ids=key.operators, manifest_id=known_id(manifest_id)))


@router.get(
    "/manifests",
    operation_id="list_manifests",
    auth=None,
    openapi_extra=described(ManifestPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_manifests(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List the manifests on which shipments of yours left, the newest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        found = manifests_page(key.merchant_id, operator_ids=key.operators, before=asked.page, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        items = tell_manifests(key.merchant_id, shown)
        return given(request, ManifestPageOut(items=items, next=last.pk if last else None))


@router.get(
    "/manifests/{int:manifest_id}",
    operation_id="get_manifest",
    auth=None,
    openapi_extra=described(ManifestOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_manifest(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Give a manifest with your shipments on it."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, tell_manifests(key.merchant_id, [_found(key, manifest_id)])[0])


@router.get(
    "/manifests/{int:manifest_id}/document.pdf",
    operation_id="get_manifest_document",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404, 409), gives=(PDF,)),
)
def get_document(request: HttpRequest, manifest_id: int) -> HttpResponse:
    """Give the sheet that the driver signs, in the language asked for. Needs `customers:read`, too.

    One with parcels of other merchants on it is their warehouse's to print (409, `shared_manifest`).
    """
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        if CUSTOMERS not in key.scopes:
            raise Unauthorized(scope=CUSTOMERS)
        found = _found(key, manifest_id)
        if not tell_manifests(key.merchant_id, [found])[0].whole:
            raise SharedManifest
        content = manifest_pdf(key.operators, manifest_id=found.pk)
        name = f'attachment; filename="colisage-{found.number}.pdf"'
        return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": name})


@router.post(
    "/manifests",
    operation_id="hand_over_shipments",
    auth=None,
    openapi_extra=described(
        LeftOut,
        body=LeavingIn,
        scope=FLOOR,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"node": "LYON", "carrier": "laposte", "shipments": [311, 312]},
    ),
)
def post_manifest(request: HttpRequest) -> HttpResponse:
    """Say that a carrier took parcels: each is `handed_over`, `unchanged` (it left before) or `refused`.

    Without `shipments` all of yours that wait for the carrier there leave; when none do, 409 (`nothing_to_hand_over`).
    What is on hold stays (`still_held`). Units leave the books, and customers are told.
    """
    sent = read_body(request, _LEAVING)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        left = hand_over_named(key.merchant_id, sent.shipments, node=sent.node, carrier=sent.carrier, actor=actor)
        results = results_of(sent.shipments or list(left.became), left.became, done="handed_over").results
        made = tell_manifests(key.merchant_id, [_found(key, left.manifest_id)])[0] if left.manifest_id else None
        return 200, LeftOut(manifest=made, results=results)

    return written(request, scope=FLOOR, answer=answer)
