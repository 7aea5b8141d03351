"""Announced deliveries, as rows of files say them: each row judged by itself, and added to its delivery."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from colisage.inbound.actions.announce_deliveries import DeliveryDraft, announce_deliveries
from colisage.inbound.queries.announced_files import Read, Unsaid
from colisage.inbound.queries.said import Meant, meant_by
from colisage.inbound.rules.announced import Item
from colisage.kit.actors import Actor


@transaction.atomic
def announce_rows(
    merchant_id: int, reads: Sequence[Read], *, unsaid: Unsaid, actor: Actor, further: bool = False
) -> dict[int, tuple[int | None, str]]:
    """Add rows to their deliveries; give of each, by its line, its delivery, or the code of REASONS for which not.

    `unsaid` holds for rows that do not say theirs. A known line takes the new units: the same rows again add nothing.
    Rows of a file the others of which were taken before are `further` units beside theirs.
    """
    filled = [_filled(each, supplier=unsaid.supplier) for each in reads]
    usable = [each for each in filled if each.row]
    meant = meant_by(merchant_id, [each.row for each in usable if each.row], today=timezone.localdate())
    became: dict[int, tuple[int | None, str]] = {each.number: (None, each.reason) for each in reads if each.reason}
    became |= {each.number: (None, what.reason) for each, what in zip(usable, meant, strict=True) if what.reason}
    pairs = [(each, what) for each, what in zip(usable, meant, strict=True) if not what.reason]
    return became | _kept(merchant_id, pairs, unsaid=unsaid, actor=actor, further=further)


def _filled(each: Read, *, supplier: str) -> Read:
    """Give a row the supplier of the file, when it names neither supplier nor order."""
    if each.row is None or each.row.supplier or each.row.order:
        return each
    return replace(each, row=replace(each.row, supplier=supplier))


def _kept(
    merchant_id: int, pairs: Sequence[tuple[Read, Meant]], *, unsaid: Unsaid, actor: Actor, further: bool
) -> dict[int, tuple[int | None, str]]:
    """Keep the deliveries; give what became of each row."""
    deliveries: dict[tuple[int, str], tuple[Meant, date | None, list[tuple[int, Item]]]] = {}
    became: dict[int, tuple[int | None, str]] = {}
    serials: set[tuple[int, str, int, str]] = set()
    for each, what in pairs:
        said = each.delivery or unsaid.reference
        if what.item is None:
            continue
        serial = (what.supplier_id, said, what.item.sku_id, what.item.serial)
        first, _day, items = deliveries.setdefault(
            (what.supplier_id, said), (what, each.expected_on or unsaid.expected_on, [])
        )
        if first.node_id != what.node_id:
            became[each.number] = (None, "two_suppliers")
        elif what.item.serial and (what.item.qty != 1 or serial in serials):
            became[each.number] = (None, "serial_of_many" if what.item.qty != 1 else "serial_twice")
        else:
            serials.add(serial)
            items.append((each.number, what.item))
    drafts = [
        DeliveryDraft(supplier, first.node_id, said, [item for _number, item in items], day)
        for (supplier, said), (first, day, items) in deliveries.items()
    ]
    kept = announce_deliveries(merchant_id, drafts, came_by="file", adding=True, further=further, actor=actor)
    for (_first, _day, items), one in zip(deliveries.values(), kept, strict=True):
        reason = "bad_quantity" if one.reason == "bad_lines" else one.reason
        for number, _item in items:
            became[number] = (None, reason) if one.outcome == "refused" else (one.id, "")
    return became
