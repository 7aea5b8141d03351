"""Putting the inserts that were asked for into the parts of their orders, where one is free."""

from collections.abc import Collection, Mapping, Sequence

from django.db import transaction

from colisage.catalog.queries import SkuFacts, skus_across
from colisage.inventory.actions.reserve import Demand, lock_free, reserve
from colisage.inventory.queries import promises_of
from colisage.kit.actors import SYSTEM
from colisage.kit.audit import Deed, record_deeds
from colisage.orders.actions.claim_orders import claim_orders
from colisage.orders.actions.claim_parts import claim_parts
from colisage.orders.models import FulfillmentLine, Insert
from colisage.orders.queries import parts_of
from colisage.orders.rules import Wished, place_inserts

Placed = tuple[int, int]  # part, node


@transaction.atomic
def claim_inserts(order_ids: Collection[int]) -> set[int]:
    """Lock these orders, and the parts of those for which inserts are asked; give the SKUs of these inserts.

    For whoever will lock stock before it adds them: orders and parts come first (0018). One statement without any.
    """
    asked = Insert.objects.filter(order__in=order_ids, state="asked").values_list("order_id", "sku_id")
    wanted = list(asked)
    if not wanted:
        return set()
    claim_orders(order_ids)
    claim_parts([part.id for each in parts_of({order for order, _sku in wanted}).values() for part in each])
    return {sku for _order, sku in wanted}


@transaction.atomic
def add_inserts(order_ids: Collection[int]) -> int:
    """Add the inserts that are asked for to parts of their open orders, each once; give how many were added.

    One unit each, of those free at a node that sends something of the order anyway, in a part on which nobody works.
    Where none is free it is left out, and told: no order waits for an insert, no part is made for one. Orders for which
    no node was chosen yet keep theirs asked. The number of statements does not depend on the number of orders.
    """
    skus_asked = claim_inserts(order_ids)
    if not skus_asked:
        return 0
    orders = {order.pk for order in claim_orders(order_ids)}
    rows = list(Insert.objects.filter(order__in=orders, state="asked").order_by("pk"))  # under the locks
    parts = parts_of({row.order_id for row in rows})
    wishes = [
        Wished(row.pk, row.sku_id, tuple((part.id, part.node_id, part.stage) for part in parts[row.order_id]))
        for row in rows
    ]
    skus = skus_across({row.merchant_id for row in rows}, ids={row.sku_id for row in rows})
    unfit = {pk for pk, sku in skus.items() if sku.kind == "bundle" or sku.tracks_serials or sku.digital}
    found = place_inserts(wishes, free=lock_free(skus_asked), unfit=unfit)
    _add([row for row in rows if not isinstance(found.get(row.pk, ""), str)], places=found)
    for row in rows:
        said = found.get(row.pk)
        if isinstance(said, str):
            row.state, row.why = "left_out", said
        elif said:
            row.state, row.why = "added", ""
    settled = [row for row in rows if row.pk in found]
    Insert.objects.bulk_update(settled, ["state", "why", "line_id"], batch_size=500)
    record_deeds((_deed(row, skus) for row in settled), actor=SYSTEM)
    return sum(row.state == "added" for row in settled)


def _add(rows: Sequence[Insert], *, places: Mapping[int, Placed | str]) -> None:
    """Write the lines of inserts and hold a unit for each; what is free is locked, so all of it is there."""
    if not rows:
        return
    at = {row.pk: place for row in rows if not isinstance(place := places[row.pk], str)}
    lines = FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            merchant_id=row.merchant_id, fulfillment_order_id=at[row.pk][0], order_line=None, sku_id=row.sku_id,
            quantity=1,
        )
        for row in rows
    )  # fmt: skip
    reserve(
        [
            Demand(
                row.merchant_id, "insert", ((line.pk, row.sku_id, 1),), may_wait=False, nodes=(at[row.pk][1],),
            )
            for row, line in zip(rows, lines, strict=True)
        ]
    )  # fmt: skip
    held: dict[int, int] = {}
    for merchant in sorted({row.merchant_id for row in rows}):
        own = [line.pk for line in lines if line.merchant_id == merchant]
        held |= {p.owner_id: p.id for p in promises_of(merchant, owner_kind="insert", owner_ids=own)}
    for row, line in zip(rows, lines, strict=True):
        row.line_id, line.reservation_id = line.pk, held[line.pk]
    FulfillmentLine.objects.bulk_update(lines, ["reservation_id"], batch_size=500)


def _deed(row: Insert, skus: Mapping[int, SkuFacts]) -> Deed:
    code = skus[row.sku_id].code
    if row.state == "added":
        return Deed("order", row.order_id, "insert_added", {"sku": code}, merchant_id=row.merchant_id)
    told = {"sku": code, "left_out": row.why}
    return Deed("order", row.order_id, "insert_left_out", told, merchant_id=row.merchant_id)
