from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.inventory.actions.make_plates import make_plates
from colisage.inventory.models import LicensePlate, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.people.models import User
from tests.books import find, spot_of
from tests.cast import World

pytestmark = pytest.mark.usefixtures("balanced")
Enter = Callable[[Any], Client]


def follow(client: Client, url: str, code: str, **told: Any) -> Any:
    return client.post(url, {"code": code, **told}, follow=True)


def lying(world: World) -> dict[str, int]:
    rows = StockCell.objects.filter(sku=world.sku("MUG"), kept=True, qty__gt=0)
    return dict(rows.values_list("place__code", "qty"))


def test_stock_is_moved_by_three_scans(world: World, enter: Enter, rene: User) -> None:
    client = enter(rene)
    assert b"Scan the bin or the plate" in client.get("/stock/move").content
    page = follow(client, "/stock/move", "a-01-1")
    assert b"Mug en gr" in page.content
    page = follow(client, page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], "MUG")
    assert b"20 units at A\xc2\xb701\xc2\xb71 can be moved" in page.content or b"20 units at" in page.content
    url = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
    page = follow(client, url, "B-02-1", qty=6, document=page.context["document"])
    assert page.status_code == 200
    assert "6 units moved to B·02·1" in page.content.decode()
    assert lying(world) == {"A-01-1": 14, "B-02-1": 6}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("B-02-1", "0"), b"whole number"),
        (("B-02-1", "-4"), b"whole number"),
        (("B-02-1", "many"), b"whole number"),
        (("B-02-1", "9" * 30), b"whole number"),
        (("B-02-1", "21"), b"Only 20 lie here by the books"),
        (("NOWHERE", "2"), b"No bin and no plate here"),
        (("a\x00b", "2"), b"sent noise"),
        (("MUG", "2"), b"This is an item"),
        (("2000000100019", "2"), b"check digit"),
        (("x" * 500, "2"), b"No bin and no plate here"),
        (("A-01-1", "2"), b"lies there already"),
        (("DOCK", "2"), b"Nothing is moved to DOCK by hand"),
    ],
)
def test_a_move_that_cannot_be_is_refused_with_a_word(
    world: World, enter: Enter, rene: User, told: tuple[str, str], said: bytes
) -> None:
    cell = StockCell.objects.get(sku=world.sku("MUG"), kept=True)
    answer = enter(rene).post(f"/stock/move?cell={cell.pk}", {"code": told[0], "qty": told[1], "document": "77"})
    assert answer.status_code == 422
    assert said in answer.content
    assert b'data-verdict="bad"' in answer.content
    assert lying(world) == {"A-01-1": 20}


def test_a_second_tap_moves_nothing_more(world: World, enter: Enter, rene: User) -> None:
    cell = StockCell.objects.get(sku=world.sku("MUG"), kept=True)
    client, page = enter(rene), f"/stock/move?cell={cell.pk}"
    told = {"code": "B-02-1", "qty": "2", "document": client.get(page).context["document"]}
    for _ in range(2):
        assert client.post(page, told).status_code == 200
    assert lying(world)["B-02-1"] == 2
    assert client.post(page, {**told, "document": client.get(page).context["document"]}).status_code == 200
    assert lying(world)["B-02-1"] == 4


def test_nobody_uses_up_the_documents_of_others(world: World, enter: Enter, rene: User) -> None:
    cell = StockCell.objects.get(sku=world.sku("MUG"), kept=True)
    page, told = f"/stock/move?cell={cell.pk}", {"code": "B-02-1", "qty": "1"}
    theirs = enter(world.chen).get(page).context["document"]
    client, number = enter(rene), int(theirs.partition(":")[0])
    mine = client.get(page).context["document"]
    made_up = [
        str(number),
        str(number + 10_000),
        theirs,
        mine.replace(mine.partition(":")[0], str(number)),
        "x",
        "\0",
        ":",
    ]
    for document in made_up:
        assert client.post(page, {**told, "document": document}).status_code in {200, 422}
    known = set(StockMovement.objects.filter(doc_kind="move").values_list("doc_id", flat=True))
    assert len(known) == lying(world)["B-02-1"]
    assert not known & {number, number + 10_000}
    assert enter(world.chen).post(page, {**told, "document": theirs}).status_code == 200
    assert StockMovement.objects.filter(doc_kind="move", doc_id=number).exists()


def test_an_item_that_does_not_lie_here_is_refused(world: World, enter: Enter, rene: User) -> None:
    place = world.bins()[0]
    answer = enter(rene).post(f"/stock/move?place={place.pk}", {"code": "CARTE"})
    assert answer.status_code == 422
    assert b"does not lie here" in answer.content


def test_bins_of_other_operators_are_not_there(world: World, enter: Enter, rene: User) -> None:
    client = enter(rene)
    theirs = world.bins(world.montreal)[0]
    cell = StockCell.objects.get(sku=world.northwind_skus["MUG"], kept=True)
    assert client.get(f"/stock/move?place={theirs.pk}").status_code == 404
    assert client.get(f"/stock/move?cell={cell.pk}").status_code == 404
    assert client.get("/stock/move?cell=" + "9" * 18).status_code == 404
    assert client.get(f"/stock/cells/{cell.pk}/condition").status_code == 404
    assert enter(world.ada).get("/stock/move").status_code == 403


def test_units_go_onto_a_plate_and_the_plate_goes_to_another_bin(world: World, enter: Enter, rene: User) -> None:
    [(pk, _code)] = make_plates(world.tilleul.pk, codes=["LPN-1"], actor=SYSTEM)
    cell = StockCell.objects.get(sku=world.sku("MUG"), kept=True)
    client = enter(rene)
    page = client.post(f"/stock/move?cell={cell.pk}", {"code": "lpn-1", "qty": "8", "document": "77"})
    assert b"8 units put on LPN-1" in page.content
    page = follow(client, "/stock/move", "LPN-1")
    assert b"stands at" in page.content
    page = client.post(f"/stock/move?plate={pk}", {"code": "C-01-1"})
    assert "LPN-1 with 8 units moved to C·01·1" in page.content.decode()
    assert lying(world) == {"A-01-1": 12, "C-01-1": 8}


def test_units_are_declared_damaged_on_the_floor_and_at_the_desk(world: World, enter: Enter, rene: User) -> None:
    cell = StockCell.objects.get(sku=world.sku("MUG"), kept=True)
    client = enter(rene)
    for n, url in enumerate((f"/stock/cells/{cell.pk}/condition/floor", f"/stock/cells/{cell.pk}/condition")):
        assert client.get(url).status_code == 200
        assert (
            client.post(url, {"qty": "2", "condition": "damaged", "reason": "", "document": n + 1}).status_code == 422
        )
        done = client.post(url, {"qty": "2", "condition": "damaged", "reason": "Fêlé", "document": n + 1})
        assert b"2 units changed their condition" in done.content
    assert StockCell.objects.get(sku=world.sku("MUG"), condition="damaged").qty == 4


def test_plates_are_made_split_nested_moved_and_closed_at_the_desk(world: World, enter: Enter) -> None:
    chen = enter(world.chen)
    assert b"No plate yet" in chen.get("/stock/plates").content
    chen.cookies["merchant"] = "tilleul"
    made = make_plates(world.tilleul.pk, codes=["P1", "P2"], actor=SYSTEM)
    one, other = (pk for pk, _code in made)
    find(world.sku("MUG"), 9, at=spot_of(world.bins()[7], plate_id=one))
    cell = StockCell.objects.get(plate=one)
    chen.post(f"/stock/plates/{one}/split", {"cell": cell.pk, "qty": "4", "code": "p2", "document": "5"})
    assert StockCell.objects.get(plate=other).qty == 4
    chen.post(f"/stock/plates/{other}/move", {"code": "P1"})
    assert LicensePlate.objects.get(pk=other).parent_id == one
    chen.post(f"/stock/plates/{one}/move", {"code": "C-01-1", "document": "6"})
    assert StockCell.objects.get(plate=other, qty__gt=0).place == world.bins()[8]
    page = chen.get(f"/stock/plates/{one}").content
    assert b"Plate P1 at" in page
    assert b"9 units" in page
    chen.post(f"/stock/plates/{one}/close")
    assert LicensePlate.objects.get(pk=one).closed_at is None
    chen.post(f"/stock/plates/{other}/move", {})
    for pk, units in ((one, 5), (other, 4)):
        cell = StockCell.objects.get(plate=pk, qty__gt=0)
        chen.post(f"/stock/plates/{pk}/split", {"cell": cell.pk, "qty": units, "code": "", "document": pk + 100})
        chen.post(f"/stock/plates/{pk}/close")
    assert (
        b"2 plates" in chen.get("/stock/plates?state=closed").content
        or b"P1" in chen.get("/stock/plates?state=closed").content
    )


def test_the_list_of_plates_asks_as_much_at_3_as_at_50(world: World, enter: Enter) -> None:
    chen = enter(world.chen)
    for n in range(3):
        [(pk, _code)] = make_plates(world.tilleul.pk, codes=[f"P{n}"], actor=SYSTEM)
        find(world.sku("MUG"), 1, at=spot_of(world.bins()[7], plate_id=pk))
    chen.get("/stock/plates")
    with CaptureQueriesContext(connection) as few:
        chen.get("/stock/plates")
    make_plates(world.tilleul.pk, count=80, actor=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        page = chen.get("/stock/plates")
    assert len(few) == len(many)
    seen = [row.id for row in page.context["rows"]]
    seen += [row.id for row in chen.get(f"/stock/plates?after={page.context['next']}").context["rows"]]
    assert len(seen) == len(set(seen)) == 83


def test_plates_of_others_are_not_there_and_a_picker_only_looks(world: World, enter: Enter) -> None:
    [(pk, _code)] = make_plates(world.tilleul.pk, codes=["PALETTE-1"], actor=SYSTEM)
    dee = enter(world.dee)
    assert dee.get(f"/stock/plates/{pk}").status_code == 404
    assert dee.post(f"/stock/plates/{pk}/close").status_code == 404
    assert b"PALETTE-1" not in dee.get("/stock/plates").content
    ada = enter(world.ada)
    assert ada.get(f"/stock/plates/{pk}").status_code == 200
    assert ada.post(f"/stock/plates/{pk}/close").status_code == 403
    for noise in ("after=x", "after=" + "9" * 30, "q=%00", "state=eaten"):
        assert ada.get(f"/stock/plates?{noise}").status_code == 200
