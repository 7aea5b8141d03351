from collections.abc import Collection, Iterable

from django.db import transaction

from colisage.inventory.models import LicensePlate
from colisage.inventory.queries.plates import Plate, branch, places_of_plates, trees_of
from colisage.inventory.rules.moving import (
    DEEPEST,
    OtherMerchant,
    PlateElsewhere,
    PlateIsClosed,
    PlateOnItself,
    TooDeep,
)
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere


@transaction.atomic
def nest_plate(merchant_ids: Collection[int], *, plate_id: int, on_id: int | None, actor: Actor) -> bool:
    """Put a plate, with all that stands on it, on another one; None takes it off. Gives whether anything changed.

    No unit moves: both stand in one place, or one of them is empty (`PlateElsewhere`). Raises `PlateOnItself`,
    `TooDeep`, `PlateIsClosed`, `OtherMerchant`.
    """
    wanted = [plate_id] if on_id is None else [plate_id, on_id]
    before = {plate.root_id for plate in trees_of(merchant_ids, plate_ids=wanted)}
    list(
        LicensePlate.objects.select_for_update(no_key=True)
        .filter(pk__in=before.union(wanted))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    trees = trees_of(merchant_ids, plate_ids=wanted)
    by_id = {plate.id: plate for plate in trees}
    if not set(wanted) <= by_id.keys():
        raise NotThere
    plate = by_id[plate_id]
    if plate.parent_id == on_id:
        return False
    if on_id is not None:
        _refuse(trees, plate=plate, on=by_id[on_id])
    LicensePlate.objects.filter(pk=plate_id).update(parent=on_id)
    told = {"on": by_id[on_id].code if on_id is not None else ""}
    record_deeds([Deed("plate", plate_id, "plate_nested", told, merchant_id=plate.merchant_id)], actor=actor)
    return True


def _refuse(trees: Collection[Plate], *, plate: Plate, on: Plate) -> None:
    for one in (plate, on):
        if one.closed:
            raise PlateIsClosed(plate=one.code)
    if plate.merchant_id != on.merchant_id:
        raise OtherMerchant(plate=on.code)
    going = branch(trees, plate_id=plate.id)
    if on.id in going:
        raise PlateOnItself(plate=plate.code)
    height = max(each.depth for each in trees if each.id in going) - plate.depth
    if on.depth + 1 + height >= DEEPEST:
        raise TooDeep(most=DEEPEST)
    here = _places(going)
    staying = _places(each.id for each in trees if each.root_id == on.root_id and each.id not in going)
    if here and staying and here.keys() != staying.keys():
        raise PlateElsewhere(plate=on.code, place=", ".join(sorted(staying.values())))


def _places(plate_ids: Iterable[int]) -> dict[int, str]:
    return {place: code for place, code, _node in places_of_plates(list(plate_ids)).values()}
