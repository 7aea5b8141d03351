"""Lots over the API: read, held, recalled and freed everywhere at once, their dates corrected."""

from datetime import date, timedelta
from typing import Any

import pytest

from colisage.inventory.actions.save_lot import save_lot
from colisage.inventory.actions.set_lot_status import set_lot_status
from colisage.inventory.models import Lot
from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from tests.books import balanced, find, spot_of, stand
from tests.cast import World, day
from tests.program import Make, code_of, program, statements, stranger

__all__ = ["balanced", "program", "stranger"]
pytestmark = pytest.mark.usefixtures("balanced")
MAY = ("stock:read", "stock:write")


def lot(world: World, code: str, *, on: date | None = None, units: int = 4) -> int:
    made = save_lot(world.tilleul.pk, sku_id=world.sku("MUG").pk, code=code, expires_on=on)
    find(world.sku("MUG"), units, at=spot_of(world.bins()[6], lot_id=made))
    return made


def codes(ask: Any, **query: Any) -> list[str]:
    return [one["lot"] for one in ask.every("stock/lots", limit=1, **query)]


def test_lots_are_listed_and_narrowed(world: World, program: Make) -> None:
    today = day(0)
    for n, code in enumerate(("L1", "L2", "K3"), 1):
        lot(world, code, on=today + timedelta(days=90 - 20 * n))
    ask = program(*MAY)
    assert codes(ask) == ["K3", "L2", "L1"]
    assert codes(ask, text="l") == ["L2", "L1"]
    assert codes(ask, sku="mug", expires_by=today + timedelta(days=55)) == ["K3", "L2"]
    assert codes(ask, status="recalled") == codes(ask, serials=True) == codes(ask, sku="CARTE") == []
    [first, *_rest] = ask.read("stock/lots")["items"]
    assert (first["sku"], first["on_hand"], first["sellable"], first["status"]) == ("MUG", 4, 4, "approved")
    assert ask.read(f"stock/lots/{first['id']}") == first
    many = statements(lambda: ask.read("stock/lots", limit=3))
    assert statements(lambda: ask.read("stock/lots", limit=1)) == many


def test_lots_are_recalled_all_of_them_or_none_and_only_a_person_ends_it(world: World, program: Make) -> None:
    one, two, old = lot(world, "L1"), lot(world, "L2"), lot(world, "L3", on=date(2020, 1, 1))
    set_lot_status(world.tilleul.pk, lot_ids=[old], status="expired", reason="past", actor=SYSTEM)
    ask = program(*MAY)
    recall = {"lots": [one, two], "status": "recalled", "reason": "lead in the glaze"}
    answer = ask.post("stock/lots/status", recall, Idempotency_Key="l1")
    assert answer.status_code == 200, answer.content
    assert answer.json()["units"] == 8
    assert [(each["lot"], each["status"], each["sellable"]) for each in answer.json()["lots"]] == [
        ("L1", "recalled", 0), ("L2", "recalled", 0),
    ]  # fmt: skip
    assert ask.post("stock/lots/status", recall, Idempotency_Key="l1").content == answer.content
    assert stand(world.sku("MUG"), world.lyon)[0] == 20
    assert AuditEntry.objects.filter(verb="lot_status_set", data__reason="lead in the glaze").count() == 2
    free = {"status": "approved", "reason": "fine"}
    assert code_of(ask.post("stock/lots/status", {"lots": [one], **free})) == (403, "recall_stands")
    assert code_of(ask.post("stock/lots/status", {"lots": [old], **free})) == (409, "past_its_date")
    assert code_of(ask.post("stock/lots/status", {"lots": [old, 10**12], **free})) == (404, "not_there")
    assert set(Lot.objects.values_list("code", "status")) == {("L1", "recalled"), ("L2", "recalled"), ("L3", "expired")}


def test_a_wrong_date_is_corrected(world: World, program: Make) -> None:
    pk = lot(world, "L1", on=date(2020, 1, 1))
    ask = program(*MAY)
    body = {"expires_on": "2030-01-01", "reason": "misread"}
    answer = ask.post(f"stock/lots/{pk}/expiry", body, Idempotency_Key="e1")
    assert answer.json()["expires_on"] == "2030-01-01"
    assert ask.post(f"stock/lots/{pk}/expiry", body, Idempotency_Key="e1").content == answer.content
    assert ask.post(f"stock/lots/{pk}/expiry", {**body, "expires_on": None}).json()["expires_on"] is None
    assert code_of(ask.post(f"stock/lots/{pk}/expiry", {**body, "reason": "  "})) == (422, "reason_missing")
    assert code_of(ask.post(f"stock/lots/{pk}/expiry", {**body, "expires_on": "2030-13-01"})) == (422, "malformed")


def test_a_stranger_sees_and_turns_nothing(world: World, program: Make, stranger: Make) -> None:
    pk = lot(world, "L1")
    ask = stranger(*MAY)
    body = {"lots": [pk], "status": "recalled", "reason": "x"}
    assert codes(ask) == []
    assert code_of(ask.get(f"stock/lots/{pk}")) == (404, "not_there")
    assert code_of(ask.post("stock/lots/status", body)) == (404, "not_there")
    assert code_of(ask.post(f"stock/lots/{pk}/expiry", {"expires_on": None, "reason": "x"})) == (404, "not_there")
    assert code_of(program("stock:read").post("stock/lots/status", body)) == (401, "unauthorized")
    assert Lot.objects.get(pk=pk).status == "approved"


@pytest.mark.parametrize("page", ["x", "1", "2026-99-99 1", " x", "2026-01-01", " " + "9" * 40, " ٣"])
def test_a_page_that_we_did_not_give_is_refused(program: Make, page: str) -> None:
    assert code_of(program(*MAY).get("stock/lots", page=page)) == (422, "bad_page")
