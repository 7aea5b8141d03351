"""Kits: made and taken apart as movements, whole or not at all; a lot is found in the kits it went into."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from colisage.catalog.models import Component, Sku
from colisage.inventory.actions.assemble_kits import BadKitCount, ComponentsMissing, NoKit, NoSuchBin, assemble_kits
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.disassemble_kits import KitsMissing, disassemble_kits
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import Assembly, AssemblyLine, Availability, CountTask, Lot, StockCell, StockMovement
from colisage.inventory.queries.kits import assemblies_of, can_make, kits_with_lots, plan_of
from colisage.inventory.rules.kits import Back, take_back
from colisage.kit.actors import SYSTEM
from colisage.kit.errors import NotThere
from tests.books import find, hold, promised, spot_of, stand, told, where
from tests.cast import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def kit(balanced: World) -> Sku:
    """Give the kit PANIER: a mug, and three cards."""
    made = Sku.objects.create(merchant=balanced.tilleul, code="PANIER", name="Panier garni", kind="kit")
    for code, units in (("MUG", 1), ("CARTE", 3)):
        Component.objects.create(merchant=balanced.tilleul, parent=made, sku=balanced.sku(code), quantity=units)
    return made


def make(world: World, kit: Sku, qty: int, **more: Any) -> int:
    facts: dict[str, Any] = {
        "node_id": world.lyon.pk, "sku_id": kit.pk, "qty": qty, "place_id": world.bins()[11].pk, "once": uuid4(),
        "actor": SYSTEM, **more,
    }  # fmt: skip
    return assemble_kits(world.tilleul.pk, **facts)


def apart(world: World, kit: Sku, qty: int, **more: Any) -> int:
    facts: dict[str, Any] = {
        "node_id": world.lyon.pk, "sku_id": kit.pk, "qty": qty, "place_id": world.bins()[10].pk, "once": uuid4(),
        "actor": SYSTEM, **more,
    }  # fmt: skip
    return disassemble_kits(world.tilleul.pk, **facts)


def on_hand(sku: Sku) -> int:
    return sum(StockCell.objects.filter(sku=sku, kept=True).values_list("qty", flat=True))


def test_components_go_in_and_kits_come_out(balanced: World, kit: Sku) -> None:
    made = make(balanced, kit, 4)
    assert (on_hand(kit), on_hand(balanced.sku("MUG")), on_hand(balanced.sku("CARTE"))) == (4, 16, 8)
    moved = StockMovement.objects.filter(doc_kind="assembly", doc_id=made)
    assert set(moved.values_list("reason", flat=True)) == {"assembled"}
    assert moved.count() == 3
    lines = AssemblyLine.objects.filter(assembly=made).order_by("sku__code").values_list("sku__code", "per_kit", "qty")
    assert list(lines) == [("CARTE", 3, 12), ("MUG", 1, 4)]
    assert {e["sku_id"] for e in told("SellableGrew")} >= {kit.pk}


def test_a_missing_component_is_named_with_its_units_and_nothing_is_written(balanced: World, kit: Sku) -> None:
    before = StockMovement.objects.count()
    with pytest.raises(ComponentsMissing) as refusal:
        make(balanced, kit, 25)
    assert refusal.value.code == "components_missing"
    assert "55 × CARTE" in str(refusal.value)
    assert "5 × MUG" in str(refusal.value)
    assert (StockMovement.objects.count(), Assembly.objects.count()) == (before, 0)


def test_what_is_promised_or_kept_back_is_not_taken(balanced: World, kit: Sku) -> None:
    hold(balanced.sku("MUG"), 15)
    Availability.objects.filter(sku=balanced.sku("MUG")).update(safety=3)
    assert can_make(balanced.tilleul.pk, sku_ids=[kit.pk])[kit.pk].can == {balanced.lyon.pk: 2}
    with pytest.raises(ComponentsMissing):
        make(balanced, kit, 3)
    make(balanced, kit, 2)
    assert promised(balanced.sku("MUG")) == [(1, "held", 15)]


def test_the_same_form_sent_twice_makes_them_once(balanced: World, kit: Sku) -> None:
    once = uuid4()
    assert make(balanced, kit, 2, once=once) == make(balanced, kit, 2, once=once)
    assert on_hand(kit) == 2


@pytest.mark.parametrize("qty", [0, -1, 100_001])
def test_kits_are_made_by_the_whole_number(balanced: World, kit: Sku, qty: int) -> None:
    with pytest.raises(BadKitCount):
        make(balanced, kit, qty)


def test_only_kits_with_a_recipe_go_into_bins_of_nodes_that_serve(balanced: World, kit: Sku) -> None:
    with pytest.raises(NoKit):
        make(balanced, balanced.sku("MUG"), 1)
    with pytest.raises(NoSuchBin):
        make(balanced, kit, 1, place_id=balanced.bins(balanced.montreal)[0].pk)
    with pytest.raises(NotThere):
        make(balanced, kit, 1, node_id=10**9)
    with pytest.raises(NotThere):
        assemble_kits(
            balanced.northwind.pk, node_id=balanced.montreal.pk, sku_id=kit.pk, qty=1,
            place_id=balanced.bins(balanced.montreal)[0].pk, once=uuid4(), actor=SYSTEM,
        )  # fmt: skip
    assert not Assembly.objects.exists()


def test_chosen_bins_are_taken_and_no_more_than_was_chosen(balanced: World, kit: Sku) -> None:
    mug, card = balanced.sku("MUG"), balanced.sku("CARTE")
    find(mug, 2, at=spot_of(balanced.bins()[9]))
    second = StockCell.objects.get(sku=mug, place=balanced.bins()[9])
    cards = StockCell.objects.get(sku=card, kept=True)
    with pytest.raises(ComponentsMissing):
        make(balanced, kit, 3, chosen={second.pk: 2, cards.pk: 9})
    make(balanced, kit, 2, chosen={second.pk: 2, cards.pk: 6})
    second.refresh_from_db()
    assert second.qty == 0


def test_a_bin_that_is_counted_is_left_alone_and_the_next_one_is_asked(balanced: World, kit: Sku) -> None:
    mug, counted = balanced.sku("MUG"), where(balanced.sku("MUG"), balanced.lyon)
    find(mug, 2, at=spot_of(balanced.bins()[8]))
    asked = count_bins(balanced.nord.pk, node_id=balanced.lyon.pk, bins=[(counted.place_id, "hand")], actor=SYSTEM)
    start_count(balanced.nord.pk, task_id=CountTask.objects.get(count=asked).pk, actor=SYSTEM)
    with pytest.raises(ComponentsMissing):
        make(balanced, kit, 3)
    make(balanced, kit, 2)
    assert not StockCell.objects.get(sku=mug, place=balanced.bins()[8]).qty


def test_a_lot_is_found_in_the_kits_it_went_into_and_comes_out_of_them_again(balanced: World, kit: Sku) -> None:
    world, mug = balanced, balanced.sku("MUG")
    early, late = (
        save_lot(world.tilleul.pk, sku_id=mug.pk, code=code, expires_on=day)
        for code, day in (("L1", date(2027, 3, 1)), ("L2", date(2027, 6, 1)))
    )
    for lot in (early, late):
        find(mug, 3, at=spot_of(world.bins()[8], lot_id=lot))
    cells = {c.lot_id: c.pk for c in StockCell.objects.filter(sku=mug, place=world.bins()[8])}
    cards = StockCell.objects.get(sku=world.sku("CARTE"), kept=True).pk
    made = make(world, kit, 4, chosen={cells[early]: 3, cells[late]: 1, cards: 12}, lot="P-1")
    kit_lot = Lot.objects.get(sku=kit)
    assert kit_lot.expires_on == date(2027, 3, 1)  # with the first of its components
    (hit,) = kits_with_lots([world.tilleul.pk], lot_ids=[late])
    assert (hit.assembly_id, hit.kit_lot_id, hit.units, hit.kits) == (made, kit_lot.pk, 1, 4)
    apart(world, kit, 3, made_by=made)
    apart(world, kit, 1, made_by=made)
    assert on_hand(kit) == 0
    back = dict(StockCell.objects.filter(sku=mug, place=world.bins()[10]).values_list("lot_id", "qty"))
    assert back == {early: 3, late: 1}
    with pytest.raises(KitsMissing):
        apart(world, kit, 1, made_by=made)


def test_kits_that_are_promised_stay_whole(balanced: World, kit: Sku) -> None:
    make(balanced, kit, 3)
    hold(kit, 2)
    with pytest.raises(KitsMissing) as refusal:
        apart(balanced, kit, 2)
    assert refusal.value.places == {"sku": "PANIER", "left": 1}  # not its components: kits are missing
    apart(balanced, kit, 1)
    assert stand(kit, balanced.lyon) == (2, 2)


def test_kits_made_come_apart_by_the_recipe_of_then(balanced: World, kit: Sku) -> None:
    made = make(balanced, kit, 2)
    Component.objects.filter(parent=kit, sku=balanced.sku("CARTE")).update(quantity=1)
    apart(balanced, kit, 1, made_by=made)
    assert on_hand(balanced.sku("CARTE")) == 17
    apart(balanced, kit, 1)  # of no known assembly: the recipe of today
    assert on_hand(balanced.sku("CARTE")) == 18


def test_the_plan_says_what_to_fetch_where_and_what_is_missing(balanced: World, kit: Sku) -> None:
    plan = plan_of(balanced.tilleul.pk, sku_id=kit.pk, node_id=balanced.lyon.pk, kits=7)
    assert sorted((t.cell.place, t.units) for t in plan.taken) == [("A-01-1", 7), ("B-01-1", 20)]
    assert plan.missing == {balanced.sku("CARTE").pk: 1}


def test_the_history_says_what_is_left_of_each(balanced: World, kit: Sku) -> None:
    made = make(balanced, kit, 4)
    apart(balanced, kit, 1, made_by=made)
    history = assemblies_of(balanced.tilleul.pk, sku_id=kit.pk)
    assert [(m.kind, m.qty, m.left) for m in history] == [("disassembled", 1, 0), ("assembled", 4, 3)]
    assert history[1].parts == (("MUG", 4, ""), ("CARTE", 12, ""))


def test_a_kit_gives_its_whole_recipe_whatever_is_known_of_its_lots() -> None:
    back = take_back({(1, 7): 2, (1, 8): 1}, out={(1, 7): 1}, recipe=[(1, 1), (2, 2)], kits=3)
    assert back == [Back(1, 7, 1, 1), Back(1, 8, 1, 1), Back(1, None, 1, 1), Back(2, None, 2, 6)]
