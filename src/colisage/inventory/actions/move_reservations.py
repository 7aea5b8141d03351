from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.inventory.actions.reserve import lock_free, raise_ahead
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Allocation, Reservation
from colisage.inventory.rules.relocating import Asked, Standing, relocate
from colisage.kit.events import tell
from colisage.kit.statements import statement


@dataclass(frozen=True, slots=True)
class Relocation:
    """Units of one open reservation that shall be held at another node."""

    reservation_id: int
    node_id: int
    qty: int


@transaction.atomic
def move_reservations(
    relocations: Sequence[Relocation], *, bundles: Mapping[int, int] | None = None
) -> dict[tuple[int, int], int]:
    """Hold units at the nodes that sourcing chose instead; give the reservation now held, by (old id, node).

    A relocation whose units are not free at its node any more is left where it was, and so is one that is bound to a
    bin already. Part of a reservation may move: it becomes a reservation of its own. What one owner is promised of
    several SKUs is a bundle, of so many sets by `bundles` (owner id to sets; one, where it does not say): whole sets
    move together, or stay. The number of statements does not depend on the number of relocations.
    """
    rows = _lock(relocations)
    free = lock_free({row.sku_id for row in rows.values()})
    rows = _lock(relocations, locked=True)
    bound = set(Allocation.objects.filter(reservation__in=rows, open=True).values_list("reservation_id", flat=True))
    standing = [
        Standing(
            pk, (row.owner_kind, row.owner_id), row.sku_id, row.node_id, row.qty, row.state == "held", row.buffer,
            fixed=pk in bound or row.state == "picked",
        )
        for pk, row in rows.items()
    ]  # fmt: skip
    done = relocate(
        [Asked(one.reservation_id, one.node_id, one.qty) for one in relocations],
        standing=standing,
        free=free,
        sets=bundles or {},
    )
    _balance(done, rows=rows)
    return _rewrite(done, rows=rows)


def _lock(relocations: Sequence[Relocation], *, locked: bool = False) -> dict[int, Reservation]:
    """Give all open promises of the owners of these; locked in key order, once their availability is."""
    asked = Reservation.objects.filter(pk__in={one.reservation_id for one in relocations})
    owners: dict[str, set[int]] = {}
    for kind, owner in asked.values_list("owner_kind", "owner_id"):
        owners.setdefault(kind, set()).add(owner)
    found: dict[int, Reservation] = {}
    for kind, ids in sorted(owners.items()):
        theirs = Reservation.objects.filter(
            owner_kind=kind, owner_id__in=ids, state__in=["held", "waiting", "ahead", "picked"]
        ).order_by("pk")
        found |= {row.pk: row for row in (theirs.select_for_update(no_key=True) if locked else theirs)}
    return found


def _stays(one: Asked, row: Reservation) -> bool:
    return row.state == "held" and row.node_id == one.node_id


def _balance(done: Sequence[Asked], *, rows: Mapping[int, Reservation]) -> None:
    """Raise what is reserved where units go, lower it where they leave, and tell those who wait there."""
    delta: Counter[tuple[int, int]] = Counter()
    ahead: Counter[tuple[int, int]] = Counter()
    freed: Counter[tuple[int, int, int]] = Counter()
    for one in done:
        row = rows[one.promise_id]
        if _stays(one, row):
            continue
        delta[row.sku_id, one.node_id] += one.qty
        if row.state == "ahead" and row.node_id is not None:
            ahead[row.sku_id, row.node_id] -= one.qty
        if row.state == "held" and row.node_id is not None:
            delta[row.sku_id, row.node_id] -= one.qty
            freed[row.merchant_id, row.sku_id, row.node_id] += one.qty
    raise_ahead(ahead)
    keys = sorted(key for key, qty in delta.items() if qty)
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[0] for k in keys], [k[1] for k in keys], [delta[k] for k in keys]],
        )
    tell(SellableGrew(merchant_id=m, sku_id=s, node_id=n, qty=q) for (m, s, n), q in freed.items())


def _rewrite(done: Sequence[Asked], *, rows: Mapping[int, Reservation]) -> dict[tuple[int, int], int]:
    """Put units on their nodes: the row itself when it is what is left of it, else a new one."""
    left = {pk: row.qty for pk, row in rows.items()}
    moved = {(one.promise_id, one.node_id): one.promise_id for one in done if _stays(one, rows[one.promise_id])}
    home: dict[int, int | None] = {}
    parts: list[Asked] = []
    for one in done:
        if _stays(one, rows[one.promise_id]):
            continue
        left[one.promise_id] -= one.qty
        if left[one.promise_id]:
            home.setdefault(one.promise_id, None)
            parts.append(one)
        else:
            left[one.promise_id], home[one.promise_id] = one.qty, one.node_id
            moved[one.promise_id, one.node_id] = one.promise_id
    made = Reservation.objects.bulk_create(_part(rows[one.promise_id], one) for one in parts)
    moved |= {(one.promise_id, one.node_id): row.pk for one, row in zip(parts, made, strict=True)}
    ids = sorted(home)
    with connection.cursor() as db:
        db.execute(statement("inventory", "relocate"), [ids, [left[pk] for pk in ids], [home[pk] for pk in ids]])
    return moved


def _part(row: Reservation, one: Asked) -> Reservation:
    return Reservation(
        merchant_id=row.merchant_id, owner_kind=row.owner_kind, owner_id=row.owner_id, sku_id=row.sku_id,
        node_id=one.node_id, qty=one.qty, state="held", priority=row.priority, turn=row.turn, since=row.since,
        buffer=row.buffer, expires_at=row.expires_at,
    )  # fmt: skip
