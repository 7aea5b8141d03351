from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection, transaction

from colisage.kit.statements import statement
from colisage.shipping.rules import UNSURE_SECONDS


@dataclass(frozen=True, slots=True)
class Claimed:
    """A shipment whose outcome is now unknown; `asked_before` says that the carrier may know its key."""

    shipment_id: int
    asked_before: bool


@transaction.atomic
def claim_shipments(shipment_ids: Collection[int]) -> list[Claimed]:
    """Take shipments to ask their carriers for: from here on the outcome counts as unknown, whatever dies meanwhile.

    One that somebody asks for right now is left out; it is due again when no answer was recorded for a while.
    """
    with connection.cursor() as db:
        db.execute(statement("shipping", "claim_shipments"), {"ids": list(shipment_ids), "unsure": UNSURE_SECONDS})
        return [Claimed(pk, asked_before=not first) for pk, first in db.fetchall()]
