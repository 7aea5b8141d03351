"""The JSON doors of columns: mappings saved for the files of a channel, and those of a file that waits for them."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Meta, Struct
from ninja import Router

from colisage.desk.api.imports import CUSTOMERS, READ, WRITE, ImportOut, import_told
from colisage.intake.actions.choose_columns import AlreadyRead, choose_columns
from colisage.intake.actions.remove_mapping import remove_mapping
from colisage.intake.actions.save_mapping import save_mapping
from colisage.intake.actions.start_import import NoSuchChannel, NoSuchMapping
from colisage.intake.queries import import_of
from colisage.intake.queries.mappings import (
    SHOWN_ROWS,
    file_of,
    mapped_format,
    mapping_of,
    mappings_of,
    own_names,
    pointed,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import DoneOut, expect, given, known_id, known_parameters, read_body, there
from colisage.kit.described import described
from colisage.kit.errors import Malformed
from colisage.network.queries import channels_of
from colisage.people.queries import Key
from colisage.people.queries.doors import behind_key, written

router = Router(tags=["columns"])
Column = Annotated[str, Meta(min_length=1, max_length=200)]
Columns = Annotated[dict[Annotated[str, Meta(max_length=40)], Column], Meta(max_length=60)]
Headers = Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=500)]
SAID: Final = ("dates", "mark", "prices", "payment", "currency", "country")


class ReadingIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Which column holds what, by the field's name, and what the columns do not say.

    Needed are `order_ref`, `sku` and `quantity`. `dates` and `mark` say how 03/04/2026 and 1,234 are meant (else they
    are refused), `currency` and `country` what counts where no column says it.
    """

    columns: Columns
    dates: Literal["", "day_first", "month_first"] = ""
    mark: Literal["", "comma", "point"] = ""
    prices: Literal["", "without_tax"] = ""
    payment: Literal["", "paid"] = ""
    currency: Annotated[str, Meta(max_length=3)] = ""
    country: Annotated[str, Meta(max_length=60)] = ""


class MappingIn(ReadingIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A mapping under a name. `headers` are all columns of the files it is for; left out, those that it needs."""

    name: Annotated[str, Meta(max_length=80, pattern=r"\S")]
    headers: Headers = []


class NewMappingIn(MappingIn, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A mapping for the files of a channel, by its code."""

    channel: Annotated[str, Meta(min_length=1, max_length=30)]


class MappingOut(Struct, frozen=True, kw_only=True):
    """A saved mapping: a file with all of its columns is read by it."""

    id: int
    channel: str
    name: str
    headers: list[str]
    columns: dict[str, str]
    dates: str
    mark: str
    prices: str
    payment: str
    currency: str
    country: str
    saved_at: datetime


class MappingsOut(Struct, frozen=True, kw_only=True):
    """All saved mappings, by channel and name; there are few, and `next` is always null."""

    items: list[MappingOut]
    next: None = None


class ChosenIn(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a file that waits is read by: a saved mapping of its channel, by its name, or columns that are said here."""

    mapping: Annotated[str, Meta(max_length=80)] | None = None
    reading: ReadingIn | None = None


class FileColumnsOut(Struct, frozen=True, kw_only=True):
    """The columns of a file, its first rows, and which columns probably hold what."""

    columns: list[str]
    rows: list[list[str]]
    probably: dict[str, str]


_NEW: Final = msgspec.json.Decoder(NewMappingIn)
_MAPPING: Final = msgspec.json.Decoder(MappingIn)
_CHOSEN: Final = msgspec.json.Decoder(ChosenIn)
_READ: Final[dict[str, Any]] = {"scope": READ, "headers": ("If-None-Match",)}
_EXAMPLE: Final = {
    "name": "Wholesaler",
    "columns": {"order_ref": "Bdc n°", "sku": "Art.", "quantity": "Nb", "placed_at": "Le"},
    "dates": "day_first",
}


def _told(mapping: Any) -> MappingOut:
    own = own_names(mapping)
    return MappingOut(
        id=mapping.pk,
        channel=mapping.channel.code,
        name=mapping.name,
        headers=mapping.headers,
        columns={field: own.get(column, column) for field, column in mapping.places.items()},
        saved_at=mapping.saved_at,
        **{name: mapping.options.get(name) or "" for name in SAID},
    )


def _found(key: Key, mapping_id: int, *, locked: bool = False) -> Any:
    return there(mapping_of([key.merchant_id], mapping_id=known_id(mapping_id), locked=locked))


def _options(sent: ReadingIn) -> dict[str, str]:
    return {name: getattr(sent, name) for name in SAID}


def _kept(key: Key, sent: MappingIn, *, channel_id: int, actor: Actor, mapping_id: int | None = None) -> MappingOut:
    headers = [*sent.headers] or list(dict.fromkeys(sent.columns.values()))
    made = save_mapping(
        key.merchant_id,
        channel_id=channel_id,
        name=sent.name.strip(),
        headers=headers,
        places=sent.columns,
        options=_options(sent),
        actor=actor,
        mapping_id=mapping_id,
    )
    return _told(_found(key, made))


@router.get("/mappings", operation_id="list_mappings", auth=None, openapi_extra=described(MappingsOut, **_READ))
def list_mappings(request: HttpRequest) -> HttpResponse:
    """List the saved mappings of columns."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, MappingsOut(items=[_told(one) for one in mappings_of([key.merchant_id])]))


@router.get(
    "/mappings/{int:mapping_id}",
    operation_id="get_mapping",
    auth=None,
    openapi_extra=described(MappingOut, refusals=(404,), **_READ),
)
def get_mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Give a saved mapping of columns."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, _told(_found(key, mapping_id)))


@router.post(
    "/mappings",
    operation_id="make_mapping",
    auth=None,
    openapi_extra=described(
        MappingOut,
        body=NewMappingIn,
        scope=WRITE,
        status=201,
        refusals=(409,),
        headers=("Idempotency-Key",),
        example={"channel": "shop", **_EXAMPLE},
    ),
)
def post_mapping(request: HttpRequest) -> HttpResponse:
    """Save which columns of a channel's files hold what: such a file is read by it from now on."""
    sent = read_body(request, _NEW)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        channel = channels_of(key.merchant_id).get(sent.channel)
        if channel is None:
            raise NoSuchChannel(code=sent.channel)
        return 201, _kept(key, sent, channel_id=channel.id, actor=actor)

    return written(request, scope=WRITE, answer=answer)


@router.put(
    "/mappings/{int:mapping_id}",
    operation_id="replace_mapping",
    auth=None,
    openapi_extra=described(
        MappingOut,
        body=MappingIn,
        scope=WRITE,
        refusals=(404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example=_EXAMPLE,
    ),
)
def put_mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Replace a mapping, if it still is as it was read (`If-Match`); files on their way keep theirs."""
    sent = read_body(request, _MAPPING)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        found = _found(key, mapping_id, locked=True)
        expect(request, _told(found))
        return 200, _kept(key, sent, channel_id=found.channel_id, actor=actor, mapping_id=found.pk)

    return written(request, scope=WRITE, answer=answer)


@router.api_operation(
    ["DELETE"],
    "/mappings/{int:mapping_id}",
    operation_id="remove_mapping",
    auth=None,
    openapi_extra=described(DoneOut, scope=WRITE, refusals=(404,), headers=("Idempotency-Key",)),
)
def delete_mapping(request: HttpRequest, mapping_id: int) -> HttpResponse:
    """Forget a mapping; files that were read by it stay as they are."""

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        remove_mapping(key.merchant_id, mapping_id=known_id(mapping_id), actor=actor)
        return 200, DoneOut(outcome="removed", id=mapping_id)

    return written(request, scope=WRITE, answer=answer)


@router.get(
    "/imports/{int:import_id}/columns",
    operation_id="get_file_columns",
    auth=None,
    openapi_extra=described(FileColumnsOut, scope=CUSTOMERS, refusals=(404, 409), headers=("If-None-Match",)),
)
def get_columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """Give the columns of a file that waits for them, and its first rows: they may name customers."""
    known_parameters(request)
    with behind_key(request, scope=CUSTOMERS) as key:
        run = there(import_of([key.merchant_id], run_id=known_id(import_id)))
        if run.state != "columns":
            raise AlreadyRead
        table = file_of(run)
        rows = [[str(cell) for cell in row.raw] for row, _n in zip(table, range(SHOWN_ROWS), strict=False)]
        probably = dict(mapped_format().guess(table))
        return given(request, FileColumnsOut(columns=list(table.columns), rows=rows, probably=probably))


@router.post(
    "/imports/{int:import_id}/columns",
    operation_id="choose_columns",
    auth=None,
    openapi_extra=described(
        ImportOut,
        body=ChosenIn,
        scope=WRITE,
        status=202,
        refusals=(404, 409),
        headers=("Idempotency-Key",),
        example={"reading": {key: value for key, value in _EXAMPLE.items() if key != "name"}},
    ),
)
def post_columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """Have a file read that waits for its columns, by a saved mapping or by what is said here. Follow it then."""
    sent = read_body(request, _CHOSEN)
    if (sent.mapping is None) == (sent.reading is None):
        raise Malformed

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        run = there(import_of([key.merchant_id], run_id=known_id(import_id)))
        if sent.reading is not None:
            places, options = sent.reading.columns, _options(sent.reading)
        else:
            saved = {one.name: one for one in pointed(key.merchant_id, channel_id=run.channel_id)}
            if sent.mapping not in saved:
                raise NoSuchMapping(name=sent.mapping)
            places = dict(saved[sent.mapping].places)
            options = {**saved[sent.mapping].options, "mapping": sent.mapping}
        choose_columns(key.merchant_id, run_id=run.pk, places=places, options=options, actor=actor)
        return 202, import_told(key, run.pk)

    return written(request, scope=WRITE, answer=answer)
