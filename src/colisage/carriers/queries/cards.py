"""Rate cards as the settings show them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service
from colisage.carriers.queries.tariff_file import ZoneFacts, zone_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What a list of cards is narrowed to: codes of a carrier and a service, a day on which they count, whose."""

    carrier: str = ""
    service: str = ""
    on: date | None = None
    public: bool | None = None


def cards_page(
    operator_ids: Collection[int], *, to: Narrowed = Narrowed(), after: int = 0, size: int = 50
) -> list[RateCard]:
    """Give one page of the public cards and of these operators', by carrier and service, and one more if there is.

    `after` is the id of the last card of the page before.
    """
    rows = _seen(operator_ids).order_by("service__carrier__name", "service__name", "pk")
    if to.carrier:
        rows = rows.filter(service__carrier__code=to.carrier)
    if to.service:
        rows = rows.filter(service__code=to.service)
    if to.on:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=to.on), valid_from__lte=to.on)
    if to.public is not None:
        rows = rows.filter(operator__isnull=to.public)
    last = _seen(operator_ids).filter(pk=after).first() if after else None
    if last is not None:
        carrier, service = last.service.carrier.name, last.service.name
        rows = rows.filter(
            Q(service__carrier__name__gt=carrier)
            | Q(service__carrier__name=carrier, service__name__gt=service)
            | Q(service__carrier__name=carrier, service__name=service, pk__gt=last.pk)
        )
    return list(rows[: size + 1])


def card_of(operator_ids: Collection[int], *, card_id: int, locked: bool = False) -> RateCard | None:
    """Find a public card or one of these operators; `locked`, nobody else dates or loads cards of its service."""
    rows = _seen(operator_ids).filter(pk=card_id)
    if locked:
        list(Service.objects.select_for_update(no_key=True).filter(pk__in=rows.order_by().values("service_id")))
    return rows.first()


def cards_among(operator_ids: Collection[int], *, card_ids: Collection[int]) -> list[RateCard]:
    """Give those of some cards that are public or of these operators."""
    return list(_seen(operator_ids).filter(pk__in=card_ids).order_by("pk"))


def _seen(operator_ids: Collection[int]) -> QuerySet[RateCard]:
    cards = RateCard.objects.filter(Q(operator=None) | Q(operator__in=operator_ids))
    return cards.select_related("service__carrier", "operator")


@dataclass(frozen=True, slots=True)
class GridZone:
    """A zone of a card: where it is, and its working days."""

    code: str
    countries: tuple[str, ...]
    prefixes: tuple[str, ...]
    breaks: tuple[tuple[int, int, int, int], ...]  # max grams, cents, days min, days max

    @property
    def days(self) -> tuple[int, int]:
        """Give the fewest and the most working days of any weight."""
        return min(low for _g, _c, low, _h in self.breaks), max(high for _g, _c, _l, high in self.breaks)


@dataclass(frozen=True, slots=True)
class Grid:
    """The prices of a card: its zones, and for each weight what it costs in each zone (None: not carried)."""

    zones: tuple[GridZone, ...]
    rows: tuple[tuple[int, tuple[int | None, ...]], ...]


def grid_of(card_id: int) -> Grid:
    """Give a card's prices as a table, in two statements."""
    zones = list(RateZone.objects.filter(card_id=card_id).order_by("pk"))
    breaks: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for row in RateBreak.objects.filter(zone__in=zones).order_by("zone_id", "max_grams"):
        breaks[row.zone_id].append((row.max_grams, row.cents, row.days_min, row.days_max))
    shown = [
        GridZone(z.code, tuple(z.countries), tuple(z.prefixes), tuple(breaks[z.pk])) for z in zones if breaks[z.pk]
    ]
    weights = sorted({grams for zone in shown for grams, *_rest in zone.breaks})
    return Grid(tuple(shown), tuple((grams, tuple(_price(z.breaks, grams) for z in shown)) for grams in weights))


def _price(breaks: Sequence[tuple[int, int, int, int]], grams: int) -> int | None:
    return next((cents for most, cents, _low, _high in breaks if grams <= most), None)


def carriers_seen(operator_ids: Collection[int]) -> list[Carrier]:
    """Give the carriers of the cards that may be seen, by name."""
    ids = _seen(operator_ids).order_by().values("service__carrier_id")
    return list(Carrier.objects.filter(pk__in=ids).order_by("name"))


def carrier_coded(operator_ids: Collection[int], *, code: str) -> Carrier | None:
    """Find a carrier of the cards that may be seen, by its code."""
    return next((one for one in carriers_seen(operator_ids) if one.code == code), None)


def services_of_carriers(operator_ids: Collection[int]) -> dict[int, list[Service]]:
    """Give the services of the cards that may be seen, by carrier and name."""
    found: dict[int, list[Service]] = defaultdict(list)
    ids = _seen(operator_ids).order_by().values("service_id")
    for service in Service.objects.filter(pk__in=ids).order_by("name", "pk"):
        found[service.carrier_id].append(service)
    return found


def zones_known(operator_id: int, *, carrier_id: int | None) -> dict[str, ZoneFacts]:
    """Give the zones of a carrier by `zone_name`, as the operator's own cards say, else the public ones; the latest."""
    rows = (
        RateZone.objects.filter(card__in=_seen([operator_id]).order_by(), card__service__carrier_id=carrier_id)
        .order_by("card__valid_from", "pk")
        .values_list("card__operator_id", "code", "countries", "prefixes")
    )
    known = sorted(rows, key=lambda row: row[0] is not None)
    return {zone_name(code): (code, tuple(countries), tuple(prefixes)) for _own, code, countries, prefixes in known}


def services_seen(operator_ids: Collection[int]) -> dict[str, str]:
    """Give the services that public cards or those of these operators price: code to carrier and name."""
    cards = _seen(operator_ids).order_by("service__carrier__name", "service__name")
    return {card.service.code: f"{card.service.carrier.name} · {card.service.name}" for card in cards}
