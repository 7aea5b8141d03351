from django.db import transaction
from django.utils import timezone

from colisage.inventory.models import TagRead, TagReader
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.network.queries import bins_of


@transaction.atomic
def ask_reader(operator_id: int, *, reader_id: int, actor: Actor, read: bool = False, bin_code: str = "") -> int | None:
    """Have a worker ask a reader how it is, or read the tags of a bin; give the id of the read that is coming.

    The reader is asked outside any transaction, after this one.
    """
    from colisage.inventory.tasks import ask_tag_reader, read_tags  # noqa: PLC0415 -- a task names its action as well

    reader = TagReader.objects.filter(operator_id=operator_id, pk=reader_id, active=True).first()
    if reader is None:
        raise NotThere
    if not read:
        TagReader.objects.filter(pk=reader.pk).update(state="asked", tried_at=timezone.now())
        ask_tag_reader.defer(reader_id=reader.pk)
        return None
    code = bin_code.strip().upper()
    place = (
        next((one.id for one in bins_of(reader.node_id) if one.code.upper() == code), None) if code else reader.place_id
    )
    if place is None:
        raise NotThere
    made = TagRead.objects.create(
        operator_id=operator_id, node_id=reader.node_id, place_id=place, reader=reader, state="reading",
        made_by=str(actor)[:150],
    )  # fmt: skip
    read_tags.defer(read_id=made.pk)
    return made.pk
