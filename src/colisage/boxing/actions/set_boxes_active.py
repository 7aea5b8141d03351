from collections.abc import Collection

from django.db import transaction

from colisage.boxing.models import BoxType
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds


@transaction.atomic
def set_boxes_active(operator_id: int, box_type_ids: Collection[int], *, active: bool, actor: Actor) -> set[int]:
    """Take packagings out of use, or into use again; give those that changed. Parcels already planned keep theirs."""
    changing = BoxType.objects.select_for_update(no_key=True).filter(
        operator_id=operator_id, pk__in=box_type_ids, active=not active
    )
    codes = dict(changing.order_by("pk").values_list("pk", "code"))
    BoxType.objects.filter(pk__in=codes).update(active=active)
    verb = "box_into_use" if active else "box_out_of_use"
    record_deeds(
        [Deed("box_type", pk, verb, {"code": code}, operator_id=operator_id) for pk, code in codes.items()], actor=actor
    )
    return set(codes)
