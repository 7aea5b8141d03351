"""What becomes of a read: its bin is counted, or it is put aside. The books change by the count alone."""

from django.db import transaction
from django.db.models import F

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.models import TagRead, TagReadLine
from colisage.inventory.rules.tags import NothingDiffers, ReadIsOver
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def settle_tag_read(operator_id: int, *, read_id: int, count: bool, actor: Actor) -> int | None:
    """Have the bin of a read counted, or put the read aside; give the count's id.

    Raises `NothingDiffers` when a count would find what is in the books, `ReadIsOver` when it was dealt with.
    """
    read = TagRead.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=read_id).first()
    if read is None:
        raise NotThere
    if read.state != "read":
        raise ReadIsOver
    made = None
    if count:
        if not TagReadLine.objects.filter(read=read).exclude(expected=F("seen")).exists():
            raise NothingDiffers
        made = count_bins(operator_id, node_id=read.node_id, bins=[(read.place_id, "tags")], method="tags", actor=actor)
    TagRead.objects.filter(pk=read.pk).update(state="counting" if count else "put_aside", count_id=made)
    deed = Deed("tag_read", read.pk, "tag_read_settled", {"count": made}, operator_id=operator_id)
    record_deeds([deed], actor=actor)
    return made
