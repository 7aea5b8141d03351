"""What nothing is free of is listed from rows that triggers write: the list says what reading everything says."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction

from colisage.catalog.models import Sku
from colisage.inventory.actions.release import release
from colisage.inventory.actions.tidy_lacking import tidy_lacking
from colisage.inventory.models import Availability, Lacking, StockCell
from colisage.inventory.queries import browser
from colisage.inventory.queries.browser import Filters, stock_page
from colisage.kit.errors import Refused
from colisage.kit.walls import behind_the_wall
from colisage.network.models import Node, Place
from tests.books import find, hold, lose, spot_of, where
from tests.cast import World

Step = Callable[[World, random.Random], object]
_owners = count(500)


def _listed(world: World, *, node: Node | None, text: str = "", size: int = 3) -> list[str]:
    """Read the list page by page."""
    found: list[str] = []
    after = ("", 0)
    ids = [world.tilleul.pk, world.northwind.pk]
    filters = Filters(state="none", node_id=node.pk if node else None, text=text)
    while page := stock_page(ids, filters=filters, after=after, size=size)[:size]:
        found += [row.code for row in page]
        after = (page[-1].key, page[-1].id)
    return found


def _lacking(*, node: Node | None, text: str = "") -> list[str]:
    """Read everything."""
    here = {"node": node} if node else {}
    return [
        sku.code
        for sku in Sku.objects.exclude(kind="bundle").order_by("code_key", "pk")
        if (sku.active or StockCell.objects.filter(sku=sku, qty__gt=0, **here).exists())
        and not Availability.objects.filter(sku=sku, gives=True, **here).exists()
        and (node is None or _is_kept(sku, node))
        and sku.code.startswith(text)
    ]


def _is_kept(sku: Sku, node: Node) -> bool:
    cells = StockCell.objects.filter(sku=sku, node=node, qty__gt=0)
    return cells.exists() or Availability.objects.filter(sku=sku, node=node).exists()


def _find(world: World, chance: random.Random) -> None:
    place = chance.choice(list(Place.objects.filter(node__in=[world.lyon, world.montreal])))
    condition = chance.choice(["sellable", "sellable", "damaged"])
    find(_any(chance, kind="unit"), chance.randint(1, 3), at=spot_of(place, condition=condition))


def _lose(world: World, chance: random.Random) -> None:
    cells = list(StockCell.objects.filter(qty__gt=0, node__in=[world.lyon, world.montreal]))
    if cells:
        cell = chance.choice(cells)
        lose(cell.sku, cell.qty, at=spot_of(cell.place, condition=cell.condition))


def _hold(world: World, chance: random.Random) -> None:
    hold(_any(chance, kind="unit"), chance.choice([1, 2, 30]), owners=[next(_owners)])


def _release(world: World, chance: random.Random) -> None:
    release("order_line", owner_ids=[chance.randint(500, 600)])


def _change_limits(world: World, chance: random.Random) -> None:
    rows = Availability.objects.filter(sku=_any(chance))
    rows.update(safety=chance.choice([0, 1, 40]), source=chance.choice(["ledger", "ledger", "unlimited"]))


def _forget_node(world: World, chance: random.Random) -> None:
    Availability.objects.filter(sku=_any(chance), sellable=0, reserved=0).delete()


def _rename(world: World, chance: random.Random) -> None:
    Sku.objects.filter(pk=_any(chance).pk).update(code=f"{chance.choice('abcXYZ')}{next(_owners)}")


def _change_kind(world: World, chance: random.Random) -> None:
    Sku.objects.filter(pk=_any(chance).pk).update(kind=chance.choice(["unit", "unit", "bundle"]))


def _retire(world: World, chance: random.Random) -> None:
    Sku.objects.filter(pk=_any(chance).pk).update(active=chance.random() < 0.5)


def _add(world: World, chance: random.Random) -> None:
    owner = chance.choice([world.tilleul, world.northwind])
    Sku.objects.create(merchant=owner, code=f"N{next(_owners)}", name="New", active=chance.random() < 0.8)


def _tidy(world: World, chance: random.Random) -> None:
    tidy_lacking()


STEPS: tuple[Step, ...] = (
    _find, _find, _lose, _lose, _hold, _hold, _release, _change_limits, _forget_node, _rename, _change_kind, _retire,
    _retire, _add, _tidy, _tidy,
)  # fmt: skip


def _any(chance: random.Random, **narrow: str) -> Sku:
    return chance.choice(list(Sku.objects.filter(**narrow).order_by("pk")))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_the_list_says_what_reading_everything_says(world: World, seed: int) -> None:
    chance = random.Random(seed)
    for turn in range(50):
        step = chance.choice(STEPS)
        try:
            with transaction.atomic():
                step(world, chance)
        except (Refused, DatabaseError):
            continue  # what the books refuse changes nothing
        if turn % 3 == 0:
            for node in (None, world.lyon, world.montreal):
                assert (seed, turn, step.__name__, _listed(world, node=node)) == (
                    seed, turn, step.__name__, _lacking(node=node),
                )  # fmt: skip


@pytest.mark.django_db
def test_who_is_not_sold_any_more_is_listed_where_units_turn_up_again(world: World) -> None:
    sku = Sku.objects.create(merchant=world.tilleul, code="OLD", name="Old")
    places = [None, world.lyon, world.montreal]

    def seen() -> list[bool]:
        tidy_lacking()
        now = ["OLD" in _listed(world, node=node) for node in places]
        assert now == ["OLD" in _lacking(node=node) for node in places]
        return now

    assert seen() == [True, False, False]
    Sku.objects.filter(pk=sku.pk).update(active=False)
    assert seen() == [False, False, False]
    dock = spot_of(Place.objects.get(node=world.lyon, kind="dock"))
    find(sku, 2, at=dock)
    assert seen() == [True, True, False]
    lose(sku, 2, at=dock)
    assert seen() == [False, False, False]
    shelf = spot_of(world.bins()[0])
    find(sku, 1, at=shelf)  # now the node keeps it
    assert seen() == [False, False, False]
    lose(sku, 1, at=shelf)
    Availability.objects.filter(sku=sku).update(safety=3)
    assert seen() == [False, False, False]
    find(sku, 2, at=shelf)  # less than is kept back: none was free before, and none is now
    assert seen() == [True, True, False]
    lose(sku, 2, at=shelf)
    assert seen() == [False, False, False]
    Sku.objects.filter(pk=sku.pk).update(active=True)
    assert seen() == [True, True, False]


@pytest.mark.django_db
def test_a_new_code_and_a_new_kind_are_listed_as_they_are(world: World) -> None:
    carte = world.sku("CARTE")
    lose(carte, 20, at=where(carte, world.lyon))
    for change in ({"code": "zebra"}, {"kind": "bundle"}, {"kind": "unit"}, {"code": "ARC"}):
        Sku.objects.filter(pk=carte.pk).update(**change)
        for _tidied in range(2):
            for node in (None, world.lyon):
                assert (change, _listed(world, node=node)) == (change, _lacking(node=node))
            tidy_lacking()
    Availability.objects.filter(sku=world.sku("MUG")).update(source="unlimited")
    Availability.objects.filter(sku=world.sku("PLUME")).update(safety=40)
    assert _listed(world, node=world.lyon) == ["ARC", "PLUME"] == _lacking(node=world.lyon)


@pytest.mark.django_db
def test_a_text_narrows_it_whether_few_lack_or_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("CARTE", "PLUME", "LAMPE"):
        lose(world.sku(code), 20, at=where(world.sku(code), world.lyon))
    for many in (5_000, 1):
        monkeypatch.setattr(browser, "MANY", many)
        for node in (None, world.lyon):
            assert _listed(world, node=node, text="CA") == ["CARTE"] == _lacking(node=node, text="CA")


@pytest.mark.django_db
def test_what_came_in_again_is_tidied_away_and_others_are_behind_the_wall(world: World) -> None:
    carte, shelf = world.sku("CARTE"), where(world.sku("CARTE"), world.lyon)
    for _time in range(3):
        lose(carte, 20, at=shelf)
        find(carte, 20, at=shelf)
    lose(carte, 20, at=shelf)
    tidy_lacking()
    assert sorted(Lacking.objects.filter(sku_id=carte.pk).values_list("node_id", flat=True)) == [0, world.lyon.pk]
    with behind_the_wall(merchants=[world.northwind.pk], operators=[]):
        assert not Lacking.objects.filter(sku_id=carte.pk).exists()
    find(carte, 1, at=shelf)
    tidy_lacking()
    assert not Lacking.objects.filter(sku_id=carte.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_what_runs_out_while_it_is_tidied_is_not_forgotten(world: World) -> None:
    carte = world.sku("CARTE")
    find(carte, 1, at=spot_of(world.bins(world.montreal)[0]))
    rows = Availability.objects.filter(sku=carte)
    kept_back, tidied = Event(), Event()

    def keep_back() -> None:
        with transaction.atomic():
            rows.filter(node=world.lyon).update(safety=40)
            kept_back.set()
            assert tidied.wait(20)
        connection.close()

    with ThreadPoolExecutor(1) as other:
        keeping = other.submit(keep_back)
        assert kept_back.wait(20)
        rows.filter(node=world.montreal).update(safety=40)
        assert tidy_lacking() > 0  # the other node still has some, as far as anybody sees
        tidied.set()
        keeping.result()
    assert "CARTE" in _listed(world, node=None)
