"""Taking goods in at the dock, as a program says: each by its code, judged by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.actions.count_received import NotSent
from colisage.inbound.actions.find_dock import Dock, Where, find_dock
from colisage.inbound.actions.receive_many import Against, OverDelivered, Taken, receive_many
from colisage.inbound.actions.receive_production import NoSerials
from colisage.inbound.actions.refuse_bundles import BundleNeverComes
from colisage.inbound.actions.sift_taken import sift_taken
from colisage.inbound.models import Receipt
from colisage.inbound.queries.labels_read import LabelRead, labels_read
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, Refused
from colisage.kit.halving import by_halves


class NoSuchSku(Malformed):
    """Nobody knows the code: what bears it is set aside."""

    code = "no_such_sku"
    text = _("This SKU or barcode is not in the catalogue.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """Units by a code, or a whole label: so many good and damaged ones of what it stands for.

    What the label says of the lot, the serial number and the date counts where nothing else is said. A serial number
    alone is one good unit. `unexpected`: taken in though the order does not have it.
    """

    code: str
    good: int = 0
    damaged: int = 0
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None
    unexpected: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of each, and the delivery it belongs to; None when nothing was taken in."""

    delivery_id: int | None
    became: list[Receipt | Refused]


@transaction.atomic
def receive_each(
    merchant_id: int, came: Sequence[CameIn], *, where: Where, actor: Actor, over_confirmed: bool = False
) -> Brought:
    """Take units in at the dock, each judged by itself in their order, as people do by scan.

    See `receive_many` for what is promised and refused. A delivery begins with what is taken in, never with a refusal.
    The number of statements depends on how many are refused, not on how many come. Raises `NotThere`, `NotSaidWhere`,
    and `NotSent` for an order that is a draft or was cancelled.
    """
    dock = find_dock(merchant_id, where=where)
    if dock.is_shut and dock.expecting:
        raise NotSent(number=dock.expecting.number)
    read = labels_read(merchant_id, codes={one.code for one in came}, supplier_id=dock.supplier_id)
    lock_free({label.sku.id for label in read.values()})
    meant = [_taken(one, read, dock) for one in came]
    taken = [one for one in meant if isinstance(one, Taken)]
    made = _take_in(taken, dock=dock, over_confirmed=over_confirmed, actor=actor)
    rows = Receipt.objects.select_related("sku", "lot").in_bulk([one for one in made if isinstance(one, int)])
    became = iter(one if isinstance(one, Refused) else rows[one] for one in made)
    return Brought(
        next((row.delivery_id for row in rows.values()), None),
        [one if isinstance(one, Refused) else next(became) for one in meant],
    )


def _take_in(taken: Sequence[Taken], *, dock: Dock, over_confirmed: bool, actor: Actor) -> list[int | Refused]:
    """Take in what may be taken in; give the receipt of each, or why it was refused."""

    def take(units: Sequence[Taken]) -> list[int]:
        against = Against(
            purchase_order_id=dock.purchase_order_id, announcement_id=dock.announcement_id,
            delivery_id=dock.delivery(actor=actor),
        )  # fmt: skip
        return receive_many(
            dock.merchant_id, units, node_id=dock.node_id, against=against, over_confirmed=over_confirmed, actor=actor
        )

    sifted = sift_taken(taken, dock=dock, over_confirmed=over_confirmed)
    tried = by_halves([one for one in sifted if isinstance(one, Taken)], work=take)
    again = [n for n, one in enumerate(sifted) if isinstance(one, OverDelivered)]
    late: dict[int, int | Refused] = {}
    if again and any(isinstance(one, Refused) for one in tried):  # others did not come: what was too many may not be
        late = dict(zip(again, by_halves([taken[n] for n in again], work=take), strict=True))
    became = iter(tried)
    return [next(became) if isinstance(one, Taken) else late.get(n, one) for n, one in enumerate(sifted)]


def _taken(one: CameIn, read: Mapping[str, LabelRead], dock: Dock) -> Taken | Refused:
    """Say what a code that came stands for."""
    label = read.get(one.code)
    if label is None:
        return NoSuchSku()
    sku = label.sku
    if sku.kind == "bundle":
        return BundleNeverComes()
    if one.serial and not sku.tracks_serials:
        return NoSerials(sku=sku.code)
    serial = (one.serial or label.serial) if sku.tracks_serials else ""
    alone = bool(serial) and not one.good and not one.damaged
    return Taken(
        sku_id=sku.id,
        sku_code=sku.code,
        good=1 if alone else one.good * label.units,
        damaged=one.damaged * label.units,
        lot=one.lot or (label.lot if sku.tracks_lots else ""),
        serial=serial,
        expires_on=one.expires_on or (label.expires_on if sku.tracks_lots or sku.tracks_serials else None),
        tracks_lots=sku.tracks_lots,
        tracks_serials=sku.tracks_serials,
        unexpected=one.unexpected and sku.id not in dock.stand,
    )
