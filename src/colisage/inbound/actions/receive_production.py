from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, skus_by_id
from colisage.inbound.actions.receive_many import Against, Origin, Taken, receive_many
from colisage.inbound.models import Production, Receipt
from colisage.inventory.actions.post_movements import Spot
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.send_units import NotFree, send_units
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.queries import nodes_serving, virtual_place


class NotMade(Malformed):
    """Units and components are numbers within reason, and a bundle is not made."""

    code = "not_made"
    text = _("Say how many units were made, at least one and at most a million, and of what by whole units.")


class SerialsDoNotFit(Refused):
    """Each unit of a SKU that is kept by serial number has one of its own; units of others have none."""

    code = "serials_do_not_fit"
    text = _("Units of %(sku)s: %(units)s. Serial numbers: %(serials)s. Each unit has one of its own.")


class NoSerials(Refused):
    """The SKU is not kept by serial number."""

    code = "no_serials"
    text = _("%(sku)s is not kept by serial number. Leave them out, or say on the SKU that it is.")


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
    serials: Sequence[str] = (),
    batch: str = "",
) -> int:
    """Take goods made in the house in: they stand on the dock, made; give the production.

    `components` are (SKU id, units) used for them: free units leave the bins of the node. A SKU that is kept by serial
    number has one of `serials` for each unit. The same `once` again is the same batch. Raises `NotThere` for ids that
    are not this merchant's, `NotMade`, `SerialsDoNotFit`, `NoSerials`, `TooFewComponents`, and what `receive_many`
    raises; then nothing is written.
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
    if sku.tracks_serials and len(serials) != qty:
        raise SerialsDoNotFit(sku=sku.code, units=qty, serials=len(serials))
    if serials and not sku.tracks_serials:
        raise NoSerials(sku=sku.code)
    lock_free(skus)  # of what is used and of what is made, at once: both change below, one after the other
    made = Production.objects.create(
        merchant_id=merchant_id, node_id=node_id, sku_id=sku_id, qty=max(qty, 1), batch=batch[:80], once=once,
        parts=[[skus[part].code, units] for part, units in components], by_name=str(actor)[:150],
    )  # fmt: skip
    _use(made, components, skus=skus, actor=actor)
    origin = Origin(spot=Spot(place_id=virtual_place("assembly")), reason="produced", by_lot=True)
    taken = _taken(sku, qty=qty, lot=lot.strip(), serials=serials, expires_on=expires_on)
    receipts = receive_many(merchant_id, taken, node_id=node_id, against=Against(), origin=origin, actor=actor)
    Receipt.objects.filter(merchant_id=merchant_id, pk__in=receipts).update(came_from="assembly")
    first = Receipt.objects.get(merchant_id=merchant_id, pk=receipts[0])
    Production.objects.filter(pk=made.pk).update(
        receipt_id=first.pk, lot_id=None if serials else first.lot_id, serials=list(serials)
    )
    said = {"production": made.pk, "units": qty}
    record_deeds([Deed("sku", sku_id, "goods_produced", said, merchant_id=merchant_id)], actor=actor)
    return made.pk


def _taken(sku: SkuFacts, *, qty: int, lot: str, serials: Sequence[str], expires_on: date | None) -> list[Taken]:
    """Give what comes in: all units of a lot together, those with a serial number each by itself."""
    one = Taken(
        sku_id=sku.id, sku_code=sku.code, good=1, expires_on=expires_on, tracks_lots=sku.tracks_lots,
        tracks_serials=sku.tracks_serials,
    )  # fmt: skip
    if serials:
        return [replace(one, serial=serial) for serial in serials]
    return [replace(one, good=qty, lot=lot)]


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
