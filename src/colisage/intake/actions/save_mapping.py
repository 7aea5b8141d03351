"""Saving which column of a channel's files holds what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.intake.actions.judge_columns import judge_columns
from colisage.intake.models import ColumnMapping
from colisage.intake.queries.mappings import mapping_mark, mapping_of
from colisage.kit.actors import Actor
from colisage.kit.answers import there
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.kit.marks import expect_seen


class MappingNameTaken(Refused):
    """A channel's mappings are told apart by their names."""

    code = "mapping_name_taken"
    text = _("There is a mapping of that name already for this sales channel.")


@transaction.atomic
def save_mapping(
    merchant_id: int,
    *,
    channel_id: int,
    name: str,
    headers: Sequence[str],
    places: Mapping[str, str],
    options: Mapping[str, Any],
    actor: Actor,
    mapping_id: int | None = None,
    seen: str = "",
) -> int:
    """Save a mapping under a name, new or in the place of `mapping_id`; give its id. Files on their way keep theirs.

    Who writes by what a page showed says so with `seen`, the `mapping_mark` of then: `SavedMeanwhile` is raised when it
    reads otherwise now. Raises `BadColumns`, `MappingNameTaken`, and `NotThere` for another merchant's.
    """
    pointed_at, said = judge_columns(places, columns=headers, options=options)
    told = {
        "name": name,
        "headers": list(headers),
        "places": pointed_at,
        "options": said,
        "by_name": str(actor)[:150],
        "saved_at": timezone.now(),
    }
    if mapping_id is not None:
        expect_seen(seen, mapping_mark(there(mapping_of([merchant_id], mapping_id=mapping_id, locked=True))))
    of_channel = ColumnMapping.objects.filter(merchant_id=merchant_id, channel_id=channel_id)
    if of_channel.filter(name=name).exclude(pk=mapping_id or 0).exists():
        raise MappingNameTaken
    if mapping_id is None:
        mapping_id = ColumnMapping.objects.create(merchant_id=merchant_id, channel_id=channel_id, **told).pk
    elif not of_channel.filter(pk=mapping_id).update(**told):
        raise NotThere
    deed = Deed("mapping", mapping_id, "mapping_saved", {"name": name}, merchant_id=merchant_id)
    record_deeds([deed], actor=actor)
    return mapping_id
