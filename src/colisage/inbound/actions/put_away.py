from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Receipt
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import bins_of, place_of


class NoSuchBin(Refused):
    """The code is no bin of this node."""

    code = "no_such_bin"
    text = _("%(code)s is not a bin here. Scan the plate of a bin.")


class TooMany(Refused):
    """More units than stand on the dock."""

    code = "too_many"
    text = _("Only %(left)s units of this delivery stand on the dock.")


@transaction.atomic
def put_away(merchant_id: int, *, receipt_id: int, bin_code: str, qty: int, actor: Actor) -> int:
    """Put units of a receipt from the dock into a bin; they can be promised from then on. Gives what is left."""
    receipt = Receipt.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=receipt_id).first()
    if receipt is None:
        raise NotThere
    wanted = next((b for b in bins_of(receipt.node_id) if b.code.upper() == bin_code.strip().upper()), None)
    if wanted is None:
        raise NoSuchBin(code=bin_code[:30])
    left = receipt.good - receipt.put_away
    if not 0 < qty <= left:
        raise TooMany(left=left)
    post_movements(
        [
            Move(
                merchant_id=merchant_id,
                sku_id=receipt.sku_id,
                qty=qty,
                source=Spot(
                    place_id=place_of(receipt.node_id, kind="dock").pk, lot_id=receipt.lot_id, owner_id=receipt.owner_id
                ),
                target=Spot(place_id=wanted.id, lot_id=receipt.lot_id, owner_id=receipt.owner_id),
                reason="putaway",
                doc_kind="putaway",
                doc_id=receipt.pk,
                seq=receipt.put_away,
            )
        ],
        actor=actor,
    )
    Receipt.objects.filter(pk=receipt.pk).update(put_away=F("put_away") + qty)
    return left - qty
