"""Finding the kits that a program names by codes, with the availability of everything they touch locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from colisage.catalog.queries import SkuFacts, kit_recipes, skus_by_code
from colisage.inventory.actions.reserve import lock_free
from colisage.kit.errors import NotThere
from colisage.network.queries import nodes_serving
from colisage.network.queries.places import PlaceFacts, places_coded


@dataclass(frozen=True, slots=True)
class KitsAsked:
    """So many kits at a node, and the bin into which they go, or their components; by codes.

    `lot` is that of the kits that are made; `made_by` the assembly of which kits are taken apart.
    """

    sku: str
    node: str
    bin: str
    quantity: int
    lot: str = ""
    made_by: int | None = None


@dataclass(frozen=True, slots=True)
class KitCodes:
    """What the codes of a request stand for, by the codes in capitals."""

    skus: Mapping[str, SkuFacts]
    nodes: Mapping[str, int]
    places: Mapping[tuple[int, str], PlaceFacts]

    def meant(self, asked: KitsAsked) -> tuple[int, int, int]:
        """Give the SKU, the node and the bin (0 where there is none, which is refused later); raise `NotThere`."""
        sku, node = self.skus.get(asked.sku.upper()), self.nodes.get(asked.node.upper())
        if sku is None or node is None:
            raise NotThere
        place = self.places.get((node, asked.bin.strip().upper()))
        return sku.id, node, place.id if place else 0


def find_kits(merchant_id: int, kits: Sequence[KitsAsked]) -> KitCodes:
    """Say what codes stand for; lock the availability of kits and components at once, in key order."""
    skus = skus_by_code(merchant_id, codes={one.sku for one in kits})
    ids = {sku.id for sku in skus.values()}
    recipes = kit_recipes(merchant_id, sku_ids=ids)
    lock_free(ids | {part for recipe in recipes.values() for part, _units in recipe})
    nodes = {node.code.upper(): node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    places = places_coded(set(nodes.values()), codes={one.bin for one in kits})
    return KitCodes(skus, nodes, places)
