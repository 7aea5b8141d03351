"""Plates on docks that a program names, with everything locked that moving them will touch."""

from collections.abc import Collection

from colisage.inbound.actions.put_away_each import lock_bins
from colisage.inbound.models import PlateLoad, Receipt
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.plates import lying_at, plates_with, trees_of


def lock_plates(merchant_id: int, *, codes: Collection[str], bins: Collection[str] = ()) -> dict[str, int]:
    """Lock the receipts on all plates of these codes, then their SKUs, then bins; give the plates by code in capitals.

    The caller is in a transaction.
    """
    plates = plates_with([merchant_id], codes={code.strip().upper() for code in codes})
    trees = [plate.id for plate in trees_of([merchant_id], plate_ids=[plate.id for plate in plates])]
    loads = PlateLoad.objects.filter(plate__in=trees)
    rows = Receipt.objects.filter(pk__in=loads.values("receipt_id")).select_for_update(no_key=True)
    list(rows.order_by("pk").values_list("pk", flat=True))
    lying = lying_at([merchant_id], plate_ids=trees)
    lock_free({one.sku_id for one in lying})
    lock_bins({one.node_id for one in lying}, codes=bins)
    return {plate.code: plate.id for plate in plates}
