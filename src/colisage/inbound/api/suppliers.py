"""The JSON door of suppliers."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from colisage.inbound.queries.suppliers import supplier_of, suppliers_page
from colisage.inbound.queries.told import SupplierPageOut, suppliers_told
from colisage.kit.answers import Paged, Text, given, known_parameters, page_of
from colisage.kit.described import described
from colisage.people.queries.doors import behind_key

READ: Final = "inbound:read"
router = Router(tags=["inbound"])


class SuppliersAsked(Paged):
    """What a list of suppliers is narrowed to: the beginning of a code, or a part of a name."""

    text: Text | None = None


@router.get(
    "/inbound/suppliers",
    operation_id="list_suppliers",
    auth=None,
    openapi_extra=described(SupplierPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_suppliers(request: HttpRequest, asked: Query[SuppliersAsked]) -> HttpResponse:
    """List suppliers by code, with the terms on which they sell."""
    known_parameters(request, SuppliersAsked)
    with behind_key(request, scope=READ) as key:
        before = supplier_of([key.merchant_id], supplier_id=asked.page) if asked.page else None
        after = (before.code, before.pk) if before else ("", 0)
        found = suppliers_page([key.merchant_id], text=asked.text or "", after=after, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, SupplierPageOut(items=suppliers_told(shown), next=last.pk if last else None))
