"""The floor in a browser: a typed scan is answered, and the field listens again; a refusal spoils nothing."""

from typing import Any

import pytest

from colisage.catalog.models import Component, Sku
from colisage.inbound.actions.load_plate import load_plate
from colisage.inbound.actions.put_away_many import Portion
from colisage.inventory.actions.count_bins import count_bins
from colisage.inventory.models import CountTask, LicensePlate, StockCell, StockMovement
from colisage.kit.actors import SYSTEM
from colisage.people.models import Membership
from tests.cast import PASSWORD, World
from tests.inbound.dock import take_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(world: World, chromium: Any, live_server: Any) -> Any:
    """Give a phone in the hands of Ada, who receives and counts, logged in."""
    Membership.objects.filter(user=world.ada).update(roles=["receiver", "counter", "picker"])
    context = chromium.new_context(base_url=live_server.url, locale="en", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto("/")
    page.fill("input[type=password]", PASSWORD)
    page.fill("input[name=username]", world.ada.email)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "log" not in url)
    yield page
    context.close()


def scan(page: Any, code: str, *, refused: bool) -> None:
    """Type what a scanner types, and wait for a refusal, or for the one that stood there to go."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.locator("[data-verdict=bad]").wait_for(state="visible" if refused else "detached")


def test_each_page_of_the_floor_answers_a_scan_and_listens_again(world: World, phone: Any) -> None:
    take_in(world, good=5)
    kit = Sku.objects.create(merchant=world.tilleul, code="PANIER", name="Panier", kind="kit")
    Component.objects.create(merchant=world.tilleul, parent=kit, sku=world.sku("MUG"), quantity=1)
    LicensePlate.objects.create(merchant=world.tilleul, code="P-1")
    count_bins(world.nord.pk, node_id=world.lyon.pk, bins=[(world.bins()[0].pk, "hand")], actor=SYSTEM)
    task = CountTask.objects.get()
    before = StockMovement.objects.count()
    for path, good in (
        ("/inbound/receive", "MUG"),
        ("/inbound/put-away", "MUG"),
        ("/stock/move", world.bins()[0].code),
        ("/count/", task.place.code),
        ("/floor/kits", "PANIER"),
        (f"/floor/kits/{kit.pk}/{world.lyon.pk}?n=1", "MUG"),
    ):
        phone.goto(path)
        scan(phone, "NOISE-1", refused=True)
        phone.wait_for_function("document.activeElement.matches('[data-scan]')")
        scan(phone, good, refused=False)
    assert StockMovement.objects.count() == before


def test_a_whole_plate_is_put_away_by_a_scan_after_a_refused_one(world: World, phone: Any) -> None:
    receipt = take_in(world, good=5)
    plate = LicensePlate.objects.create(merchant=world.tilleul, code="P-1")
    load_plate(world.tilleul.pk, [Portion(receipt, 5)], plate_id=plate.pk, document=7_000_001, actor=SYSTEM)
    phone.goto("/inbound/put-away")
    scan(phone, "P-1", refused=False)
    phone.wait_for_url(f"**/plates/{plate.pk}")
    scan(phone, "NOISE-1", refused=True)
    phone.wait_for_function("document.activeElement.matches('[data-scan]')")
    assert StockMovement.objects.filter(doc_kind="plate_putaway").count() == 0
    scan(phone, world.bins()[0].code, refused=False)
    phone.locator("[data-verdict=ok]").wait_for()
    assert StockCell.objects.get(plate=plate, qty__gt=0).place == world.bins()[0]
    phone.wait_for_function("document.activeElement.matches('[data-scan]')")
    scan(phone, "NOISE-1", refused=True)  # nothing stands on the dock any more, and a scan is answered all the same
    phone.wait_for_url("**/inbound/put-away")
    phone.wait_for_function("document.activeElement.matches('[data-scan]')")
