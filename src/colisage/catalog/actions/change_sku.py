"""Changing one SKU by hand: every field as the form says it, barcodes and recipe with it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.actions.save_recipes import save_recipes
from colisage.catalog.models import Barcode, Sku
from colisage.catalog.queries.codes import known_skus, owners_of
from colisage.catalog.rules import FACTS, Counted, changes
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.once import insert_once


class BarcodeTaken(Refused):
    """A code scans as one SKU only."""

    code = "barcode_taken"
    text = _("Another SKU has the barcode %(code)s.")


class NoSuchComponent(Malformed):
    """A recipe names SKUs of the same shop that are no bundles themselves."""

    code = "no_such_component"
    text = _("%(code)s is no SKU that can be in a bundle.")


@transaction.atomic
def change_sku(
    merchant_id: int,
    *,
    sku_id: int,
    facts: Mapping[str, Any],
    barcodes: Sequence[Counted],
    recipe: Sequence[Counted],
    actor: Actor,
) -> None:
    """Set the fields of a SKU, its barcodes (code, units) and, of a bundle or kit, its recipe (SKU code, units).

    Raises `BarcodeTaken` or `NoSuchComponent`, and then changes nothing. Orders taken before keep their recipe.
    """
    sku = Sku.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=sku_id).first()
    if sku is None:
        raise NotThere
    changed = changes({name: getattr(sku, name) for name in FACTS}, {name: facts[name] for name in FACTS})
    for name, (_before, after) in changed.items():
        setattr(sku, name, after)
    if changed:
        sku.save(update_fields=list(changed))
    codes = _set_barcodes(sku, barcodes)
    if sku.kind != "unit":
        _set_recipe(sku, recipe, actor=actor)
    if changed or codes:
        record_deeds([Deed("sku", sku_id, "sku_changed", {**changed, **codes}, merchant_id=merchant_id)], actor=actor)


def _set_barcodes(sku: Sku, barcodes: Sequence[Counted]) -> dict[str, Any]:
    """Make these the barcodes of a SKU; give what was changed."""
    before = dict(Barcode.objects.filter(sku=sku).values_list("code", "units"))
    after = dict(barcodes)
    if before == after:
        return {}
    Barcode.objects.filter(sku=sku).delete()
    insert_once(
        (Barcode(merchant_id=sku.merchant_id, sku=sku, code=code, units=units) for code, units in after.items()),
        by=["code"],  # asked afterwards: another SKU may be given the code at this very moment
    )
    for code, owner in owners_of(sku.merchant_id, barcodes=after).items():
        if owner != sku.code_key:
            raise BarcodeTaken(code=code)
    return {"barcodes": [before, after]}


def _set_recipe(sku: Sku, recipe: Sequence[Counted], *, actor: Actor) -> None:
    known = known_skus(sku.merchant_id, codes=[code for code, _units in recipe])
    parts = []
    for code, units in recipe:
        found = known.get(code.upper())
        if found is None or found.kind != "unit" or found.id == sku.pk:
            raise NoSuchComponent(code=code)
        parts.append((found.id, units))
    save_recipes(sku.merchant_id, {sku.pk: parts}, actor=actor)
