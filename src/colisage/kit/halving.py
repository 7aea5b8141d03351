"""Work that is done for many at once, and refused whole, judged item by item all the same."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction

from colisage.kit.errors import Refused

Item = TypeVar("Item")
Made = TypeVar("Made")


def by_halves(items: Sequence[Item], *, work: Callable[[Sequence[Item]], Sequence[Made]]) -> list[Made | Refused]:
    """Do the work for all items at once; give what it made of each, in order, or why it was refused.

    What is refused is undone and done by halves, until a refusal is that of one item. So the work costs the same for
    many as for one as long as nothing is refused, and a refused item costs that much again twice for each halving.
    The caller is in a transaction, and has locked what all items touch.
    """
    if not items:
        return []
    try:
        with transaction.atomic():
            return list(work(items))
    except Refused as refusal:
        if len(items) == 1:
            return [refusal]
    middle = len(items) // 2
    return by_halves(items[:middle], work=work) + by_halves(items[middle:], work=work)
