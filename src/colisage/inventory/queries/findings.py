"""What later steps found on a lot, through the port that they fill."""

from collections.abc import Collection

from django.conf import settings
from django.utils.module_loading import import_string

from colisage.inventory.ports import LotFinding, LotFindings


def findings_of(merchant_ids: Collection[int], *, lot_id: int) -> list[LotFinding]:
    """Give what was found on a lot by whatever step looks at goods, the latest first."""
    found: list[LotFinding] = []
    for name in settings.COLISAGE_LOT_FINDINGS:
        ask: LotFindings = import_string(name)
        found += ask(merchant_ids, lot_id=lot_id)
    return sorted(found, key=lambda one: one.at, reverse=True)
