"""Keeping the days of what is owed, and telling what is news of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import connection, transaction

from colisage.inventory.queries.owed import Expected
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, tell_deeds
from colisage.kit.statements import ask, rows, statement
from colisage.orders.events import OrderExpected
from colisage.orders.models import Backorder
from colisage.orders.rules import later

AT_ONCE: Final = 5_000  # new days of one statement, which takes 65,535 values


@transaction.atomic(savepoint=False)  # within date_backorders, which does not go on after it failed
def keep_days(
    said: Mapping[int, Expected],
    *,
    heard: Collection[int],
    new: Collection[int],
    causes: Mapping[int, int],
    silent: Collection[int],
) -> None:
    """Keep what is said of order lines where it differs from what is known, and tell it.

    Nobody is told of a line before its own news is `heard`: that its order was accepted, changed, or lost what it held.
    The confirmation of a `new` order tells its day; of others it is news. `causes` are disruptions, by line;
    of those that are `silent` no customer is told, so that what was told before counts on.
    """
    differing = _differing(said, heard=heard)
    orders = sorted({order for _merchant, order in differing.values()})
    known = {row.order_line_id: row for row in Backorder.objects.raw(statement("orders", "backorders_of"), [orders])}
    before = _days(known.values())
    told = _days(known.values(), field="told_on")
    fresh, moved = [], []
    for line, (merchant, order) in differing.items():
        row = known.get(line)
        if row is None:
            one = said[line]
            row = known[line] = Backorder(
                merchant_id=merchant, order_id=order, order_line_id=line, on=one.on, why=one.why, told_on=one.on,
                told=line in heard,
            )  # fmt: skip
            fresh.append(row)
        else:
            _change(row, said.get(line), heard=line in heard)
            moved.append(row)
    touched = {row.order_id for row in (*fresh, *moved) if row.told}
    after = _days(known.values())
    late = {pk for pk in touched if (later(after[pk], told[pk]) if pk in told else pk not in new)}
    for row in moved:
        if row.order_id in late and row.told and causes.get(row.order_line_id) not in silent:
            row.told_on = row.on
    Backorder.objects.bulk_create(fresh, batch_size=AT_ONCE)
    _move(moved)
    _tell(
        {pk: after[pk] for pk in touched},
        before=before,
        late=late,
        known=known,
        causes={row.order_id: causes[row.order_line_id] for row in (*fresh, *moved) if row.order_line_id in causes},
    )


def _differing(said: Mapping[int, Expected], *, heard: Collection[int]) -> dict[int, tuple[int, int]]:
    """Give the merchant and order of the lines whose day is another than is known, or of which nobody was told yet."""
    facts: list[dict[str, Any]] = [
        {"line": line, "on": one.on, "why": one.why, "heard": line in heard} for line, one in sorted(said.items())
    ]
    facts += [{"line": line, "heard": True} for line in sorted(set(heard).difference(said))]
    found = ask("orders", "backorders_differing", [rows(facts)]) if facts else []
    return {line: (merchant, order) for line, merchant, order in found}


def _change(row: Backorder, said: Expected | None, *, heard: bool) -> None:
    """Give a row the day that is said; what waits for its turn keeps the one it has."""
    on = row.on if said is None or said.why == "here" else said.on
    if row.told and row.on != on:
        row.before = row.on
    row.on, row.why = on, said.why if said else row.why
    if not row.told:
        row.told, row.told_on = heard, on


def _move(moved: Collection[Backorder]) -> None:
    if moved:
        facts = [
            {"id": row.pk, "on": row.on, "why": row.why, "before": row.before, "told_on": row.told_on, "told": row.told}
            for row in moved
        ]
        with connection.cursor() as db:
            db.execute(statement("orders", "move_backorders"), [rows(facts)])


def _days(known: Iterable[Backorder], *, field: str = "on") -> dict[int, date | None]:
    """Give the day of each order: the last of its lines' that are told, and none when one of them has none."""
    found: defaultdict[int, list[date | None]] = defaultdict(list)
    for row in known:
        if row.told:
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
    whys = {row.order_id: row.why for row in known.values() if row.told and row.on == after.get(row.order_id)}
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
