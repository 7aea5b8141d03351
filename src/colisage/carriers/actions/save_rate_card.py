"""Writing a rate card: its carrier and service are made when they are new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from colisage.carriers.actions.write_rate_cards import CardFacts, write_rate_cards
from colisage.carriers.models import Carrier, Service
from colisage.carriers.rules import ZoneRow

__all__ = ["CardRow", "ZoneRow", "save_rate_card"]


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
    [card] = write_rate_cards(
        [
            CardFacts(
                service_id=service.pk,
                operator_id=row.operator_id,
                from_country=row.from_country,
                currency=row.currency,
                valid_from=row.valid_from,
                source=row.source,
                zones=row.zones,
            )
        ]
    )
    return card
