"""Finding the units that a program names by codes, with everything locked that moving them will touch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from colisage.catalog.queries import SkuFacts, skus_by_code
from colisage.inventory.actions.adjust_each import NothingLiesThere, SeveralLieThere
from colisage.inventory.actions.lock_places import lock_places
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.queries.told import Lain, cells_named
from colisage.kit.errors import NotThere
from colisage.network.queries import nodes_serving
from colisage.network.queries.places import PlaceFacts, places_coded


@dataclass(frozen=True, slots=True)
class Named:
    """Units by codes: of a SKU, in a bin of a node, loose or on a plate, of one lot if there are several."""

    sku: str
    node: str
    bin: str
    condition: str = "sellable"
    lot: str = ""
    plate: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codes of a request stand for: SKUs, nodes, and places of these nodes, by their codes in capitals."""

    merchant_id: int
    skus: Mapping[str, SkuFacts]
    nodes: Mapping[str, int]
    places: Mapping[tuple[int, str], PlaceFacts]

    def place(self, node: str, code: str) -> PlaceFacts:
        """Give a place by its codes; raise `NotThere`."""
        found = self.places.get((self.nodes.get(node.upper(), 0), code.strip().upper()))
        if found is None:
            raise NotThere
        return found

    def cell(self, named: Named) -> int:
        """Give the cell of units; raise `NothingLiesThere` or `SeveralLieThere`."""
        sku = self.skus.get(named.sku.upper())
        place = self.places.get((self.nodes.get(named.node.upper(), 0), named.bin.strip().upper()))
        if sku is None or place is None:
            raise NothingLiesThere
        lain = Lain(sku.id, place.id, named.condition, named.lot, named.plate)
        found = cells_named(self.merchant_id, named=lain)
        if len(found) != 1:
            raise SeveralLieThere if found else NothingLiesThere
        return found[0]


def find_named(merchant_id: int, named: Collection[Named], *, targets: Collection[str] = ()) -> Codes:
    """Say what codes stand for, and lock availability and then the places of `targets`, all at once and in order.

    So two requests that name the same things the other way round wait for each other, and do not get stuck.
    """
    skus = skus_by_code(merchant_id, codes={one.sku for one in named})
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    lock_free({sku.id for sku in skus.values()})
    places = places_coded(set(nodes.values()), codes={*(one.bin for one in named), *targets})
    wanted = {code.strip().upper() for code in targets}
    lock_places({place.id for (_node, code), place in places.items() if code in wanted})
    return Codes(merchant_id, skus, nodes, places)
