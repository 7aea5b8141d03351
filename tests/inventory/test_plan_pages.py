"""The plan of a warehouse: how full each bay is, and what lies in a bin."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.inventory.queries.occupancy import bins_filled
from colisage.inventory.rules.occupancy import Bin, fill, state
from colisage.network.models import Place, Zone
from colisage.network.queries.plans import bins_of_part, floor_parts
from colisage.people.models import User
from tests.books import find, spot_of
from tests.cast import World

pytestmark = pytest.mark.django_db


def client_of(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_bin(
    *, units: int = 0, used_mm3: int = 0, used_grams: int = 0, unmeasured: int = 0, capacity: int | None = 100
) -> Bin:
    return Bin(1, "A-01-1", 0, 0, 1, capacity, capacity, units, 1, used_mm3, used_grams, unmeasured, False)


def test_a_bin_is_as_full_as_the_nearer_of_its_limits() -> None:
    assert a_bin(units=1, used_mm3=20, used_grams=70).fill == 0.7
    assert fill([a_bin(units=1, used_mm3=100), a_bin()]) == 0.5
    assert a_bin(units=1, capacity=None).fill is None
    names = [state([a_bin(units=1, used_mm3=used)]) for used in (1, 50, 51, 85, 86, 100, 101)]
    assert names == ["some", "some", "much", "much", "full", "full", "over"]
    assert state([a_bin()]) == "empty"
    assert state([a_bin(units=3, capacity=None)]) == "used"
    assert state([a_bin(units=3, unmeasured=3)]) == "used"


def test_volume_and_weight_are_those_of_the_units(balanced: World) -> None:
    Place.objects.filter(node=balanced.lyon, kind="bin").update(volume_mm3=120 * 95 * 100 * 40, max_grams=380 * 25)
    first = bins_filled([place.pk for place in balanced.bins()])[0]
    assert (first.units, first.skus, first.used_grams) == (20, 1, 7_600)
    assert first.fill == pytest.approx(0.8)


def test_the_plan_leads_to_the_bin_and_the_bin_to_its_skus(balanced: World) -> None:
    chen = client_of(balanced.chen)
    place = balanced.bins()[0]
    find(balanced.sku("CARTE"), 2, at=spot_of(place))
    page = chen.get("/stock/plan").content.decode()
    assert "Lyon: 5 of 12 bins are in use" in page
    assert f'href="/stock/bins/{place.pk}"' in page
    shown = chen.get(f"/stock/bins/{place.pk}").content.decode()
    assert "A·01·1: 22 units" in shown
    assert "Carte postale" in shown


@pytest.mark.parametrize("query", ["?node=x", "?node=999999", "?node=²", "?node=99999999999999999999"])
def test_nonsense_in_the_address_shows_the_first_node(balanced: World, query: str) -> None:
    assert client_of(balanced.chen).get(f"/stock/plan{query}").status_code == 200


def test_bins_of_others_are_not_there(balanced: World) -> None:
    dee, place = client_of(balanced.dee), balanced.bins()[0]
    assert dee.get(f"/stock/bins/{place.pk}").status_code == 404
    assert dee.get("/stock/bins/99999999999999999999").status_code == 404
    dock = Place.objects.get(node=balanced.lyon, kind="dock")
    assert client_of(balanced.chen).get(f"/stock/bins/{dock.pk}").status_code == 404
    assert "Lyon" not in dee.get("/stock/plan").content.decode()


def test_a_plan_of_many_bins_asks_as_often_as_one_of_few(balanced: World) -> None:
    chen = client_of(balanced.chen)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert chen.get("/stock/plan").status_code == 200
        return len(caught)

    few = asked()
    zone = balanced.bins()[0].zone
    Place.objects.bulk_create(
        Place(node=balanced.lyon, zone=zone, kind="bin", code=f"D-{n:03}-1", x_mm=20_000, y_mm=1_000 * n, level=1)
        for n in range(300)
    )
    assert asked() == few


def test_a_large_floor_is_drawn_in_parts_that_hold_every_bin_once(balanced: World) -> None:
    zone = balanced.bins()[0].zone
    more = [
        Place(
            node=balanced.lyon, zone=zone, kind="bin", code=f"D-{n:03}-{level}", x_mm=20_000, y_mm=1_000 * n,
            level=level, walk=1_000 + n,
        )
        for n in range(300) for level in (1, 2)
    ]  # fmt: skip
    other = Zone.objects.create(node=balanced.lyon, code="FROID")
    Place.objects.create(node=balanced.lyon, zone=other, kind="bin", code="F-1", walk=9_000)
    (whole,) = floor_parts(balanced.lyon.pk)  # a small one is drawn at once, whatever its zones
    assert len(bins_of_part(whole)) == 13
    Place.objects.bulk_create(more)
    parts = {part: bins_of_part(part) for part in floor_parts(balanced.lyon.pk)}
    assert sorted(pk for places in parts.values() for pk in places) == sorted(place.pk for place in balanced.bins())
    first, last = next(iter(parts)), list(parts)[-1]
    assert last.title == "zone FROID"
    spots = [{(p.x_mm, p.y_mm) for p in balanced.bins() if p.pk in places} for places in parts.values()]
    assert max(map(len, spots)) == 250
    chen = client_of(balanced.chen)
    page = chen.get("/stock/plan").content.decode()
    assert f"Lyon, {first.title}: 5 of {len(parts[first])} bins are in use" in page
    cold = chen.get(f"/stock/plan?node={balanced.lyon.pk}&part={last.key}").content.decode()
    assert "Lyon, zone FROID: 0 of 1 bins are in use" in cold
    assert f'href="/stock/bins/{parts[last][0]}"' in cold
    assert chen.get("/stock/plan?part=nonsense").content.decode().count("<rect") == page.count("<rect")
