"""Setting aside at the dock, as a program says: each judged by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.find_dock import Where, find_dock
from colisage.inbound.actions.set_aside import Found, set_aside
from colisage.inbound.queries.labels_read import LabelRead, labels_read
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, Refused


class SerialOfMany(Malformed):
    """A serial number is that of one unit."""

    code = "serial_of_many"
    text = _("A serial number stands for one unit.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """So many units that cannot be taken in: of a code that may be unknown, in words; and why, when it is known."""

    units: int
    code: str = ""
    why: str = "wrong"  # wrong | expired; what nobody knows is unidentified
    description: str = ""
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None


@transaction.atomic
def aside_each(merchant_id: int, asides: Sequence[Aside], *, where: Where, actor: Actor) -> list[Refused | int]:
    """Set goods aside at the dock, each by itself; give the id of each, or why it was refused. See `set_aside`.

    A code that nobody knows is kept as it was said: what bears it is unidentified, and described.
    """
    dock = find_dock(merchant_id, where=where)
    read = labels_read(merchant_id, codes={one.code for one in asides if one.code}, supplier_id=dock.supplier_id)
    lock_free({label.sku.id for label in read.values()})
    became: list[Refused | int] = []
    for one in asides:
        try:
            found = _found(one, read.get(one.code))
            with transaction.atomic():
                delivery = dock.delivery(actor=actor)
                kept = set_aside(merchant_id, node_id=dock.node_id, found=found, delivery_id=delivery, actor=actor)
            became.append(kept)
        except Refused as refusal:
            became.append(refusal)
    return became


def _found(one: Aside, label: LabelRead | None) -> Found:
    if one.serial and one.units != 1:
        raise SerialOfMany
    if label is None:
        return Found(kind="unidentified", units=one.units, scanned=one.code, description=one.description)
    return Found(
        kind=one.why, units=one.units * label.units, sku_id=label.sku.id, scanned=one.code,
        description=one.description, lot=one.lot or (label.lot if label.sku.tracks_lots else ""),
        serial=(one.serial or label.serial) if label.sku.tracks_serials else "",
        expires_on=one.expires_on or label.expires_on,
    )  # fmt: skip
