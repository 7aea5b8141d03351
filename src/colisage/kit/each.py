"""Many that are asked for together, each judged by itself."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import transaction

from colisage.kit.errors import Refused

Item = TypeVar("Item")
Done = TypeVar("Done")


def each(
    items: Iterable[Item], do: Callable[[Item], Done], *, by: Callable[[Item], Any] | None = None
) -> list[Refused | Done]:
    """Do something for one item after another; give in their order what came of each, or why it was refused.

    What a refused one had written is undone, and harms no other. Locks it took stay: take them all, in order, before;
    or say `by` what the rows that are written are known, and items are done in the order of that.
    """
    known = list(enumerate(items))
    became: dict[int, Refused | Done] = {}
    for n, item in known if by is None else sorted(known, key=lambda one: by(one[1])):
        try:
            with transaction.atomic():
                became[n] = do(item)
        except Refused as refusal:
            became[n] = refusal
    return [became[n] for n, _item in known]
