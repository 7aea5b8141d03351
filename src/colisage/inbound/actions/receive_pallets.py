"""Taking announced pallets and cartons in whole, as a program says: each by its SSCC, judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inbound.actions.lock_expected import lock_expected
from colisage.inbound.actions.receive_pallet import receive_pallet
from colisage.inbound.models import AnnouncedLine
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused


@transaction.atomic
def receive_pallets(merchant_id: int, ssccs: Sequence[str], *, actor: Actor) -> list[Refused | int]:
    """Take in what is missing of pallets as they were announced; give the units of each, or why it was refused.

    See `receive_pallet`. The same SSCC again is refused: nothing is missing any more.
    """
    told = AnnouncedLine.objects.filter(merchant_id=merchant_id)
    lines = told.filter(sscc__in=ssccs) | told.filter(pallet_sscc__in=ssccs)
    lock_expected(merchant_id, announcement_ids=set(lines.values_list("announcement_id", flat=True)))
    lock_free(set(lines.values_list("sku_id", flat=True)))
    return each(ssccs, lambda sscc: receive_pallet(merchant_id, sscc=sscc, actor=actor))
