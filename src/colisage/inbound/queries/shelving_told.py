"""How bins are chosen at nodes, as the API tells it."""

from collections.abc import Sequence

from msgspec import Struct

from colisage.inbound.queries.shelving import nodes_with_rules, rules_of
from colisage.network.queries import Serving
from colisage.network.queries.storing import cross_dock_bins, storage_types, storing_zones


class PutawayRuleOut(Struct, frozen=True, kw_only=True):
    """What is looked at: a bin that does not comply is refused (`must`), or comes later."""

    kind: str
    must: bool


class PutawayRulesOut(Struct, frozen=True, kw_only=True):
    """The rules by which bins of a node are chosen, in their order; `usual`: nobody wrote any for it."""

    node: str
    usual: bool
    rules: list[PutawayRuleOut]


class PutawayRulesListOut(Struct, frozen=True, kw_only=True):
    """The rules of every node that serves you."""

    items: list[PutawayRulesOut]


class ZoneOut(Struct, frozen=True, kw_only=True):
    """A zone that stores, and the storage type its bins are made for; empty: ambient."""

    zone: str
    storage: str


class ZonesOut(Struct, frozen=True, kw_only=True):
    """What the zones of a node are made for, and the bins for goods that go first; `storages`: the types there are."""

    node: str
    zones: list[ZoneOut]
    cross_dock: list[str]
    storages: list[str]


class DockPolicyOut(Struct, frozen=True, kw_only=True):
    """How many per cent more than ordered are taken in without a question."""

    over_percent: int


def rules_told(nodes: Sequence[Serving]) -> list[PutawayRulesOut]:
    """Tell the rules of nodes; two statements."""
    ids = [node.node_id for node in nodes]
    rules, own = rules_of(ids), nodes_with_rules(ids)
    return [
        PutawayRulesOut(
            node=node.code, usual=node.node_id not in own,
            rules=[PutawayRuleOut(kind=one.kind, must=one.must) for one in rules[node.node_id]],
        )
        for node in nodes
    ]  # fmt: skip


def zones_told(node: Serving) -> ZonesOut:
    """Tell what zones and bins of a node are made for; three statements."""
    types = {pk: code for pk, code, _name in storage_types()}
    return ZonesOut(
        node=node.code,
        zones=[
            ZoneOut(zone=one.code, storage=types.get(one.storage_id or 0, "")) for one in storing_zones([node.node_id])
        ],
        cross_dock=cross_dock_bins([node.node_id])[node.node_id],
        storages=list(types.values()),
    )
