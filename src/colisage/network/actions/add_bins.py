from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.models import Node, Place, Zone
from colisage.network.queries.aisles import aisle_numbers, aisle_of
from colisage.network.rules import NewBin, floor_code
from colisage.ui import words

MOST = 5_000

__all__ = ["BinTaken", "NewBin", "NoBins", "SpotTaken", "add_bins", "refuse_bins"]


class NoBins(Malformed):
    """There is nothing to add, or more than anybody would mean."""

    code = "no_bins"
    text = _("Add at least one bin, and at most %(most)s at a time.")


class BinTaken(Refused):
    """A code names one place of a node."""

    code = "bin_taken"
    text = _("These codes are taken at this node: %(codes)s.")


class SpotTaken(Refused):
    """Two bins cannot stand in one another."""

    code = "spot_taken"
    text = _("Where these bins would stand there are bins already: %(codes)s. Change the coordinates or the levels.")


@transaction.atomic
def add_bins(operator_id: int, *, node_id: int, zone_id: int, bins: Sequence[NewBin], actor: Actor) -> int:
    """Make bins in a storage zone of a node, all or none; give how many.

    Their codes are written in capitals (`NotACode`). They come after the node's last bin on the standing walk, in the
    order given. A bin whose code begins like that of a known aisle belongs to it; another beginning is a new aisle.
    """
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    zone = Zone.objects.filter(pk=zone_id, node=node, kind="storage").first() if node else None
    if node is None or zone is None:
        raise NotThere
    bins = [replace(one, code=floor_code(one.code)) for one in bins]
    refuse_bins(node_id, bins=bins)
    walk = Place.objects.filter(node=node, kind="bin").aggregate(last=Max("walk"))["last"] or 0
    aisles = aisle_numbers(node_id)
    Place.objects.bulk_create(
        Place(
            node=node,
            zone=zone,
            kind="bin",
            code=one.code,
            aisle=aisles.setdefault(aisle_of(one.code), max(aisles.values(), default=0) + 1),
            x_mm=one.x_mm,
            y_mm=one.y_mm,
            level=one.level,
            walk=walk + place,
            volume_mm3=one.volume_mm3,
            max_grams=one.max_grams,
        )
        for place, one in enumerate(bins, 1)
    )
    told = {"zone": zone.code, "count": len(bins), "first": bins[0].code, "last": bins[-1].code}
    record_deeds([Deed("node", node.pk, "bins_added", told, operator_id=operator_id)], actor=actor)
    return len(bins)


def refuse_bins(node_id: int, *, bins: Sequence[NewBin]) -> None:
    """Refuse no bins or too many, codes that are taken, and bins that would stand in one another; two statements."""
    if not 0 < len(bins) <= MOST:
        raise NoBins(most=words.count(MOST))
    codes = Counter(one.code.upper() for one in bins)
    known = Place.objects.filter(node_id=node_id).annotate(upper=Upper("code"))
    taken = set(known.filter(upper__in=codes).values_list("upper", flat=True))
    taken |= {code for code, times in codes.items() if times > 1}
    if taken:
        raise BinTaken(codes=_some(taken))
    spots = {(one.x_mm, one.y_mm, one.level) for one in bins}
    if len(spots) < len(bins):
        raise SpotTaken(codes=_some(codes))
    near = Place.objects.filter(
        node_id=node_id,
        kind="bin",
        active=True,
        x_mm__range=(min(x for x, _y, _l in spots), max(x for x, _y, _l in spots)),
        y_mm__range=(min(y for _x, y, _l in spots), max(y for _x, y, _l in spots)),
    )
    standing = {code for code, *spot in near.values_list("code", "x_mm", "y_mm", "level") if tuple(spot) in spots}
    if standing:
        raise SpotTaken(codes=_some(standing))


def _some(codes: Collection[str], *, most: int = 5) -> str:
    """Name the first codes, and how many more there are."""
    return ", ".join(sorted(codes)[:most]) + (f" (+{len(codes) - most})" if len(codes) > most else "")
