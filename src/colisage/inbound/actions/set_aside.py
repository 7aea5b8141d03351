"""Setting aside at the dock: what cannot be taken in is kept apart, with a number, and nothing is lost."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.receive_many import MOST_UNITS, NotThatMany
from colisage.inbound.actions.refuse_bundles import refuse_bundles
from colisage.inbound.models import Delivery, SetAside
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.save_serials import save_serials
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.network.queries import place_of, virtual_place


class NothingSaid(Malformed):
    """What nobody can name is at least described."""

    code = "nothing_said"
    text = _("Describe what came, so that a colleague finds it again: colour, size, what is written on it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What stands there: a SKU or only a description; so many units."""

    kind: str  # unidentified | wrong | expired
    units: int
    sku_id: int | None = None
    scanned: str = ""
    description: str = ""
    lot: str = ""
    serial: str = ""  # of one unit, where the SKU has serial numbers
    expires_on: date | None = None


@transaction.atomic
def set_aside(merchant_id: int, *, node_id: int, found: Found, actor: Actor, delivery_id: int | None = None) -> int:
    """Keep goods apart at a node; give the id of the record, whose number goes on a label.

    Units of a known SKU are in the books from then on, in quarantine and not for sale. Unknown ones are not.
    """
    if not 0 < found.units <= MOST_UNITS:
        raise NotThatMany
    if found.sku_id is None and not found.description.strip():
        raise NothingSaid
    if found.sku_id is not None:
        refuse_bundles(merchant_id, sku_ids=[found.sku_id])
    if delivery_id is not None and not Delivery.objects.filter(merchant_id=merchant_id, pk=delivery_id).exists():
        raise NotThere
    lot = None
    if found.sku_id is not None and found.serial.strip():
        told = (found.sku_id, found.serial)
        lot = save_serials(merchant_id, serials=[told], expires={told: found.expires_on})[told]
    elif found.sku_id is not None and found.lot.strip():
        lot = save_lot(merchant_id, sku_id=found.sku_id, code=found.lot.strip(), expires_on=found.expires_on)
    kept = SetAside.objects.create(
        merchant_id=merchant_id, node_id=node_id, delivery_id=delivery_id,
        kind=found.kind if found.sku_id is not None else "unidentified", scanned=found.scanned[:100],
        description=found.description.strip()[:300], units=found.units, sku_id=found.sku_id, lot_id=lot,
        by_name=str(actor)[:150],
    )  # fmt: skip
    if kept.sku_id is not None:
        quarantine = place_of(node_id, kind="quarantine").pk
        post_movements(
            [
                Move(
                    merchant_id=merchant_id, sku_id=kept.sku_id, qty=kept.units,
                    source=Spot(place_id=virtual_place("supplier"), lot_id=lot),
                    target=Spot(place_id=quarantine, lot_id=lot, condition=kept.condition),
                    reason="quarantine", doc_kind="set_aside", doc_id=kept.pk,
                )
            ],
            actor=actor,
        )  # fmt: skip
    record_deeds(
        [Deed("set_aside", kept.pk, "goods_set_aside", {"kind": kept.kind, "units": kept.units}, merchant_id)],
        actor=actor,
    )
    return kept.pk
