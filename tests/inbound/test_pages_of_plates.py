"""However many plates stand on the dock, the phone reaches each, and shows it once."""

from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.inbound.models import PlateLoad, Receipt
from colisage.inbound.queries.plated import plates_on_dock
from colisage.inventory.actions.post_movements import post_movements
from colisage.inventory.models import LicensePlate
from colisage.kit.actors import SYSTEM
from colisage.network.models import Place
from tests.books import move, spot_of
from tests.cast import World
from tests.inbound.dock import at_the_dock, take_in


def stand(world: World, *, plates: int, nested: tuple[int, ...] = ()) -> list[int]:
    """Let so many plates with a mug each stand on the dock; those named stand on the one before them."""
    receipt, dock = take_in(world, good=plates), spot_of(Place.objects.get(node=world.lyon, kind="dock"))
    made = LicensePlate.objects.bulk_create(
        LicensePlate(merchant=world.tilleul, code=f"P-{n:03}") for n in range(plates)
    )
    mug = world.sku("MUG")
    post_movements([move(mug, 1, source=dock, target=replace(dock, plate_id=p.pk)) for p in made], actor=SYSTEM)
    PlateLoad.objects.bulk_create(
        PlateLoad(merchant=world.tilleul, receipt_id=receipt, plate=one, qty=1) for one in made
    )
    Receipt.objects.update(plated=plates)
    for n in nested:
        LicensePlate.objects.filter(pk=made[n].pk).update(parent=made[n - 1].pk)
    return [one.pk for one in made]


def test_all_plates_are_listed_page_by_page_each_once(balanced: World) -> None:
    plates = stand(balanced, plates=7, nested=(2, 5))
    seen, after, pages = list[int](), "", 0
    while True:
        with CaptureQueriesContext(connection) as asked:
            page = plates_on_dock([balanced.tilleul.pk], after=after, size=2)
        assert len(asked) <= 7
        seen += [plate.id for plate in page.plates]
        pages += 1
        if not (after := page.next):
            break
    assert (seen, pages) == ([plates[n] for n in (0, 1, 3, 4, 6)], 4)


def test_a_phone_turns_the_pages_of_the_plates_on_the_dock(balanced: World) -> None:
    plates = stand(balanced, plates=103)
    phone, url = at_the_dock(balanced), reverse("put-away")
    first = phone.get(url).content.decode()
    assert ("P-099" in first, "P-100" in first, f"?plates={plates[99]}" in first) == (True, False, True)
    later = phone.get(url, {"plates": plates[99]}).content.decode()
    assert ("P-099" in later, "P-102" in later, "?plates=" in later) == (False, True, False)
    assert phone.get(url, {"plates": 10**17}).headers["Location"] == url
