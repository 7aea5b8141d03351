"""Sending now what is here of many parts, each judged by itself."""

from collections.abc import Sequence

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.orders.actions.split_part import split_part


@transaction.atomic
def split_each(merchant_id: int, part_ids: Sequence[int], *, actor: Actor) -> list[Refused | int]:
    """Let what is here of waiting parts go now; give of each the id of the part that waits on, or why not."""
    became: list[Refused | int] = []
    for part_id in part_ids:
        try:
            became.append(split_part(merchant_id, part_id=part_id, actor=actor))
        except Refused as refusal:
            became.append(refusal)
    return became
