"""Other codes and other places on the walk, as a program says, where the floor is the merchant's own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.network.actions.change_bin import NoSuchBin, change_bin
from colisage.network.queries.floors import floors_of
from colisage.network.queries.places import places_coded


@dataclass(frozen=True, slots=True, kw_only=True)
class BinChange:
    """What becomes of a bin: another code, or the bin that it follows along the walk (empty: it comes first)."""

    bin: str
    code: str | None = None
    after: str | None = None


@transaction.atomic
def change_bins_named(
    merchant_id: int, changes: Sequence[BinChange], *, node: str, actor: Actor
) -> list[Refused | int | None]:
    """Change bins of a node one after the other; give the id of each that changed, None, or why it was refused.

    What `change_bin` raises is an answer. Raises `NotThere` and `NotYourFloor`.
    """
    at = floors_of(merchant_id).called(node)

    def change(one: BinChange) -> int | None:
        key = (at.node_id, one.bin.strip().upper())
        place = places_coded([at.node_id], codes=[one.bin]).get(key)  # another may have got its code just now
        if place is None:
            raise NoSuchBin(code=one.bin)
        changed = change_bin(
            at.operator_id, node_id=at.node_id, place_id=place.id, code=one.code, after=one.after, actor=actor
        )
        return place.id if changed else None

    return each(changes, change)
