"""Noise at every place where a person scans: a clear word, a bad verdict, and no movement."""

import pytest
from django.test import Client

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.models import Lot, StockMovement
from colisage.kit.actors import Actor
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.actions.scan_item import NotThisLot, scan_item
from colisage.packing.models import ParcelLine
from colisage.picking.actions.confirm_pick import WholeCase, WrongLot, confirm_pick
from colisage.picking.actions.pick_all import pick_all
from colisage.picking.actions.release_wave import release_wave
from colisage.picking.models import PickBatch, PickTask
from tests.books import balanced, find, spot_of
from tests.cast import World
from tests.catalog.test_catalogue import client_of
from tests.packing.conftest import boxes
from tests.picking.conftest import Ready, ada, ready

__all__ = ["ada", "balanced", "boxes", "ready"]
pytestmark = pytest.mark.usefixtures("balanced")

EAN, CASE, GS = "9506000134352", "19506000134359", "\x1d"
NOISE = [
    ("9506000134353", "check digit"),
    (EAN * 2, "one code at a time"),
    (f"]C1010{EAN[:7]}", "part of the code"),
    ("\x00\x07garbage", "noise"),
    ("9" * 5_000, "longer than any code"),
    ("&é\"'(-è_ç&é", "keyboard"),
]


@pytest.fixture
def mug(world: World) -> Sku:
    """A mug with a GTIN, in a case of six, and five of lot L1 that leave first."""
    mug = world.sku("MUG")
    Sku.objects.filter(pk=mug.pk).update(rotation="lifo", tracks_lots=True)
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=EAN)
    Barcode.objects.create(merchant=world.tilleul, sku=mug, code=CASE, units=6)
    lot = Lot.objects.create(merchant=world.tilleul, sku=mug, code="L1")
    find(mug, 5, at=spot_of(world.bins()[9], lot_id=lot.pk))
    return mug


@pytest.fixture
def task(world: World, mug: Sku, ready: Ready, ada: Actor) -> PickTask:
    ready((("MUG", 2),))
    release_wave(world.nord.pk, node_id=world.lyon.pk, actor=ada)
    return PickTask.objects.get()


@pytest.mark.parametrize(
    "sent", [EAN, f"0{EAN}", f"(01){EAN}", f"]C1010{EAN}10L1", f"010{EAN}10L1", f"https://x.example/01/{EAN}/10/L1"]
)
def test_any_label_of_the_right_item_and_lot_takes_it(world: World, task: PickTask, ada: Actor, sent: str) -> None:
    assert confirm_pick(world.nord.pk, task_id=task.pk, code=sent, actor=ada).picked == 2


@pytest.mark.parametrize("sent", [f"]C1010{EAN}10L2", f"(01){EAN}(10)L2", f"010{EAN}10L22101"])
def test_the_right_item_of_another_lot_is_refused(world: World, task: PickTask, ada: Actor, sent: str) -> None:
    before = StockMovement.objects.count()
    with pytest.raises(WrongLot) as refusal:
        confirm_pick(world.nord.pk, task_id=task.pk, code=sent, actor=ada)
    assert "L2" in str(refusal.value)
    assert "L1" in str(refusal.value)
    assert StockMovement.objects.count() == before


def test_a_scanner_without_separators_does_not_stop_the_picker(world: World, task: PickTask, ada: Actor) -> None:
    """L1 and then a serial, or a lot L12101: as long as it may be the right lot, it is as good as the bare GTIN."""
    assert confirm_pick(world.nord.pk, task_id=task.pk, code=f"010{EAN}10L12101", actor=ada).picked == 2


def test_a_whole_case_is_not_taken_for_two_units(world: World, task: PickTask, ada: Actor) -> None:
    with pytest.raises(WholeCase, match="6"):
        confirm_pick(world.nord.pk, task_id=task.pk, code=CASE, actor=ada)


@pytest.mark.parametrize(("sent", "word"), NOISE)
def test_noise_at_the_bin_moves_nothing_and_says_why(world: World, task: PickTask, sent: str, word: str) -> None:
    before = StockMovement.objects.count()
    ada = _client(world)
    batch = PickBatch.objects.get()
    ada.post(f"/picking/batches/{batch.pk}/take")
    answer = ada.post(f"/picking/tasks/{task.pk}/scan", {"code": sent})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert 'data-verdict="bad"' in answer.content.decode()
    assert StockMovement.objects.count() == before


def _client(world: World) -> Client:
    return client_of(world.ada)


@pytest.mark.parametrize(("sent", "word"), NOISE)
def test_noise_at_the_dock_takes_nothing_in_and_says_why(world: World, mug: Sku, sent: str, word: str) -> None:
    before = StockMovement.objects.count()
    answer = client_of(world.chen).post("/inbound/receive", {"code": sent, "good": "5"})
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert StockMovement.objects.count() == before


@pytest.mark.usefixtures("boxes")
def test_a_label_at_the_bench_must_name_a_lot_that_was_picked(
    world: World, mug: Sku, task: PickTask, ada: Actor
) -> None:
    pick_all(world.nord.pk, batch_ids=list(PickBatch.objects.values_list("pk", flat=True)), actor=ada)
    [parcel] = make_parcels([task.fulfillment_order_id])
    with pytest.raises(NotThisLot, match="L2"):
        scan_item([world.tilleul.pk], parcel_id=parcel, code=f"]C1010{EAN}10L2", actor=ada)
    assert ParcelLine.objects.get().scanned == 0
    assert scan_item([world.tilleul.pk], parcel_id=parcel, code=f"]C1010{EAN}10L1{GS}21S7", actor=ada).scanned == 1
    assert scan_item([world.tilleul.pk], parcel_id=parcel, code=EAN, actor=ada).scanned == 2


def test_the_search_box_reads_labels(world: World, mug: Sku) -> None:
    for sent in (EAN, f"0{EAN}", f"(01){EAN}(10)L1", f"https://x.example/01/{EAN}"):
        answer = client_of(world.chen).get("/search", {"q": sent})
        assert answer.status_code == 302, sent
        assert str(mug.pk) in answer["Location"]
    assert client_of(world.chen).get("/search", {"q": "\x00" + "9" * 4_000}).status_code == 200
