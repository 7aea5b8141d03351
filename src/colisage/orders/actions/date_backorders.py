"""Saying when what is owed will be here: looked at whenever what comes, or who waits for it, has changed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from colisage.inbound.events import IncomingChanged
from colisage.inbound.queries.incoming import incoming_of, lead_days_of, standing_of
from colisage.inventory.events import PreorderChanged, ReservationDemoted, TurnsChanged, WaitingServed
from colisage.inventory.queries.owed import (
    Arrival,
    Expected,
    ended_skus,
    expected_of_owed,
    owed_beside,
    owed_skus,
    owners_by_sku,
)
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, tell_deeds
from colisage.kit.statements import rows, statement
from colisage.orders.events import OrderAccepted, OrderCancelled, OrderChanged, OrderExpected
from colisage.orders.models import Backorder, OrderLine
from colisage.orders.rules import later

_Sku = IncomingChanged | PreorderChanged | TurnsChanged | WaitingServed | ReservationDemoted
Heard = _Sku | OrderAccepted | OrderChanged | OrderCancelled
AT_ONCE: Final = 5_000  # new days of one statement, which takes 65,535 values


@transaction.atomic
def date_backorders(events: Sequence[Heard]) -> None:
    """Say anew when what is owed is expected, of the SKUs that these events are about.

    Who is served first is told what comes first. A line that is owed nothing any more has no day any more. Each change
    is told, and written with the day before; the customer's turn is kept with it. The number of statements does not
    depend on the number of events; the same events again change nothing.
    """
    lines = {e.owner_id for e in events if isinstance(e, WaitingServed | ReservationDemoted)}
    orders = {e.order_id for e in events if isinstance(e, OrderAccepted | OrderChanged | OrderCancelled)}
    lines |= set(OrderLine.objects.filter(order__in=orders).values_list("pk", flat=True)) if orders else set()
    skus = {e.sku_id for e in events if isinstance(e, _Sku)}
    skus |= owed_skus("order_line", lines)
    if any(not isinstance(e, IncomingChanged | PreorderChanged | TurnsChanged | OrderAccepted) for e in events):
        skus |= ended_skus("order_line", lines)
    beside = owed_beside(skus) if skus else skus
    known = set(Backorder.objects.filter(order_line__in=lines).values_list("order_line_id", flat=True))
    if not beside and not known:
        return
    with connection.cursor() as db:  # one at a time looks at a SKU: the last to write has seen what the others wrote
        db.execute(statement("orders", "lock_dates"), [sorted(beside)])
    merchants = {e.merchant_id for e in events if e.merchant_id}
    told = expected_of_owed(beside, arrivals=_arrivals(merchants, beside), lead=lead_days_of(beside))
    owed = {owner: said for (kind, owner), said in told.items() if kind == "order_line"}
    new = {e.order_id for e in events if isinstance(e, OrderAccepted)}
    _write(owed, gone=known - owed.keys(), new=new, causes=_causes(events))


def _causes(events: Sequence[Heard]) -> dict[int, int]:
    """Give the disruption because of which what lines are owed comes on another day, where one is the reason."""
    disrupted = {e.sku_id: e.disruption_id for e in events if isinstance(e, IncomingChanged) and e.disruption_id}
    owners = owners_by_sku(disrupted, owner_kind="order_line") if disrupted else {}
    return {line: disruption for sku, disruption in disrupted.items() for line in owners.get(sku, ())}


def _arrivals(merchant_ids: Collection[int], sku_ids: Collection[int]) -> list[Arrival]:
    coming = [one for each in incoming_of(merchant_ids, sku_ids).values() for one in each]
    return [
        Arrival(one.sku_id, one.node_id, one.on, one.qty, one.kind)
        for one in (*coming, *standing_of(merchant_ids, sku_ids))
    ]


def _write(
    owed: Mapping[int, Expected], *, gone: Collection[int], new: Collection[int], causes: Mapping[int, int]
) -> None:
    """Keep what differs from what is known. The confirmation of a `new` order tells its day; of others it is news."""
    heads = {
        pk: (merchant, order)
        for pk, merchant, order in OrderLine.objects.filter(
            pk__in=owed, order__state="open", order__quiet=False
        ).values_list("pk", "merchant_id", "order_id")
    }
    Backorder.objects.filter(order_line__in=gone).delete()
    known = {row.order_line_id: row for row in Backorder.objects.filter(order__in={o for _m, o in heads.values()})}
    before = _days(known.values())
    told = _days(known.values(), field="told_on")
    fresh, moved = [], []
    for line, (merchant, order) in heads.items():
        said = owed[line]
        row = known.get(line)
        if row is None:
            made = Backorder(
                merchant_id=merchant, order_id=order, order_line_id=line, on=said.on, why=said.why, told_on=said.on
            )
            fresh.append(made)
            known[line] = made
        elif (row.on, row.why) != (on := row.on if said.why == "here" else said.on, said.why):
            row.before = row.on if row.on != on else row.before
            row.on, row.why = on, said.why
            moved.append(row)
    touched = {row.order_id for row in (*fresh, *moved)}
    after = _days(known.values())
    late = {pk for pk in touched if (later(after[pk], told[pk]) if pk in told else pk not in new)}
    for row in moved:
        if row.order_id in late:
            row.told_on = row.on
    Backorder.objects.bulk_create(fresh, batch_size=AT_ONCE)
    _move(moved)
    _tell(
        {pk: known_of for pk, known_of in after.items() if pk in touched},
        before=before,
        late=late,
        known=known,
        causes={row.order_id: causes[row.order_line_id] for row in (*fresh, *moved) if row.order_line_id in causes},
    )


def _move(moved: Collection[Backorder]) -> None:
    if moved:
        facts = [
            {"id": row.pk, "on": row.on, "why": row.why, "before": row.before, "told_on": row.told_on} for row in moved
        ]
        with connection.cursor() as db:
            db.execute(statement("orders", "move_backorders"), [rows(facts)])


def _days(known: Collection[Backorder], *, field: str = "on") -> dict[int, date | None]:
    """Give the day of each order: the last of its lines', and none when one of them has none."""
    found: defaultdict[int, list[date | None]] = defaultdict(list)
    for row in known:
        found[row.order_id].append(getattr(row, field))
    return {order: max(filter(None, days)) if all(days) else None for order, days in found.items()}


def _tell(
    after: Mapping[int, date | None],
    *,
    before: Mapping[int, date | None],
    late: Collection[int],
    known: Mapping[int, Backorder],
    causes: Mapping[int, int],
) -> None:
    merchants = {row.order_id: row.merchant_id for row in known.values()}
    whys = {row.order_id: row.why for row in known.values() if row.on == after.get(row.order_id)}
    changed = {pk: on for pk, on in sorted(after.items()) if pk not in before or on != before[pk]}
    tell_deeds(
        [
            OrderExpected(
                merchant_id=merchants[pk], order_id=pk, on=_iso(on), later=pk in late, disruption_id=causes.get(pk)
            )
            for pk, on in changed.items()
        ],
        [
            Deed("order", pk, "order_expected" if on else "order_expected_never", _said(on, before.get(pk), whys[pk]),
                 merchant_id=merchants[pk])
            for pk, on in changed.items()
        ],
        actor=SYSTEM,
    )  # fmt: skip


def _said(on: date | None, before: date | None, why: str) -> dict[str, Any]:
    return {"day": _iso(on), "before": _iso(before), "why": why}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
