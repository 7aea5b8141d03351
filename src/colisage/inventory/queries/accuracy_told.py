"""How right the books were and what went missing, as the API tells it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from colisage.inventory.queries.accuracy import Accuracies, Accuracy, Shrunk


class AccuracyOut(Struct, frozen=True, kw_only=True):
    """Bins and sorts (a SKU, lot and condition in a bin) that were counted, and those whose books were right.

    `off` are units of difference without their sign, of `expected`; `net` those too many less those missing.
    """

    bins: int
    bins_right: int
    sorts: int
    sorts_right: int
    expected: int
    off: int
    net: int


class NodeAccuracyOut(AccuracyOut, frozen=True, kw_only=True):
    """How right the books of a node were."""

    node: str


class MissingOut(Struct, frozen=True, kw_only=True):
    """Units that went missing at a node or for a reason, net of those found, and their value in minor units."""

    name: str
    units: int
    cents: int


class LostOut(Struct, frozen=True, kw_only=True):
    """What went missing, net of what was found, in one currency; `there_cents` is the value of what lies there now."""

    currency: str
    units: int
    cents: int
    there_cents: int
    nodes: list[MissingOut]
    reasons: list[MissingOut]


class NumbersOut(Struct, frozen=True, kw_only=True):
    """How right the books were, in all and by node, and what went missing."""

    total: AccuracyOut
    nodes: list[NodeAccuracyOut]
    lost: list[LostOut]


def numbers_told(right: Accuracies, lost: Sequence[Shrunk], *, codes: Mapping[int, str]) -> NumbersOut:
    """Tell numbers, nodes by their codes; no statement."""
    nodes = sorted(((codes.get(node, ""), one) for node, one in right.nodes.items()), key=lambda pair: pair[0])
    return NumbersOut(
        total=AccuracyOut(**_figures(right.total)),
        nodes=[NodeAccuracyOut(node=code, **_figures(one)) for code, one in nodes],
        lost=[
            LostOut(
                currency=one.currency, units=one.units, cents=one.cents, there_cents=one.there_cents,
                nodes=_missing({codes.get(node, ""): sums for node, sums in one.nodes.items()}),
                reasons=_missing(one.reasons),
            )
            for one in lost
        ],
    )  # fmt: skip


def _figures(one: Accuracy) -> dict[str, int]:
    same = ("bins", "bins_right", "sorts", "sorts_right", "expected", "net")
    return {"off": one.absolute, **{name: getattr(one, name) for name in same}}


def _missing(sums: Mapping[str, tuple[int, int]]) -> list[MissingOut]:
    return [MissingOut(name=name, units=units, cents=cents) for name, (units, cents) in sorted(sums.items())]
