from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.actions.change_sku import change_sku
from colisage.catalog.actions.save_skus import save_skus
from colisage.catalog.queries.codes import known_skus
from colisage.catalog.rules import Counted, SkuRow
from colisage.kit.actors import Actor
from colisage.kit.conflicts import one_by_one
from colisage.kit.errors import Refused


class CodeTaken(Refused):
    """A code names one SKU of a shop, in any case."""

    code = "code_taken"
    text = _("A SKU has the code %(code)s already.")


@transaction.atomic
def make_sku(
    merchant_id: int,
    *,
    code: str,
    kind: str,
    facts: Mapping[str, Any],
    barcodes: Sequence[Counted],
    recipe: Sequence[Counted],
    actor: Actor,
) -> int:
    """Make one SKU with all a form says of it; give its id.

    Raises `CodeTaken`, or what `change_sku` raises, and then makes nothing.
    """
    one_by_one("new SKU", merchant_id)  # else what another makes at this moment would be found below, and changed
    if known_skus(merchant_id, codes=[code]):  # those not in use count too
        raise CodeTaken(code=code)
    [pk] = save_skus(merchant_id, [SkuRow(code=code, name=code, kind=kind)], actor=actor).values()
    change_sku(merchant_id, sku_id=pk, facts=facts, barcodes=barcodes, recipe=recipe, actor=actor)
    return pk
