"""Which box holds what, decided when the last unit is picked."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, replace

from django.db import connection, transaction

from colisage.boxing.queries import BoxPlan, Placed, PlannedBox, ToPack, box_types_of, plan_boxes
from colisage.catalog.queries import SkuFacts, skus_across
from colisage.kit.statements import rows, statement
from colisage.network.queries import node_by_id
from colisage.orders.queries import Part, parts
from colisage.orders.queries.instructions import counting_instructions
from colisage.orders.queries.together import aboard
from colisage.packing.models import Parcel, ParcelLine
from colisage.packing.queries.fits import fit_in
from colisage.packing.rules import share_lines


@transaction.atomic
def make_parcels(fulfillment_order_ids: Collection[int]) -> list[int]:
    """Plan the parcels of fulfilment orders that are picked and have none; give the ids of the new parcels.

    What goes together is planned as one when all of it is picked; its parcels hang on the part with the lowest id.
    Harmless when repeated, and when two do it at once. The number of statements does not depend on the number
    of orders.
    """
    parcels = aboard(fulfillment_order_ids)
    planned = Parcel.objects.filter(fulfillment_order__in=parcels).exclude(state="void")
    for pk in planned.values_list("fulfillment_order_id", flat=True):
        parcels.pop(pk, None)
    picked = _picked(parcels)
    if not picked:
        return []
    operators = {node: node_by_id(node).operator_id for node in {part.node_id for part in picked}}
    skus = skus_across({p.merchant_id for p in picked}, ids={line[2] for p in picked for line in p.lines})
    requests = [ToPack(p.id, operators[p.node_id], tuple((line[2], line[3]) for line in p.lines)) for p in picked]
    plans = plan_boxes(requests, skus=skus)
    return _write(picked, plans | _wished(picked, plans, operators=operators, skus=skus))


def _picked(parcels: Mapping[int, Sequence[int]]) -> list[Part]:
    """Give what is to be packed as parts: several that go together are one, with the lines of all."""
    found = parts({pk for parcel in parcels.values() for pk in parcel})
    whole = {head: [found[pk] for pk in parcel if pk in found] for head, parcel in parcels.items()}
    return [
        replace(members[0], lines=tuple(line for part in members for line in part.lines))
        for members in whole.values()
        if members and all(part.stage == "picked" for part in members)
    ]


def _wished(
    picked: Sequence[Part], plans: Mapping[int, BoxPlan], *, operators: Mapping[int, int], skus: Mapping[int, SkuFacts]
) -> dict[int, BoxPlan]:
    """Plan the parts for which a packaging is asked in it, when everything goes in."""
    wishes = counting_instructions({part.order_id for part in picked if part.order_id}, kind="packaging")
    boxes = box_types_of(set(operators.values())) if wishes else {}
    found = {}
    for part in picked:
        code = wishes.get(part.order_id or 0)
        box = next((b for b in boxes.get(operators[part.node_id], ()) if b.code == code), None)
        items: Counter[int] = Counter()
        for line in part.lines:
            items[line[2]] += line[3]
        if box and (fit := fit_in(box, items=sorted(items.items()), skus=skus)):
            outer = (box.outer_length_mm, box.outer_width_mm, box.outer_height_mm)
            placed = tuple(Placed(*one) for one in fit.layout)
            planned = PlannedBox(box.pk, tuple(sorted(items.items())), placed, fit.grams, outer)
            found[part.id] = BoxPlan((planned,), plans[part.id].remarks)
    return found


def _write(picked: Sequence[Part], plans: dict[int, BoxPlan]) -> list[int]:
    made = [
        {
            "merchant_id": part.merchant_id,
            "fulfillment_order_id": part.id,
            "number": number,
            "box_type_id": box.box_type_id,
            "expected_grams": box.expected_grams,
            "length_mm": box.outer_mm[0],
            "width_mm": box.outer_mm[1],
            "height_mm": box.outer_mm[2],
            "layout": [astuple(placed) for placed in box.placements],
            "remarks": [remark for remark in plans[part.id].remarks if remark[0] in dict(box.items)],
        }
        for part in picked
        for number, box in enumerate(plans[part.id].boxes, 1)
    ]
    with connection.cursor() as db:
        db.execute(statement("packing", "insert_parcels"), [rows(made)])
        ids = {(order, number): pk for order, number, pk in db.fetchall()}
    lines = []
    for part in picked:
        own = [(line, sku, units) for line, _order_line, sku, units, _reservation in part.lines]
        shared = share_lines(own, boxes=[box.items for box in plans[part.id].boxes])
        for number, contents in enumerate(shared, 1):
            if (part.id, number) in ids:
                lines += [
                    ParcelLine(
                        merchant_id=part.merchant_id,
                        parcel_id=ids[part.id, number],
                        fulfillment_line_id=line,
                        sku_id=sku,
                        quantity=units,
                    )
                    for line, sku, units in contents
                ]
    ParcelLine.objects.bulk_create(lines, batch_size=2_000)
    return sorted(ids.values())
