"""Removing a saved mapping of columns."""

from django.db import transaction

from colisage.intake.models import ColumnMapping
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def remove_mapping(merchant_id: int, *, mapping_id: int, actor: Actor) -> None:
    """Remove a mapping; files that were read by it stay as they are. Raises `NotThere`."""
    found = ColumnMapping.objects.filter(merchant_id=merchant_id, pk=mapping_id)
    name = found.values_list("name", flat=True).first()
    if name is None:
        raise NotThere
    found.delete()
    record_deeds([Deed("mapping", mapping_id, "mapping_removed", {"name": name}, merchant_id=merchant_id)], actor=actor)
