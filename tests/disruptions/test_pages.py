"""The pages of disruptions: what is touched is shown before it is declared; for managers alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.inbound.models import PurchaseLine, PurchaseOrder, Supplier
from colisage.network.queries.disruptions import Disruption
from colisage.orders.models import Order
from tests.cast import CAMILLE, World, day
from tests.disruptions.conftest import Declare, carry_out, holds
from tests.picking.conftest import Ready

pytestmark = pytest.mark.django_db
MUG = (("MUG", 1),)


@pytest.fixture
def desk(world: World, enter: Any) -> Client:
    client: Client = enter(world.chen)
    return client


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "owner": f"merchant:{world.tilleul.pk}", "what": "LYON", "starts_on": day(0).isoformat(), "ends_on": "",
        "cause_fr": "Incendie", "cause_en": "Fire", "effect": "hold", "tells": "on", **changes,
    }  # fmt: skip


def test_what_it_touches_is_seen_before_it_is_declared(world: World, desk: Client, ready: Ready) -> None:
    ready(MUG, MUG)
    page = desk.post(reverse("disruption-new"), typed(world)).content.decode()
    assert "It touches 2 orders now" in page
    assert not Disruption.objects.exists()
    answer = desk.post(reverse("disruption-new"), typed(world, press="declare"))
    disruption = Disruption.objects.get()
    assert answer.headers["Location"] == reverse("disruption", args=[disruption.pk])
    carry_out()
    page = desk.get(reverse("disruption", args=[disruption.pk])).content.decode()
    assert "2 orders wait for it" in page
    assert "Fire" in page
    assert "1 disruption is under way" in desk.get(reverse("disruptions")).content.decode()
    order = holds()[0][0]
    assert reverse("order", args=[order]) in page
    shown = desk.get(reverse("order", args=[order])).content.decode()
    assert "Held by the disruption “Lyon”" in shown
    assert "Lyon: Fire" in shown
    assert "Lyon: Fire" in desk.get(reverse("holds"), {"kind": "disruption"}).content.decode()
    assert desk.post(reverse("disruption-end", args=[disruption.pk])).status_code == 302
    carry_out()
    assert holds() == []
    assert "Lyon" in desk.get(reverse("disruptions"), {"past": "1"}).content.decode()
    assert "Nothing is disrupted" in desk.get(reverse("disruptions")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": "PARIS"}, "Select a valid choice"),
        ({"owner": "operator:1"}, "Select a valid choice"),
        ({"cause_fr": "", "cause_en": " "}, "Say why, in one language at least."),
        ({"ends_on": day(-1).isoformat()}, "The last day comes before the first."),
        ({"starts_on": "2020-01-01", "ends_on": "2020-01-02"}, "Its last day is over."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    world: World, desk: Client, wrong: dict[str, str], words: str
) -> None:
    for press in ("", "declare"):
        page = desk.post(reverse("disruption-new"), typed(world, press=press, **wrong))
        assert (page.status_code, words in page.content.decode()) == (422, True), page.content.decode()
    assert not Disruption.objects.exists()


def test_its_last_day_is_changed_on_its_page(world: World, desk: Client, declare: Declare) -> None:
    pk = declare(ends_on=day(1)).pk
    for language in ("fr", "en"):
        desk.cookies["language"] = language
        assert f'value="{day(1).isoformat()}"' in desk.get(reverse("disruption", args=[pk])).content.decode()
    path = reverse("disruption-change", args=[pk])
    desk.post(path, {"ends_on": day(2).isoformat(), "cause_fr": "Crue", "cause_en": ""})
    assert Disruption.objects.values_list("ends_on", "cause").get() == (day(2), {"fr": "Crue"})
    page = desk.post(path, {"ends_on": day(-2).isoformat(), "cause_fr": "Crue"})
    assert page.status_code == 422
    assert "The last day comes before the first." in page.content.decode()


def test_others_see_none_of_it_and_who_does_not_manage_only_looks(world: World, enter: Any, declare: Declare) -> None:
    pk = declare().pk
    one, end = reverse("disruption", args=[pk]), reverse("disruption-end", args=[pk])
    ada = enter(world.ada)
    assert "End it" not in ada.get(one).content.decode()
    assert ada.post(end).status_code == ada.get(reverse("disruption-new")).status_code == 403
    dee = enter(world.dee)
    assert dee.get(one).status_code == dee.post(end).status_code == 404
    assert "Lyon" not in dee.get(reverse("disruptions")).content.decode()
    assert Disruption.objects.get().state == "active"


def test_a_merchant_looks_at_what_its_operator_declared_and_leaves_it(
    world: World, enter: Any, declare: Declare
) -> None:
    pk = declare(what="MTL", merchant_id=None, operator_id=world.boreal.pk).pk
    dee = enter(world.dee)
    assert "Montréal" in dee.get(reverse("disruptions")).content.decode()
    assert dee.post(reverse("disruption-end", args=[pk])).status_code == 403


def test_the_list_asks_as_often_for_many_as_for_few(world: World, desk: Client, declare: Declare) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk.get(reverse("disruptions"))
        return len(seen)

    declare(ends_on=day(0))
    few = asked()
    for n in range(1, 9):
        declare(starts_on=day(n), ends_on=day(n))
    assert asked() == few


def test_the_pages_speak_french(world: World, desk: Client, ready: Ready) -> None:
    ready(MUG)
    desk.cookies["language"] = "fr"
    page = desk.post(reverse("disruption-new"), typed(world)).content.decode()
    assert "Elle touche 1 commande" in page
    desk.post(reverse("disruption-new"), typed(world, press="declare"))
    carry_out()
    assert "Lyon\u00a0: Incendie" in desk.get(reverse("holds")).content.decode()


def test_the_pages_say_what_is_expected_later_and_why(world: World, desk: Client, declare: Declare) -> None:
    supplier = Supplier.objects.create(merchant=world.tilleul, code="POTIER", name="Atelier du Potier")
    purchase = PurchaseOrder.objects.create(
        merchant=world.tilleul, supplier=supplier, node=world.lyon, number="PO-1", expected_on=day(4)
    )
    PurchaseLine.objects.create(merchant=world.tilleul, purchase_order=purchase, sku=world.sku("MUG"), ordered=5)
    before = Disruption.objects.count()
    foreseen = {"what": "POTIER", "effect": "redate", "delay_days": "10"}
    page = desk.post(reverse("disruption-new") + "?kind=supplier", typed(world, **foreseen)).content.decode()
    assert ("1 purchase order, announced delivery or transfer comes later" in page, before) == (True, 0)
    disruption = declare("supplier", "POTIER", effect="redate", delay_days=10)
    page = desk.get(reverse("purchase", args=[purchase.pk])).content.decode()
    assert ("instead of" in page, "Fire" in page, reverse("disruption", args=[disruption.pk]) in page) == (True,) * 3
    assert "because of the disruption “Atelier du Potier”" in page
    page = desk.get(reverse("disruption", args=[disruption.pk])).content.decode()
    assert ("Goods expected on another day" in page, "PO-1" in page) == (True, True)
    desk.post(reverse("disruption-end", args=[disruption.pk]))
    carry_out()
    page = desk.get(reverse("purchase", args=[purchase.pk])).content.decode()
    assert ("instead of" in page, "the disruption “Atelier du Potier” is over" in page) == (False, True)
    page = desk.get(reverse("disruption", args=[disruption.pk])).content.decode()
    assert ("Goods expected on another day" in page, "moments after it begins" in page) == (False, False)


@pytest.mark.parametrize(("language", "said"), [("en", "→ Belgium, Switzerland 20"), ("fr", "→ Belgique, Suisse 20")])
def test_a_lane_names_its_countries_in_the_language_of_who_reads(
    world: World, desk: Client, declare: Declare, language: str, said: str
) -> None:
    load_public_tariffs()
    alone = declare("lane", "", countries=["BE", "CH"], prefixes=["20"])
    carried = declare("lane", "laposte", countries=["BE", "CH"], prefixes=["20"])
    desk.cookies["language"] = language
    pages = [
        desk.get(reverse("disruptions")),
        *(desk.get(reverse("disruption", args=[d.pk])) for d in (alone, carried)),
    ]
    for page in pages:
        assert said in page.content.decode()
    assert f"<h1>{carried.about.partition(' →')[0]} {said}" in pages[2].content.decode()
    assert f"<h1>{said}" in pages[1].content.decode()


@pytest.mark.parametrize(("language", "said"), [("en", "→ Belgium, Switzerland 20"), ("fr", "→ Belgique, Suisse 20")])
def test_the_history_of_an_order_names_the_countries_of_a_lane(
    desk: Client, ready: Ready, declare: Declare, language: str, said: str
) -> None:
    ready(MUG, ship_to={**CAMILLE, "country": "CH", "postcode": "2000"})
    Order.objects.update(promised_on=day(9))
    declare("lane", "", countries=["BE", "CH"], prefixes=["20"])
    declare("lane", "", countries=["BE", "CH"], effect="redate", delay_days=2)
    desk.cookies["language"] = language
    page = desk.get(reverse("order", args=[Order.objects.get().pk])).content.decode()
    assert page.count(said) >= 2  # the hold, and who set it
    assert page.count(said.removesuffix(" 20")) > page.count(said)  # the day that was promised later
    assert "BE, CH" not in page
