"""The end of a round: compared with the books, and posted, counted again or left to a manager."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_across
from colisage.inventory.actions.note_units import going
from colisage.inventory.actions.post_count import post_count
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import CountFinding, CountRound, CountTask
from colisage.inventory.queries.counting import book_of, counted_before, limits_at, noted_in, skus_to_compare, strays_in
from colisage.inventory.rules.counting import Compared, Judged, Sort, compare, verdict
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused


class NothingNoted(Refused):
    """A count without a single unit is a claim of its own: the bin is empty."""

    code = "nothing_noted"
    text = _("You have noted nothing. If the bin is empty, say so.")


@transaction.atomic
def finish_count(operator_id: int, *, round_id: int, actor: Actor, empty: bool = False) -> str:
    """End a round; give the state of its bin's count: `recount`, `counted` (a manager decides) or `approved` (posted).

    The bin is free again. Finishing twice is harmless: the second gives what came of the first. `empty` says that
    nothing lies there; without it a round in which nothing was noted is refused.
    """
    task = (
        CountTask.objects.select_for_update(no_key=True)
        .filter(operator_id=operator_id, pk__in=CountRound.objects.filter(pk=round_id).values("task_id"))
        .first()
    )
    if task is None:
        raise NotThere
    if CountRound.objects.filter(pk=round_id, finished_at__isnull=False).exists():
        return task.state
    begun = going(operator_id, round_id=round_id, actor=actor)
    lock_free(
        skus_to_compare(task.place_id, round_id=begun.pk)
    )  # a lot may be held just now: what is compared agrees on it
    noted, strays = noted_in(begun.pk), strays_in(begun.pk)
    if not noted and not strays and not empty:
        raise NothingNoted
    found = compare(book_of(task.place_id), noted=noted)
    values = _values(found)
    state = _judge(task, number=begun.number, found=found, values=values, strays=strays)
    now = timezone.now()
    CountFinding.objects.bulk_create(_finding(task, begun.number, sort, one, values) for sort, one in found.items())
    CountRound.objects.filter(pk=begun.pk).update(finished_at=now)
    settled = state == "approved"
    CountTask.objects.filter(pk=task.pk).update(
        state=state,
        rounds=begun.number,
        strays=strays,
        counted_at=now,
        right=all(not one.difference for one in found.values()) if settled else None,
        decided_at=now if settled else None,
    )
    if settled:
        post_count(task.pk, number=begun.number, actor=actor)
    said = {"number": begun.number, "state": state}
    record_deeds([Deed("count_task", task.pk, "count_finished", said, operator_id=operator_id)], actor=actor)
    return state


def _values(found: Mapping[Sort, Compared]) -> dict[int, int]:
    """Give what one unit of each SKU is worth, in cents: at cost, at price where the cost is not known."""
    skus = skus_across({sort.merchant_id for sort in found}, ids={sort.sku_id for sort in found})
    return {pk: sku.cost_cents or sku.price_cents for pk, sku in skus.items()}


def _judge(
    task: CountTask, *, number: int, found: Mapping[Sort, Compared], values: Mapping[int, int], strays: int
) -> str:
    return verdict(
        [Judged(sort.merchant_id, one.difference, values.get(sort.sku_id, 0)) for sort, one in found.items()],
        limits=limits_at(task.node_id, merchant_ids={sort.merchant_id for sort in found}),
        counted={sort: one.counted for sort, one in found.items() if one.counted},
        before=counted_before(task.pk, number=number - 1),
        strays=bool(strays),
    )


def _finding(task: CountTask, number: int, sort: Sort, one: Compared, values: Mapping[int, int]) -> CountFinding:
    return CountFinding(
        operator_id=task.operator_id,
        merchant_id=sort.merchant_id,
        task=task,
        number=number,
        sku_id=sort.sku_id,
        lot_id=sort.lot_id,
        owner_id=sort.owner_id,
        condition=sort.condition,
        expected=one.expected,
        counted=one.counted,
        unit_cents=values.get(sort.sku_id, 0),
    )
