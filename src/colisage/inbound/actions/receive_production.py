from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.inbound.actions.receive_many import Against, Origin, Taken, receive_many
from colisage.inbound.models import Production, Receipt
from colisage.inventory.actions.post_movements import Spot
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.send_units import NotFree, send_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import nodes_serving, virtual_place


class NotMade(Malformed):
    """Units and components are numbers within reason, and a bundle is not made."""

    code = "not_made"
    text = _("Say how many units were made, at least one and at most a million, and of what by whole units.")


class MadeBySerial(Refused):
    """Units with serial numbers are received one by one."""

    code = "made_by_serial"
    text = _("%(sku)s is kept by serial number: receive its units one by one at the dock.")


class TooFewComponents(Refused):
    """Not so many units of a component are free; nothing was written."""

    code = "too_few_components"
    text = _("Only %(free)s of %(wanted)s × %(sku)s are free at this node. Nothing was taken in.")


@transaction.atomic
def receive_production(
    merchant_id: int,
    components: Sequence[tuple[int, int]] = (),
    *,
    node_id: int,
    sku_id: int,
    qty: int,
    once: str,
    actor: Actor,
    lot: str = "",
    expires_on: date | None = None,
    batch: str = "",
) -> int:
    """Take goods made in the house in: they stand on the dock, made; give the production.

    `components` are (SKU id, units) used for them: free units leave the bins of the node. The same `once` again is the
    same batch. Raises `NotThere` for ids that are not this merchant's, `NotMade`, `MadeBySerial`, `TooFewComponents`,
    and what `receive_many` raises; then nothing is written.
    """
    known = Production.objects.filter(merchant_id=merchant_id, once=once).values_list("pk", flat=True).first()
    if known is not None:
        return known
    skus = skus_by_id(merchant_id, ids={sku_id, *(part for part, _units in components)})
    if set(skus) != {sku_id, *(part for part, _units in components)}:
        raise NotThere
    if node_id not in {node.node_id for node in nodes_serving([merchant_id])[merchant_id]}:
        raise NotThere
    sku = skus[sku_id]
    if sku.kind == "bundle" or any(units < 1 or part == sku_id for part, units in components):
        raise NotMade
    if sku.tracks_serials:
        raise MadeBySerial(sku=sku.code)
    made = Production.objects.create(
        merchant_id=merchant_id, node_id=node_id, sku_id=sku_id, qty=max(qty, 1), batch=batch[:80], once=once,
        parts=[[skus[part].code, units] for part, units in components], by_name=str(actor)[:150],
    )  # fmt: skip
    _use(made, components, skus=skus, actor=actor)
    lot_id = save_lot(merchant_id, sku_id=sku_id, code=lot.strip(), expires_on=expires_on) if lot.strip() else None
    taken = Taken(
        sku_id=sku_id, sku_code=sku.code, good=qty, lot_id=lot_id, expires_on=expires_on, tracks_lots=sku.tracks_lots
    )
    origin = Origin(spot=Spot(place_id=virtual_place("assembly"), lot_id=lot_id), reason="produced")
    (receipt,) = receive_many(merchant_id, [taken], node_id=node_id, against=Against(), origin=origin, actor=actor)
    Receipt.objects.filter(pk=receipt).update(came_from="assembly")
    Production.objects.filter(pk=made.pk).update(receipt_id=receipt, lot_id=lot_id)
    said = {"production": made.pk, "units": qty}
    record_deeds([Deed("sku", sku_id, "goods_produced", said, merchant_id=merchant_id)], actor=actor)
    return made.pk


def _use(made: Production, components: Sequence[tuple[int, int]], *, skus: dict[int, SkuFacts], actor: Actor) -> None:
    """Take what was used for a batch out of the bins of its node."""
    if not components:
        return
    try:
        send_units(
            made.merchant_id,
            components,
            node_id=made.node_id,
            transit_id=virtual_place("assembly"),
            document_id=made.pk,
            doc_kind="production",
            reason="produced",
            actor=actor,
        )
    except NotFree as refusal:
        raise TooFewComponents(**refusal.places, sku=skus[refusal.sku_id].code) from refusal
