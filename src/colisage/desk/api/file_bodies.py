"""The JSON doors that take a file each row of which stands by itself: SKUs, announced deliveries, safety stock.

The file is the body, as it is. It is read at once, by the action that reads it on the desk; what became of it later and
the rows that came back are asked of the doors of `sent_files`.
"""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import IO, Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from msgspec import Struct
from ninja import Query, Schema
from pydantic import StringConstraints

from colisage.catalog.actions.import_catalogue import import_catalogue
from colisage.catalog.queries.files import MOST_ROWS
from colisage.desk.api.imports import MEGABYTES, SHEET, Name
from colisage.inbound.actions.import_announcements import import_announcements
from colisage.inventory.actions.import_safety import import_safety
from colisage.kit.actors import Actor
from colisage.kit.answers import read_file
from colisage.kit.described import described
from colisage.kit.sent_files import resent_of
from colisage.people.queries import Key, merchants_by_id
from colisage.people.queries.doors import written

Door = Callable[..., HttpResponse]


class FileBody(Schema):
    """What is said of a file: `name` is its name, with its ending."""

    name: Name


class DeliveriesBody(FileBody):
    """What is said of a file of announced deliveries. Supplier, reference and day hold for rows that say none.

    `day_first`: 03/04/2028 is the third of April. Else a row with a day that can be read in two ways comes back.
    """

    supplier: Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00]*$", strip_whitespace=True)] = ""
    reference: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$", strip_whitespace=True)] = ""
    expected_on: date | None = None
    day_first: bool = False


class SentFileOut(Struct, frozen=True, kw_only=True):
    """A file that was sent. Each row of it was `saved`, or is counted by code under `refused` or `ignored`.

    `corrected` are the rows that came back and were taken when they were corrected or sent again; `resending` are those
    that a worker is still to send again.
    """

    id: int
    file_name: str
    saved: int
    corrected: int
    resending: int
    ignored: dict[str, int]
    refused: dict[str, int]
    created_at: datetime


def told(run: Any) -> SentFileOut:
    """Say what became of the rows of a file."""
    plain = {name: getattr(run, name) for name in SentFileOut.__struct_fields__ if name != "resending"}
    return SentFileOut(**plain, resending=resent_of(run).left)


def said_of_body(scope: str, example: str) -> dict[str, Any]:
    """Describe a door that takes a file, with one as an example."""
    return described(
        SentFileOut,
        scope=scope,
        status=201,
        headers=("Idempotency-Key",),
        files=("text/csv", SHEET),
        example=example,
    )


def _taken(
    request: HttpRequest, *, scope: str, asked: type[Schema], take: Callable[[Key, IO[bytes], Actor], Any]
) -> HttpResponse:
    body = read_file(request, megabytes=MEGABYTES)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        run = take(key, io.BytesIO(body), actor)
        run.refresh_from_db(fields=["created_at"])  # the database says when
        return 201, told(run)

    return written(request, scope=scope, answer=answer, asked=asked)


def post_skus(request: HttpRequest, sent: Query[FileBody]) -> HttpResponse:
    """Send a file of SKUs (CSV or XLSX, at most 20 MB and 50,000 rows) as it is, as the body. It is read at once.

    New SKUs are made, known ones changed; an empty cell leaves what is known. The columns are those of the catalogue as
    a file. Rows that cannot be used come back, each with its reason: correct them (`…/refused/correct`).
    """

    def take(key: Key, source: IO[bytes], actor: Actor) -> Any:
        currency = merchants_by_id({key.merchant_id})[key.merchant_id].currency
        return import_catalogue(
            key.merchant_id, source=source, file_name=sent.name, currency=currency, actor=actor, most_rows=MOST_ROWS
        )

    return _taken(request, scope="products:write", asked=FileBody, take=take)


def post_announcements(request: HttpRequest, sent: Query[DeliveriesBody]) -> HttpResponse:
    """Send a file of announced deliveries (CSV or XLSX, at most 20 MB and 20,000 rows) as it is. It is read at once.

    Rows add to a delivery that is known, and say the units of a known line anew: the same file again changes nothing.
    Rows that cannot be used come back, each with its reason. Correct them there (`…/refused/correct`) or in the file of
    them (`…/refused.csv`), which says in its last column but one which row each is: their units are added once.
    """

    def take(key: Key, source: IO[bytes], actor: Actor) -> Any:
        return import_announcements(
            key.merchant_id, source=source, file_name=sent.name, supplier=sent.supplier, reference=sent.reference,
            expected_on=sent.expected_on, day_first=sent.day_first, actor=actor,
        )  # fmt: skip

    return _taken(request, scope="inbound:write", asked=DeliveriesBody, take=take)


def post_safety(request: HttpRequest, sent: Query[FileBody]) -> HttpResponse:
    """Send a file of safety stock (CSV or XLSX, at most 20 MB and 100,000 rows) as it is. It is read at once.

    Its columns are `sku`, `node` and `safety`. Rows that cannot be used come back, each with its reason.
    """

    def take(key: Key, source: IO[bytes], actor: Actor) -> Any:
        return import_safety(key.merchant_id, source=source, file_name=sent.name, actor=actor)

    return _taken(request, scope="stock:write", asked=FileBody, take=take)


EXAMPLES: Final = {
    "sku": "sku,name,weight_g,barcodes\r\nMUG,Mug,380,3760001900019\r\nCARTE,Card,12,\r\n",
    "announcement": "delivery,supplier,order,sku,quantity,lot,expiry\r\nBL-1,POT,A-1,MUG,48,L1,2028-04-03\r\n",
    "safety": "sku,node,safety\r\nMUG,LYON,12\r\n",
}
