"""Rows of files of announced deliveries that came back, taken as they are now."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.announce_rows import announce_rows
from colisage.inbound.models import AnnouncementImport, AnnouncementRefusedRow
from colisage.inbound.queries.announced_files import REASONS, Unsaid, reading_of, rows_of
from colisage.kit.actors import Actor
from colisage.kit.sent_files import LEFT_OUT, Kept, Kind, Taken, by_itself, count_saved
from colisage.kit.tabular import table_of

MARKED_TWICE: Final = _(
    "Another row of this file names the same row that came back. Empty that cell if this one is new."
)


def take_rows(run: AnnouncementImport, rows: Sequence[Sequence[Kept]], *, actor: Actor) -> list[Taken]:
    """Add rows of a file to their deliveries, as the file would have; say what became of each.

    What the file says in two rows adds up: a row that was right and one that is corrected now are both in the delivery.
    """
    unsaid = Unsaid.of(run)
    table = table_of(run.columns, rows=[row for together in rows for row in together])
    reads = list(rows_of(table, day_first=unsaid.day_first))
    return by_itself(rows, announce_rows(run.merchant_id, reads, unsaid=unsaid, actor=actor, further=True))


ANNOUNCEMENTS: Final = Kind(
    name="announcements",
    document="announcement_import",
    files=AnnouncementImport,
    rows=AnnouncementRefusedRow,
    reasons={**REASONS, **LEFT_OUT, "marked_twice": MARKED_TWICE},
    marked=True,
    reading=reading_of,
    take=take_rows,
    count=count_saved,
)
