"""Units that somebody else sends by now: cancelled on one line, they stand on another of the same article."""

from collections import defaultdict
from collections.abc import Collection

from colisage.kit.money import shares
from colisage.orders.models import OrderLine


def moved_on(lines: Collection[OrderLine]) -> dict[int, tuple[int, int]]:
    """Give of lines of one order the units that stand on another line by now, and their cents; none left away.

    Pieces of one line of the shop have its name (`external_ref`) and differ in who sends them. Units that joined one
    after acceptance came from another; such as left a service's line again went back to one.
    """
    pieces: dict[str, list[OrderLine]] = defaultdict(list)
    for line in lines:
        if line.external_ref:
            pieces[line.external_ref].append(line)
    found: dict[int, tuple[int, int]] = {}
    for of_one in pieces.values():
        came = {line.pk: min(line.joined, line.wanted) for line in of_one}
        for line in of_one:
            units = min(line.joined, line.cancelled) if line.served_by else 0
            for other in of_one:
                if other.served_by != line.served_by:
                    some = min(line.cancelled - units, came[other.pk])
                    came[other.pk] -= some
                    units += some
            if units:
                discount, _rest = shares(line.discount_cents, weights=[units, line.quantity - units])
                found[line.pk] = (units, units * line.unit_price_cents - discount)
    return found
