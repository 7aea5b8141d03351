from collections import Counter
from datetime import date
from pathlib import Path
from typing import IO

from django.db import transaction

from colisage.inbound.actions.announce_rows import announce_rows
from colisage.inbound.actions.settle_marked import TWICE, settle_marked
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
    known: a file of corrected rows completes it, and the same file again changes nothing. Rows of the file of
    rows to correct are settled where they came back (`settle_marked`). Raises `TableRefused` for a file that is none,
    and then changes nothing.
    """
    table = open_deliveries(source)
    unsaid = Unsaid(supplier, reference, expected_on, day_first=day_first)
    run = begin_file(
        AnnouncementImport, merchant_id, table=table, file_name=file_name, actor=actor, options=unsaid.told()
    )
    settled = settle_marked(merchant_id, table=table, actor=actor)
    reads = [each for each in rows_of(table, day_first=day_first) if settled.get(each.number, TWICE) == TWICE]
    became = announce_rows(
        merchant_id, [each for each in reads if each.number not in settled], unsaid=unsaid, actor=actor
    )
    became |= {number: (None, TWICE) for number, reason in settled.items() if reason == TWICE}
    refused = ((each.number, each.raw, reason) for each in reads if (reason := became[each.number][1]))
    run.ignored = dict(Counter(reason for reason in settled.values() if reason not in {"", TWICE}))
    taken = sum(not reason for reason in settled.values())
    run.saved = taken + len(reads) - keep_refused(AnnouncementRefusedRow, run, refused)
    run.save(update_fields=["saved", "refused", "ignored"])
    return run
