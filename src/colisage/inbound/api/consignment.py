"""The JSON doors of consigned goods: whose lie here, and the statements of what was bought by using it."""

from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from colisage.inbound.actions.close_statement import close_statement
from colisage.inbound.actions.price_each import price_each
from colisage.inbound.queries.consignment import (
    Statement,
    consigned_page,
    statement_lines,
    statement_of,
    statements_page,
    without_cost,
)
from colisage.inbound.queries.consignment_told import (
    ConsignedPageOut,
    StatementLinePageOut,
    StatementPageOut,
    WholeStatementOut,
    consigned_told,
    statement_lines_told,
    statement_told,
    statements_told,
)
from colisage.inbound.queries.statement_papers import statement_csv, statement_pdf
from colisage.inbound.queries.suppliers import supplier_coded
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    DoneOut,
    Paged,
    ResultsOut,
    Text,
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
WRITE: Final = "inbound:write"
PDF: Final = "application/pdf"
CSV: Final = "text/csv"
router = Router(tags=["consigned"])


class ConsignedAsked(Schema):
    """Whose goods, by the supplier's code, and which page: `page` is the `next` of the page before."""

    supplier: Text | None = None
    page: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}:[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class StatementsAsked(Paged):
    """What a list of statements is narrowed to; `supplier` is a code."""

    state: Literal["open", "closed"] | None = None
    supplier: Text | None = None


class CostIn(Struct, forbid_unknown_fields=True, frozen=True):
    """What one unit of a SKU costs, in minor units of the statement's currency."""

    sku: Annotated[str, Meta(min_length=1, max_length=100)]
    unit_cost_cents: Annotated[int, Meta(ge=1, le=10**12)]


class CostsIn(Struct, forbid_unknown_fields=True, frozen=True):
    """Costs of SKUs that were bought without one, each judged by itself."""

    costs: Annotated[list[CostIn], Meta(min_length=1, max_length=200)]


_COSTS: Final = msgspec.json.Decoder(CostsIn)


@router.get(
    "/inbound/consigned",
    operation_id="list_consigned",
    auth=None,
    openapi_extra=described(ConsignedPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_consigned(request: HttpRequest, asked: Query[ConsignedAsked]) -> HttpResponse:
    """List the goods that lie here and are their suppliers', SKU by SKU."""
    known_parameters(request, ConsignedAsked)
    owner, _colon, sku = (asked.page or "0:0").partition(":")
    with behind_key(request, scope=READ) as key:
        found = consigned_page(
            [key.merchant_id],
            supplier_id=_supplier(key, asked.supplier),
            after=(int(owner), int(sku)),
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        following = f"{last.supplier_id}:{last.sku_id}" if last else None
        return given(request, ConsignedPageOut(items=consigned_told(shown), next=following))


def _supplier(key: Key, code: str | None) -> int | None:
    """Give the supplier of a code, 0 where there is none, None where none was asked for."""
    found = supplier_coded(key.merchant_id, code=code) if code else None
    return (found.pk if found else 0) if code else None


@router.get(
    "/inbound/consignment-statements",
    operation_id="list_consignment_statements",
    auth=None,
    openapi_extra=described(StatementPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_statements(request: HttpRequest, asked: Query[StatementsAsked]) -> HttpResponse:
    """List what was bought from suppliers by using their goods, month by month, the latest first."""
    known_parameters(request, StatementsAsked)
    with behind_key(request, scope=READ) as key:
        found = statements_page(
            [key.merchant_id],
            state=asked.state or "",
            supplier_id=_supplier(key, asked.supplier),
            after=asked.page,
            size=asked.limit,
        )
        shown, last = page_of(found, limit=asked.limit)
        return given(request, StatementPageOut(items=statements_told(shown), next=last.id if last else None))


@router.get(
    "/inbound/consignment-statements/{int:statement_id}",
    operation_id="get_consignment_statement",
    auth=None,
    openapi_extra=described(WholeStatementOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Give a statement, with the SKUs on it of which nobody said what they cost."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(key, statement_id))


def _found(key: Key, statement_id: int) -> Statement:
    return there(statement_of([key.merchant_id], statement_id=known_id(statement_id)))


def _told(key: Key, statement_id: int) -> WholeStatementOut:
    found = _found(key, statement_id)
    return statement_told(found, without_cost=without_cost([key.merchant_id], statement_id=found.id))


@router.get(
    "/inbound/consignment-statements/{int:statement_id}/lines",
    operation_id="list_consignment_lines",
    auth=None,
    openapi_extra=described(StatementLinePageOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def list_lines(request: HttpRequest, statement_id: int, asked: Query[Paged]) -> HttpResponse:
    """List what a statement is made of: units bought, movement by movement, the earliest first."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        found = statement_lines(
            [key.merchant_id], statement_id=_found(key, statement_id).id, after=asked.page, size=asked.limit
        )
        shown, last = page_of(found, limit=asked.limit)
        told = StatementLinePageOut(items=statement_lines_told(shown), next=last[0].pk if last else None)
        return given(request, told)


@router.get(
    "/inbound/consignment-statements/{int:statement_id}/statement.pdf",
    operation_id="get_consignment_statement_pdf",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(PDF,)),
)
def get_pdf(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Give a statement as PDF, in the language of its supplier; at most 5,000 lines of it, the CSV has all."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        _name, content = statement_pdf([key.merchant_id], statement_id=known_id(statement_id))
        return _file(content, kind=PDF, name=f"consigned-{statement_id}.pdf")


@router.get(
    "/inbound/consignment-statements/{int:statement_id}/statement.csv",
    operation_id="get_consignment_statement_csv",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(CSV,)),
)
def get_csv(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Give a statement as a file, a movement on a line."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        content = statement_csv(_found(key, statement_id)).encode()
        return _file(content, kind=f"{CSV}; charset=utf-8", name=f"consigned-{statement_id}.csv")


def _file(content: bytes, *, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@router.post(
    "/inbound/consignment-statements/{int:statement_id}/costs",
    operation_id="price_consigned",
    auth=None,
    openapi_extra=described(
        ResultsOut,
        body=CostsIn,
        scope=WRITE,
        refusals=(404,),
        headers=("Idempotency-Key",),
        example={"costs": [{"sku": "MUG", "unit_cost_cents": 655}]},
    ),
)
def post_costs(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Say what SKUs cost that were bought without a cost, each judged by itself: `priced`, `unchanged` or `refused`.

    Lines that have a cost keep it.
    """
    sent = read_body(request, _COSTS).costs

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        became = price_each(
            key.merchant_id,
            [(one.sku, one.unit_cost_cents) for one in sent],
            statement_id=known_id(statement_id),
            actor=actor,
        )
        return 200, ResultsOut(results=[_priced(one.sku, done) for one, done in zip(sent, became, strict=True)])

    return written(request, scope=WRITE, answer=answer)


def _priced(sku: str, became: Refused | bool) -> DoneOut:  # noqa: FBT001 -- an outcome
    if isinstance(became, Refused):
        return DoneOut(outcome="refused", name=sku, code=became.code, detail=str(became))
    return DoneOut(outcome="priced" if became else "unchanged", name=sku)


@router.post(
    "/inbound/consignment-statements/{int:statement_id}/close",
    operation_id="close_consignment_statement",
    auth=None,
    openapi_extra=described(WholeStatementOut, scope=WRITE, refusals=(404,), headers=("Idempotency-Key",)),
)
def post_close(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Close a statement: it is to be paid as it stands, and what is used from then on comes on another.

    Twice is as once.
    """

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        close_statement(key.merchant_id, statement_id=known_id(statement_id), actor=actor)
        return 200, _told(key, statement_id)

    return written(request, scope=WRITE, answer=answer)
