from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.boxing.models import BoxType
from colisage.kit.actors import SYSTEM
from colisage.orders.actions.release_hold import release_hold
from colisage.orders.actions.set_hold import set_hold
from colisage.orders.models import Hold
from colisage.orders.queries import parts
from colisage.packing.actions.make_parcels import make_parcels
from colisage.packing.models import Parcel
from colisage.picking.models import PickTask
from tests.cast import World
from tests.packing.conftest import Picked

Enter = Callable[[Any], Client]
HTMX = {"hx-request": "true"}


def test_a_packer_scans_a_tote_checks_weighs_and_closes(world: World, picked: Picked, enter: Enter) -> None:
    [pk] = picked((("MUG", 2),), gift_note="Bonne fête !")
    client, task = enter(world.bo), PickTask.objects.get()
    answer = client.post("/packing/station", {"code": f"B{task.batch_id}-{task.tote}"})
    parcel = Parcel.objects.get()
    assert answer["Location"] == f"/packing/parcels/{parcel.pk}"
    page = client.get(answer["Location"]).content.decode()
    assert "Scan: Mug en grès bleu" in page
    assert "Bonne fête !" in page
    assert "2 items left to scan." in page
    for left in ("1 item left to scan.", "Everything is in"):
        answer = client.post(f"/packing/parcels/{parcel.pk}/scan", {"code": "MUG"}, headers=HTMX)
        assert answer.status_code == 200
        assert left in answer.content.decode()
    answer = client.post(f"/packing/parcels/{parcel.pk}/seal", {"grams": 100})
    assert answer.status_code == 422
    assert "Check what is inside." in answer.content.decode()
    answer = client.post(f"/packing/parcels/{parcel.pk}/seal", {"grams": parcel.expected_grams}, follow=True)
    assert "is closed" in answer.content.decode()
    assert parts([pk])[pk].stage == "packed"
    slip = client.get(f"/packing/slip/{parcel.pk}.pdf")
    assert slip["Content-Type"] == "application/pdf"
    assert slip.content.startswith(b"%PDF")


def test_an_order_number_or_a_parcels_code_opens_the_parcel(world: World, picked: Picked, enter: Enter) -> None:
    [pk] = picked((("MUG", 1),), number="#4711")
    client = enter(world.bo)
    by_number = client.post("/packing/station", {"code": "4711"})
    by_code = client.post("/packing/station", {"code": f"cl-{pk}-1"})
    assert by_number["Location"] == by_code["Location"]
    unknown = client.post("/packing/station", {"code": "nothing"})
    assert unknown.status_code == 422
    assert "Nothing to pack under this code" in unknown.content.decode()


def test_a_wrong_item_is_put_aside(world: World, picked: Picked, enter: Enter) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    answer = enter(world.bo).post(f"/packing/parcels/{parcel}/scan", {"code": "CARTE"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Carte postale does not belong in this parcel" in answer.content.decode()


def test_another_box_is_taken_from_those_that_fit(
    world: World, picked: Picked, enter: Enter, boxes: dict[str, BoxType]
) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    client = enter(world.bo)
    page = client.get(f"/packing/parcels/{parcel}/box").content.decode()
    assert "Carton C3" in page
    assert "Carton E1" not in page
    client.post(f"/packing/parcels/{parcel}/box", {"box": boxes["C3"].pk})
    assert Parcel.objects.get().box_type == boxes["C3"]
    assert client.post(f"/packing/parcels/{parcel}/box", {"box": boxes["E1"].pk}).status_code == 409


def test_a_line_counted_by_hand_is_checked(world: World, picked: Picked, enter: Enter) -> None:
    [parcel] = make_parcels(picked((("CARTE", 12),)))
    client = enter(world.bo)
    page = client.get(f"/packing/parcels/{parcel}").content.decode()
    assert "I counted 12" in page
    line = page.split("/lines/")[1].split("/")[0]
    assert client.post(f"/packing/parcels/{parcel}/lines/{line}/count").status_code == 302
    assert "Everything is in" in client.get(f"/packing/parcels/{parcel}").content.decode()


def test_other_people_see_and_close_nothing(world: World, picked: Picked, enter: Enter) -> None:
    [parcel] = make_parcels(picked((("MUG", 1),)))
    client = enter(world.dee)
    assert client.get("/packing/").status_code == 200
    assert client.get(f"/packing/parcels/{parcel}").status_code == 403
    assert client.post(f"/packing/parcels/{parcel}/seal", {"grams": 500}).status_code == 403
    assert client.get(f"/packing/slip/{parcel}.pdf").status_code == 404
    client.force_login(world.ada)
    assert client.post(f"/packing/parcels/{parcel}/scan", {"code": "MUG"}).status_code == 403
    assert Parcel.objects.get().state == "open"


def test_the_list_asks_as_much_for_three_parcels_as_for_many_and_goes_on(
    world: World, picked: Picked, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, counts = enter(world.chen), []
    for many in (3, 9):
        make_parcels(picked(*[(("CARTE", 1),)] * many))
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/packing/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "12 orders to pack" in page
    monkeypatch.setattr("colisage.packing.views.PAGE", 5)
    seen: list[int] = []
    url = "/packing/"
    while url:
        answer = client.get(url)
        seen += [row.id for row in answer.context["rows"]]
        following = answer.context["next"]
        url = f"/packing/?after={following}".replace("+", "%2B") if following else ""
    assert sorted(seen) == sorted(Parcel.objects.values_list("pk", flat=True))
    assert len(seen) == 12


def test_the_bench_and_the_list_say_that_an_order_is_held_and_why(world: World, picked: Picked, enter: Enter) -> None:
    [parcel, other] = make_parcels([*picked((("MUG", 1),)), *picked((("CARTE", 1),))])
    held = parts([Parcel.objects.get(pk=parcel).fulfillment_order_id])
    [order] = [part.order_id for part in held.values()]
    assert order is not None
    set_hold(world.tilleul.pk, order_ids=[order], kind="address", reason="no_city", actor=SYSTEM)
    set_hold(world.tilleul.pk, order_ids=[order], kind="manual", reason="Le client rappelle.", actor=SYSTEM)
    client = enter(world.bo)
    page = client.get(f"/packing/parcels/{parcel}").content.decode()
    assert "The order is on hold." in page
    assert "The town is missing. Le client rappelle." in page
    assert "The order is on hold." not in client.get(f"/packing/parcels/{other}").content.decode()
    assert client.get("/packing/").content.decode().count("on hold") == 1
    release_hold(world.tilleul.pk, hold_ids=Hold.objects.values_list("pk", flat=True), actor=SYSTEM)
    assert "The order is on hold." not in client.get(f"/packing/parcels/{parcel}").content.decode()
