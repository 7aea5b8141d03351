"""Setting how far counts may be from the books, as a program says: nodes by their codes, where the floor is its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.save_count_rule import save_count_rule
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.network.queries.floors import floors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLimits:
    """The limits of a node: of the merchant's goods, or (`usual`) of all goods without limits of their own."""

    node: str
    usual: bool
    tolerance: int
    limit_units: int
    limit_cents: int
    idle_hours: int


@transaction.atomic
def save_limits_named(merchant_id: int, said: Sequence[SaidLimits], *, actor: Actor) -> list[Refused | None]:
    """Set the limits of nodes; give of each why it was refused, if it was.

    Raises nothing: `NotThere` for a node that does not serve the merchant and `NotYourFloor` are answers.
    """
    floors = floors_of(merchant_id)

    def save(one: SaidLimits) -> None:
        node = floors.called(one.node)
        save_count_rule(
            node.operator_id, node_id=node.node_id, merchant_id=None if one.usual else merchant_id,
            tolerance=one.tolerance, limit_units=one.limit_units, limit_cents=one.limit_cents,
            idle_hours=one.idle_hours, actor=actor,
        )  # fmt: skip

    return each(said, save, by=lambda one: (one.node.upper(), one.usual))
