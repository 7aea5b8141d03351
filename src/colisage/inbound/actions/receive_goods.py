"""Taking goods in: what came is in the books at once, on the dock."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.count_received import Came, count_received
from colisage.inbound.models import Receipt
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.save_lot import save_lot
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, Refused
from colisage.network.queries import place_of, virtual_place

MOST_UNITS = 1_000_000


class NotThatMany(Malformed):
    """Units received are a positive number within reason."""

    code = "not_that_many"
    text = _("Say how many units came: at least one, at most a million.")


class LotMissing(Refused):
    """The SKU is kept by lot, and none was named."""

    code = "lot_missing"
    text = _("%(sku)s is kept by lot. Scan or type the lot.")


class LotExpired(Refused):
    """The lot is past its date; it goes back to the supplier."""

    code = "lot_expired"
    text = _("This lot expired on %(day)s. Do not take it in; it goes back to the supplier.")


@transaction.atomic
def receive_goods(
    merchant_id: int,
    *,
    node_id: int,
    sku_id: int,
    sku_code: str,
    good: int,
    actor: Actor,
    damaged: int = 0,
    purchase_order_id: int | None = None,
    announcement_id: int | None = None,
    lot: str = "",
    expires_on: date | None = None,
    tracks_lots: bool = False,
) -> int:
    """Take units of a SKU in, against a purchase order or blind; give the id of the receipt.

    Good units stand on the dock, damaged ones in quarantine. More or fewer than ordered are taken as they are: the
    order shows the difference. An order whose lines are all there is closed. Goods of a consigned order stay the
    supplier's: `owner_id` of their cells. Raises what `count_received` raises.
    """
    if good < 0 or damaged < 0 or not 0 < good + damaged <= MOST_UNITS:
        raise NotThatMany
    if tracks_lots and not lot.strip():
        raise LotMissing(sku=sku_code)
    if expires_on is not None and expires_on < timezone.localdate():
        raise LotExpired(day=expires_on.isoformat())
    came = Came(sku_id=sku_id, sku_code=sku_code, units=good + damaged, lot=lot.strip())
    owner_id = count_received(
        merchant_id, [came], purchase_order_id=purchase_order_id, announcement_id=announcement_id
    ).get(sku_id)
    lot_id = save_lot(merchant_id, sku_id=sku_id, code=lot.strip(), expires_on=expires_on) if lot.strip() else None
    receipt = Receipt.objects.create(
        merchant_id=merchant_id,
        node_id=node_id,
        purchase_order_id=purchase_order_id,
        announcement_id=announcement_id,
        sku_id=sku_id,
        lot_id=lot_id,
        owner_id=owner_id,
        good=good,
        damaged=damaged,
        by_name=str(actor)[:150],
    )
    post_movements(_moves(receipt), actor=actor)
    record_deeds(
        [Deed("sku", sku_id, "goods_received", {"good": good, "damaged": damaged}, merchant_id=merchant_id)],
        actor=actor,
    )
    return receipt.pk


def _moves(receipt: Receipt) -> list[Move]:
    """Move the good units from the supplier to the dock, the damaged ones to quarantine."""
    lot, owner, node = receipt.lot_id, receipt.owner_id, receipt.node_id
    dock = Spot(place_id=place_of(node, kind="dock").pk, lot_id=lot, owner_id=owner)
    aside = Spot(place_id=place_of(node, kind="quarantine").pk, lot_id=lot, owner_id=owner, condition="damaged")
    return [
        Move(
            merchant_id=receipt.merchant_id,
            sku_id=receipt.sku_id,
            qty=units,
            source=Spot(place_id=virtual_place("supplier"), lot_id=lot, owner_id=owner),
            target=target,
            reason="receipt",
            doc_kind="receipt",
            doc_id=receipt.pk,
            doc_line=line,
        )
        for line, (units, target) in enumerate(((receipt.good, dock), (receipt.damaged, aside)))
        if units
    ]
