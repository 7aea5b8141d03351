"""What stands on docks and where it should go, as the API tells it."""

from collections.abc import Sequence

from msgspec import Struct

from colisage.inbound.models import Receipt
from colisage.inbound.queries.held_loose import held_units
from colisage.inbound.queries.plated import DockPlate, dock_suggestions
from colisage.inbound.queries.putaway import Ranking, suggestions
from colisage.network.queries import nodes_by_id


class CandidateOut(Struct, frozen=True, kw_only=True):
    """A bin that was looked at: whether it may be used, and what speaks for and against it, in words."""

    bin: str
    allowed: bool
    why: str


class StandingOut(Struct, frozen=True, kw_only=True):
    """Units of a receipt that stand loose on the dock, and the `bin` suggested for them (empty: none), with why.

    `held` of them cannot be sold and go to quarantine; `waited_for` are waited for by orders. `to_inspect`: an
    inspection comes first.
    """

    receipt: int
    node: str
    sku: str
    name: str
    lot: str
    units: int
    held: int
    waited_for: int
    to_inspect: bool
    bin: str
    why: str
    candidates: list[CandidateOut]


class StandingPageOut(Struct, frozen=True, kw_only=True):
    """What stands on docks, first what people wait for; `next` is the `page` that follows, null on the last."""

    items: list[StandingOut]
    next: str | None


class StandingPlateOut(Struct, frozen=True, kw_only=True):
    """A plate on the dock with all that stands on it, and the `bin` suggested for the whole of it, with why.

    `held` units cannot be sold: the whole plate goes to quarantine, or all is taken off it. `to_inspect` is the receipt
    whose inspection comes first.
    """

    id: int
    plate: str
    node: str
    units: int
    skus: int
    held: int
    waited_for: int
    to_inspect: int | None
    bin: str
    why: str
    candidates: list[CandidateOut]


class StandingPlatePageOut(Struct, frozen=True, kw_only=True):
    """A page of plates on docks, first what people wait for; `next` is the `page` that follows, null on the last."""

    items: list[StandingPlateOut]
    next: str | None


def standing_told(receipts: Sequence[Receipt]) -> list[StandingOut]:
    """Tell what stands on docks, receipts that come with SKU, node and lot; a constant number of statements."""
    held = held_units(receipts)
    return [
        StandingOut(
            receipt=one.receipt.pk, node=one.receipt.node.code, sku=one.receipt.sku.code, name=one.receipt.sku.name,
            lot=one.receipt.lot.code if one.receipt.lot else "", units=one.receipt.loose,
            held=held[one.receipt.pk],
            waited_for=min(one.goods.owed, one.receipt.loose), to_inspect=one.receipt.inspection_due,
            bin=one.best.bin.code if one.best else "", why=one.why if one.best else "", candidates=_candidates(one),
        )
        for one in suggestions(receipts)
    ]  # fmt: skip


def plates_standing_told(plates: Sequence[DockPlate]) -> list[StandingPlateOut]:
    """Tell plates that stand on docks; a constant number of statements."""
    nodes = nodes_by_id({plate.place.node_id for plate in plates if plate.place})
    whole, _loose = dock_suggestions(plates, ())
    told = []
    for one in whole:
        plate, held = one.plate, sum(lying.qty for lying in one.plate.held)
        best = None if held else one.best
        told.append(
            StandingPlateOut(
                id=plate.id, plate=plate.code, node=nodes[plate.place.node_id].code if plate.place else "",
                units=plate.units, skus=plate.skus, held=held, waited_for=one.owed, to_inspect=plate.to_inspect,
                bin=best.bin.code if best else "", why=one.why if best else "",
                candidates=[] if held else _candidates(one),
            )
        )  # fmt: skip
    return told


def _candidates(ranking: Ranking) -> list[CandidateOut]:
    return [CandidateOut(bin=one["code"], allowed=one["allowed"], why=one["why"]) for one in ranking.candidates]
