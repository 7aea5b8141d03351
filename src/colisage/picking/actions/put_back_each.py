"""Units of cancelled orders, back from the bench as a program says, each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inbound.actions.put_away_each import lock_bins
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.documents import new_document
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.picking.actions.put_units_back import put_units_back
from colisage.picking.actions.write_off_put_back import write_off_put_back
from colisage.picking.models import PutBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Units that went into a `bin`, with the scan of the item; or, without a bin, `why` they are written off."""

    put_back_id: int
    units: int
    bin: str = ""
    item: str = ""
    why: str = ""


@transaction.atomic
def put_back_each(merchant_id: int, backs: Sequence[Back], *, actor: Actor) -> list[Refused | int]:
    """Put units back into bins or write them off, one after another; give how many are left of each, or why not.

    See `put_units_back` and `write_off_put_back`; what speaks against a bin is not overridden here.
    """
    rows = PutBack.objects.filter(merchant_id=merchant_id, pk__in={one.put_back_id for one in backs})
    known = {row.pk: row for row in rows.select_related("task")}
    lock_free({row.task.sku_id for row in known.values()})
    lock_bins({row.node_id for row in known.values()}, codes={one.bin for one in backs if one.bin})

    def put(one: Back) -> int:
        row = known.get(one.put_back_id)
        if row is None:
            raise NotThere
        if one.bin:
            return put_units_back(
                row.operator_id, merchant_id=merchant_id, put_back_id=row.pk, item=one.item, bin_code=one.bin,
                units=one.units, document=new_document(), actor=actor,
            )  # fmt: skip
        return write_off_put_back(
            row.operator_id, merchant_id=merchant_id, put_back_id=row.pk, units=one.units, why=one.why,
            document=new_document(), actor=actor,
        )  # fmt: skip

    return each(backs, put)
