"""Giving back some of what an owner is promised; `release` gives back all of it."""

from collections import Counter
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.reserve import ahead_of, lock_free, raise_ahead
from colisage.inventory.events import SellableGrew
from colisage.inventory.models import Allocation, Reservation
from colisage.inventory.rules.giving import Open, Wanted, give_back_from
from colisage.kit.errors import Refused
from colisage.kit.events import tell
from colisage.kit.statements import statement

__all__ = ["Wanted", "give_back"]


class UnitsAreTaken(Refused):
    """The units are bound to bins, picked or gone: they are not given back by a promise."""

    code = "units_are_taken"
    text = _("Some of these units are being picked, or were picked already.")


@transaction.atomic
def give_back(owner_kind: str, wanted: Sequence[Wanted]) -> int:
    """Give back units held or owed to owners, exactly those; give how many had been held.

    Raises `UnitsAreTaken`, and gives nothing back, when fewer stand there that are bound to no bin. The number of
    statements does not depend on the number of units.
    """
    if not wanted:
        return 0
    lock_free({want.sku_id for want in wanted})
    rows = {
        row.pk: row
        for row in Reservation.objects.select_for_update(no_key=True)
        .filter(
            owner_kind=owner_kind,
            owner_id__in={want.owner_id for want in wanted},
            state__in=["held", "waiting", "ahead"],
        )
        .order_by("pk")
    }
    bound = dict(
        Allocation.objects.filter(reservation__in=rows, open=True)
        .values("reservation_id")
        .annotate(n=Sum("qty"))
        .values_list("reservation_id", "n")
    )
    taken = give_back_from(
        wanted,
        standing=[
            Open(pk, row.owner_id, row.sku_id, row.node_id, row.qty - bound.get(pk, 0), row.state)
            for pk, row in rows.items()
        ],
    )
    if taken is None:
        raise UnitsAreTaken
    held = Counter[tuple[int, int, int]]()
    for pk, units in taken.items():
        row = rows[pk]
        if row.state == "held" and row.node_id is not None:
            held[row.sku_id, row.node_id, row.merchant_id] += units
    ended = ((row.merchant_id, row.sku_id, row.node_id, taken.get(pk, 0), row.state) for pk, row in rows.items())
    raise_ahead(ahead_of(ended))
    keys = sorted(held)
    with connection.cursor() as db:
        db.execute(statement("inventory", "give_back"), [list(taken), list(taken.values())])
        db.execute(
            statement("inventory", "raise_reserved"),
            [[k[0] for k in keys], [k[1] for k in keys], [-held[k] for k in keys]],
        )
    tell(SellableGrew(merchant_id=m, sku_id=sku, node_id=node, qty=held[sku, node, m]) for sku, node, m in keys)
    return sum(held.values())
