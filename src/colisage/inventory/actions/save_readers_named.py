"""Adding readers of tags, as a program says: nodes and bins by their codes, where the floor is its own, each judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.inventory.actions.save_tag_reader import save_tag_reader
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Refused
from colisage.network.queries.floors import floors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidReader:
    """A reader with its address in the network of the house; without a bin it is a gate."""

    node: str
    name: str
    host: str
    port: int
    bin: str


@transaction.atomic
def save_readers_named(merchant_id: int, readers: Sequence[SaidReader], *, actor: Actor) -> list[Refused | int]:
    """Add readers; give the id of each, or why it was refused. See `save_tag_reader`.

    Raises nothing: `NotThere` for a node that does not serve the merchant or a bin that is not there and
    `NotYourFloor` are answers.
    """
    floors = floors_of(merchant_id)

    def save(one: SaidReader) -> int:
        at = floors.called(one.node)
        return save_tag_reader(
            at.operator_id, node_id=at.node_id, name=one.name.strip(), host=one.host, port=one.port,
            place_code=one.bin, actor=actor,
        )  # fmt: skip

    return each(readers, save, by=lambda one: one.name.strip())
