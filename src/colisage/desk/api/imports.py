"""The JSON doors of files of orders: sent, followed, and the rows that came back."""

import io
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from colisage.intake.actions.start_import import start_import
from colisage.intake.actions.take_rows import ORDERS
from colisage.intake.queries import import_of, imports_of
from colisage.kit.actors import Actor
from colisage.kit.answers import Paged, given, known_id, known_parameters, page_of, read_file, there
from colisage.kit.described import described
from colisage.kit.sent_files import refused_of, resent_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written
from colisage.ui.imported import CSV, refused_file

READ: Final = "orders:read"
WRITE: Final = "orders:write"
CUSTOMERS: Final = "customers:read"
MEGABYTES: Final = 20
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
router = Router(tags=["files"])
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class FileSent(Schema):
    """What is said of a file. `name` is its name, with its ending; `mapping` that of saved columns.

    `ask`: a file of unknown columns waits until somebody points at them (`choose_columns`), instead of being refused.
    """

    channel: Name
    name: Name
    mapping: Name | None = None
    dates: Literal["day_first", "month_first"] | None = None
    history: bool = False
    ask: bool = False


class ImportOut(Struct, frozen=True, kw_only=True):
    """A file of orders. `state`: waiting, columns (somebody is to point at them), running, done, or refused: `problem`.

    Every row has one of four fates: it is among the `lines` of orders, was `cancelled` by the shop, `ignored` or
    `refused`, the last two counted by code. `corrected` are the rows that came back and were taken when they were
    corrected or sent again here; `resending` are those that a worker is still to send again.
    """

    id: int
    channel: str
    file_name: str
    state: str
    problem: str
    size_bytes: int
    read_bytes: int
    rows: int
    orders: int
    lines: int
    cancelled: int
    corrected: int
    resending: int
    ignored: dict[str, int]
    refused: dict[str, int]
    created_at: datetime
    finished_at: datetime | None


class ImportPageOut(Struct, frozen=True, kw_only=True):
    """A page of files, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[ImportOut]
    next: int | None


class RefusedRowOut(Struct, frozen=True, kw_only=True):
    """A row that came back: its line in the file, its cells as they came or were corrected, a code and a sentence.

    `order_row` is the row with which its order begins: an order with one bad row comes back whole, and is sent whole.
    `tries` says how often it was sent again.
    """

    row: int
    order_row: int
    tries: int
    cells: list[str]
    code: str
    detail: str


class RefusedRowsOut(Struct, frozen=True, kw_only=True):
    """A page of rows that came back, in the order of the file, under its `columns`."""

    columns: list[str]
    items: list[RefusedRowOut]
    next: int | None


def _told(run: Any) -> ImportOut:
    of_others = {"channel", "resending"}
    plain = {name: getattr(run, name) for name in ImportOut.__struct_fields__ if name not in of_others}
    return ImportOut(**plain, channel=run.channel.code, resending=resent_of(run).left)


def _found(key: Key, run_id: int) -> Any:
    return there(import_of([key.merchant_id], run_id=known_id(run_id)))


def import_told(key: Key, run_id: int) -> ImportOut:
    """Say of an import how far it is."""
    return _told(_found(key, run_id))


@router.post(
    "/imports",
    operation_id="send_order_file",
    auth=None,
    openapi_extra=described(
        ImportOut,
        scope=WRITE,
        status=202,
        headers=("Idempotency-Key",),
        files=("text/csv", SHEET),
        example=(
            "order_ref,placed_at,sku,quantity,unit_price,currency,name,address1,postcode,city,country,payment\r\n"
            "A-1002,2026-11-20,MUG,2,18.50,EUR,Camille,8 rue Lepic,75018,Paris,FR,paid\r\n"
        ),
    ),
)
def post_import(request: HttpRequest, sent: Query[FileSent]) -> HttpResponse:
    """Send a file of orders (CSV or XLSX, at most 20 MB) as it is, as the body. It is read a moment later: follow it.

    A file whose columns no format and no saved mapping knows is refused as a whole: save a mapping (`make_mapping`), or
    let it `ask`. Rows that come back are corrected and sent again (`…/refused/correct`), or in the file of refused
    rows, which is sent like another.
    """
    body = read_file(request, megabytes=MEGABYTES)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        made = start_import(
            key.merchant_id,
            channel=sent.channel,
            source=io.BytesIO(body),
            file_name=sent.name,
            options={"dates": sent.dates, "history": sent.history, "mapping": sent.mapping or ""},
            actor=actor,
            asks=sent.ask,
        )
        return 202, _told(_found(key, made))

    return written(request, scope=WRITE, answer=answer, asked=FileSent)


@router.get(
    "/imports",
    operation_id="list_order_files",
    auth=None,
    openapi_extra=described(ImportPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_imports(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """List files of orders, the newest first, with what became of their rows."""
    known_parameters(request, Paged)
    with behind_key(request, scope=READ) as key:
        found = imports_of([key.merchant_id], most=asked.limit + 1, before=asked.page)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, ImportPageOut(items=[_told(run) for run in shown], next=last.pk if last else None))


@router.get(
    "/imports/{int:import_id}",
    operation_id="get_order_file",
    auth=None,
    openapi_extra=described(ImportOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say how far a file is, and what became of its rows."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(_found(key, import_id)))


@router.get(
    "/imports/{int:import_id}/refused",
    operation_id="list_refused_rows",
    auth=None,
    openapi_extra=described(RefusedRowsOut, scope=CUSTOMERS, refusals=(404,), headers=("If-None-Match",)),
)
def list_refused(request: HttpRequest, import_id: int, asked: Query[Paged]) -> HttpResponse:
    """List the rows of a file that came back, each with its reason."""
    known_parameters(request, Paged)
    with behind_key(request, scope=CUSTOMERS) as key:
        run = _found(key, import_id)
        found = list(refused_of(ORDERS, run, most=asked.limit + 1, after=asked.page or 0))
        shown, last = page_of(found, limit=asked.limit)
        items = [
            RefusedRowOut(
                row=one.number,
                order_row=one.first_row,
                tries=one.tries,
                cells=[str(cell) for cell in one.raw],
                code=one.code,
                detail=str(one.reason),
            )
            for one in shown
        ]
        following = last.number if last else None
        return given(request, RefusedRowsOut(columns=list(run.columns), items=items, next=following))


@router.get(
    "/imports/{int:import_id}/refused.csv",
    operation_id="get_refused_file",
    auth=None,
    openapi_extra=described(scope=CUSTOMERS, refusals=(404,), gives=(CSV,)),
)
def get_refused_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """Give the rows that came back as a file, with the reason beside each, to correct and send again."""
    known_parameters(request)
    with behind_key(request, scope=CUSTOMERS) as key:
        run = _found(key, import_id)
        return refused_file(request, ORDERS, run)
