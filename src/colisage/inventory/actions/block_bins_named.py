"""Blocking bins and freeing them, as a program says: by their codes, where the floor is the merchant's own."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.block_bins import block_bins
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import NotThere, Refused
from colisage.network.actions.use_bins import use_bins
from colisage.network.queries.floors import floors_of
from colisage.network.queries.places import places_coded


@transaction.atomic
def block_bins_named(
    merchant_id: int, bins: Sequence[str], *, node: str, why: str | None, actor: Actor
) -> list[Refused | int | None]:
    """Block bins of a node, or use them again (`why` is None); give the id of each that changed, None, or why not.

    Raises `NotThere`, `NotYourFloor` and `WhyBlocked`.
    """
    at = floors_of(merchant_id).called(node)
    known = {code: place.id for (_node, code), place in places_coded([at.node_id], codes=bins).items()}
    ids = [known.get(code.strip().upper(), 0) for code in bins]
    if why is not None:
        became = block_bins(at.operator_id, node_id=at.node_id, place_ids=ids, why=why, actor=actor)
        return [one if isinstance(one, Refused) else pk if one else None for pk in ids for one in [became[pk]]]

    def use(pk: int) -> int | None:
        if not pk:
            raise NotThere
        return pk if use_bins(at.operator_id, node_id=at.node_id, place_ids=[pk], actor=actor) else None

    return each(ids, use)
