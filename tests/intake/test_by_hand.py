"""Orders typed by hand: found items, checked addresses, once however often they are sent, nothing typed lost."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from colisage.catalog.models import Barcode, Sku
from colisage.inventory.models import Reservation
from colisage.kit.models import AuditEntry
from colisage.network.models import Channel
from colisage.orders.models import Hold, Order, OrderLine
from tests.cast import World, day

pytestmark = pytest.mark.usefixtures("balanced")
LANGUAGES = ("fr", "en")


@pytest.fixture
def client(world: World) -> Client:
    made = Client()
    made.force_login(world.chen, backend="django.contrib.auth.backends.ModelBackend")
    return made


def typed(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "token": "aaaabbbbccccdddd", "rows": "3", "channel": f"{world.tilleul.pk}:hand", "customer": "Zoé Lefèvre",
        "email": "zoe@exemple.fr", "language": "fr", "line1": "8 rue Lepic", "postcode": "75018", "city": "Paris",
        "country": "France", "currency": "EUR", "payment": "paid", "what_0": "mug", "units_0": "2", "price_0": "18,50",
        **changes,
    }  # fmt: skip


def post(client: Client, told: dict[str, Any], language: str = "fr") -> Any:
    return client.post("/orders/new", told, headers={"Accept-Language": language})


def shown(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_an_order_is_accepted_as_from_everywhere(world: World, client: Client) -> None:
    page = shown(client.get("/orders/new", headers={"Accept-Language": "fr"}))
    assert "Saisir une commande" in page
    told = typed(
        world, shipping="4,90", discount="1", gift_note="Bravo", customer_note="Sonner", purchase_reference="BC-7",
        wanted_on=day(5).isoformat(),
        wish_0="Gravure : Zoé", off_0="0,50", number="S-1",
    )  # fmt: skip
    answer = post(client, told)
    assert answer.status_code == 302, shown(answer)
    order = Order.objects.get()
    assert answer.headers["Location"] == f"/orders/{order.pk}"
    assert (order.number, order.total_cents, order.payment, order.channel.kind) == ("S-1", 4_040, "paid", "manual")
    assert order.wanted_on == day(5)
    assert (order.gift_note, order.customer_note, order.purchase_reference) == ("Bravo", "Sonner", "BC-7")
    line = OrderLine.objects.get()
    assert (line.sku_code, line.quantity, line.unit_price_cents, line.discount_cents) == ("MUG", 2, 1_850, 50)
    assert line.personalisation == "Gravure : Zoé"
    assert Reservation.objects.get().qty == 2
    assert AuditEntry.objects.get(verb="order_accepted").actor_id == world.chen.pk
    assert not Hold.objects.exists()
    assert "BC-7" in shown(client.get(f"/orders/{order.pk}"))


def test_sent_twice_it_is_one_order(world: World, client: Client) -> None:
    first, second = (post(client, typed(world)) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Order.objects.count() == 1
    assert Channel.objects.filter(merchant=world.tilleul, code="hand").count() == 1
    other = post(client, typed(world, units_0="3"))
    assert other.status_code == 422
    assert Order.objects.count() == 1
    assert post(client, typed(world, token="e" * 20)).status_code == 302
    assert Order.objects.count() == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_said_beside_it_and_stays_typed(world: World, client: Client, language: str) -> None:
    told = typed(
        world, what_0="NOPE", units_1="4", email="zoe@", country="Atlantide", currency="EURO"[:3] + "X",
        price_0="1,234,5", gift_note="Bravo",
    )  # fmt: skip
    answer = post(client, told, language)
    assert answer.status_code == 422
    page = shown(answer)
    said = {
        "fr": ("Aucun article n’a ce code", "Dites quel article", "Ce pays n’est pas connu", "pas encore acceptée"),
        "en": ("No item has this code", "Say which item", "This country is not known", "not accepted yet"),
    }
    assert [words for words in said[language] if words not in page] == []
    for value in ("NOPE", "zoe@", "Atlantide", "1,234,5", "Bravo", "8 rue Lepic"):
        assert value in page
    assert page.count('aria-invalid="true"') >= 5
    assert not Order.objects.exists()


def test_items_are_found_by_code_barcode_and_name(world: World, client: Client) -> None:
    Barcode.objects.create(merchant=world.tilleul, sku=world.sku("CARTE"), code="3760123456789", units=1)
    name = world.sku("TAPIS").name
    told = typed(world, what_0="MUG", what_1="3760123456789", what_2=name, price_0="")
    assert post(client, told).status_code == 302
    lines = OrderLine.objects.order_by("position")
    assert list(lines.values_list("sku_code", flat=True)) == ["MUG", "CARTE", "TAPIS"]
    assert lines[0].unit_price_cents == world.sku("MUG").price_cents
    Sku.objects.filter(code__in=["MUG", "CARTE"]).update(name="Objet bleu")
    for sku in Sku.objects.filter(code__in=["MUG", "CARTE"]):
        sku.save()
    choices = client.get("/orders/new/skus", {"what_0": "CAR"}).content.decode()
    assert 'value="CARTE"' in choices
    assert "PROPRE" not in choices


def test_an_address_is_checked_before_it_is_taken(world: World, client: Client) -> None:
    told = typed(world, postcode="75081")
    answer = post(client, told)
    assert answer.status_code == 422
    assert "Le code postal" in shown(answer)
    assert not Order.objects.exists()
    assert post(client, {**told, "sure": "1"}).status_code == 302
    missing = post(client, typed(world, token="f" * 20, line1="", postcode="", city=""), "en")
    assert missing.status_code == 422
    assert "delivery address is missing" in shown(missing)


def test_the_suggestion_for_an_address_is_taken_with_a_button(world: World, client: Client) -> None:
    told = typed(world, postcode="69002", city="Lyonn")
    assert "suggestion" in shown(post(client, told))
    page = shown(post(client, {**told, "suggest": "1"}))
    assert 'value="Lyon"' in page
    assert post(client, typed(world, postcode="69002", city="Lyon")).status_code == 302


def test_what_is_digital_needs_no_address(world: World, client: Client) -> None:
    Sku.objects.filter(pk=world.sku("CARTE").pk).update(digital=True)
    told = typed(world, what_0="CARTE", line1="", postcode="", city="", country="")
    assert post(client, told).status_code == 302, shown(post(client, told))
    assert not Hold.objects.exists()
    assert OrderLine.objects.get().requires_shipping is False


def test_an_order_waits_for_its_payment_or_for_a_person(world: World, client: Client) -> None:
    assert post(client, typed(world, payment="pending", hold="Attendre l’accord de Chen")).status_code == 302
    assert set(Hold.objects.values_list("reason", flat=True)) == {"not_paid", "Attendre l’accord de Chen"}


def test_more_lines_are_asked_for_without_losing_any(world: World, client: Client) -> None:
    page = shown(post(client, typed(world, more="1", what_2="TAPIS")))
    assert 'name="what_7"' in page
    assert 'value="TAPIS"' in page
    assert shown(post(client, typed(world, rows="9" * 30, more="1"))).count('name="what_') <= 100


def test_a_channel_that_takes_no_order_to_wait_refuses_what_is_not_there(world: World, client: Client) -> None:
    Channel.objects.filter(merchant=world.tilleul, code="shop").update(may_owe=False)
    answer = post(client, typed(world, channel=f"{world.tilleul.pk}:shop", units_0="9999"), "en")
    assert answer.status_code == 422
    assert "not enough stock" in shown(answer)
    assert 'value="9999"' in shown(answer)
    assert not Order.objects.exists()


def test_who_may_not_or_belongs_elsewhere_types_nothing(world: World, client: Client) -> None:
    other = Client()
    other.force_login(world.dee, backend="django.contrib.auth.backends.ModelBackend")
    assert post(other, typed(world)).status_code in {403, 422}
    ada = Client()
    ada.force_login(world.ada, backend="django.contrib.auth.backends.ModelBackend")
    assert post(ada, typed(world)).status_code in {403, 404}
    assert not Order.objects.exists()
    assert Client().get("/orders/new").status_code == 302
