"""Kits on the screens: made at the desk and on the floor, by scan, by those who may."""

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.catalog.models import Barcode, Component, Sku
from colisage.catalog.queries import kits_page
from colisage.inventory.actions.post_movements import Spot
from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.models import Assembly, AssemblyLine
from colisage.people.models import User
from tests.books import find, lose, where
from tests.cast import World

pytestmark = pytest.mark.django_db


def client_of(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def kit(balanced: World) -> Sku:
    made = Sku.objects.create(merchant=balanced.tilleul, code="PANIER", name="Panier garni", kind="kit")
    for code, units in (("MUG", 1), ("CARTE", 3)):
        Component.objects.create(merchant=balanced.tilleul, parent=made, sku=balanced.sku(code), quantity=units)
    return made


def form(world: World, **more: object) -> dict[str, object]:
    return {"node": world.lyon.pk, "qty": "2", "place": "c·04·1", "once": str(uuid4()), **more}


def test_kits_are_made_and_taken_apart_at_the_desk(balanced: World, kit: Sku) -> None:
    chen = client_of(balanced.chen)
    assert "Lyon <b>6</b>" in chen.get("/stock/kits").content.decode()
    assert chen.post(f"/stock/kits/{kit.pk}/assemble", form(balanced)).status_code == 302
    page = chen.get(f"/stock/kits/{kit.pk}").content.decode()
    assert "Panier garni: 2 on hand, 4 more can be made" in page
    made = Assembly.objects.get()
    assert chen.get(f"/stock/kits/made/{made.pk}").headers["Location"] == f"/stock/kits/{kit.pk}"
    told = form(balanced, qty="1", made_by=made.pk, place="C-03-1")
    assert chen.post(f"/stock/kits/{kit.pk}/disassemble", told).status_code == 302
    assert "1 on hand, 5 more" in chen.get(f"/stock/kits/{kit.pk}?apart={made.pk}").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"qty": "1e9"}, {"qty": "-1"}, {"qty": "50"}, {"place": "nowhere"}, {"place": "\x00"}, {"node": "999"},
     {"once": "x"}, {"lot": "x" * 200}],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_on_the_form(balanced: World, kit: Sku, wrong: dict[str, str]) -> None:
    answer = client_of(balanced.chen).post(f"/stock/kits/{kit.pk}/assemble", form(balanced, **wrong))
    assert answer.status_code == 422
    assert not Assembly.objects.exists()


def test_others_neither_see_nor_make_them(balanced: World, kit: Sku) -> None:
    dee = client_of(balanced.dee)
    for page in (f"/stock/kits/{kit.pk}", f"/floor/kits/{kit.pk}/{balanced.lyon.pk}"):
        assert dee.get(page).status_code == 404
    assert dee.post(f"/stock/kits/{kit.pk}/assemble", form(balanced)).status_code == 404
    assert "PANIER" not in dee.get("/stock/kits").content.decode()
    assert client_of(balanced.chen).get("/stock/kits/99999999999999999999").status_code == 404


def test_the_assembler_scans_each_component_then_the_bin(balanced: World, kit: Sku) -> None:
    ada = client_of(balanced.ada)
    codes = {b.sku_id: b.code for b in Barcode.objects.filter(merchant=balanced.tilleul)}
    assert "up to 6" in ada.get("/floor/kits").content.decode()
    page = ada.get(f"/floor/kits/{kit.pk}/{balanced.lyon.pk}?n=2").content.decode()

    def scan(code: str) -> tuple[int, str]:
        nonlocal page
        address = re.search(r'hx-post="([^"]+)"', page)
        assert address
        answer = ada.post(address[1].replace("&amp;", "&"), {"code": code})
        page = answer.content.decode()
        return answer.status_code, page

    assert scan("no such code")[0] == 422
    assert scan(codes[balanced.sku("LAMPE").pk])[0] == 422
    assert scan(codes[balanced.sku("MUG").pk])[0] == 200
    assert scan(codes[balanced.sku("MUG").pk])[0] == 200
    status, text = scan(codes[balanced.sku("CARTE").pk])
    assert status == 200
    assert "Scan the bin for the kits" in text
    assert scan("Z-99")[0] == 422
    assert not Assembly.objects.exists()
    assert "2 kits are made." in scan("C-04-1")[1]
    assert Assembly.objects.get().qty == 2


def test_a_component_out_of_two_bins_is_scanned_in_each_and_another_lot_is_refused(balanced: World, kit: Sku) -> None:
    mug, other = balanced.sku("MUG"), balanced.bins()[5]
    Barcode.objects.filter(sku=mug).update(code="4006381333931")
    lots = [save_lot(balanced.tilleul.pk, sku_id=mug.pk, code=code, expires_on=None) for code in ("OLD", "NEW")]
    shelf = where(mug, balanced.lyon)
    lose(mug, 20, at=shelf)
    find(mug, 1, at=replace(shelf, lot_id=lots[0]))
    find(mug, 4, at=Spot(place_id=other.pk, lot_id=lots[1]))
    ada = client_of(balanced.ada)
    page = ada.get(f"/floor/kits/{kit.pk}/{balanced.lyon.pk}?n=2").content.decode()

    def scan(code: str) -> str:
        nonlocal page
        address = re.search(r'hx-post="([^"]+)"', page)
        assert address
        page = ada.post(address[1].replace("&amp;", "&"), {"code": code}).content.decode()
        return page

    assert "This is lot STRANGE. Take lot OLD." in scan("(01)04006381333931(10)STRANGE")
    assert "Right." in scan("(01)04006381333931(10)NEW")
    assert "This is lot NEW. Take lot OLD." in scan("(01)04006381333931(10)NEW")
    assert "Right." in scan("4006381333931")
    assert "fetched already" in scan("4006381333931")
    assert "Scan the bin for the kits" in scan("CARTE")
    address = page
    assert "2 kits are made." in scan("C-04-1")
    page = address
    assert "2 kits are made." in scan("C-04-1")
    lines = AssemblyLine.objects.filter(sku=mug).order_by("lot__code").values_list("lot__code", "qty")
    assert list(lines) == [("NEW", 1), ("OLD", 1)]
    assert Assembly.objects.count() == 1


@pytest.mark.parametrize("query", ["?n=abc", "?n=-3", "?n=99999999999", "?seen=1,x,%00", "?once=zzz"])
def test_nonsense_in_the_address_of_the_floor_page_is_no_error(balanced: World, kit: Sku, query: str) -> None:
    assert client_of(balanced.ada).get(f"/floor/kits/{kit.pk}/{balanced.lyon.pk}{query}").status_code == 200


def test_the_list_asks_as_often_for_many_kits_as_for_one(balanced: World, kit: Sku) -> None:
    chen = client_of(balanced.chen)

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert chen.get(page).status_code == 200
        return len(caught)

    pages = ("/stock/kits", "/floor/kits")
    few = [asked(page) for page in pages]
    more = Sku.objects.bulk_create(
        Sku(merchant=balanced.tilleul, code=f"KIT-{n}", name="Kit", kind="kit") for n in range(40)
    )
    Component.objects.bulk_create(
        Component(merchant=balanced.tilleul, parent=sku, sku=balanced.sku("MUG"), quantity=2) for sku in more
    )
    assert [asked(page) for page in pages] == few


def test_kits_of_two_merchants_with_one_code_are_all_listed(world: World) -> None:
    ids = [world.tilleul.pk, world.northwind.pk]
    made = [
        Sku.objects.create(merchant_id=merchant, code=code, name=code, kind="kit").pk
        for code in ("BOX-A", "BOX-B", "BOX-C")
        for merchant in ids
    ]
    seen: list[int] = []
    while found := kits_page(ids, text="BOX", after=seen[-1] if seen else 0, size=3)[:3]:
        seen += [kit.id for kit in found]
    assert seen == made
    chen = client_of(world.chen)
    for after, first in ((made[0], made[2]), ("BOX-A", made[0]), ("9" * 30, made[0]), ("\0", made[0])):
        assert chen.get("/stock/kits", {"after": after}).context["rows"][0]["kit"].id == first


def test_a_scan_chooses_the_kit_or_says_that_it_cannot_be_made(balanced: World, kit: Sku) -> None:
    ada = client_of(balanced.ada)
    chosen = ada.post("/floor/kits", {"code": kit.code})
    assert chosen.headers["Location"] == f"/floor/kits/{kit.pk}/{balanced.lyon.pk}"
    for code in ("MUG", "NOISE-1", "", "PANIER\x00"):
        refused = ada.post("/floor/kits", {"code": code})
        assert (refused.status_code, b'data-verdict="bad"' in refused.content) == (422, True)
    lose(balanced.sku("MUG"), 20, at=where(balanced.sku("MUG"), balanced.lyon))
    empty = ada.get("/floor/kits").content.decode()
    assert ("No kit can be made now" in empty, 'id="scan"' in empty) == (True, True)
    assert b"not a kit that can be made now" in ada.post("/floor/kits", {"code": kit.code}).content


def test_a_kit_that_two_nodes_can_make_is_shown_with_both(balanced: World, kit: Sku) -> None:
    for code in ("MUG", "CARTE"):
        find(balanced.sku(code), 9, at=Spot(place_id=balanced.bins(balanced.montreal)[0].pk))
    other = Sku.objects.create(merchant=balanced.tilleul, code="AUTRE", name="Autre", kind="kit")
    Component.objects.create(merchant=balanced.tilleul, parent=other, sku=balanced.sku("MUG"), quantity=1)
    both = client_of(balanced.chen).post("/floor/kits", {"code": kit.code})
    assert {row["node"] for row in both.context["rows"]} == {"Lyon", "Montréal"}
    assert {row["kit"].code for row in both.context["rows"]} == {"PANIER"}
