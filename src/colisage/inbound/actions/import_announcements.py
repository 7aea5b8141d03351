from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import IO

from django.db import transaction
from django.utils import timezone

from colisage.inbound.actions.announce_deliveries import DeliveryDraft, announce_deliveries
from colisage.inbound.models import AnnouncementImport, AnnouncementRefusedRow
from colisage.inbound.queries.announced_files import Read, open_deliveries, rows_of
from colisage.inbound.queries.said import Meant, meant_by
from colisage.inbound.rules.announced import Item
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
    run = begin_file(AnnouncementImport, merchant_id, table=table, file_name=file_name, actor=actor)
    reads = [_filled(each, supplier=supplier) for each in rows_of(table, day_first=day_first)]
    usable = [each for each in reads if each.row]
    meant = meant_by(merchant_id, [each.row for each in usable if each.row], today=timezone.localdate())
    reasons = {each.number: each.reason for each in reads if each.reason}
    reasons |= {each.number: what.reason for each, what in zip(usable, meant, strict=True) if what.reason}
    pairs = [(each, what) for each, what in zip(usable, meant, strict=True) if not what.reason]
    reasons |= _keep(merchant_id, pairs, reference=reference, expected_on=expected_on, actor=actor)
    refused = ((each.number, each.raw, reasons[each.number]) for each in reads if each.number in reasons)
    run.refused = keep_refused(AnnouncementRefusedRow, run, refused)
    run.saved = len(reads) - run.refused
    run.save(update_fields=["saved", "refused"])
    return run


def _filled(each: Read, *, supplier: str) -> Read:
    """Give a row the supplier of the file, when it names neither supplier nor order."""
    if each.row is None or each.row.supplier or each.row.order:
        return each
    return replace(each, row=replace(each.row, supplier=supplier))


def _keep(
    merchant_id: int,
    pairs: Sequence[tuple[Read, Meant]],
    *,
    reference: str,
    expected_on: date | None,
    actor: Actor,
) -> dict[int, str]:
    """Keep the deliveries; give the reason of each row that did not become part of one."""
    deliveries: dict[tuple[int, str], tuple[Meant, date | None, list[tuple[int, Item]]]] = {}
    reasons: dict[int, str] = {}
    serials: set[tuple[int, str, int, str]] = set()
    for each, what in pairs:
        said = each.delivery or reference
        if what.item is None:
            continue
        serial = (what.supplier_id, said, what.item.sku_id, what.item.serial)
        first, _day, items = deliveries.setdefault(
            (what.supplier_id, said), (what, each.expected_on or expected_on, [])
        )
        if first.node_id != what.node_id:
            reasons[each.number] = "two_suppliers"
        elif what.item.serial and (what.item.qty != 1 or serial in serials):
            reasons[each.number] = "serial_of_many" if what.item.qty != 1 else "serial_twice"
        else:
            serials.add(serial)
            items.append((each.number, what.item))
    drafts = [
        DeliveryDraft(supplier, first.node_id, said, [item for _number, item in items], day)
        for (supplier, said), (first, day, items) in deliveries.items()
    ]
    kept = announce_deliveries(merchant_id, drafts, came_by="file", adding=True, actor=actor)
    for (_first, _day, items), became in zip(deliveries.values(), kept, strict=True):
        if became.outcome == "refused":
            for number, _item in items:
                reasons[number] = "bad_quantity" if became.reason == "bad_lines" else became.reason
    return reasons
