"""Making kits: the components leave their bins, the kits are put into one, in one transaction on one document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import SkuFacts, kit_recipes, skus_by_id
from colisage.inventory.actions.post_movements import Move, Spot, post_movements
from colisage.inventory.actions.reserve import lock_free
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.models import Assembly, AssemblyKind, AssemblyLine
from colisage.inventory.rules.kits import Cell, Recipe, Taken, missing, take
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.statements import statement
from colisage.network.queries import bins_of, nodes_serving, virtual_place

MOST = 100_000


class NoKit(Refused):
    """Only kits with a recipe are assembled."""

    code = "no_kit"
    text = _("%(sku)s is not a kit with a recipe.")


class ComponentsMissing(Refused):
    """There are not enough free components; nothing was taken."""

    code = "components_missing"
    text = _("Components are missing: %(what)s. Nothing was taken.")


class BadKitCount(Malformed):
    """Kits are made by the whole number."""

    code = "bad_kit_count"
    text = _("Say how many kits: a whole number from 1 to 100,000.")


class NoSuchBin(Malformed):
    """The bin is not one of the node's."""

    code = "no_such_bin"
    text = _("This is not a bin of this node.")


@transaction.atomic
def assemble_kits(
    merchant_id: int,
    *,
    node_id: int,
    sku_id: int,
    qty: int,
    place_id: int,
    once: UUID,
    actor: Actor,
    lot: str = "",
    chosen: Mapping[int, int] | None = None,
) -> int:
    """Make kits at a node and put them into a bin; give the assembly.

    Free units are taken in the order of each component's rotation, or from the `chosen` cells (cell id, units). What
    is promised or kept back as safety is not touched. `ComponentsMissing` says what is short, and nothing is written.
    The same `once` again changes nothing.
    """
    recipe, sku = known_kit(merchant_id, sku_id=sku_id, node_id=node_id, place_id=place_id, qty=qty)
    free = lock_free({sku_id, *(part for part, _units in recipe)})  # one at a time from here
    done = Assembly.objects.filter(merchant_id=merchant_id, once=once).values_list("pk", flat=True).first()
    if done is not None:
        return done
    cells = _cells(merchant_id, node_id=node_id, recipe=recipe, chosen=chosen)
    lying = Counter[int]()
    for cell in cells:
        lying[cell.sku_id] += cell.free
    there = {part: min(free.get((part, node_id), 0), lying[part]) for part, _units in recipe}
    lacks = missing(recipe, kits=qty, free=there)
    if lacks:
        raise ComponentsMissing(what=_said(merchant_id, lacks))
    taken = take(recipe, kits=qty, cells=cells)
    made = Assembly.objects.create(
        merchant_id=merchant_id,
        node_id=node_id,
        sku_id=sku_id,
        kind=AssemblyKind.ASSEMBLED,
        qty=qty,
        place_id=place_id,
        lot_id=save_lot(merchant_id, sku_id=sku_id, code=lot, expires_on=_expiry(taken)) if lot else None,
        once=once,
        by_name=str(actor)[:150],
    )
    post_movements(_moves(made, taken), actor=actor)
    data = {"kit": sku.code, "units": qty, "assembly": made.pk}
    record_deeds([Deed("sku", sku_id, "kits_assembled", data, merchant_id=merchant_id)], actor=actor)
    return made.pk


def known_kit(merchant_id: int, *, sku_id: int, node_id: int, place_id: int, qty: int) -> tuple[Recipe, SkuFacts]:
    """Give the recipe and the facts of a kit, after looking that node, bin and number are possible."""
    if not 0 < qty <= MOST:
        raise BadKitCount
    sku = skus_by_id(merchant_id, ids=[sku_id]).get(sku_id)
    if sku is None or node_id not in {s.node_id for s in nodes_serving([merchant_id])[merchant_id]}:
        raise NotThere
    recipe = kit_recipes(merchant_id, sku_ids=[sku_id]).get(sku_id, ())
    if not recipe:
        raise NoKit(sku=sku.code)
    if place_id not in {b.id for b in bins_of(node_id)}:
        raise NoSuchBin
    return recipe, sku


def _cells(merchant_id: int, *, node_id: int, recipe: Recipe, chosen: Mapping[int, int] | None) -> list[Cell]:
    """Lock the cells that units may be taken from; of chosen ones no more than was chosen."""
    cells = own_cells(merchant_id, node_id=node_id, sku_ids=[part for part, _units in recipe])
    if chosen is None:
        return cells
    return [replace(c, free=min(c.free, chosen[c.cell_id])) for c in cells if c.cell_id in chosen]


def own_cells(merchant_id: int, *, node_id: int, sku_ids: Sequence[int]) -> list[Cell]:
    """Lock the free cells of SKUs at a node, in the order of rotation."""
    with connection.cursor() as db:
        db.execute(
            statement("inventory", "assembly_cells"), {"merchant": merchant_id, "node": node_id, "skus": list(sku_ids)}
        )
        return [Cell(*row) for row in db.fetchall()]


def _said(merchant_id: int, lacks: Mapping[int, int]) -> str:
    codes = skus_by_id(merchant_id, ids=lacks)
    return ", ".join(f"{units} × {codes[sku].code}" for sku, units in lacks.items())


def _expiry(taken: Sequence[Taken]) -> date | None:
    """A kit expires with the first of its components."""
    return min((t.cell.expires_on for t in taken if t.cell.expires_on), default=None)


def _moves(made: Assembly, taken: Sequence[Taken]) -> list[Move]:
    """Write the lines, and move what they say: the components in, the kits out."""
    lines = AssemblyLine.objects.bulk_create(
        AssemblyLine(
            merchant_id=made.merchant_id, assembly=made, sku_id=t.cell.sku_id, per_kit=t.per_kit, qty=t.units,
            place_id=t.cell.place_id, lot_id=t.cell.lot_id, plate_id=t.cell.plate_id,
        )
        for t in taken
    )  # fmt: skip
    work = virtual_place("assembly")
    return [
        *(
            Move(
                merchant_id=made.merchant_id, sku_id=line.sku_id, qty=line.qty, reason="assembled", doc_kind="assembly",
                doc_id=made.pk, doc_line=line.pk, target=Spot(place_id=work, lot_id=line.lot_id),
                source=Spot(place_id=line.place_id, lot_id=line.lot_id, plate_id=line.plate_id),
            )
            for line in lines
        ),
        Move(
            merchant_id=made.merchant_id, sku_id=made.sku_id, qty=made.qty, reason="assembled", doc_kind="assembly",
            doc_id=made.pk, source=Spot(place_id=work, lot_id=made.lot_id),
            target=Spot(place_id=made.place_id, lot_id=made.lot_id),
        ),
    ]  # fmt: skip
