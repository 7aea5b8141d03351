"""Comparing tags of a bin with the books, as a program sends them: node and bin by code, where the floor is its own."""

from collections.abc import Sequence

from django.db import transaction

from colisage.inventory.actions.count_named import UnknownBins
from colisage.inventory.actions.record_tag_read import record_tag_read
from colisage.inventory.rules.tags import split_tags
from colisage.kit.actors import Actor
from colisage.network.queries.floors import floors_of
from colisage.network.queries.places import places_coded


@transaction.atomic
def read_tags_named(merchant_id: int, tags: Sequence[str], *, node: str, bin_code: str, actor: Actor) -> int:
    """Compare tags that were read with what the books have in a bin; give the id of the read. Nothing is booked.

    Raises `NotThere` for a node that does not serve the merchant, `NotYourFloor`, `UnknownBins`, `NoTags` and
    `TooManyTags`.
    """
    at = floors_of(merchant_id).called(node)
    code = bin_code.strip().upper()
    place = places_coded([at.node_id], codes=[code]).get((at.node_id, code))
    if place is None or place.kind != "bin" or not place.active:
        raise UnknownBins(codes=bin_code)
    return record_tag_read(
        at.operator_id, node_id=at.node_id, place_id=place.id, epcs=split_tags("\n".join(tags)),
        merchant_ids=[merchant_id], actor=actor,
    )  # fmt: skip
