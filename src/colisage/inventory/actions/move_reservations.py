from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Allocation, Reservation
from colisage.kit.events import tell
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Relocation:
    """Units of one open reservation that shall be held at another node."""

    reservation_id: int
    node_id: int
    qty: int


@transaction.atomic
def move_reservations(relocations: Sequence[Relocation]) -> dict[tuple[int, int], int]:
    """Hold units at the nodes that sourcing chose instead; give the reservation now held, by (old id, node).

    A relocation whose units are not free at its node any more is left where it was, and so is one that is bound to a
    bin already. Part of a reservation may move: it becomes a reservation of its own.
    """
    rows = {r.pk: r for r in Reservation.objects.filter(pk__in={x.reservation_id for x in relocations})}
    free = lock_free({r.sku_id for r in rows.values()})
    bound = Allocation.objects.filter(reservation=OuterRef("pk"), open=True)
    locked = Reservation.objects.select_for_update(no_key=True).filter(
        ~Exists(bound), pk__in=rows, state__in=["held", "waiting"]
    )
    rows = {r.pk: r for r in locked.order_by("pk")}
    delta: Counter[tuple[int, int]] = Counter()
    moved: dict[tuple[int, int], int] = {}
    freed: Counter[tuple[int, int, int]] = Counter()
    for relocation in relocations:
        row = rows.get(relocation.reservation_id)
        if row is None or relocation.qty > row.qty:
            continue
        target = (row.sku_id, relocation.node_id)
        if row.state == "held" and row.node_id == relocation.node_id:
            moved[row.pk, relocation.node_id] = row.pk
            continue
        if free.get(target, 0) - delta[target] - row.buffer < relocation.qty:
            continue
        delta[target] += relocation.qty
        if row.state == "held" and row.node_id is not None:
            delta[row.sku_id, row.node_id] -= relocation.qty
            freed[row.merchant_id, row.sku_id, row.node_id] += relocation.qty
        moved[row.pk, relocation.node_id] = _rewrite(row, node_id=relocation.node_id, qty=relocation.qty)
    keys = sorted(key for key, qty in delta.items() if qty)
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[0] for k in keys], [k[1] for k in keys], [delta[k] for k in keys]],
        )
    tell(SellableGrew(merchant_id=m, sku_id=s, node_id=n, qty=q) for (m, s, n), q in freed.items())
    return moved


def _rewrite(row: Reservation, *, node_id: int, qty: int) -> int:
    """Put units of a reservation on another node: the row itself when it is all of them, else a new one."""
    row.qty -= qty  # what a later relocation of the same batch may still move
    if not row.qty:
        Reservation.objects.filter(pk=row.pk).update(node_id=node_id, state="held")
        return row.pk
    Reservation.objects.filter(pk=row.pk).update(qty=row.qty)
    return Reservation.objects.create(
        merchant_id=row.merchant_id,
        owner_kind=row.owner_kind,
        owner_id=row.owner_id,
        sku_id=row.sku_id,
        node_id=node_id,
        qty=qty,
        state="held",
        priority=row.priority,
        since=row.since,
        buffer=row.buffer,
        expires_at=row.expires_at,
    ).pk
