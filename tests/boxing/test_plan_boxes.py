import pytest

from colisage.boxing.actions.save_box_types import BoxRow, save_box_types
from colisage.boxing.models import BoxType
from colisage.boxing.queries import ToPack, plan_boxes
from colisage.catalog.models import Sku
from colisage.catalog.queries import skus_by_id
from colisage.kit.actors import SYSTEM
from tests.cast import World


def box(code: str, length: int, width: int, height: int, **changes: int) -> BoxRow:
    return BoxRow(
        code=code,
        name=code,
        inner_length_mm=length,
        inner_width_mm=width,
        inner_height_mm=height,
        outer_length_mm=length + 8,
        outer_width_mm=width + 8,
        outer_height_mm=height + 8,
        empty_grams=changes.get("empty", 100),
        max_grams=changes.get("most", 20_000),
    )


@pytest.fixture
def boxes(world: World) -> World:
    rows = [box("S", 150, 120, 110), box("M", 300, 220, 200), box("L", 520, 420, 300)]
    save_box_types(world.nord.pk, rows, actor=SYSTEM)
    return world


def plan(world: World, *wants: tuple[str, int]) -> tuple[list[str], list[str]]:
    """Give the codes of the boxes planned (`-` for none of the shop's) and the remarks."""
    items = tuple((world.sku(code).pk, units) for code, units in wants)
    skus = skus_by_id(world.tilleul.pk, ids=[sku for sku, _ in items])
    found = plan_boxes([ToPack(1, world.nord.pk, items)], skus=skus)[1]
    codes = dict(BoxType.objects.values_list("pk", "code"))
    return [codes.get(b.box_type_id or 0, "-") for b in found.boxes], [code for _, code in found.remarks]


def test_the_smallest_box_that_takes_it_is_chosen(boxes: World) -> None:
    assert plan(boxes, ("MUG", 1)) == (["S"], [])
    assert plan(boxes, ("MUG", 4)) == (["M"], [])


def test_what_fits_nothing_becomes_a_parcel_of_its_own(boxes: World) -> None:
    codes, remarks = plan(boxes, ("MUG", 1), ("TAPIS", 2))
    assert codes == ["S", "-", "-"]
    assert remarks == ["too_big"]


def test_every_unit_is_in_a_box_and_the_weight_adds_up(boxes: World) -> None:
    items = ((boxes.sku("MUG").pk, 7), (boxes.sku("CARTE").pk, 30))
    skus = skus_by_id(boxes.tilleul.pk, ids=[sku for sku, _ in items])
    found = plan_boxes([ToPack(1, boxes.nord.pk, items)], skus=skus)[1]
    assert sum(units for b in found.boxes for _, units in b.items) == 37
    assert sum(b.expected_grams for b in found.boxes) == 7 * 380 + 30 * 12 + 100 * len(found.boxes)
    assert all(len(b.placements) == sum(units for _, units in b.items) for b in found.boxes)


def test_an_unmeasured_thing_is_packed_and_said(boxes: World) -> None:
    Sku.objects.filter(code="MUG", merchant=boxes.tilleul).update(length_mm=None)
    codes, remarks = plan(boxes, ("MUG", 1))
    assert codes == ["M"]
    assert remarks == ["not_measured"]


def test_another_operators_boxes_are_not_used(boxes: World) -> None:
    items = ((boxes.sku("MUG").pk, 1),)
    skus = skus_by_id(boxes.tilleul.pk, ids=[items[0][0]])
    found = plan_boxes([ToPack(1, boxes.boreal.pk, items)], skus=skus)[1]
    assert [b.box_type_id for b in found.boxes] == [None]


def test_saving_a_box_again_changes_it(boxes: World) -> None:
    save_box_types(boxes.nord.pk, [box("S", 150, 120, 110, empty=140)], actor=SYSTEM)
    assert list(BoxType.objects.filter(code="S").values_list("empty_grams", flat=True)) == [140]
