from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from colisage.carriers.models import RateBreak, RateCard, RateZone
from colisage.carriers.rules import ZoneRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """A rate card of a service that is known; without an operator it is a public tariff."""

    service_id: int
    from_country: str
    currency: str
    valid_from: date
    source: str
    zones: Sequence[ZoneRow]
    operator_id: int | None = None
    valid_to: date | None = None


@transaction.atomic
def write_rate_cards(cards: Sequence[CardFacts]) -> list[int]:
    """Write cards, each in place of the one of the same operator, service, origin and first day; give their ids."""
    written = [
        RateCard.objects.update_or_create(
            operator_id=card.operator_id,  # type: ignore[misc]  # None is a value here: a public tariff
            service_id=card.service_id,
            from_country=card.from_country,
            valid_from=card.valid_from,
            defaults={"currency": card.currency, "source": card.source, "valid_to": card.valid_to},
        )[0].pk
        for card in cards
    ]
    RateZone.objects.filter(card__in=written).delete()
    told = [(pk, zone) for pk, card in zip(written, cards, strict=True) for zone in card.zones]
    zones = RateZone.objects.bulk_create(
        RateZone(card_id=pk, code=zone.code, countries=list(zone.countries), prefixes=list(zone.prefixes))
        for pk, zone in told
    )
    RateBreak.objects.bulk_create(
        RateBreak(zone=made, max_grams=grams, cents=cents, days_min=low, days_max=high)
        for made, (_pk, zone) in zip(zones, told, strict=True)
        for grams, cents, low, high in zone.breaks
    )
    return written
