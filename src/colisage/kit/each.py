"""Many that are asked for together, each judged by itself."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

from colisage.kit.errors import Refused

Item = TypeVar("Item")
Done = TypeVar("Done")


def each(items: Iterable[Item], do: Callable[[Item], Done]) -> list[Refused | Done]:
    """Do something for one item after another; give in their order what came of each, or why it was refused.

    What a refused one had written is undone, and harms no other. Locks it took stay: take them all, in order, before.
    """
    became: list[Refused | Done] = []
    for item in items:
        try:
            with transaction.atomic():
                became.append(do(item))
        except Refused as refusal:
            became.append(refusal)
    return became
