"""Taking a receipt back: somebody counted or scanned wrongly, and it still stands on the dock."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.expect_again import expect_again
from colisage.inbound.actions.take_units_off import take_units_off
from colisage.inbound.models import Receipt, SetAside
from colisage.inventory.actions.post_movements import Move, NotEnoughThere, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import place_of, virtual_place


class AlreadyUndone(Refused):
    """The receipt was taken back before."""

    code = "already_undone"
    text = _("This receipt was taken back already.")


class NoLongerOnDock(Refused):
    """Units of the receipt have left the dock: they are corrected by a count, not by undoing."""

    code = "no_longer_on_dock"
    text = _("Units of this receipt have left the dock. Correct the stock by a count instead.")


class NotFromSupplier(Refused):
    """What came from another node or was made here cannot go back to a supplier."""

    code = "not_from_supplier"
    text = _("These units did not come from a supplier. Correct the stock by a count instead.")


@transaction.atomic
def undo_receipt(merchant_id: int, *, receipt_id: int, actor: Actor) -> None:
    """Take a receipt back whole: its units leave the books again, and its order expects them again.

    Units found damaged on the dock since go with the others. Where it took in what was set aside, that waits for a
    decision again, as it did before: units of a known SKU lie in quarantine again.
    """
    receipt = Receipt.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=receipt_id).first()
    if receipt is None:
        raise NotThere
    if receipt.undone_at is not None:
        raise AlreadyUndone
    if receipt.came_from != "supplier":
        raise NotFromSupplier
    if receipt.put_away:
        raise NoLongerOnDock
    if not receipt.unexpected:
        expect_again(receipt)
    aside = SetAside.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, receipt=receipt.pk).first()
    try:
        post_movements(_backwards(receipt, aside), actor=actor)
    except NotEnoughThere as gone:
        raise NoLongerOnDock from gone
    Receipt.objects.filter(pk=receipt.pk).update(undone_at=timezone.now(), undone_by=str(actor)[:150])
    units = receipt.good + receipt.damaged
    deeds = [Deed("receipt", receipt.pk, "receipt_undone", {"units": units}, merchant_id=merchant_id)]
    if aside is not None:
        _open_again(aside)
        deeds.append(Deed("set_aside", aside.pk, "aside_open_again", {"units": aside.units}, merchant_id))
    record_deeds(deeds, actor=actor)


def _open_again(aside: SetAside) -> None:
    SetAside.objects.filter(pk=aside.pk).update(
        state="open", receipt=None, note="", settled_by="", settled_at=None,
        sku=aside.sku_id if aside.in_books else None,
    )  # fmt: skip


def _backwards(receipt: Receipt, kept: SetAside | None) -> list[Move]:
    back = Spot(place_id=virtual_place("supplier"), lot_id=receipt.lot_id, owner_id=receipt.owner_id)
    aside = replace(back, place_id=place_of(receipt.node_id, kind="quarantine").pk, condition="damaged")
    failed = replace(aside, condition="quarantine")
    if kept is not None and kept.in_books:
        back = Spot(place_id=aside.place_id, lot_id=kept.lot_id, condition=kept.condition)
    stood = [(units, spot) for spot, units in take_units_off(receipt, units=receipt.left)]
    return [
        Move(
            merchant_id=receipt.merchant_id, sku_id=receipt.sku_id, qty=units, source=source,
            target=back, reason="correction",
            doc_kind="receipt_undone", doc_id=receipt.pk, doc_line=line,
        )
        for line, (units, source) in enumerate(
            (*stood, (receipt.damaged, aside), (receipt.rejected, failed))
        )
        if units and source != back
    ]  # fmt: skip
