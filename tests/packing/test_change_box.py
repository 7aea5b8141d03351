import pytest

from colisage.boxing.models import BoxType
from colisage.kit.actors import Actor
from colisage.packing.actions.change_box import DoesNotFit, change_box
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.models import Parcel
from colisage.packing.queries import other_boxes, parcel_of
from tests.cast import World
from tests.packing.conftest import Picked


def test_only_boxes_that_truly_fit_are_offered(world: World, picked: Picked, boxes: dict[str, BoxType]) -> None:
    [pk] = make_parcels(picked((("MUG", 1),)))
    parcel = parcel_of([world.tilleul.pk], parcel_id=pk)
    assert parcel is not None
    assert parcel.box_type == boxes["C1"]
    assert {choice.name for choice in other_boxes(parcel)} == {"Carton C3", "Carton L1"}


def test_another_box_changes_size_drawing_and_weight(
    world: World, picked: Picked, boxes: dict[str, BoxType], bo: Actor
) -> None:
    [pk] = make_parcels(picked((("MUG", 1),)))
    change_box([world.tilleul.pk], parcel_id=pk, box_type_id=boxes["C3"].pk, actor=bo)
    parcel = Parcel.objects.get()
    assert (parcel.box_type, parcel.length_mm) == (boxes["C3"], boxes["C3"].outer_length_mm)
    assert parcel.expected_grams == 380 + boxes["C3"].empty_grams
    assert len(parcel.layout) == 1


def test_a_box_too_small_is_refused(world: World, picked: Picked, boxes: dict[str, BoxType], bo: Actor) -> None:
    [pk] = make_parcels(picked((("MUG", 1),)))
    with pytest.raises(DoesNotFit):
        change_box([world.tilleul.pk], parcel_id=pk, box_type_id=boxes["E1"].pk, actor=bo)
    assert Parcel.objects.get().box_type == boxes["C1"]
