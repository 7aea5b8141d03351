from collections import Counter
from collections.abc import Collection, Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from colisage.kit.statements import rows, statement
from colisage.shipping.models import Shipment
from colisage.shipping.ports import Bought
from colisage.shipping.rules import s10

Key = tuple[int, int]  # operator, carrier


@transaction.atomic
def draw_numbers(shipment_ids: Collection[int]) -> dict[int, Bought]:
    """Give the parcels of shipments a tracking number each, from the operator's range for the carrier.

    Without a range the numbers are a specimen's. When a range runs out, the shipments that come last get none and are
    left out. Four statements.
    """
    wanted: dict[int, tuple[Key, int]] = {
        pk: ((operator, carrier), parcels)
        for pk, operator, carrier, parcels in Shipment.objects.filter(pk__in=shipment_ids)
        .order_by("pk")
        .values_list("pk", "operator_id", "carrier_id", "parcels")
        if carrier is not None
    }
    many: Counter[Key] = Counter()
    for key, parcels in wanted.values():
        many[key] += parcels
    with connection.cursor() as db:
        ranged = _from_ranges(db, many)
        unranged = sum(n for key, n in many.items() if key not in ranged)
        db.execute(statement("shipping", "draw_specimens"), [unranged])
        specimens = iter([s10(row[0]) for row in db.fetchall()])
    given: dict[int, Bought] = {}
    for pk, (key, parcels) in wanted.items():
        numbers = tuple(number for _, number in zip(range(parcels), ranged.get(key, specimens), strict=False))
        if len(numbers) == parcels:
            given[pk] = Bought("", numbers, specimen=key not in ranged)
    return given


def _from_ranges(db: CursorWrapper, many: Counter[Key]) -> dict[Key, Iterator[str]]:
    """Draw as many numbers as are wanted of each range, or as are left."""
    keys = sorted(many)
    db.execute(statement("shipping", "ranges_of"), [[key[0] for key in keys], [key[1] for key in keys]])
    found, drawn = {}, []
    for pk, operator, carrier, prefix, country, following, last in db.fetchall():
        end = min(following + many[operator, carrier], last + 1)
        drawn.append({"id": pk, "next": end})
        found[operator, carrier] = iter([s10(n, prefix=prefix, country=country) for n in range(following, end)])
    db.execute(statement("shipping", "draw_numbers"), [rows(drawn)])
    return found
