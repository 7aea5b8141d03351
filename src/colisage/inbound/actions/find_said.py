"""What a program names by codes in a document of its own: nodes and units of SKUs, everything wrong said at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts
from colisage.inbound.queries.suppliers import skus_said
from colisage.inbound.rules.announced import REASONS
from colisage.inbound.rules.purchasing import MOST_UNITS
from colisage.kit.errors import Malformed
from colisage.network.queries import nodes_serving


class MeansNothing(Malformed):
    """Members of what was sent mean nothing; each is named by its pointer."""

    code = "means_nothing"
    text = _("Some of this means nothing here: look at the members that are named.")


@dataclass(frozen=True, slots=True)
class Meant:
    """What members stand for, by their pointers: nodes, and units of SKUs."""

    nodes: Mapping[str, int]
    units: Mapping[str, tuple[SkuFacts, int]]


def find_said(merchant_id: int, *, nodes: Mapping[str, str], units: Mapping[str, tuple[str, int]]) -> Meant:
    """Say what members stand for, told by their pointers: node codes, and (code of a SKU or of a case, so many).

    Raises `MeansNothing` with every member that means nothing. A constant number of statements.
    """
    serving = {node.code.upper(): node.node_id for node in nodes_serving([merchant_id])[merchant_id]}
    known = skus_said(merchant_id, codes={code for code, _quantity in units.values()})
    faults = [(pointer, "no_such_node") for pointer, code in nodes.items() if code.upper() not in serving]
    meant: dict[str, tuple[SkuFacts, int]] = {}
    for pointer, (code, quantity) in units.items():
        sku, each = known.get(code.upper(), (None, 0))
        if sku is None:
            faults.append((pointer, "no_such_sku"))
        elif sku.kind == "bundle":
            faults.append((pointer, "bundle"))
        elif quantity * each > MOST_UNITS:
            faults.append((pointer, "bad_quantity"))
        else:
            meant[pointer] = (sku, quantity * each)
    if faults:
        refusal = MeansNothing()
        refusal.faults = [{"pointer": at, "code": code, "detail": str(REASONS[code])} for at, code in faults]
        raise refusal
    return Meant({pointer: serving[code.upper()] for pointer, code in nodes.items()}, meant)
