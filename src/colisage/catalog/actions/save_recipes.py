from collections.abc import Mapping, Sequence

from django.db import transaction

from colisage.catalog.models import Component
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def save_recipes(merchant_id: int, recipes: Mapping[int, Sequence[tuple[int, int]]], *, actor: Actor) -> None:
    """Say what bundles and kits are made of: of each SKU id, pairs of SKU id and units.

    The same recipe again changes nothing. Orders taken before keep the recipe of then.
    """
    parts = Component.objects.filter(merchant_id=merchant_id, parent_id__in=recipes)
    known: dict[int, dict[int, int]] = {}
    for parent, sku, units in parts.order_by("pk").values_list("parent_id", "sku_id", "quantity"):
        known.setdefault(parent, {})[sku] = units
    changed = {pk: dict(recipe) for pk, recipe in recipes.items() if dict(recipe) != known.get(pk, {})}
    parts.filter(parent_id__in=changed).delete()
    Component.objects.bulk_create(
        Component(merchant_id=merchant_id, parent_id=pk, sku_id=sku, quantity=units)
        for pk, recipe in changed.items()
        for sku, units in recipe.items()
    )
    record_deeds(
        (
            Deed(
                "sku", pk, "recipe_saved", {"recipe": [list(part) for part in recipe.items()]}, merchant_id=merchant_id
            )
            for pk, recipe in changed.items()
        ),
        actor=actor,
    )
