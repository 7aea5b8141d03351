from datetime import date
from pathlib import Path
from typing import IO

from django.db import transaction

from colisage.inbound.actions.announce_rows import announce_rows
from colisage.inbound.models import AnnouncementImport, AnnouncementRefusedRow
from colisage.inbound.queries.announced_files import Unsaid, open_deliveries, rows_of
from colisage.kit.actors import Actor
from colisage.kit.sent_files import begin_file, keep_refused


@transaction.atomic
def import_announcements(
    merchant_id: int,
    *,
    source: Path | IO[bytes],
    file_name: str,
    actor: Actor,
    supplier: str = "",
    reference: str = "",
    expected_on: date | None = None,
    day_first: bool = False,
) -> AnnouncementImport:
    """Take a file of announced deliveries: right rows in, wrong rows kept with their reason.

    `supplier`, `reference` and `expected_on` hold for rows that do not say theirs. Rows add to a delivery that is
    known: a file of corrected rows completes it, and the same file again changes nothing. Raises `TableRefused` for a
    file that is none, and then changes nothing.
    """
    table = open_deliveries(source)
    unsaid = Unsaid(supplier, reference, expected_on, day_first=day_first)
    run = begin_file(
        AnnouncementImport, merchant_id, table=table, file_name=file_name, actor=actor, options=unsaid.told()
    )
    reads = list(rows_of(table, day_first=day_first))
    became = announce_rows(merchant_id, reads, unsaid=unsaid, actor=actor)
    refused = ((each.number, each.raw, reason) for each in reads if (reason := became[each.number][1]))
    run.saved = len(reads) - keep_refused(AnnouncementRefusedRow, run, refused)
    run.save(update_fields=["saved", "refused"])
    return run
