"""Counts as the screens show them: what is to count, what waits for a manager, and what came of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from msgspec import Struct

from colisage.catalog.queries import SkuFacts, skus_across
from colisage.inventory.models import (
    Condition,
    Count,
    CountFinding,
    CountLine,
    CountRound,
    CountRule,
    CountStray,
    CountTask,
    Lot,
)
from colisage.kit.narrowing import RowCount
from colisage.people.queries import Party

Task = CountTask


@dataclass(frozen=True, slots=True)
class Row:
    """A count of a bin, as lists show it: who counted, and how far from the books the last count was."""

    task: Task
    people: tuple[str, ...]  # who finished a count, in turn
    going: CountRound | None
    over: int  # units too many
    short: int  # units missing
    cents: dict[str, int]  # what they are worth, by currency


def tasks(operator_ids: Collection[int], *, states: Sequence[str], after: int = 0, size: int = 50) -> list[Task]:
    """Give counts of bins in some states, the eldest first, and one more when there are more."""
    rows = CountTask.objects.filter(operator__in=operator_ids, state__in=states, pk__gt=after)
    return list(rows.select_related("place", "node", "count").order_by("pk")[: size + 1])


def settled(operator_ids: Collection[int], *, before: int = 0, size: int = 50) -> list[Task]:
    """Give counts that ended, the latest first, and one more when there are more."""
    rows = CountTask.objects.filter(operator__in=operator_ids, state__in=["approved", "rejected"])
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows.select_related("place", "node", "count").order_by("-pk")[: size + 1])


def how_many(operator_ids: Collection[int]) -> dict[str, int]:
    """Give the number of counts to do, and of those to approve, no further than anybody needs to know."""
    rows = CountTask.objects.filter(operator__in=operator_ids)
    to_do, counted = rows.filter(state__in=["open", "counting", "recount"]), rows.filter(state="counted")
    return {"to_do": RowCount.of(to_do), "counted": RowCount.of(counted)}


def rows_of(found: Sequence[Task], *, merchant_ids: Collection[int]) -> list[Row]:
    """Give what lists say of counts, in two statements however many."""
    people: dict[int, list[str]] = defaultdict(list)
    going: dict[int, CountRound] = {}
    for one in CountRound.objects.filter(task__in=found, dropped=False).order_by("task_id", "number"):
        if one.finished_at:
            people[one.task_id].append(one.person_name)
        else:
            going[one.task_id] = one
    last = {task.pk: task.rounds for task in found}
    sums: dict[int, tuple[Counter[bool], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    findings = CountFinding.objects.filter(task__in=found, merchant__in=merchant_ids).values_list(
        "task_id", "number", "expected", "counted", "unit_cents", "merchant__currency"
    )
    for pk, number, expected, counted, cents, currency in findings:
        if number == last[pk] and expected != counted:
            sums[pk][0][counted > expected] += abs(counted - expected)
            sums[pk][1][currency] += abs(counted - expected) * cents
    return [
        Row(t, tuple(people[t.pk]), going.get(t.pk), sums[t.pk][0][True], sums[t.pk][0][False], dict(sums[t.pk][1]))
        for t in found
    ]


def task_at(operator_ids: Collection[int], *, task_id: int) -> Task | None:
    """Find the count of a bin, of these operators."""
    rows = CountTask.objects.filter(operator__in=operator_ids, pk=task_id)
    return rows.select_related("place", "node", "count", "operator").first()


def operators_of_tasks(operator_ids: Collection[int], *, task_ids: Collection[int]) -> dict[int, int]:
    """Give which of these operators have counts of bins; those of others are left out."""
    rows = CountTask.objects.filter(operator__in=operator_ids, pk__in=task_ids)
    return dict(rows.values_list("pk", "operator_id"))


def count_at(operator_ids: Collection[int], *, count_id: int) -> Count | None:
    """Find a count of several bins."""
    return Count.objects.filter(operator__in=operator_ids, pk=count_id).select_related("node").first()


def tasks_of(count_id: int, *, after: int = 0, size: int = 100) -> list[Task]:
    """Give the bins of a count along the walk, and one more when there are more."""
    rows = CountTask.objects.filter(count_id=count_id).select_related("place", "node", "count")
    if after:
        last = CountTask.objects.filter(pk=after).values_list("place__walk", flat=True).first() or 0
        rows = rows.filter(Q(place__walk__gt=last) | Q(place__walk=last, pk__gt=after))
    return list(rows.order_by("place__walk", "pk")[: size + 1])


def task_of_bin(operator_ids: Collection[int], *, code: str) -> Task | None:
    """Find the count that waits at a bin, by what stands on its plate, in any case."""
    rows = CountTask.objects.filter(operator__in=operator_ids, place__code__iexact=code)
    rows = rows.filter(state__in=["open", "counting", "recount", "counted"])
    return rows.select_related("place", "node").order_by("pk").first()


@dataclass(frozen=True, slots=True)
class ToCount:
    """What is to count on the floor: what the person counts now, and a page of what else waits.

    `waiting` counts all that waits, not only this page; `next` says after which the next page begins.
    """

    mine: list[Row]
    rows: list[Row]
    waiting: int
    next: int | None


def to_count(operator_ids: Collection[int], *, person_id: int, after: int = 0, size: int = 100) -> ToCount:
    """Give what is to count on the floor, along the walk of each node; a constant number of statements.

    By place, of which each has one count at most: where many wait, a page is read along the index of the places.
    """
    along = ("place__node_id", "place__walk", "place_id")
    going = CountRound.objects.filter(person_id=person_id, finished_at=None, dropped=False)
    every = CountTask.objects.filter(operator__in=operator_ids, state__in=["open", "counting", "recount"])
    every = every.select_related("place", "node", "count")
    mine = list(every.filter(pk__in=going.values("task_id")).order_by(*along))
    others = every.exclude(pk__in=[task.pk for task in mine])
    rows, last = others, CountTask.objects.filter(operator__in=operator_ids, pk=after)
    for node, walk, place in last.values_list(*along):
        at_walk = Q(place__walk__gt=walk) | Q(place__walk=walk, place_id__gt=place)
        rows = others.filter(Q(place__node_id__gt=node) | Q(place__node_id=node) & at_walk, place__node_id__gte=node)
    found = list(rows.order_by(*along)[: size + 1])
    shown = rows_of([*mine, *found[:size]], merchant_ids=())
    further_on = found[size - 1].pk if len(found) > size else None
    return ToCount(shown[: len(mine)], shown[len(mine) :], RowCount.of(others), further_on)


def rounds_of(task_id: int) -> list[CountRound]:
    """Give the rounds of a count that were not left, in turn."""
    return list(CountRound.objects.filter(task_id=task_id, dropped=False).order_by("number"))


def my_round(task_id: int, *, person_id: int) -> CountRound | None:
    """Give the round that a person counts in now."""
    rows = CountRound.objects.filter(task_id=task_id, person_id=person_id, finished_at=None, dropped=False)
    return rows.first()


@dataclass(frozen=True, slots=True)
class Noted:
    """What a counter noted of one sort. Never what the books say."""

    line: CountLine
    sku: SkuFacts
    lot: str


def lines_of_round(round_id: int, *, merchant_ids: Collection[int]) -> list[Noted]:
    """Give what was noted in a round, the latest sort first."""
    rows = list(CountLine.objects.filter(round_id=round_id, qty__gt=0).select_related("lot").order_by("-pk"))
    skus = skus_across(merchant_ids, ids={row.sku_id for row in rows})
    return [Noted(row, skus[row.sku_id], row.lot.code if row.lot else "") for row in rows if row.sku_id in skus]


def stray_codes(round_id: int) -> list[tuple[str, int]]:
    """Give the codes nobody knows that were noted in a round, with their units."""
    rows = CountStray.objects.filter(round_id=round_id, qty__gt=0).order_by("-pk")
    return list(rows.values_list("code", "qty"))


@dataclass(slots=True)
class Beside:
    """One sort in a bin: what the books expected, and what each count found, side by side."""

    sku: SkuFacts
    lot: str
    condition: str
    owner_id: int | None
    expected: int  # when the last count ended
    counted: list[int]
    unit_cents: int
    merchant: str
    currency: str

    @property
    def difference(self) -> int:
        """Give what the last count found beyond the books."""
        return self.counted[-1] - self.expected

    @property
    def cents(self) -> int:
        """Give what the difference is worth."""
        return self.difference * self.unit_cents


def beside(task: Task, *, merchants: Mapping[int, Party]) -> list[Beside]:
    """Give the finished counts of a bin beside the books, what differs most first; three statements."""
    rows = list(CountFinding.objects.filter(task=task, merchant__in=merchants).order_by("number", "pk"))
    skus = skus_across(merchants, ids={row.sku_id for row in rows})
    lots = dict(Lot.objects.filter(pk__in={row.lot_id for row in rows if row.lot_id}).values_list("pk", "code"))
    words = dict(Condition.choices)
    found: dict[tuple[object, ...], Beside] = {}
    for row in rows:
        key = (row.sku_id, row.lot_id, row.condition, row.owner_id)
        if key not in found:
            lot = lots.get(row.lot_id or 0, "")
            whose = merchants[row.merchant_id]
            found[key] = Beside(
                skus[row.sku_id], lot, str(words[row.condition]), row.owner_id, 0, [0] * task.rounds, row.unit_cents,
                whose.name, whose.currency,
            )  # fmt: skip
        found[key].counted[row.number - 1] = row.counted
        if row.number == task.rounds:
            found[key].expected = row.expected
    return sorted(found.values(), key=lambda b: (-abs(b.cents), -abs(b.difference), b.sku.code))


def rules_at(operator_ids: Collection[int]) -> list[CountRule]:
    """Give the limits set at nodes, the node's own before those of merchants."""
    rows = CountRule.objects.filter(operator__in=operator_ids).select_related("node", "merchant")
    return list(rows.order_by("node__name", "merchant__name"))


class LimitsOut(Struct, frozen=True, kw_only=True):
    """How far a count at a node may be from the books: of your goods, or (`usual`) where there are no limits of yours.

    Further than `tolerance` units of a SKU: somebody else counts again. Above `limit_units` or `limit_cents` of a bin:
    it waits for a decision. A bin whose counter does not come back is free after `idle_hours`, the shortest of a node.
    """

    node: str
    usual: bool
    tolerance: int
    limit_units: int
    limit_cents: int
    idle_hours: int


class LimitsListOut(Struct, frozen=True, kw_only=True):
    """The limits set at a merchant's own warehouses, node by node, in minor units of `currency`."""

    currency: str
    items: list[LimitsOut]


def limits_told(rules: Sequence[CountRule], *, currency: str) -> LimitsListOut:
    """Tell limits, which come with their nodes; no statement."""
    same = ("tolerance", "limit_units", "limit_cents", "idle_hours")
    items = [
        LimitsOut(node=r.node.code, usual=r.merchant_id is None, **{name: getattr(r, name) for name in same})
        for r in rules
    ]
    return LimitsListOut(currency=currency, items=items)


class OpenBinOut(Struct, frozen=True, kw_only=True):
    """A bin that is to be counted (`open`), is being counted (`counting`), or is to be counted again (`recount`).

    `why` it was chosen: hand, tags, or by what its plan made it due. `rounds`: how often it was counted. What is
    expected in it is not told.
    """

    id: int
    count_id: int
    node: str
    bin: str
    why: str
    state: str
    rounds: int


class OpenBinPageOut(Struct, frozen=True, kw_only=True):
    """A page of bins that are to be counted, the eldest first; `next` is the `page` that follows, null on the last."""

    items: list[OpenBinOut]
    next: int | None


def open_told(found: Sequence[Task]) -> list[OpenBinOut]:
    """Tell bins that are to be counted, which come with place and node; no statement."""
    return [
        OpenBinOut(
            id=t.pk, count_id=t.count_id, node=t.node.code, bin=t.place.code, why=t.why, state=t.state, rounds=t.rounds
        )
        for t in found
    ]  # fmt: skip


class FindingOut(Struct, frozen=True, kw_only=True):
    """Units of one sort that were counted, beside what the books expected then; `cents` is the value of one."""

    sku: str
    lot: str
    condition: str
    expected: int
    counted: int
    cents: int


class CountedBinOut(Struct, frozen=True, kw_only=True):
    """The count of a bin in which goods of the merchant lay, or were expected: what the last round found of them.

    `state`: counted (it waits for a decision), approved (posted) or rejected.
    """

    id: int
    count_id: int
    node: str
    bin: str
    state: str
    rounds: int
    counted_at: datetime | None
    decided_at: datetime | None
    remark: str
    findings: list[FindingOut]


class CountPageOut(Struct, frozen=True, kw_only=True):
    """A page of counts of bins, the latest first; `next` is the `page` that follows, null on the last."""

    items: list[CountedBinOut]
    next: int | None


def counted_page(
    merchant_id: int,
    *,
    operator_ids: Collection[int],
    node_id: int | None = None,
    state: str = "",
    before: int | None = None,
    size: int = 50,
) -> list[CountedBinOut]:
    """Give one page of counts in which something of a merchant's was found, or missing, and one more; two statements.

    Counts that still go on are left out: who counts again shall not know what was found.
    """
    mine = CountFinding.objects.filter(merchant_id=merchant_id, task=OuterRef("pk"), number=OuterRef("rounds"))
    rows = CountTask.objects.filter(Exists(mine), operator__in=operator_ids)
    rows = rows.filter(state__in=[state] if state else ["counted", "approved", "rejected"])
    if node_id is not None:
        rows = rows.filter(node=node_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("place", "node").order_by("-pk")[: size + 1])
    last = {task.pk: task.rounds for task in found}
    findings: dict[int, list[FindingOut]] = {pk: [] for pk in last}
    lines = CountFinding.objects.filter(merchant_id=merchant_id, task__in=last).order_by("sku__code", "pk")
    facts = ("task_id", "number", "sku__code", "lot__code", "condition", "expected", "counted", "unit_cents")
    for pk, number, sku, lot, condition, expected, counted, cents in lines.values_list(*facts):
        if number == last[pk]:
            one = FindingOut(
                sku=sku, lot=lot or "", condition=condition, expected=expected, counted=counted, cents=cents
            )  # fmt: skip
            findings[pk].append(one)
    return [
        CountedBinOut(
            id=t.pk, count_id=t.count_id, node=t.node.code, bin=t.place.code, state=t.state, rounds=t.rounds,
            counted_at=t.counted_at, decided_at=t.decided_at, remark=t.remark, findings=findings[t.pk],
        )
        for t in found
    ]  # fmt: skip
