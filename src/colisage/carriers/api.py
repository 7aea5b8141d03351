"""The JSON doors of carriers and rate cards: read, loaded from a file, dated."""

import io
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Struct
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from colisage.carriers.actions.date_rate_card import date_rate_card
from colisage.carriers.actions.import_rate_cards import import_rate_cards
from colisage.carriers.models import RateCard
from colisage.carriers.queries.card_file import card_csv
from colisage.carriers.queries.cards import Narrowed, card_of, cards_among, cards_page, carrier_coded
from colisage.carriers.queries.told import (
    CardsLoadedOut,
    CarriersOut,
    RateCardPageOut,
    WholeRateCardOut,
    card_told,
    cards_told,
    carriers_told,
)
from colisage.kit.actors import Actor
from colisage.kit.answers import (
    Paged,
    Text,
    expect,
    given,
    known_id,
    known_parameters,
    page_of,
    read_body,
    read_file,
    there,
)
from colisage.kit.described import described
from colisage.kit.errors import Malformed, NotAllowed
from colisage.people.queries import Key, own_operator_called, own_operators
from colisage.people.queries.doors import behind_key, written

READ: Final = "rates:read"
WRITE: Final = "rates:write"
CSV: Final = "text/csv"
SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEGABYTES: Final = 5
EXAMPLE: Final = (
    "service,zone,max_weight_kg,price,currency,tax_basis,announced_working_days\r\n"
    "Colissimo Domicile,FR,0.5,4.10,EUR,HT,2\r\nColissimo Domicile,BE+NL,5,11.00,EUR,HT,3-5\r\n"
)
router = Router(tags=["rates"])


class NoSuchCarrier(Malformed):
    """A carrier is known by its code: a misspelt one must not become another carrier."""

    code = "no_such_carrier"
    text = _("There is no carrier “%(code)s” here. Name a new one as such.")


class CardsAsked(Paged):
    """What a list of rate cards is narrowed to: codes of a carrier and a service, a day on which they count.

    `public`: the public tariffs alone, or your own cards alone.
    """

    carrier: Text | None = None
    service: Text | None = None
    on: date | None = None
    public: bool | None = None


class CardsSent(Schema):
    """What a file of prices does not say itself.

    `carrier` is the code of a known one, `new_carrier` the name of another. `new_services` says of what kind services
    are that the carrier does not have yet; without it they are mistakes. `source` says where the prices come from, such
    as the number of your contract. `replace`: in place of your card of the same service that begins on the same day.
    """

    carrier: Text = ""
    new_carrier: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")] = ""
    new_services: Literal["home", "relay", "express", "letter"] | None = None
    from_country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
    valid_from: date
    valid_to: date | None = None
    source: Annotated[str, StringConstraints(max_length=150, pattern=r"^[^\x00]*[^\x00\s][^\x00]*$")]
    replace: bool = False
    operator: Annotated[str, StringConstraints(max_length=50, pattern=r"^[^\x00]*$")] = ""


class CardDaysIn(Struct, forbid_unknown_fields=True, frozen=True):
    """The days on which a card counts, both included; without a last one until a later card begins."""

    valid_from: date
    valid_to: date | None = None


_DAYS: Final = msgspec.json.Decoder(CardDaysIn)


@router.get(
    "/carriers",
    operation_id="list_carriers",
    auth=None,
    openapi_extra=described(CarriersOut, scope=READ, headers=("If-None-Match",)),
)
def list_carriers(request: HttpRequest) -> HttpResponse:
    """List the carriers of which there is a price, with their services."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, carriers_told(own_operators(key.merchant_id)))


@router.get(
    "/rate-cards",
    operation_id="list_rate_cards",
    auth=None,
    openapi_extra=described(RateCardPageOut, scope=READ, headers=("If-None-Match",)),
)
def list_cards(request: HttpRequest, asked: Query[CardsAsked]) -> HttpResponse:
    """List the public tariffs, and the rate cards of warehouses that work for you alone."""
    known_parameters(request, CardsAsked)
    with behind_key(request, scope=READ) as key:
        to = Narrowed(carrier=asked.carrier or "", service=asked.service or "", on=asked.on, public=asked.public)
        found = cards_page(own_operators(key.merchant_id), to=to, after=asked.page or 0, size=asked.limit)
        shown, last = page_of(found, limit=asked.limit)
        return given(request, RateCardPageOut(items=cards_told(shown), next=last.pk if last else None))


def _found(key: Key, card_id: int, *, locked: bool = False) -> RateCard:
    return there(card_of(own_operators(key.merchant_id), card_id=known_id(card_id), locked=locked))


@router.get(
    "/rate-cards/{int:card_id}",
    operation_id="get_rate_card",
    auth=None,
    openapi_extra=described(WholeRateCardOut, scope=READ, refusals=(404,), headers=("If-None-Match",)),
)
def get_card(request: HttpRequest, card_id: int) -> HttpResponse:
    """Give a rate card with its zones and prices."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        return given(request, card_told(_found(key, card_id)))


@router.get(
    "/rate-cards/{int:card_id}/prices.csv",
    operation_id="get_rate_card_csv",
    auth=None,
    openapi_extra=described(scope=READ, refusals=(404,), gives=(CSV,)),
)
def get_csv(request: HttpRequest, card_id: int) -> HttpResponse:
    """Give a rate card as a file, in the columns in which prices are loaded."""
    known_parameters(request)
    with behind_key(request, scope=READ) as key:
        card = _found(key, card_id)
        headers = {"Content-Disposition": f'attachment; filename="{card.service.code}-{card.valid_from}.csv"'}
        return HttpResponse(card_csv(card), content_type=f"{CSV}; charset=utf-8", headers=headers)


@router.post(
    "/rate-cards",
    operation_id="load_rate_cards",
    auth=None,
    openapi_extra=described(
        CardsLoadedOut,
        scope=WRITE,
        status=201,
        refusals=(403, 404, 409),
        headers=("Idempotency-Key",),
        files=(CSV, SHEET),
        example=EXAMPLE,
    ),
)
def post_cards(request: HttpRequest, sent: Query[CardsSent]) -> HttpResponse:
    """Load your prices from a file (CSV or XLSX, at most 5 MB), which is the body: a card for each service, or nothing.

    Rows that cannot be used are named under `errors`. Your earlier card of the same service ends the day before. What
    was quoted stays as it was quoted. In a warehouse that works for others too its operator decides (`not_your_floor`).
    """
    body = read_file(request, megabytes=MEGABYTES)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        operator = own_operator_called(key.merchant_id, slug=sent.operator)
        known = carrier_coded([operator], code=sent.carrier) if sent.carrier else None
        if sent.carrier and known is None:
            raise NoSuchCarrier(code=sent.carrier[:60])
        made = import_rate_cards(
            operator, file=io.BytesIO(body), carrier_id=known.pk if known else None, carrier_name=sent.new_carrier,
            kind_of_new=sent.new_services or "", from_country=sent.from_country, valid_from=sent.valid_from,
            valid_to=sent.valid_to, source=sent.source.strip(), replace=sent.replace, actor=actor,
        )  # fmt: skip
        cards = cards_told(cards_among([operator], card_ids=made.cards))
        return 201, CardsLoadedOut(cards=cards, ended=list(made.ended))

    return written(request, scope=WRITE, answer=answer, asked=CardsSent)


@router.put(
    "/rate-cards/{int:card_id}",
    operation_id="date_rate_card",
    auth=None,
    openapi_extra=described(
        WholeRateCardOut,
        body=CardDaysIn,
        scope=WRITE,
        refusals=(403, 404, 409, 412, 428),
        headers=("If-Match", "Idempotency-Key"),
        example={"valid_from": "2027-01-01", "valid_to": "2027-12-31"},
    ),
)
def put_days(request: HttpRequest, card_id: int) -> HttpResponse:
    """Say on which days a card of your own counts, if it still is as it was read (`If-Match`); its prices stay.

    Public tariffs keep their days (403). What was quoted stays as it was quoted.
    """
    sent = read_body(request, _DAYS)

    def answer(key: Key, actor: Actor) -> tuple[int, Any]:
        card = _found(key, card_id, locked=True)
        if card.operator_id is None:
            raise NotAllowed
        expect(request, card_told(card))
        date_rate_card(
            card.operator_id, card_id=card.pk, valid_from=sent.valid_from, valid_to=sent.valid_to, actor=actor
        )
        return 200, card_told(_found(key, card_id))

    return written(request, scope=WRITE, answer=answer)
