"""Counting by scan on a phone, deciding at the desk: through HTTP, behind the wall."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.actions.finish_count import finish_count
from colisage.inventory.actions.note_units import note_units
from colisage.inventory.actions.start_count import start_count
from colisage.inventory.models import CountLine, CountRound, CountRule, CountStray, CountTask, Lot, StockMovement
from colisage.kit.actors import SYSTEM, Actor
from colisage.network.models import Place
from tests.books import stand, where
from tests.cast import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("balanced")]
Enter = Callable[[Any], Client]


@pytest.fixture
def task(world: World) -> CountTask:
    place = where(world.sku("MUG"), world.lyon).place_id
    count = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(place, "hand")], actor=SYSTEM)
    return CountTask.objects.select_related("place").get(count=count)


def barcode(world: World, code: str) -> str:
    from colisage.catalog.queries import barcodes_of  # noqa: PLC0415 -- the world keeps SKUs, not their codes

    return barcodes_of([world.sku(code).pk])[world.sku(code).pk]


def test_a_bin_is_counted_by_scan_and_the_books_are_never_shown(world: World, task: CountTask, enter: Enter) -> None:
    ada, here = enter(world.ada), f"/count/{task.pk}"
    assert task.place.code.replace("-", "·") in ada.get("/count/").content.decode()
    assert ada.post("/count/", {"code": task.place.code.lower()}).headers["Location"] == here
    assert ada.post(here, {"code": "Z-99-9"}).status_code == 422
    assert ada.post(here, {"code": task.place.code}, follow=True).status_code == 200
    assert CountTask.objects.get().state == "counting"
    for _ in range(3):
        page = ada.post(here, {"code": barcode(world, "MUG")}, headers={"HX-Request": "true"})
        assert (page.status_code, b'data-verdict="ok"' in page.content) == (200, True)
    assert CountLine.objects.get().qty == 3
    noted = ada.post(f"{here}/note", {"sku": world.sku("MUG").pk, "units": "18", "lot": "", "condition": "sellable"})
    assert (noted.status_code, CountLine.objects.get().qty) == (302, 18)
    shown = ada.get(here).content.decode().split('id="main"')[1].split("</main>")[0]
    assert "20" not in re.sub(r"<[^>]*>", " ", shown).split()
    done = ada.post(f"{here}/finish", {"round": CountRound.objects.get().pk}, follow=True)
    assert b"Somebody else counts" in done.content
    assert b"Somebody else counts it now" in ada.post(here, {"code": task.place.code}).content


@pytest.mark.parametrize("code", ["", "\x00", "noise%s{{", "٣", "x" * 5_000, "B-02-1"])
def test_noise_gives_a_word_and_no_count(world: World, task: CountTask, enter: Enter, code: str) -> None:
    ada, here = enter(world.ada), f"/count/{task.pk}"
    assert ada.post("/count/", {"code": code}).status_code in {200, 422}
    ada.post(here, {"code": task.place.code})
    page = ada.post(here, {"code": code}, headers={"HX-Request": "true"})
    assert (page.status_code, b'data-verdict="bad"' in page.content) == (422, True)
    assert not CountLine.objects.exists()
    for path, said in (
        ("note", {"sku": "9" * 30, "units": "1"}),
        ("note", {"sku": world.sku("MUG").pk, "units": "-1"}),
        ("note", {"sku": world.sku("MUG").pk, "units": "²"}),
        ("note", {"sku": world.sku("MUG").pk, "units": "9" * 12}),
        ("note", {"code": "", "units": "3"}),
        ("finish", {"round": "nonsense"}),
        ("finish", {"round": CountRound.objects.get().pk}),
    ):
        assert ada.post(f"{here}/{path}", said).status_code == 422
    assert not CountLine.objects.exists()
    assert CountTask.objects.get().state == "counting"


def test_an_unknown_code_is_noted_after_a_second_look(world: World, task: CountTask, enter: Enter) -> None:
    ada, here = enter(world.ada), f"/count/{task.pk}"
    ada.post(here, {"code": task.place.code})
    page = ada.post(here, {"code": "4006381333931"})
    assert b"Note it as unknown" in page.content
    ada.post(f"{here}/note", {"code": "4006381333931", "units": "2", "add": "1"})
    assert CountStray.objects.get().qty == 2


@pytest.mark.parametrize("code", ["S-7", "01{gtin}21S-7"])
def test_a_serial_number_is_counted_by_itself_or_in_a_label(
    world: World, task: CountTask, enter: Enter, code: str
) -> None:
    mug = world.sku("MUG")
    type(mug).objects.filter(pk=mug.pk).update(tracks_serials=True)
    one = Lot.objects.create(merchant=world.tilleul, sku=mug, code="S-7", is_serial=True)
    ada, here = enter(world.ada), f"/count/{task.pk}"
    ada.post(here, {"code": task.place.code})
    label = code.format(gtin=barcode(world, "MUG").zfill(14))
    page = ada.post(here, {"code": label}, headers={"HX-Request": "true"})
    assert b"1 \xc3\x97 " in page.content
    assert CountLine.objects.get().lot_id == one.pk


def test_a_code_of_two_merchants_asks_whose_it_is(world: World, enter: Enter) -> None:
    from colisage.catalog.models import Barcode  # noqa: PLC0415 -- one test shares a code
    from colisage.people.models import Membership  # noqa: PLC0415

    Membership.objects.create(user=world.dee, operator=world.boreal, roles=["receiver"])
    for merchant, skus in ((world.tilleul, world.skus), (world.northwind, world.northwind_skus)):
        Barcode.objects.create(merchant=merchant, sku=skus["MUG"], code="123456")
    place = world.bins(world.montreal)[0]
    count_bins(world.boreal.pk, node_id=world.montreal.pk, bins=[(place.pk, "hand")], actor=SYSTEM)
    dee, here = enter(world.dee), f"/count/{CountTask.objects.get().pk}"
    dee.post(here, {"code": place.code})
    page = dee.post(here, {"code": "123456"}).content.decode()
    assert "Whose is it?" in page
    assert "Northwind Gifts · " in page
    assert not CountLine.objects.exists()
    dee.post(f"{here}/note", {"sku": world.northwind_skus["MUG"].pk, "units": "1", "add": "1"})
    assert CountLine.objects.get().merchant_id == world.northwind.pk


def test_a_bin_nobody_planned_is_counted_on_the_spot(world: World, enter: Enter) -> None:
    ada, place = enter(world.ada), world.bins()[9]
    page = ada.post("/count/", {"code": place.code})
    assert b"Count it all the same" in page.content
    begun = ada.post("/count/begin", {"place": place.pk})
    assert begun.headers["Location"] == f"/count/{CountTask.objects.get().pk}"
    assert ada.post("/count/begin", {"place": "nonsense"}).status_code == 404
    assert ada.post("/count/begin", {"place": world.bins(world.montreal)[0].pk}).status_code == 404


def large(world: World, task: CountTask) -> None:
    """Count the mugs far from the books, so that a manager decides."""
    CountRule.objects.create(operator=world.nord, node=world.lyon, tolerance=50)
    ada = Actor(kind="person", id=world.ada.pk, name="Ada")
    begun = start_count(world.nord.pk, task_id=task.pk, actor=ada)
    note_units(
        world.nord.pk, round_id=begun, merchant_ids=[world.tilleul.pk], sku_id=world.sku("MUG").pk, units=4, actor=ada
    )
    assert finish_count(world.nord.pk, round_id=begun, actor=ada) == "counted"


def test_a_manager_sees_the_counts_beside_the_books_and_decides(world: World, task: CountTask, enter: Enter) -> None:
    large(world, task)
    chen = enter(world.chen)
    assert b"1 count to approve" in chen.get("/stock/counts/").content
    page = chen.get(f"/stock/counts/bins/{task.pk}").content.decode()
    assert "16 missing" in page
    assert "€288.00" in page
    chen.post(f"/stock/counts/bins/{task.pk}/decide", {"decision": "approve", "remark": "seen\x00"})
    assert stand(world.sku("MUG"), world.lyon) == (4, 0)
    assert b"0 bins to count" in chen.get("/stock/counts/").content
    assert b"Ada" in chen.get("/stock/counts/done").content
    assert chen.get(f"/stock/counts/{task.count_id}").status_code == 200


def test_a_counter_neither_reads_a_count_that_goes_on_nor_decides(world: World, task: CountTask, enter: Enter) -> None:
    ada = enter(world.ada)
    ada.post(f"/count/{task.pk}", {"code": task.place.code})
    assert b"Not yet" in ada.get(f"/stock/counts/bins/{task.pk}").content
    ada.post(f"/count/{task.pk}/leave", {"floor": "1"})
    large(world, task)
    assert ada.post(f"/stock/counts/bins/{task.pk}/decide", {"decision": "approve"}).status_code == 403
    assert ada.post(f"/stock/counts/bins/{task.pk}/cancel").status_code == 403
    assert ada.get("/stock/counts/new").status_code == 403
    assert ada.get("/stock/counts/limits").status_code == 403
    assert not StockMovement.objects.filter(reason="count").exists()


def test_who_does_not_work_there_finds_nothing(world: World, task: CountTask, enter: Enter) -> None:
    dee = enter(world.dee)
    assert dee.get(f"/stock/counts/bins/{task.pk}").status_code == 404
    assert dee.get(f"/stock/counts/{task.count_id}").status_code == 404
    assert dee.get("/count/").status_code == 403
    assert dee.get(f"/count/{task.pk}").status_code == 403
    bo = enter(world.bo)
    assert bo.get("/count/").status_code == 403


def test_bins_are_chosen_by_hand_a_whole_aisle_at_once(world: World, enter: Enter) -> None:
    chen = enter(world.chen)
    for wrong in ("Z", "A-99", "%", "\x00", ""):
        assert chen.post("/stock/counts/new", {"node": world.lyon.pk, "bins": wrong}).status_code == 422
    made = chen.post("/stock/counts/new", {"node": world.lyon.pk, "bins": "a, B-01-1"})
    assert made.status_code == 302
    codes = CountTask.objects.order_by("place__walk").values_list("place__code", flat=True)
    assert list(codes) == ["A-01-1", "A-02-1", "A-03-1", "A-04-1", "B-01-1"]
    again = chen.post("/stock/counts/new", {"node": world.lyon.pk, "bins": "A"})
    assert b"waits for a count already" in again.content
    assert chen.post("/stock/counts/new", {"node": world.montreal.pk, "bins": "A"}).status_code == 422


def test_limits_are_set_for_a_node_and_for_a_merchant(world: World, enter: Enter) -> None:
    chen = enter(world.chen)
    facts = {"node": world.lyon.pk, "merchant": "", "tolerance": 1, "limit_units": 5, "limit": "49.90"}
    assert chen.post("/stock/counts/limits", facts).status_code == 302
    assert chen.post("/stock/counts/limits", {**facts, "tolerance": 2}).status_code == 302
    assert chen.post("/stock/counts/limits", {**facts, "merchant": world.tilleul.pk}).status_code == 302
    rules = CountRule.objects.order_by("pk").values_list("merchant_id", "tolerance", "limit_cents")
    assert list(rules) == [(None, 2, 4_990), (world.tilleul.pk, 1, 4_990)]
    for wrong in ({"tolerance": -1}, {"limit": "1e40"}, {"limit": "NaN"}, {"merchant": world.northwind.pk}):
        assert chen.post("/stock/counts/limits", {**facts, **wrong}).status_code == 422
    assert chen.get("/stock/counts/limits").status_code == 200


def test_lists_ask_as_much_for_three_counts_as_for_forty(world: World, enter: Enter) -> None:
    def many(count: int, start: int) -> None:
        storage = world.bins()[0]
        places = Place.objects.bulk_create(
            Place(node=world.lyon, zone_id=storage.zone_id, kind="bin", code=f"Q-{n:03}-1", walk=n)
            for n in range(start, start + count)
        )
        bins = [(place.pk, "hand") for place in places]
        made = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=bins, actor=SYSTEM)
        for n, pk in enumerate(CountTask.objects.filter(count=made).values_list("pk", flat=True)):
            if n % 3 == 0:
                who = Actor(kind="person", id=world.ada.pk, name="Ada")
                begun = start_count(world.nord.pk, task_id=pk, actor=who)
                note_units(
                    world.nord.pk, round_id=begun, merchant_ids=[world.tilleul.pk], sku_id=world.sku("MUG").pk,
                    units=2, actor=who,
                )  # fmt: skip
                finish_count(world.nord.pk, round_id=begun, actor=who)
                CountTask.objects.filter(pk=pk).update(state=("counted", "approved", "recount")[n // 3 % 3])

    def asked(client: Client, path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    chen = enter(world.chen)
    many(9, 100)
    paths = ("/stock/counts/", "/stock/counts/done", "/count/", f"/stock/counts/{CountTask.objects.all()[0].count_id}")
    few = [asked(chen, path) for path in paths]
    many(40, 300)
    assert [asked(chen, path) for path in paths] == few


def test_the_floor_lists_every_bin_to_count_and_the_one_that_is_mine_first(world: World, enter: Enter) -> None:
    storage = world.bins()[0]
    places = Place.objects.bulk_create(
        Place(node=world.lyon, zone_id=storage.zone_id, kind="bin", code=f"Q-{n:03}-1", walk=n // 2) for n in range(230)
    )
    bins = [(place.pk, "hand") for place in places]
    made = count_bins(world.nord.pk, node_id=world.lyon.pk, bins=bins, actor=SYSTEM)
    walk = list(CountTask.objects.filter(count=made).order_by("place__walk", "pk").values_list("pk", flat=True))
    start_count(
        world.nord.pk, task_id=walk[-1], actor=Actor(kind="person", id=world.ada.pk, name="Ada"),
    )  # fmt: skip
    ada, seen, on = enter(world.ada), [], ""
    while on is not None:
        page = ada.get("/count/", {"after": on})
        assert [row.task.pk for row in page.context["mine"]] == [walk[-1]]
        assert "229 bins wait" in page.content.decode()
        seen += [row.task.pk for row in page.context["rows"]]
        on = page.context["next"]
    assert seen == walk[:-1]
    for odd in ("x", "-1", "9" * 18, "9" * 400, "\0"):
        assert ada.get("/count/", {"after": odd}).context["rows"][0].task.pk == walk[0]
