"""An operator's own prices, from a file: whole, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from colisage.carriers.actions.write_rate_cards import CardFacts, write_rate_cards
from colisage.carriers.models import Carrier, RateCard, Service, ServiceKind
from colisage.carriers.queries.cards import zones_known
from colisage.carriers.queries.tariff_file import Tariff, TariffCard, WrongRow, fold, read_tariff, unknown_services
from colisage.carriers.rules import meet
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.tabular.names import country_codes
from colisage.ui import words

MOST_FAULTS = 200  # that an answer names


class TariffRefused(Malformed):
    """Some rows cannot be used, so none is."""

    code = "tariff_refused"
    text = _("Nothing is saved. Rows that cannot be used: %(count)s.")

    def __init__(self, rows: Sequence[WrongRow]) -> None:
        super().__init__(count=len(rows))
        self.rows = tuple(rows)
        self.faults = [
            {"pointer": f"/rows/{row.number}", "code": row.code, "detail": row.text} for row in self.rows[:MOST_FAULTS]
        ]


class EndsBeforeItBegins(Malformed):
    """A card counts on one day at least."""

    code = "ends_before_it_begins"
    text = _("The last day comes before the first one.")


class NoSuchCountry(Malformed):
    """Parcels are sent from a country."""

    code = "unknown_country"
    text = _("There is no country “%(name)s”.")


class UnnamedCarrier(Malformed):
    """The name of a new carrier holds no letter and no figure."""

    code = "unnamed_carrier"
    text = _("Choose a carrier, or write the name of a new one.")


class CardStands(Refused):
    """There is a card of that service from that day on, and nobody said to replace it."""

    code = "card_stands"
    text = _("Your card of %(service)s begins on the same day. Say that it is to be replaced, or choose another day.")


class CardsOverlap(Refused):
    """Two cards of one service would count on one day."""

    code = "cards_overlap"
    text = _("Your card of %(service)s that begins on %(day)s would count on the same days. Let this one end before.")


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: the cards written, and the services whose earlier card ends the day before."""

    cards: tuple[int, ...]
    ended: tuple[str, ...]


@transaction.atomic
def import_rate_cards(
    operator_id: int,
    *,
    file: Path | IO[bytes],
    carrier_id: int | None,
    carrier_name: str = "",
    kind_of_new: str = "",
    from_country: str,
    valid_from: date,
    valid_to: date | None,
    source: str,
    replace: bool,
    actor: Actor,
) -> Imported:
    """Write the rate cards of a file, one for each service in it; nothing when any row is wrong.

    A service the carrier does not have is a wrong row, unless `kind_of_new` says of what kind new ones are. An earlier
    card of the same service and origin that would still count ends the day before. Carriers and services that are
    known already stay as they are: they are facts shared by all.
    """
    if valid_to is not None and valid_to < valid_from:
        raise EndsBeforeItBegins
    if from_country not in country_codes():
        raise NoSuchCountry(name=from_country)
    carrier = _carrier(carrier_id, carrier_name)
    tariff = read_tariff(file, zones=zones_known(operator_id, carrier_id=carrier.pk if carrier else None))
    known = {fold(s.name): s for s in Service.objects.filter(carrier=carrier)} if carrier else {}
    wrong = [*tariff.wrong, *([] if kind_of_new else unknown_services(tariff.cards, known=known))]
    if wrong:
        raise TariffRefused(sorted(wrong, key=lambda row: row.number))
    if carrier is None:
        carrier = Carrier.objects.create(code=slugify(carrier_name)[:50], name=carrier_name, country=from_country)
    services = _services(carrier, tariff.cards, known=known, kind=kind_of_new)
    span = (valid_from, valid_to)
    stood = _make_room(operator_id, services.values(), from_country=from_country, span=span, replace=replace)
    facts: dict[str, Any] = {
        "operator_id": operator_id,
        "from_country": from_country,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    cards = write_rate_cards(
        [
            CardFacts(
                service_id=services[name].pk,
                currency=card.currency,
                source=_source(source, tariff),
                zones=card.rows(),
                **facts,
            )
            for name, card in tariff.cards.items()
        ]
    )
    _tell(operator_id, tariff, cards, services=services, stood=stood, span=span, actor=actor)
    return Imported(tuple(cards), tuple(sorted(card.service.name for card in stood)))


def _carrier(carrier_id: int | None, name: str) -> Carrier | None:
    """Find the carrier, by id or as one whose name is written the same; None for one that is to be made."""
    if carrier_id is not None:
        found = Carrier.objects.filter(pk=carrier_id).first()
        if found is None:
            raise NotThere
        return found
    code = slugify(name)[:50]
    if not code:
        raise UnnamedCarrier
    return Carrier.objects.filter(code=code).first()


def _services(
    carrier: Carrier, cards: Mapping[str, TariffCard], *, known: Mapping[str, Service], kind: str
) -> dict[str, Service]:
    """Give the services by folded name, the new ones made, all locked: imports of one service wait for each other."""
    made = Service.objects.bulk_create(
        Service(
            carrier=carrier,
            code=_code(carrier, card.service),
            name=card.service,
            kind=kind if kind in ServiceKind.values else ServiceKind.HOME,
        )
        for name, card in cards.items()
        if name not in known
    )
    wanted = [service.pk for service in [*made, *(known[name] for name in cards if name in known)]]
    locked = Service.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    return {fold(service.name): service for service in locked}


def _code(carrier: Carrier, name: str) -> str:
    """Give a code that no service has: of the carrier and the name, numbered where that is taken."""
    begin = slugify(f"{carrier.code} {name}")[:44]
    taken = set(Service.objects.filter(code__startswith=begin).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := begin if n == 1 else f"{begin}-{n}") not in taken)


def _make_room(
    operator_id: int,
    services: Collection[Service],
    *,
    from_country: str,
    span: tuple[date, date | None],
    replace: bool,
) -> list[RateCard]:
    """End the operator's earlier cards the day before, and give them; refuse what would count beside another card."""
    own = RateCard.objects.filter(operator_id=operator_id, service__in=services, from_country=from_country)
    ending: list[RateCard] = []
    for card in own.select_related("service").order_by("pk"):
        if card.valid_from == span[0]:
            if not replace:
                raise CardStands(service=card.service.name)
        elif meet(span, other=(card.valid_from, card.valid_to)):
            if card.valid_from > span[0]:
                raise CardsOverlap(service=card.service.name, day=words.day(card.valid_from, style="numeric"))
            ending.append(card)
    if ending:  # each began before: there is a day before this one
        RateCard.objects.filter(pk__in=[card.pk for card in ending]).update(valid_to=span[0] - timedelta(days=1))
    return ending


def _source(source: str, tariff: Tariff) -> str:
    """Keep with the source whether its prices hold the tax: a card has no other place for it."""
    return f"{source[:190]} · {tariff.tax_basis}" if tariff.tax_basis else source[:200]


def _tell(
    operator_id: int,
    tariff: Tariff,
    cards: Sequence[int],
    *,
    services: Mapping[str, Service],
    stood: Sequence[RateCard],
    span: tuple[date, date | None],
    actor: Actor,
) -> None:
    days = {"valid_from": span[0].isoformat(), "valid_to": span[1].isoformat() if span[1] else None}
    record_deeds(
        [
            *(
                Deed("rate_card", pk, "rate_card_imported", {"service": services[name].code, **days}, None, operator_id)
                for name, pk in zip(tariff.cards, cards, strict=True)
            ),
            *(
                Deed("rate_card", card.pk, "rate_card_ended", {"before": days["valid_from"]}, None, operator_id)
                for card in stood
            ),
        ],
        actor=actor,
    )
