"""Keeping what suppliers announce: said again it is the same delivery, said differently it is changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db import transaction

from colisage.inbound.actions.tell_incoming import tell_incoming
from colisage.inbound.models import AnnouncedLine, Announcement
from colisage.inbound.rules.announced import Item, digest_of, joined, wrong
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds

__all__ = ["DeliveryDraft", "Item", "Kept", "announce_deliveries"]


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """A delivery as it was announced; the ids are known to be of its merchant. `reference` is the supplier's."""

    supplier_id: int
    node_id: int
    reference: str
    items: Sequence[Item]
    expected_on: date | None = None
    carrier: str = ""
    tracking_number: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """Give what names it at its merchant."""
        return self.supplier_id, self.reference


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an announced delivery; `lines` names the items that cannot be, by position."""

    outcome: Literal["announced", "same", "changed", "refused"]
    id: int | None = None
    reason: str = ""
    lines: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def announce_deliveries(
    merchant_id: int,
    drafts: Sequence[DeliveryDraft],
    *,
    came_by: str,
    actor: Actor,
    adding: bool = False,
    further: bool = False,
) -> list[Kept]:
    """Keep announced deliveries; say of each what became of it, in a constant number of statements.

    A delivery whose supplier and reference are known is the same when nothing differs, and is changed until something
    of it has come: to what is said now, or with `adding` by the lines that are new (a known line takes the new units;
    with `further` these are more of it, except that a serial number is one unit).
    Of two drafts of one reference the first counts, and the second is judged against it: it is `same` or `refused`.
    A delivery one line of which cannot be is refused whole.
    """
    known = _known(merchant_id, drafts)
    begun = _begun(known.values())
    lines = _lines(known.values()) if adding else {}
    kept: list[Kept] = []
    fresh: list[tuple[DeliveryDraft, Announcement, list[Item]]] = []
    judged: dict[tuple[int, str], Announcement] = {}
    for draft in drafts:
        said = [item for item in draft.items if item.serial or not further]
        items = joined([*_without(lines.get(draft.key, []), said), *joined(draft.items)])
        digest = digest_of(items, facts=[draft.node_id, draft.expected_on, draft.carrier, draft.tracking_number])
        row = judged.get(draft.key) or known.get(draft.key)
        reason = _refused(draft, row, begun=begun, twice=draft.key in judged)
        if row is not None and bytes(row.digest) == digest:
            kept.append(Kept("same", row.pk))
        elif reason or wrong(items):
            kept.append(Kept("refused", row.pk if row else None, reason or "bad_lines", wrong(draft.items)))
        else:
            row = row or Announcement(merchant_id=merchant_id, came_by=came_by, by_name=str(actor)[:150])
            _fill(row, draft, digest)
            judged[draft.key] = row
            fresh.append((draft, row, items))
            kept.append(Kept("announced" if row.pk is None else "changed", row.pk))
    _write(merchant_id, fresh, actor=actor)
    return [
        Kept(k.outcome, judged[d.key].pk) if k.outcome in {"announced", "changed"} else k
        for d, k in zip(drafts, kept, strict=True)
    ]


def _known(merchant_id: int, drafts: Sequence[DeliveryDraft]) -> dict[tuple[int, str], Announcement]:
    """Lock the deliveries that are known already."""
    rows = Announcement.objects.select_for_update(no_key=True).filter(
        merchant_id=merchant_id,
        supplier__in={draft.supplier_id for draft in drafts},
        reference__in={draft.reference for draft in drafts},
    )
    return {(row.supplier_id, row.reference): row for row in rows.order_by("pk")}


def _begun(known: Collection[Announcement]) -> set[int]:
    """Give the deliveries of which something has come, or that are settled."""
    came = AnnouncedLine.objects.filter(announcement__in=[row.pk for row in known], received__gt=0)
    ended = {row.pk for row in known if row.state != "announced"}
    return ended | set(came.values_list("announcement_id", flat=True))


def _lines(known: Collection[Announcement]) -> dict[tuple[int, str], list[Item]]:
    keys = {row.pk: (row.supplier_id, row.reference) for row in known}
    found: dict[tuple[int, str], list[Item]] = {key: [] for key in keys.values()}
    for line in AnnouncedLine.objects.filter(announcement__in=keys).order_by("pk"):
        item = Item(
            line.sku_id, line.qty, line.purchase_order_id, line.lot, line.serial, line.expires_on, line.sscc,
            line.pallet_sscc,
        )  # fmt: skip
        found[keys[line.announcement_id]].append(item)
    return found


def _without(items: Sequence[Item], others: Sequence[Item]) -> list[Item]:
    """Leave out what is said anew."""
    said = {item.key for item in others}
    return [item for item in items if item.key not in said]


def _refused(draft: DeliveryDraft, row: Announcement | None, *, begun: Collection[int], twice: bool) -> str:
    if not draft.reference.strip():
        return "no_reference"
    if not draft.items:
        return "nothing_announced"
    if twice:
        return "reference_twice"
    if row is not None and row.pk in begun:
        return "already_arrived"
    return ""


def _fill(row: Announcement, draft: DeliveryDraft, digest: bytes) -> None:
    row.supplier_id, row.node_id, row.reference = draft.supplier_id, draft.node_id, draft.reference
    row.expected_on, row.carrier, row.tracking_number = draft.expected_on, draft.carrier, draft.tracking_number
    row.digest = digest


def _skus(fresh: Sequence[tuple[DeliveryDraft, Announcement, list[Item]]]) -> set[int]:
    return {item.sku_id for _draft, _row, items in fresh for item in items}


def _write(merchant_id: int, fresh: Sequence[tuple[DeliveryDraft, Announcement, list[Item]]], *, actor: Actor) -> None:
    old = [row for _draft, row, _items in fresh if row.pk is not None]
    new = [row for _draft, row, _items in fresh if row.pk is None]
    gone = AnnouncedLine.objects.filter(announcement__in=[row.pk for row in old])
    tell_incoming(merchant_id, {*gone.values_list("sku_id", flat=True), *_skus(fresh)})
    gone.delete()
    Announcement.objects.bulk_update(old, ["node", "expected_on", "carrier", "tracking_number", "digest"])
    Announcement.objects.bulk_create(new)
    AnnouncedLine.objects.bulk_create(
        AnnouncedLine(
            merchant_id=merchant_id, announcement=row, sku_id=item.sku_id, qty=item.qty,
            purchase_order_id=item.order_id, lot=item.lot, serial=item.serial, expires_on=item.expires_on,
            sscc=item.sscc, pallet_sscc=item.pallet_sscc,
        )
        for _draft, row, items in fresh
        for item in items
    )  # fmt: skip
    record_deeds(
        [
            Deed(
                "announcement", row.pk, "delivery_announced" if row in new else "announcement_changed",
                {"units": sum(item.qty for item in items)}, merchant_id=merchant_id,
            )
            for _draft, row, items in fresh
        ],
        actor=actor,
    )  # fmt: skip
