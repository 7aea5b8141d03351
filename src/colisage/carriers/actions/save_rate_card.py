"""Writing a rate card: its carrier and service are made when they are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from colisage.carriers.models import Carrier, RateBreak, RateCard, RateZone, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneRow:
    """A zone; `breaks` are (max grams, cents, days min, days max)."""

    code: str
    countries: tuple[str, ...]
    breaks: tuple[tuple[int, int, int, int], ...]
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A rate card with the names of what it prices."""

    carrier_code: str
    carrier_name: str
    service_code: str
    service_name: str
    from_country: str
    currency: str
    valid_from: date
    source: str
    zones: Sequence[ZoneRow]
    kind: str = "home"
    operator_id: int | None = None
    tracking_url: str = ""


@transaction.atomic
def save_rate_card(row: CardRow) -> int:
    """Write a card in place of the one of the same operator, service, origin and first day; give its id."""
    carrier, _ = Carrier.objects.update_or_create(
        code=row.carrier_code,
        defaults={"name": row.carrier_name, "country": row.from_country, "tracking_url": row.tracking_url},
    )
    service, _ = Service.objects.update_or_create(
        code=row.service_code, defaults={"carrier": carrier, "name": row.service_name, "kind": row.kind}
    )
    card, _ = RateCard.objects.update_or_create(
        operator_id=row.operator_id,  # type: ignore[misc]  # None is a value here: a public tariff
        service=service,
        from_country=row.from_country,
        valid_from=row.valid_from,
        defaults={"currency": row.currency, "source": row.source},
    )
    RateZone.objects.filter(card=card).delete()
    zones = RateZone.objects.bulk_create(
        RateZone(card=card, code=z.code, countries=list(z.countries), prefixes=list(z.prefixes)) for z in row.zones
    )
    RateBreak.objects.bulk_create(
        RateBreak(zone=zone, max_grams=grams, cents=price, days_min=low, days_max=high)
        for zone, told in zip(zones, row.zones, strict=True)
        for grams, price, low, high in told.breaks
    )
    return card.pk
