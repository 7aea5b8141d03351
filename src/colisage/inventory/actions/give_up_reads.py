"""Readers of tags that a worker was asking when it was killed: the question is over, and may be asked again."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_noop as _

from colisage.inventory.models import TagRead, TagReader
from colisage.inventory.ports import Saying

LONGEST: Final = timedelta(minutes=10)  # a reader answers, or is given up, within half a minute
CUT_OFF: Final = Saying(_("It was cut off before an answer came. Ask again."))


@transaction.atomic
def give_up_reads(*, now: datetime) -> int:
    """End the reads, and the questions to readers, that nobody works on any more; give how many.

    What a worker begins after that for such a read is not done; a reader that answers late all the same is heard.
    """
    reads = TagRead.objects.filter(state="reading", made_at__lte=now - LONGEST)
    readers = TagReader.objects.filter(state="asked", tried_at__lte=now - LONGEST)
    return reads.update(state="failed", told=CUT_OFF.kept()) + readers.update(state="silent", told=CUT_OFF.kept())
