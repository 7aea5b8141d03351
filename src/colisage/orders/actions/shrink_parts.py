"""Taking units out of an order: its parts send fewer, and their promises give them back."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from colisage.inventory.actions.give_back import UnitsAreTaken, Wanted, give_back
from colisage.orders.models import FulfillmentLine, OrderLine
from colisage.orders.problem import each_of, too_late
from colisage.orders.queries import Part
from colisage.orders.queries.changes import pieces_of
from colisage.orders.rules import Piece, fall_verdict, shrink


@transaction.atomic
def shrink_parts(falls: Mapping[int, int], *, lines: Mapping[int, OrderLine], parts: Sequence[Part]) -> int:
    """Take so many of each order line out of the parts that nobody works on; give the units that had been held.

    A part may be left without anything to send. Raises `TooLateToChange` when a line has too few units left that
    nobody works on. The caller holds the order and its parts.
    """
    pieces, owners = pieces_of(parts)
    wanted: list[Wanted] = []
    left = {piece.line_id: piece.units for piece in pieces}
    for pk, sets in sorted(falls.items()):
        line, own = lines[pk], [piece for piece in pieces if owners[piece.line_id] == pk]
        each = each_of(line)
        if not own:  # no node was chosen yet
            wanted += [Wanted(pk, sku, sets * n) for sku, n in each.items()]
            continue
        taken = shrink(sets, each=each, pieces=own)
        if taken is None:
            raise too_late(fall_verdict([piece.stage for piece in own]), name=line.name or line.sku_code)
        for piece, units in taken:
            left[piece.line_id] -= units
            wanted.append(Wanted(pk, piece.sku_id, units, piece.node_id, piece.reservation_id))
    try:
        given = give_back("order_line", wanted)
    except UnitsAreTaken as refusal:
        raise too_late("floor", name=lines[min(falls)].name) from refusal
    _lower(pieces, left=left)
    return given


def _lower(pieces: Sequence[Piece], *, left: Mapping[int, int]) -> None:
    changed = [
        FulfillmentLine(pk=piece.line_id, quantity=left[piece.line_id])
        for piece in pieces
        if left[piece.line_id] != piece.units
    ]
    FulfillmentLine.objects.bulk_update(changed, ["quantity"], batch_size=500)
