"""Bins that are not used for a time: a bent rack, a wet floor. They are empty first."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.lock_places import lock_places
from colisage.inventory.models import CountTask
from colisage.inventory.queries.room import goods_in
from colisage.inventory.rules.counting import LIVE
from colisage.kit.actors import Actor
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.network.actions.stop_bins import stop_bins
from colisage.network.queries.nodes import node_of
from colisage.network.queries.places import places_facts
from colisage.ui import words


class WhyBlocked(Malformed):
    """Who finds a bin blocked asks why."""

    code = "why_blocked"
    text = _("Say in a few words why.")


class GoodsInBin(Refused):
    """What lies in a blocked bin could not be picked, and would be promised all the same."""

    code = "goods_in_bin"
    text = _("Goods lie in %(bin)s. Move them to another bin first.")


class BinIsCounted(Refused):
    """Somebody is to count this bin, or its count waits for a decision."""

    code = "bin_is_counted"
    text = _("%(bin)s is to be counted. Finish or cancel that count first.")


@transaction.atomic
def block_bins(
    operator_id: int, *, node_id: int, place_ids: Collection[int], why: str, actor: Actor
) -> dict[int, Refused | bool]:
    """Use bins of a node no more until they are freed: nothing is put there; each judged by itself.

    Of each it is said that it was blocked (False: it was before), or why not: `GoodsInBin`, `BinIsCounted`, `NotThere`.
    Raises `WhyBlocked` without a reason.
    """
    if not why.strip():
        raise WhyBlocked
    if node_of([operator_id], node_id=node_id, locked=True) is None:
        raise NotThere
    lock_places(place_ids)  # nobody fills them meanwhile
    known = {pk: one for pk, one in places_facts(place_ids).items() if one.node_id == node_id and one.kind == "bin"}
    full = goods_in(known)
    counted = set(CountTask.objects.filter(place__in=known, state__in=LIVE).values_list("place_id", flat=True))
    became: dict[int, Refused | bool] = {}
    for pk in place_ids:
        if pk not in known:
            became[pk] = NotThere()
        elif pk in full:
            became[pk] = GoodsInBin(bin=words.plate(known[pk].code))
        elif pk in counted:
            became[pk] = BinIsCounted(bin=words.plate(known[pk].code))
        else:
            became[pk] = True
    free = [pk for pk, done in became.items() if done is True]
    stopped = stop_bins(operator_id, node_id=node_id, place_ids=free, why=why.strip()[:120], actor=actor)
    return became | {pk: pk in stopped for pk in free}
