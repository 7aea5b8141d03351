"""Stock as the desk shows it: every figure, the story of one SKU, and the file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from colisage.catalog.models import Sku
from colisage.inbound.actions.order_goods import order_goods
from colisage.inventory.actions.open_stock import OpeningRow, open_stock
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.models import Availability
from colisage.inventory.queries import browser
from colisage.inventory.queries.browser import Filters, figures_by_node, stock_page, total
from colisage.inventory.queries.history import Narrowed, days_of, history_page
from colisage.kit.actors import SYSTEM
from colisage.network.models import Place
from colisage.people.models import User
from tests.books import balanced, find, hold, lose, spot_of, virtual, where
from tests.books import move as movement
from tests.cast import World

__all__ = ["balanced"]
pytestmark = pytest.mark.django_db


def client_of(person: User, *, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _place(world: World, kind: str) -> Place:
    return Place.objects.get(node=world.lyon, kind=kind)


def _move(sku: Sku, units: int, world: World, **spots: Any) -> None:
    post_movements([movement(sku, units, **spots)], actor=SYSTEM)


def _codes(world: World, **filters: Any) -> list[str]:
    return [sku.code for sku in stock_page([world.tilleul.pk], filters=Filters(**filters))]


def test_every_figure_says_what_it_says(balanced: World) -> None:
    world, mug = balanced, balanced.sku("MUG")
    shelf = where(mug, world.lyon)
    hold(mug, 3)
    _move(mug, 2, world, source=shelf, target=spot_of(_place(world, "quarantine"), condition="quarantine"))
    _move(mug, 1, world, source=shelf, target=spot_of(_place(world, "quarantine"), condition="damaged"))
    Availability.objects.filter(sku=mug, node=world.lyon).update(safety=4)
    hold(mug, 30, owners=[9])
    figures = figures_by_node([world.tilleul.pk], sku_ids=[mug.pk])[mug.pk][world.lyon.pk]
    assert (figures.on_hand, figures.quarantine, figures.damaged) == (20, 2, 1)
    assert (figures.sellable, figures.reserved, figures.owed) == (17, 13, 20)
    assert (figures.safety, figures.free) == (4, 0)


def test_the_list_is_narrowed_by_state_text_and_node(balanced: World) -> None:
    world = balanced
    lose(world.sku("CARTE"), 20, at=where(world.sku("CARTE"), world.lyon))
    hold(world.sku("LAMPE"), 25)
    lamp = where(world.sku("PLUME"), world.lyon)
    _move(
        world.sku("PLUME"), 1, world, source=lamp, target=spot_of(_place(world, "quarantine"), condition="quarantine")
    )
    Availability.objects.filter(sku=world.sku("TAPIS"), node=world.lyon).update(safety=21)
    assert _codes(world) == ["CARTE", "COFFRET", "LAMPE", "MUG", "PLUME", "TAPIS"]
    assert _codes(world, state="here") == ["LAMPE", "MUG", "PLUME", "TAPIS"]
    assert _codes(world, state="owed") == ["LAMPE"]
    assert _codes(world, state="none") == ["CARTE", "LAMPE", "TAPIS"]
    assert _codes(world, state="low") == ["TAPIS"]
    assert _codes(world, state="quarantine") == ["PLUME"]
    assert _codes(world, state="damaged") == []
    assert _codes(world, text="mug") == ["MUG"]
    assert _codes(world, text="%") == []
    assert _codes(world, node_id=world.montreal.pk) == []
    back = spot_of(_place(world, "returns"), condition="returned")
    _move(world.sku("MUG"), 1, world, source=where(world.sku("MUG"), world.lyon), target=back)
    assert _codes(world, state="returned") == ["MUG"]


@pytest.mark.parametrize("many", [1, 5_000])
def test_a_node_of_few_skus_and_one_of_many_list_what_they_keep(
    balanced: World, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(browser, "MANY", many)
    shelf = Place.objects.filter(node=balanced.montreal, kind="bin").earliest("pk")
    find(balanced.sku("TAPIS"), 2, at=spot_of(shelf))
    find(balanced.sku("MUG"), 1, at=spot_of(Place.objects.get(node=balanced.montreal, kind="dock")))
    assert _codes(balanced, node_id=balanced.montreal.pk) == ["MUG", "TAPIS"]
    assert _codes(balanced, node_id=balanced.montreal.pk, state="none") == ["MUG"]
    assert _codes(balanced, node_id=balanced.lyon.pk) == ["CARTE", "LAMPE", "MUG", "PLUME", "TAPIS"]


def test_pages_follow_one_another_across_merchants(balanced: World) -> None:
    both = [balanced.tilleul.pk, balanced.northwind.pk]
    seen: list[tuple[str, int]] = []
    after = ("", 0)
    while page := stock_page(both, filters=Filters(), after=after, size=4)[:4]:
        seen += [(sku.key, sku.id) for sku in page]
        after = seen[-1]
    assert seen == sorted(seen)
    assert len(set(seen)) == 12


def test_the_balance_after_each_movement_is_that_of_the_moment(balanced: World) -> None:
    world, mug = balanced, balanced.sku("MUG")
    shelf = where(mug, world.lyon)
    lose(mug, 3, at=shelf)
    _move(mug, 5, world, source=shelf, target=spot_of(world.bins()[9]))
    find(mug, 7, at=shelf)
    whole = history_page(world.tilleul.pk, sku_id=mug.pk)
    assert [(c.qty, c.after) for c in whole] == [(7, 24), (0, 17), (-3, 17), (20, 20)]
    older = history_page(world.tilleul.pk, sku_id=mug.pk, before=whole[1].id, size=1)
    assert [c.id for c in older] == [c.id for c in whole[2:]]  # one page, and one more
    narrowed = history_page(world.tilleul.pk, sku_id=mug.pk, narrowed=Narrowed(place=world.bins()[9].code))
    assert [(c.moved, c.after) for c in narrowed] == [(5, 17)]
    assert not history_page(world.tilleul.pk, sku_id=mug.pk, narrowed=Narrowed(reason="pick"))


def test_what_is_in_transit_is_on_its_way_and_at_no_node_on_hand(balanced: World) -> None:
    world, mug = balanced, balanced.sku("MUG")
    transit = Place.objects.create(node=world.montreal, kind="transit", code="TRANSIT")
    _move(mug, 6, world, source=where(mug, world.lyon), target=spot_of(transit))
    figures = total(figures_by_node([world.tilleul.pk], sku_ids=[mug.pk])[mug.pk])
    assert (figures.on_hand, figures.transit) == (14, 6)
    assert [(c.qty, c.after) for c in history_page(world.tilleul.pk, sku_id=mug.pk)] == [(-6, 14), (20, 20)]
    _move(mug, 6, world, source=spot_of(transit), target=spot_of(world.bins(world.montreal)[8]))
    at_montreal = Narrowed(node_id=world.montreal.pk)
    assert [(c.qty, c.after) for c in history_page(world.tilleul.pk, sku_id=mug.pk, narrowed=at_montreal)] == [
        (6, 6),
        (0, 0),
    ]


def test_days_end_with_what_was_on_hand(balanced: World) -> None:
    mug = balanced.sku("MUG")
    lose(mug, 4, at=where(mug, balanced.lyon))
    since = timezone.now() - timedelta(days=2)
    before, days = days_of(balanced.tilleul.pk, sku_id=mug.pk, since=since, zone="Europe/Paris")
    assert before == 0
    assert [level for _day, level in days] == [16]


def test_the_page_says_how_many_since_when_and_why(world: World) -> None:
    mug = world.sku("MUG")
    lose(mug, 3, at=where(mug, world.lyon))
    order_goods(
        world.tilleul.pk, supplier="Poterie", node_id=world.lyon.pk, number="A-1", expected_on=None,
        lines=[(mug.pk, 48, 700)], actor=SYSTEM,
    )  # fmt: skip
    text = client_of(world.chen).get(f"/stock/{mug.pk}").content.decode()
    assert "Mug en grès bleu: 17 units on hand" in text
    assert "It became 17" in text
    assert ">48<" in text  # incoming
    assert "<svg" in text
    history = client_of(world.chen).get(f"/stock/{mug.pk}/history").content.decode()
    assert "−3" in history


def test_a_bundle_is_as_many_as_its_scarcest_component_allows(world: World) -> None:
    lose(world.sku("CARTE"), 15, at=where(world.sku("CARTE"), world.lyon))
    text = client_of(world.chen).get(f"/stock/{world.sku('COFFRET').pk}").content.decode()
    assert "<b>2</b>" in text


@pytest.mark.parametrize(
    "query",
    ["?text=%00%00", "?after=99999999999999999999 X", "?after=x", "?node=99999999999", "?state=nonsense", "?node=²"],
)
def test_nonsense_in_the_address_of_the_list_is_no_error(world: World, query: str) -> None:
    assert client_of(world.chen).get(f"/stock/{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["?after=x", "?since=yesterday", "?since=2026-02-31", "?until=9999-12-31", "?since=0001-01-01", "?node=-1",
     "?place=%00", "?reason=zzz", "?after=99999999999999999999"],
)  # fmt: skip
def test_nonsense_in_the_address_of_a_history_is_no_error(world: World, query: str) -> None:
    assert client_of(world.chen).get(f"/stock/{world.sku('MUG').pk}/history{query}").status_code == 200


def test_what_is_somebody_elses_is_not_there(world: World) -> None:
    mug = world.sku("MUG").pk
    for page in (f"/stock/{mug}", f"/stock/{mug}/history", "/stock/99999999999999999999"):
        assert client_of(world.dee).get(page).status_code == 404
    assert "Mug" not in client_of(world.dee).get("/stock/stock.csv?text=Coffret").content.decode()


def test_the_file_runs_no_formula(world: World) -> None:
    Sku.objects.filter(pk=world.sku("MUG").pk).update(name='=HYPERLINK("http://x")')
    answer = client_of(world.chen).get("/stock/stock.csv?text=MUG")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "sku"
    assert rows[1][:5] == ["MUG", '\'=HYPERLINK("http://x")', "unit", "20", "0"]


def test_the_pages_ask_as_often_for_many_as_for_few(world: World) -> None:
    chen = client_of(world.chen)
    mug = world.sku("MUG")

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert chen.get(page).status_code == 200
        return len(caught)

    pages = ("/stock/", f"/stock/{mug.pk}", f"/stock/{mug.pk}/history", "/stock/stock.csv")
    few = [asked(page) for page in pages]
    skus = Sku.objects.bulk_create(
        Sku(merchant=world.tilleul, code=f"N-{n:03}", name=f"Numéro {n}") for n in range(300)
    )
    bins = world.bins()
    opening = [OpeningRow(sku.pk, bins[n % 12].pk, 5) for n, sku in enumerate(skus)]
    open_stock(world.tilleul.pk, opening, document_id=77, actor=SYSTEM)
    for n in range(60):
        find(mug, 1, at=spot_of(bins[n % 12]))
    assert [asked(page) for page in pages] == few


def test_no_movement_is_lost_between_virtual_places(world: World) -> None:
    mug = world.sku("MUG")
    _move(mug, 1, world, source=where(mug, world.lyon), target=virtual("customer"))
    (latest, *_rest) = history_page(world.tilleul.pk, sku_id=mug.pk)
    assert (latest.qty, latest.target_kind) == (-1, "customer")
