"""Taking kits apart: the kits leave their bins, their components are put into one, on one document."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inventory.actions.assemble_kits import known_kit, own_cells
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.models import Assembly, AssemblyKind, AssemblyLine
from colisage.inventory.rules.kits import Back, Part, Recipe, Taken, take, take_back
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused
from colisage.network.queries import virtual_place


class KitsMissing(Refused):
    """There are not as many free kits to take apart, or not as many left of that assembly; nothing was taken."""

    code = "kits_missing"
    text = _("Kits of %(sku)s that can be taken apart here: %(left)s. Nothing was taken.")


@transaction.atomic
def disassemble_kits(
    merchant_id: int,
    *,
    node_id: int,
    sku_id: int,
    qty: int,
    place_id: int,
    once: UUID,
    actor: Actor,
    made_by: int | None = None,
) -> int:
    """Take free kits of a node apart and put their components into a bin; give the document.

    Of the assembly `made_by`, its recipe and the lots that went in come out, and only its kits of its lot are taken;
    else today's recipe, without lots. `KitsMissing`: they are not there, or promised; then nothing is written.
    """
    recipe, sku = known_kit(merchant_id, sku_id=sku_id, node_id=node_id, place_id=place_id, qty=qty)
    source = _made_by(merchant_id, sku_id=sku_id, node_id=node_id, assembly_id=made_by) if made_by else None
    parts = {part for part, _units in recipe} | {part for part, _lot in _gone_in(source)}
    free = lock_free({sku_id, *parts}).get((sku_id, node_id), 0)
    done = Assembly.objects.filter(merchant_id=merchant_id, once=once).values_list("pk", flat=True).first()
    if done is not None:
        return done
    cells = own_cells(merchant_id, node_id=node_id, sku_ids=[sku_id])
    if source is not None:
        cells = [cell for cell in cells if cell.lot_id == source.lot_id]
        free = min(free, source.qty - _apart(source))
    there = min(free, sum(cell.free for cell in cells))
    if there < qty:
        raise KitsMissing(sku=sku.code, left=max(there, 0))
    taken = take([(sku_id, 1)], kits=qty, cells=cells)
    back = _back(source, recipe=recipe, kits=qty)
    undone = Assembly.objects.create(
        merchant_id=merchant_id,
        node_id=node_id,
        sku_id=sku_id,
        kind=AssemblyKind.DISASSEMBLED,
        qty=qty,
        place_id=place_id,
        lot_id=source.lot_id if source else None,
        made_by=source,
        once=once,
        by_name=str(actor)[:150],
    )
    post_movements(_moves(undone, taken=taken, back=back), actor=actor)
    data = {"kit": sku.code, "units": qty, "assembly": undone.pk}
    record_deeds([Deed("sku", sku_id, "kits_disassembled", data, merchant_id=merchant_id)], actor=actor)
    return undone.pk


def _made_by(merchant_id: int, *, sku_id: int, node_id: int, assembly_id: int) -> Assembly:
    found = Assembly.objects.filter(
        merchant_id=merchant_id, pk=assembly_id, sku_id=sku_id, node_id=node_id, kind=AssemblyKind.ASSEMBLED
    ).first()
    if found is None:
        raise NotThere
    return found


def _apart(source: Assembly) -> int:
    """Count the kits of an assembly that were taken apart already."""
    return sum(Assembly.objects.filter(merchant_id=source.merchant_id, made_by=source).values_list("qty", flat=True))


def _gone_in(source: Assembly | None) -> Counter[Part]:
    """Give the units of each component and lot that went into the kits of an assembly."""
    gone_in = Counter[Part]()
    if source is not None:
        for line in AssemblyLine.objects.filter(merchant_id=source.merchant_id, assembly=source).order_by("pk"):
            gone_in[line.sku_id, line.lot_id] += line.qty
    return gone_in


def _back(source: Assembly | None, *, recipe: Recipe, kits: int) -> list[Back]:
    """Say what comes out: what went in, where it is known."""
    if source is None:
        return take_back({}, out={}, recipe=recipe, kits=kits)
    lines = AssemblyLine.objects.filter(merchant_id=source.merchant_id)
    out = Counter[Part]()
    for line in lines.filter(assembly__made_by=source):
        out[line.sku_id, line.lot_id] += line.qty
    then = dict(lines.filter(assembly=source).order_by("pk").values_list("sku_id", "per_kit"))
    return take_back(_gone_in(source), out=out, recipe=list(then.items()), kits=kits)


def _moves(undone: Assembly, *, taken: Sequence[Taken], back: Sequence[Back]) -> list[Move]:
    """Write the lines, and move what they say: the kits in, the components out."""
    lines = AssemblyLine.objects.bulk_create(
        AssemblyLine(
            merchant_id=undone.merchant_id, assembly=undone, sku_id=b.sku_id, per_kit=b.per_kit, qty=b.units,
            place_id=undone.place_id, lot_id=b.lot_id,
        )
        for b in back
    )  # fmt: skip
    work = virtual_place("assembly")
    return [
        *(
            Move(
                merchant_id=undone.merchant_id, sku_id=undone.sku_id, qty=t.units, reason="disassembled",
                doc_kind="assembly", doc_id=undone.pk, seq=seq, target=Spot(place_id=work, lot_id=t.cell.lot_id),
                source=Spot(place_id=t.cell.place_id, lot_id=t.cell.lot_id, plate_id=t.cell.plate_id),
            )
            for seq, t in enumerate(taken)
        ),
        *(
            Move(
                merchant_id=undone.merchant_id, sku_id=line.sku_id, qty=line.qty, reason="disassembled",
                doc_kind="assembly", doc_id=undone.pk, doc_line=line.pk,
                source=Spot(place_id=work, lot_id=line.lot_id),
                target=Spot(place_id=undone.place_id, lot_id=line.lot_id),
            )
            for line in lines
        ),
    ]  # fmt: skip
