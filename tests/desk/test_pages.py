"""The staff's pages through HTTP: who sees what, in both languages, in as many queries for many rows."""

import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.carriers.actions.load_public_tariffs import load_public_tariffs
from colisage.desk.queries.floor import work_for
from colisage.inventory.events import ReservationDemoted
from colisage.kit.actors import SYSTEM
from colisage.kit.events import tell
from colisage.kit.models import Event, Parked
from colisage.kit.outbox import drain
from colisage.orders.actions.advance_stage import advance_stage
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import FulfillmentOrder, Hold, Order
from colisage.orders.queries import lines_of
from colisage.people.models import User
from tests.cast import PASSWORD, World
from tests.orders.parts import part_of

# Events are read once their transaction has ended: these tests commit.
pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/", "/floor", "/orders/", "/orders/?stage=held", "/orders/?text=cam", "/search?q=zzz", "/stock/",
    "/inbound/", "/inbound/receive", "/inbound/orders/new", "/inbound/put-away", "/intake/imports", "/settings/",
    "/picking/", "/packing/", "/shipping/", "/returns/", "/returns/table", "/outbox/", "/settings/system",
)  # fmt: skip


def client_of(person: User, *, language: str = "fr") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def orders(world: World) -> list[int]:
    load_public_tariffs()
    wanted = [
        world.order(("MUG", 2), ("CARTE", 1), gift_note="Bon anniversaire"),
        world.order(("MUG", 40)),
        world.order(("LAMPE", 1), holds=(("address", "no_postcode"),)),
    ]
    answers = place_orders(wanted, actor=SYSTEM)
    drain()
    return [answer.order_id or 0 for answer in answers]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(world: World, orders: list[int], page: str, language: str) -> None:
    answer = client_of(world.chen, language=language).get(page)
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_log_in(world: World, page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/people/log-in")


def test_today_counts_what_waits(world: World, orders: list[int]) -> None:
    text = client_of(world.chen, language="en").get("/").content.decode()
    found = dict(re.findall(r'<h2><a href="[^"]*">([^<]+)</a></h2><p class="count"><a href="[^"]*">(\d+)</a>', text))
    assert found["To check"] == "1"
    assert found["Owed"] == "1"
    assert found["To pick"] == "1"


def test_a_picker_begins_on_the_floor_and_a_manager_on_today(world: World) -> None:
    assert client_of(world.ada).get("/first").headers["Location"] == "/floor"
    assert client_of(world.chen).get("/first").headers["Location"] == "/"


def test_the_floor_offers_the_work_of_ones_roles(world: World) -> None:
    ada, chen = (client_of(person).get("/floor").content.decode() for person in (world.ada, world.chen))
    assert "/picking/floor" in ada
    assert "/inbound/receive" not in ada
    assert "/picking/floor" in chen
    assert "/inbound/receive" in chen


def test_the_floor_counts_what_is_in_hand_and_reads_nothing_of_what_waits_for_a_wave(world: World) -> None:
    waits, picked = part_of(world, ("MUG", 1)), part_of(world, ("MUG", 1))
    advance_stage([picked.pk], before=["ready"], after="released")
    advance_stage([picked.pk], before=["released"], after="picking")
    merchants = [world.tilleul.pk]
    with CaptureQueriesContext(connection) as asked:
        work = {one.url: one.count for one in work_for(merchants, roles=["picker"])}
    assert (work[reverse("picking-floor")], waits.stage) == (1, "ready")
    counted = [one["sql"] for one in asked if "orders_fulfillmentorder" in one["sql"]]
    assert len(counted) == 1
    assert not {stage for stage in ("ready", "waiting", "handed_over", "picked") if f"'{stage}'" in counted[0]}
    with CaptureQueriesContext(connection) as asked:
        work_for(merchants, roles=["receiver"])
    assert not [one for one in asked if "orders_fulfillmentorder" in one["sql"]]


def test_whatever_is_scanned_on_the_floor_opens_its_page_and_noise_is_said(world: World) -> None:
    ada = client_of(world.ada)
    known = ada.post("/floor", {"code": "MUG"})
    assert (known.status_code, known.headers["Location"]) == (302, f"/stock/{world.sku('MUG').pk}")
    for code in ("ZZZ999", "\x00§§£", "x" * 5_000):
        unknown = ada.post("/floor", {"code": code})
        assert unknown.status_code == 422
        assert 'data-verdict="bad"' in unknown.content.decode()
    assert "Ce code est inconnu." in ada.post("/floor", {"code": "ZZZ999"}).content.decode()


def test_an_order_tells_what_where_and_why(world: World, orders: list[int]) -> None:
    text = client_of(world.chen, language="en").get(f"/orders/{orders[0]}").content.decode()
    for told in ("Camille Rousseau", "Mug en grès bleu", "Bon anniversaire", "Node: Lyon", "took the order in"):
        assert told in text


def test_dee_sees_nothing_of_tilleul(world: World, orders: list[int]) -> None:
    dee = client_of(world.dee, language="en")
    sku = world.sku("MUG").pk
    nothing = dee.get("/orders/999999")
    for page in (f"/orders/{orders[0]}", f"/stock/{sku}"):
        answer = dee.get(page)
        assert answer.status_code == 404
        assert answer.content == nothing.content
    assert "Camille" not in dee.get("/orders/").content.decode()
    assert "MUG" in dee.get("/stock/").content.decode()  # her own
    before = Order.objects.filter(pk=orders[0]).values().get()
    assert dee.post(f"/orders/{orders[0]}/cancel").status_code == 404
    assert dee.post(f"/orders/{orders[0]}/hold").status_code == 404
    assert Order.objects.filter(pk=orders[0]).values().get() == before


def test_an_order_is_held_freed_and_cancelled_on_its_page(world: World, orders: list[int]) -> None:
    chen = client_of(world.chen)
    assert chen.post(f"/orders/{orders[0]}/hold", {"reason": "cadeau à vérifier"}).status_code == 302
    hold = Hold.objects.get(order_id=orders[0], released_at=None)
    assert "cadeau à vérifier" in chen.get(f"/orders/{orders[0]}").content.decode()
    assert chen.post(f"/orders/{orders[0]}/holds/{hold.pk}/release").status_code == 302
    assert not Hold.objects.filter(order_id=orders[0], released_at=None).exists()
    assert chen.post(f"/orders/{orders[0]}/cancel").status_code == 302
    assert Order.objects.get(pk=orders[0]).state == "cancelled"


def test_an_order_that_is_prepared_is_cancelled_on_its_page_after_being_told_what_it_means(
    world: World, orders: list[int]
) -> None:
    chen = client_of(world.chen)
    FulfillmentOrder.objects.filter(order=orders[0]).update(stage="picked")
    page = chen.get(f"/orders/{orders[0]}").content.decode()
    assert "ce qui a été prélevé ou emballé retourne à ses emplacements" in page
    assert "celle-ci peut continuer, mais sans étiquette" in page  # what a hold means now
    untold = chen.post(f"/orders/{orders[0]}/cancel", follow=True)
    assert "ne s’annule que sur demande expresse" in untold.content.decode()
    assert Order.objects.get(pk=orders[0]).state == "open"
    answer = chen.post(f"/orders/{orders[0]}/cancel", {"on_floor": "1"}, follow=True)
    assert "ce qui a été prélevé est à ranger" in answer.content.decode()
    assert Order.objects.get(pk=orders[0]).state == "cancelled"


def test_an_order_that_has_left_is_not_cancelled_and_its_page_says_why(world: World, orders: list[int]) -> None:
    chen = client_of(world.chen)
    FulfillmentOrder.objects.filter(order=orders[0]).update(stage="handed_over")
    page = chen.get(f"/orders/{orders[0]}").content.decode()
    assert "Une partie est déjà partie" in page
    answer = chen.post(f"/orders/{orders[0]}/cancel", {"on_floor": "1"}, follow=True)
    assert "est partie, en tout ou en partie" in answer.content.decode()
    assert Order.objects.get(pk=orders[0]).state == "open"


def test_one_find_is_opened_at_once(world: World, orders: list[int]) -> None:
    number = Order.objects.get(pk=orders[0]).number
    answer = client_of(world.chen).get("/search", {"q": number})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/orders/{orders[0]}"


def test_the_list_asks_as_often_for_thirty_orders_as_for_three(world: World, orders: list[int]) -> None:
    chen = client_of(world.chen)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert chen.get("/orders/").status_code == 200
        return len(caught)

    chen.get("/orders/")
    few = asked()
    place_orders([world.order(("CARTE", 1)) for _ in range(30)], actor=SYSTEM)
    drain()
    assert asked() == few


def test_pages_through_many_orders_by_key(world: World) -> None:
    place_orders([world.order(("CARTE", 1), number=f"N{n:03}") for n in range(120)], actor=SYSTEM)
    chen = client_of(world.chen, language="en")

    def numbers(text: str) -> list[str]:
        return re.findall(r">(N\d{3})</a>", text)

    seen: list[str] = []
    address = "/orders/"
    for _ in range(3):
        text = chen.get(address).content.decode()
        seen += numbers(text)
        following = re.search(r'href="(\?after=\d+)"', text)
        address = f"/orders/{following.group(1)}" if following else ""
    assert seen == [f"N{n:03}" for n in reversed(range(120))]
    assert address == ""


def test_logging_in_takes_the_right_password_and_locks_after_six_wrong_ones(world: World) -> None:
    client = Client()
    for _ in range(5):
        assert client.post("/people/log-in", {"username": "chen@nord.example", "password": "wrong"}).status_code == 200
    right: dict[str, Any] = {"username": "CHEN@nord.example", "password": PASSWORD}
    assert client.post("/people/log-in", right).status_code == 302
    other = Client()
    for _ in range(6):
        other.post("/people/log-in", {"username": "ada@nord.example", "password": "wrong"})
    locked = other.post("/people/log-in", {"username": "ada@nord.example", "password": PASSWORD})
    assert locked.status_code == 429


def test_no_page_has_inline_style_or_script(world: World, orders: list[int]) -> None:
    chen = client_of(world.chen)
    for page in (*PAGES, f"/orders/{orders[0]}", f"/stock/{world.sku('MUG').pk}"):
        text = chen.get(page).content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", text), page
        assert len(text.encode()) < 100_000


def test_a_stuck_step_says_in_words_what_to_do_and_folds_the_fault_away(world: World, orders: list[int]) -> None:
    event = Event.objects.order_by("pk").first()
    Parked.objects.create(
        handler="colisage.sourcing.actions.source_orders", event=event, stream="order:1",
        merchant_id=world.tilleul.pk, reason="ProgrammingError: relation does not exist",
    )  # fmt: skip
    page = client_of(world.chen).get("/").content.decode()
    shown = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "Réessayez" in shown
    assert "ProgrammingError" in page
    assert "ProgrammingError" not in shown


def park(world: World, handler: str, event: Event) -> None:
    Parked.objects.create(
        handler=handler, event=event, stream=event.stream, merchant_id=world.tilleul.pk, reason="ValueError: no"
    )


@pytest.mark.parametrize(
    ("language", "said", "headline"),
    [
        ("en", ("Rules and choice of the node", "Order #", "Receiving"), "; 2 things to decide below"),
        ("fr", ("Règles et choix du site", "Commande #", "Réception"), "\xa0; 2 points à décider plus bas"),
    ],
)
def test_what_is_stuck_is_said_in_words_with_a_link_and_the_headline_counts_it(
    world: World, orders: list[int], language: str, said: tuple[str, ...], headline: str
) -> None:
    told = Event.objects.filter(stream=f"order:{orders[0]}").order_by("pk")[0]
    park(world, "colisage.automation.actions.judge_and_source.judge_and_source", told)
    line = lines_of([orders[1]])[orders[1]][0]
    facts: dict[str, Any] = {"owner_kind": "order_line", "reservation_id": 1, "sku_id": 1, "node_id": 1, "qty": 1}
    with transaction.atomic():
        tell([ReservationDemoted(merchant_id=world.tilleul.pk, owner_id=line.pk, **facts)])
    demoted = Event.objects.filter(kind="ReservationDemoted").order_by("-pk")[0]
    park(world, "colisage.inbound.actions.buy_consumed.buy_consumed", demoted)
    page = client_of(world.chen, language=language).get("/").content.decode()
    stuck = page[page.index('<section class="card">') :]
    for words in said:
        assert words in stuck
    for raw in ("automation<", "inbound<", f"order:{orders[0]}<", "owner:"):
        assert raw not in re.sub(r'value="[^"]*"', "", stuck)
    for order in orders[:2]:
        assert f'<a href="/orders/{order}">' in stuck
    title = re.search(r"<h1>(.*?)</h1>", page)
    assert title is not None
    assert title[1].endswith(headline)


def test_with_no_order_the_headline_still_says_that_something_waits(world: World) -> None:
    client = client_of(world.chen)
    assert "<h1>Rien n’attend. Les prochaines commandes apparaîtront ici.</h1>" in client.get("/").content.decode()
    grew = Event.objects.filter(stream=f"sku:{world.sku('MUG').pk}").order_by("pk")[0]
    park(world, "colisage.inventory.actions.serve_arrivals.serve_arrivals", grew)
    page = client.get("/").content.decode()
    assert "<h1>Aucune commande n’attend\xa0; 1 point à décider plus bas</h1>" in page
    assert f'<a href="/stock/{world.sku("MUG").pk}">MUG</a>' in page


def test_many_stuck_things_cost_as_many_statements_as_one(world: World, orders: list[int]) -> None:
    events = [event for event in Event.objects.order_by("pk") if event.stream.startswith("order:")]
    client = client_of(world.chen)
    asked = []
    for some in (events[:1], events[1:3]):
        for n, event in enumerate(some):
            park(world, f"colisage.notices.actions.tell_orders.{n}", event)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_an_order_keeps_what_is_no_e_mail_address_is_not_held_for_it_and_says_so(
    world: World, orders: list[int]
) -> None:
    answers = place_orders([world.order(("MUG", 1), email="not mail"), world.order(("MUG", 1))], actor=SYSTEM)
    odd, good = [answer.order_id for answer in answers]
    assert not Hold.objects.filter(order=odd).exists()
    client = client_of(world.chen)
    page = client.get(f"/orders/{odd}").content.decode()
    assert "not mail" in page
    assert "Ce n’est pas une adresse e-mail" in page
    assert "Ce n’est pas une adresse e-mail" not in client.get(f"/orders/{good}").content.decode()
