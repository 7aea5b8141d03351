"""Another code on a bin, or another place on the standing walk."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere
from colisage.kit.statements import perform
from colisage.network.actions.add_bins import BinTaken
from colisage.network.models import Node, Place
from colisage.network.queries.aisles import aisle_numbers, aisle_of, walked
from colisage.network.rules import floor_code, walk_after


class NoSuchBin(Malformed):
    """The walk goes from bin to bin of one node."""

    code = "no_such_bin"
    text = _("%(code)s is no bin of this node.")


@transaction.atomic
def change_bin(
    operator_id: int, *, node_id: int, place_id: int, actor: Actor, code: str | None = None, after: str | None = None
) -> list[str]:
    """Give a bin another code, or let it follow another bin along the walk (empty: it comes first); say what changed.

    What is None stays. What lies in it, and what was written of it, follows; its label is to be printed anew. A code
    that begins like those of another aisle takes it there. Raises `NotACode`, `BinTaken`, `NoSuchBin`.
    """
    node = Node.objects.select_for_update(no_key=True).filter(operator_id=operator_id, pk=node_id).first()
    place = Place.objects.filter(node=node, pk=place_id, kind="bin").first() if node else None
    if node is None or place is None:
        raise NotThere
    told = {"code": place.code}
    if code is not None and (wanted := floor_code(code)) != place.code:
        _rename(place, code=wanted)
        told |= {"code": wanted, "before": place.code}
    if after is not None and _move(place, after=after.strip()):
        told["follows"] = after.strip().upper()
    changed = [name for name, key in (("code", "before"), ("walk", "follows")) if key in told]
    if changed:
        record_deeds([Deed("node", node.pk, "bin_changed", told, operator_id=operator_id)], actor=actor)
    return changed


def _rename(place: Place, *, code: str) -> None:
    if Place.objects.filter(node=place.node_id, code__iexact=code).exclude(pk=place.pk).exists():
        raise BinTaken(codes=code)
    aisles = aisle_numbers(place.node_id or 0)
    aisle = aisles.get(aisle_of(code), max(aisles.values(), default=0) + 1)
    Place.objects.filter(pk=place.pk).update(code=code, aisle=aisle)


def _move(place: Place, *, after: str) -> bool:
    """Let a bin follow another; say whether it did not before."""
    walk = walked(place.node_id or 0)
    known = {one.code.upper(): one.id for one in walk if one.id != place.pk}
    if after and after.upper() not in known:
        raise NoSuchBin(code=after[:30])
    order = walk_after(walk, moved=place.pk, after=known[after.upper()] if after else None)
    if order == [one.id for one in walk]:
        return False
    perform("network", "renumber_walk", {"bins": order, "node": place.node_id})
    return True
