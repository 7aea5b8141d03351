"""Units of a cancelled order leave the bench: movement, end of the promise and the floor's list in one breath."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from colisage.inventory.actions.unpick_units import Unpick, unpick_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.picking.models import PutBack
from colisage.picking.queries.put_back import Lying


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where units go from the bench and why, on a document that a person fills in; `missing` ones are written off."""

    place_id: int
    place: str
    reason: str
    document: int
    condition: str = "sellable"
    missing: bool = False


@transaction.atomic
def clear_bench(one: Lying, *, units: int, way: Way, actor: Actor) -> int:
    """Take units of a claimed put-back off the bench; give how many are left. A document counts once."""
    moved = unpick_units(
        one.merchant_id,
        [
            Unpick(
                owner_id=one.owner_id, cell_id=one.cell_id, qty=units, place_id=way.place_id,
                condition=way.condition, reason=way.reason, doc_kind="put_back", doc_id=one.task_id,
                doc_line=way.document,
            )
        ],
        owner_kind=one.owner_kind,
        actor=actor,
    )  # fmt: skip
    if not moved:
        return one.left
    left = one.left - units
    done = {} if left else {"done_at": timezone.now(), "done_by": str(actor)[:150]}
    column = "missing" if way.missing else "back"
    PutBack.objects.filter(pk=one.id).update(**{column: F(column) + units}, **done)
    verb = "put_back_missing" if way.missing else "units_put_back"
    told = {"units": units, "place": way.place, "reason": way.reason}
    record_deeds(
        [Deed("order", one.order_id, verb, told, merchant_id=one.merchant_id, operator_id=one.operator_id)],
        actor=actor,
    )
    return left
