"""Saying what may be done with lots: all their units change condition, wherever they lie, in one set of movements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Case, Q, When
from django.utils import timezone

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.turn_lots import turn_lots
from colisage.inventory.models import Lot
from colisage.inventory.rules.lots import CONDITION, ReasonMissing, UnknownStatus, refuse_status, too_near
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def set_lot_status(
    merchant_id: int,
    *,
    lot_ids: Collection[int],
    status: str,
    reason: str,
    actor: Actor,
    by_manager: bool = False,
    today: date | None = None,
) -> int:
    """Hold, recall, expire or free lots; give how many units changed their condition by it.

    All sellable units of a lot, in every bin of every node, become `held` (or `expired`) in one set of movements, and
    exactly those become sellable again when it is freed: units that are damaged, or in quarantine for a reason of
    their own, stay as they are. Pickers lose what was bound to them, the last promises are demoted, and both are told.
    What a picker took already is on the bench, and on the page of the lot. A bin that is being counted is no exception,
    its count goes on. Lots that have the status are left alone.

    A lot freed though fewer days are left than its SKU must keep is sold to the end: only its date blocks it again.

    Raises `RecallStands` when a recall would end without a manager, `PastItsDate` when an expired lot would be freed.
    `today` is the day at the merchant. The number of statements does not depend on the number of lots.
    """
    if status not in CONDITION:
        raise UnknownStatus
    if not reason.strip():
        raise ReasonMissing
    known = Lot.objects.filter(merchant_id=merchant_id, pk__in=lot_ids)
    lock_free(set(known.values_list("sku_id", flat=True)))
    lots = list(known.select_related("sku").select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if len(lots) < len(set(lot_ids)):
        raise NotThere
    changing = [lot for lot in lots if lot.status != status]
    day = today or timezone.localdate()
    for lot in changing:
        refuse_status(
            lot.code,
            was=lot.status,
            becomes=status,
            expires_on=lot.expires_on,
            today=day,
            by_manager=by_manager,
        )
    late = [lot.pk for lot in changing if too_near(lot.expires_on, days=lot.sku.days_left, today=day)]
    known.filter(pk__in=[lot.pk for lot in changing]).update(
        status=status,
        sold_to_the_end=Case(When(Q(pk__in=late) & Q(expires_on__gte=day), then=status == "approved"), default=False),
    )
    moved = turn_lots(changing, status=status, actor=actor)
    _record(changing, status=status, reason=reason.strip()[:200], moved=moved, actor=actor)
    return sum(moved.values())


def _record(lots: Sequence[Lot], *, status: str, reason: str, moved: Mapping[int, int], actor: Actor) -> None:
    record_deeds(
        (
            Deed(
                "lot",
                lot.pk,
                "lot_status_set",
                {"from": lot.status, "to": status, "reason": reason, "units": moved.get(lot.pk, 0)},
                merchant_id=lot.merchant_id,
            )
            for lot in lots
        ),
        actor=actor,
    )
