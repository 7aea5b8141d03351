"""Licence plates, as the API tells them."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from colisage.inventory.queries.plates import OnHand, Plate, PlateRow, branch, lying_at, places_of_plates, trees_of
from colisage.network.queries import nodes_by_id


class PlateOut(Struct, frozen=True, kw_only=True):
    """A plate: a carton or pallet with a code of its own. `parent` is the plate it stands on.

    `units` and `skus` are those on itself; `place` and `node` are empty while nothing is.
    """

    id: int
    code: str
    parent: str
    node: str
    place: str
    units: int
    skus: int
    closed_at: datetime | None


class PlatePageOut(Struct, frozen=True, kw_only=True):
    """A page of plates, the newest first; `next` is the `page` that follows, null on the last."""

    items: list[PlateOut]
    next: int | None


class OnPlateOut(Struct, frozen=True, kw_only=True):
    """Units that lie together on a plate, or on one that stands on it; `free` are those no picker was sent for."""

    plate: str
    sku: str
    name: str
    lot: str
    condition: str
    consigned: bool
    quantity: int
    free: int


class WholePlateOut(Struct, frozen=True, kw_only=True):
    """A plate with the plates that stand on it, and all that lies on them. They are in one place."""

    id: int
    code: str
    parent: str
    plates: list[str]
    node: str
    place: str
    closed: bool
    contents: list[OnPlateOut]


def plates_told(rows: Sequence[PlateRow]) -> list[PlateOut]:
    """Tell plates; no statement."""
    same = ("id", "code", "parent", "place", "units", "skus", "closed_at")
    return [PlateOut(node=one.node_code, **{name: getattr(one, name) for name in same}) for one in rows]


def plate_told(plate: Plate) -> WholePlateOut:
    """Tell a plate with all that stands on it; four statements."""
    trees = trees_of([plate.merchant_id], plate_ids=[plate.id])
    within = branch(trees, plate_id=plate.id)
    lying = lying_at([plate.merchant_id], plate_ids=within)
    code, node = next(((at[1], at[2]) for at in places_of_plates(list(within)).values()), ("", 0))
    nodes = nodes_by_id([node])
    return WholePlateOut(
        id=plate.id, code=plate.code, parent=next((one.code for one in trees if one.id == plate.parent_id), ""),
        plates=[one.code for one in trees if one.parent_id == plate.id],
        node=nodes[node].code if node in nodes else "", place=code, closed=plate.closed,
        contents=[_on(one) for one in lying],
    )  # fmt: skip


def _on(one: OnHand) -> OnPlateOut:
    same = ("plate", "sku", "name", "lot", "condition", "free")
    return OnPlateOut(
        consigned=one.owner_id is not None, quantity=one.qty, **{name: getattr(one, name) for name in same}
    )
