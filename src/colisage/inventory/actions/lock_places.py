"""Places about to be filled: one after another."""

from collections.abc import Collection

from django.db import connection

from colisage.kit.statements import statement


def lock_places(place_ids: Collection[int]) -> None:
    """Hold places until the transaction ends, so that nobody else fills them meanwhile: look at their room after this.

    Comes after the availability of all SKUs that move (`lock_free`), and before lots, promises and cells.
    """
    if place_ids:
        with connection.cursor() as db:
            db.execute(statement("inventory", "lock_places"), [sorted(place_ids)])
