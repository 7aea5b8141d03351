"""Removing a saved mapping of columns."""

from django.db import transaction

from colisage.intake.models import ColumnMapping
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def remove_mapping(merchant_id: int, *, mapping_id: int, actor: Actor) -> None:
    """Remove a mapping; files that were read by it stay as they are. Raises `NotThere`.

    What it was for is written down: who was changing it meanwhile may save it anew (`queries.mappings`).
    """
    found = ColumnMapping.objects.filter(merchant_id=merchant_id, pk=mapping_id)
    row = found.values("name", "headers", "channel_id").first()
    if row is None:
        raise NotThere
    found.delete()
    facts = {"name": row["name"], "channel": row["channel_id"], "headers": row["headers"]}
    record_deeds([Deed("mapping", mapping_id, "mapping_removed", facts, merchant_id=merchant_id)], actor=actor)
