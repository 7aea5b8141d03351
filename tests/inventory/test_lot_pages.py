from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.inventory.models import Lot, StockCell
from colisage.people.models import User
from tests.books import find, spot_of
from tests.cast import World, day

pytestmark = pytest.mark.usefixtures("balanced")
Enter = Callable[[Any], Client]


def lot(world: World, code: str, *, units: int = 4, bin_: int = 8, **facts: Any) -> Lot:
    made = Lot.objects.create(merchant=world.tilleul, sku=world.sku("MUG"), code=code, **facts)
    if units:
        find(world.sku("MUG"), units, at=spot_of(world.bins()[bin_], lot_id=made.pk))
    return made


def test_the_list_shows_lots_and_filters_them(world: World, enter: Enter) -> None:
    lot(world, "GRES-1", expires_on=day(0))
    lot(world, "GRES-2", bin_=9)
    lot(world, "OTHER", units=0, status="recalled")
    chen = enter(world.chen)
    assert b"3 lots" in chen.get("/stock/lots").content
    for query, shown, hidden in (
        ("q=gres", b"GRES-2", b"OTHER"),
        ("status=recalled", b"OTHER", b"GRES-1"),
        ("soon=7", b"GRES-1", b"GRES-2"),
        ("q=MUG", b"OTHER", b"No such lot"),
        ("kind=serial", b"No such lot", b"OTHER"),
    ):
        page = chen.get(f"/stock/lots?{query}").content
        assert shown in page, query
        assert hidden not in page, query


def test_pages_follow_one_another_without_gap(world: World, enter: Enter) -> None:
    today = day(0)
    Lot.objects.bulk_create(
        Lot(merchant=world.tilleul, sku=world.sku("MUG"), code=f"N{n:03}", expires_on=today) for n in range(120)
    )
    chen = enter(world.chen)
    for start in ("/stock/lots?", "/stock/lots?soon=7&"):
        seen: list[str] = []
        after = ""
        while True:
            context = chen.get(f"{start}after={after}").context
            seen += [row["lot"].code for row in context["rows"]]
            after = context["next"]
            if not after:
                break
        assert len(seen) == len(set(seen)) == 120


def test_the_list_asks_as_much_at_3_lots_as_at_50(world: World, enter: Enter) -> None:
    for n in range(3):
        lot(world, f"L{n}", bin_=8 + n)
    chen = enter(world.chen)
    chen.get("/stock/lots")
    with CaptureQueriesContext(connection) as few:
        chen.get("/stock/lots")
    for n in range(47):
        lot(world, f"M{n}", bin_=8 + n % 3)
    with CaptureQueriesContext(connection) as many:
        chen.get("/stock/lots")
    assert len(few) == len(many)


def test_a_receiver_holds_a_lot_and_its_page_says_so(world: World, enter: Enter, rene: User) -> None:
    one = lot(world, "GRES-1")
    client = enter(rene)
    answer = client.post("/stock/lots/status", {"lot": one.pk, "status": "quarantined", "reason": "Éclats au rebord"})
    assert answer.status_code == 302
    page = client.get(f"/stock/lots/{one.pk}").content.decode()
    assert "Lot GRES-1: quarantined, 4 units in the house" in page
    assert "Éclats au rebord" in page
    assert "held with its lot" in page


def test_a_corrected_date_is_told_as_people_write_it(world: World, enter: Enter, rene: User) -> None:
    one = lot(world, "GRES-1")
    told = {"expires_on": "2031-06-01", "why": "Lu sur le pot"}
    assert enter(rene).post(f"/stock/lots/{one.pk}/expiry", told).status_code == 302
    page = enter(rene).get(f"/stock/lots/{one.pk}").content.decode()
    assert "→ 1 Jun 2031" in page
    assert "→ 2031-06-01" not in page


def test_a_receiver_does_not_end_a_recall_and_a_manager_does(world: World, enter: Enter, rene: User) -> None:
    one = lot(world, "GRES-1", status="recalled")
    freed = {"lot": one.pk, "status": "approved", "reason": "Analyses bonnes"}
    answer = enter(rene).post("/stock/lots/status", freed)
    assert answer.status_code == 422
    assert b"Only a manager can end the recall" in answer.content
    assert not StockCell.objects.filter(lot=one, sellable=True, qty__gt=0).exists()
    assert enter(world.chen).post("/stock/lots/status", freed).status_code == 302
    assert StockCell.objects.get(lot=one, sellable=True, qty__gt=0).qty == 4


def test_many_lots_are_held_at_once_with_one_reason(world: World, enter: Enter) -> None:
    lots = [lot(world, f"L{n}", bin_=8 + n) for n in range(3)]
    ids = [each.pk for each in lots]
    chen = enter(world.chen)
    assert b"3 lots, 12 units can be sold" in chen.post("/stock/lots/status", {"lot": ids}).content
    told = {"lot": ids, "status": "recalled", "reason": "Émail au plomb"}
    assert chen.post("/stock/lots/status", told).status_code == 302
    assert set(Lot.objects.values_list("status", flat=True)) == {"recalled"}


def test_a_picker_sees_lots_and_may_not_hold_them(world: World, enter: Enter) -> None:
    one = lot(world, "GRES-1")
    ada = enter(world.ada)
    assert b"What may be done with it" not in ada.get(f"/stock/lots/{one.pk}").content
    told = {"lot": one.pk, "status": "recalled", "reason": "x"}
    assert ada.post("/stock/lots/status", told).status_code == 403
    assert Lot.objects.get(pk=one.pk).status == "approved"


def test_another_merchants_lot_is_not_there(world: World, enter: Enter) -> None:
    one = lot(world, "GRES-1")
    dee = enter(world.dee)
    assert dee.get(f"/stock/lots/{one.pk}").status_code == 404
    assert dee.post("/stock/lots/status", {"lot": one.pk, "status": "recalled", "reason": "x"}).status_code == 404
    assert b"GRES-1" not in dee.get("/stock/lots").content


@pytest.mark.parametrize(
    "query",
    ["after=x%00y", "after=9999999999999999999", "after=2026-13-45+3&soon=7", "q=%00", "soon=-1", "status=eaten"],
)
def test_noise_in_the_address_is_no_error(world: World, enter: Enter, query: str) -> None:
    lot(world, "GRES-1", expires_on=date(2030, 1, 1))
    assert enter(world.chen).get(f"/stock/lots?{query}").status_code == 200


@pytest.mark.parametrize("told", [{"status": "eaten", "reason": "x"}, {"status": "recalled", "reason": "a\x00b"}, {}])
def test_a_decision_that_is_noise_changes_nothing(world: World, enter: Enter, told: dict[str, str]) -> None:
    one = lot(world, "GRES-1")
    assert enter(world.chen).post("/stock/lots/status", {"lot": one.pk, **told}).status_code in {200, 422}
    assert enter(world.chen).post("/stock/lots/status", {"lot": "9" * 40, **told}).status_code == 404
    assert Lot.objects.get(pk=one.pk).status == "approved"
