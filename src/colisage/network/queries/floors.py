"""Where a merchant says what people do on the floor: at nodes of an operator that works for nobody else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from colisage.kit.errors import NotThere
from colisage.network.queries import Serving, nodes_serving
from colisage.people.queries import NotYourFloor, own_operators


@dataclass(frozen=True, slots=True)
class Floors:
    """The nodes that serve a merchant, by their codes, and the operators that work for it alone."""

    serving: Mapping[str, Serving]
    own: frozenset[int]

    def called(self, code: str) -> Serving:
        """Find a node whose floor is the merchant's own, by its code in any case.

        Raises `NotThere` for one that does not serve it, `NotYourFloor` where others are served too.
        """
        found = self.serving.get(code.strip().upper())
        if found is None:
            raise NotThere
        self.decides(found.operator_id)
        return found

    def decides(self, operator_id: int) -> None:
        """Raise `NotYourFloor` where an operator works for others too."""
        if operator_id not in self.own:
            raise NotYourFloor

    def ids(self) -> Collection[int]:
        """Give the nodes whose floor is the merchant's own."""
        return [one.node_id for one in self.serving.values() if one.operator_id in self.own]


def floors_of(merchant_id: int) -> Floors:
    """Give the nodes that serve a merchant, and whose floors are its own; two statements."""
    serving = {one.code.upper(): one for one in nodes_serving([merchant_id])[merchant_id]}
    return Floors(serving, frozenset(own_operators(merchant_id)))
