"""A rate card as a file, in the columns the import reads."""

import csv
import io

from colisage.carriers.models import RateCard
from colisage.carriers.queries.cards import grid_of
from colisage.carriers.queries.tariff_file import COLUMNS
from colisage.kit.money import decimal
from colisage.kit.tabular import harmless


def card_csv(card: RateCard) -> str:
    """Write the prices of a card as the import reads them, a weight of a zone on a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    basis = next((basis for basis in ("TTC", "HT") if card.source.endswith(f" · {basis}")), "")
    for zone in grid_of(card.pk).zones:
        for grams, cents, low, high in zone.breaks:
            price = decimal(cents, currency=card.currency)
            days = str(low) if low == high else f"{low}-{high}"
            service, name = harmless(card.service.name), harmless(zone.code)
            writer.writerow([service, name, f"{grams / 1000:g}", price, card.currency, basis, days])
    return out.getvalue()
