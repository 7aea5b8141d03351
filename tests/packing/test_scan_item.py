import pytest

from colisage.catalog.models import Barcode
from colisage.kit.actors import Actor
from colisage.kit.errors import NotThere
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.scan_item import EnoughOfIt, NotInThisParcel, ParcelIsClosed, scan_item
from colisage.packing.actions.seal_all import seal_all
from colisage.packing.models import ParcelLine
from tests.cast import World
from tests.packing.conftest import Picked


def test_each_scan_checks_one_unit(world: World, picked: Picked, bo: Actor) -> None:
    [parcel] = make_parcels(picked((("MUG", 2),)))
    code = Barcode.objects.get(sku=world.sku("MUG")).code
    assert scan_item([world.tilleul.pk], parcel_id=parcel, code=code, actor=bo).scanned == 1
    assert scan_item([world.tilleul.pk], parcel_id=parcel, code="mug", actor=bo).scanned == 2


def test_a_case_counts_for_all_its_units(world: World, picked: Picked, bo: Actor) -> None:
    [parcel] = make_parcels(picked((("CARTE", 10),)))
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="CASE10", units=10)
    assert scan_item([world.tilleul.pk], parcel_id=parcel, code="CASE10", actor=bo).scanned == 10


@pytest.mark.parametrize(("code", "refusal"), [("CARTE", NotInThisParcel), ("nothing", NotInThisParcel)])
def test_what_does_not_belong_is_refused_and_counts_nothing(
    world: World, picked: Picked, bo: Actor, code: str, refusal: type[Exception]
) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    with pytest.raises(refusal):
        scan_item([world.tilleul.pk], parcel_id=parcel, code=code, actor=bo)
    assert ParcelLine.objects.get().scanned == 0


def test_one_too_many_is_refused(world: World, picked: Picked, bo: Actor) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    scan_item([world.tilleul.pk], parcel_id=parcel, code="MUG", actor=bo)
    with pytest.raises(EnoughOfIt):
        scan_item([world.tilleul.pk], parcel_id=parcel, code="MUG", actor=bo)


def test_a_closed_parcel_takes_nothing(world: World, picked: Picked, bo: Actor) -> None:
    orders = picked((("MUG", 1),))
    [parcel] = seal_all([world.tilleul.pk], fulfillment_order_ids=orders, actor=bo)
    with pytest.raises(ParcelIsClosed):
        scan_item([world.tilleul.pk], parcel_id=parcel, code="MUG", actor=bo)


def test_another_merchants_parcel_is_not_there(world: World, picked: Picked, bo: Actor) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    with pytest.raises(NotThere):
        scan_item([world.northwind.pk], parcel_id=parcel, code="MUG", actor=bo)
