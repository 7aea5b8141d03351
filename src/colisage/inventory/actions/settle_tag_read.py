"""What becomes of a read: its bin is counted, or it is put aside. The books change by the count alone."""

from django.db import transaction
from django.db.models import F

from colisage.inventory.actions.count_bins import NothingToCount, count_bins
from colisage.inventory.models import CountTask, TagRead, TagReadLine
from colisage.inventory.rules.counting import LIVE
from colisage.inventory.rules.tags import NothingDiffers, ReadIsOver
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def settle_tag_read(operator_id: int, *, read_id: int, count: bool, actor: Actor) -> int | None:
    """Have the bin of a read counted, or put the read aside; give the count's id.

    A bin that waits for a count already is counted by that one. Raises `NothingDiffers` when a count would find what
    is in the books, `ReadIsOver` when it was dealt with.
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
        made = _counted_by(read, actor=actor)
    TagRead.objects.filter(pk=read.pk).update(state="counting" if count else "put_aside", count_id=made)
    deed = Deed("tag_read", read.pk, "tag_read_settled", {"count": made}, operator_id=operator_id)
    record_deeds([deed], actor=actor)
    return made


def _counted_by(read: TagRead, *, actor: Actor) -> int:
    """Ask for a count of the bin, or find the one it waits for."""
    try:
        return count_bins(
            read.operator_id, node_id=read.node_id, bins=[(read.place_id, "tags")], method="tags", actor=actor
        )
    except NothingToCount:
        waits = CountTask.objects.filter(operator_id=read.operator_id, place_id=read.place_id, state__in=LIVE)
        found = waits.values_list("count_id", flat=True).first()
        if found is None:
            raise
        return found
