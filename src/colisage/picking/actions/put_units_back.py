"""Units of a cancelled order, from the bench into a bin: item and bin are scanned, not believed."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import judged, skus_across
from colisage.inbound.actions.choose_bin import choose_bin
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed
from colisage.picking.actions.claim_put_back import claim_put_back
from colisage.picking.actions.clear_bench import Way, clear_bench
from colisage.picking.queries.put_back import standing


class NotTheItem(Malformed):
    """Something else was scanned than what lies there."""

    code = "not_the_item"
    text = _("Not this item: %(found)s. To put back: %(expected)s.")


class TooManyBack(Malformed):
    """More units than lie there, or none."""

    code = "too_many_back"
    text = _("Say how many units it is: from 1 to %(left)s.")


@transaction.atomic
def put_units_back(
    operator_id: int,
    *,
    merchant_id: int,
    put_back_id: int,
    item: str,
    bin_code: str,
    units: int,
    document: int,
    actor: Actor,
    override: bool = False,
) -> int:
    """Put units that were picked for a cancelled order into a bin; give how many are left to put back.

    They can be sold again and serve what waits, their promise ends with them; units of a lot that is held come back
    held. The same document again changes nothing. Raises `NotTheItem` unless `item` is a scan of the SKU and of no
    other lot or number, `TooManyBack`, `NothingToPutBack`, or why they may not lie in the bin (`choose_bin`). Into the
    bin they came from they may go, whatever the softer rules say; into another only with `override`.
    """
    one = claim_put_back(operator_id, merchant_id=merchant_id, put_back_id=put_back_id)
    sku = skus_across([merchant_id], ids=[one.sku_id])[one.sku_id]
    scan = judged([merchant_id], code=item)
    if not one.is_meant(scan):
        raise NotTheItem(found=scan.named_lot or item[:60], expected=" ".join(filter(None, (sku.name, one.lot))))
    if not 0 < units <= one.left:
        raise TooManyBack(left=one.left)
    home = bin_code.strip().upper() == one.home.upper()
    target = choose_bin(standing(one, sku=sku, units=units), units=units, code=bin_code, override=override or home)
    way = Way(place_id=target.place_id, place=target.code, reason="put_back", document=document)
    return clear_bench(one, units=units, way=way, actor=actor)
