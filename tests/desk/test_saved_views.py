"""Saved views of the list of orders: whose they are, who sees them, and how many there may be."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from colisage.desk.models import MOST_VIEWS, SavedView
from colisage.desk.queries.listing import VIEWS
from colisage.people.models import Membership, User
from tests.cast import World
from tests.desk.test_holds import orders_of
from tests.desk.test_pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def lou(world: World) -> User:
    """Lou supports the customers of Tilleul."""
    lou = User.objects.create_user("lou@tilleul.example", "a long enough password", name="Lou")
    Membership.objects.create(user=lou, merchant=world.tilleul, roles=["support"])
    return lou


def save(client: Client, name: str, **told: Any) -> list[str]:
    answer = client.post("/orders/views", {"name": name, **told})
    assert answer.status_code == 302
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    client.get(answer.headers["Location"])
    return said


def tabs(client: Client, address: str = "/orders/") -> dict[str, str]:
    return {str(one["label"]): one["url"] for one in client.get(address).context["views"][len(VIEWS) :]}


@pytest.mark.parametrize(("language", "said"), [("en", "is saved."), ("fr", "est enregistrée.")])
def test_what_the_list_is_narrowed_to_is_saved_under_a_name_and_opened_again(
    world: World, language: str, said: str
) -> None:
    orders_of(world, 2)
    chen = client_of(world.chen, language=language)
    told = {"stage": "ready", "text": "cam & co", "tag": "été", "channel": str(world.channel.pk)}
    name = '<i>"Urgent"</i>'
    assert said in save(chen, name, **told)[0]
    [(label, address)] = tabs(chen).items()
    assert label == name
    page = chen.get(address)
    assert page.context["said"] == told
    assert [one["label"] for one in page.context["views"] if one["here"]] == [name]
    text = page.content.decode()
    assert "<i>" not in text
    assert "&lt;i&gt;" in text


def test_a_view_is_renamed_replaced_and_removed_and_twice_is_once(world: World) -> None:
    chen = client_of(world.chen, language="en")
    for _turn in range(2):
        save(chen, "Late", stage="waiting")
    save(chen, "Other", text="b")
    late, other = SavedView.objects.order_by("slot")
    save(chen, "LATE", stage="problem")  # the same name, in any case
    late.refresh_from_db()
    assert (late.name, late.query) == ("LATE", {"stage": "problem"})
    taken = chen.post(f"/orders/views/{late.pk}", {"name": "other"})
    assert "named=other" in taken.headers["Location"]
    again = chen.get(taken.headers["Location"]).content.decode()
    assert "You have a view named “other” already." in again
    assert 'value="other"' in again  # what was typed is still there
    chen.post(f"/orders/views/{late.pk}", {"name": "Trouble", "shared": "1"})
    late.refresh_from_db()
    assert (late.name, late.shared, late.query) == ("Trouble", True, {"stage": "problem"})
    for _turn in range(2):
        assert chen.post(f"/orders/views/{late.pk}/remove").headers["Location"] == "/orders/"
    assert list(SavedView.objects.all()) == [other]


def test_a_shared_view_is_seen_by_colleagues_and_nobody_else(world: World, lou: User) -> None:
    theirs = client_of(lou, language="en")
    save(theirs, "Mine", text="a")
    save(theirs, "Ours", text="b", shared="1")
    assert set(tabs(theirs)) == {"Mine", "Ours"}
    assert set(tabs(client_of(world.chen))) == {"Ours · Lou"}
    assert set(tabs(client_of(world.ada))) == {"Ours · Lou"}
    assert tabs(client_of(world.dee)) == {}


def test_only_the_owner_changes_a_view_and_only_a_manager_removes_a_shared_one(world: World, lou: User) -> None:
    theirs, chen, ada, dee = (client_of(one, language="en") for one in (lou, world.chen, world.ada, world.dee))
    save(theirs, "Mine", text="a")
    save(theirs, "Ours", text="b", shared="1")
    mine, ours = SavedView.objects.order_by("slot")
    for other in (chen, ada, dee):
        assert other.post(f"/orders/views/{mine.pk}", {"name": "x"}).status_code == 404
        assert other.post(f"/orders/views/{ours.pk}", {"name": "x"}).status_code == 404
        assert other.post(f"/orders/views/{mine.pk}/remove").status_code == 302
    assert ada.post(f"/orders/views/{ours.pk}/remove").status_code == 403
    assert dee.post(f"/orders/views/{ours.pk}/remove").status_code == 302
    assert set(SavedView.objects.values_list("name", flat=True)) == {"Mine", "Ours"}
    assert "for everybody" in chen.get("/orders/?text=b").content.decode()
    assert "for everybody" not in ada.get("/orders/?text=b").content.decode()
    chen.post(f"/orders/views/{ours.pk}/remove")
    assert list(SavedView.objects.all()) == [mine]


def test_a_picker_saves_for_herself_and_shares_with_nobody(world: World) -> None:
    ada = client_of(world.ada, language="en")
    save(ada, "Mine", stage="ready", text="a")
    assert ada.post("/orders/views", {"name": "Ours", "shared": "1"}).status_code == 403
    page = ada.get("/orders/?text=zz").content.decode()
    assert "Save this view" in page
    assert 'name="shared"' not in page
    assert list(SavedView.objects.values_list("name", "shared")) == [("Mine", False)]


def test_the_views_everybody_has_are_not_offered_to_be_saved(world: World) -> None:
    chen = client_of(world.chen, language="en")
    for address in ("/orders/", "/orders/?stage=held"):
        assert "Save this view" not in chen.get(address).content.decode()
    assert "Save this view" in chen.get("/orders/?stage=held&text=a").content.decode()


def test_nobody_has_more_views_than_can_be_looked_over(world: World) -> None:
    chen = client_of(world.chen, language="en")
    for n in range(MOST_VIEWS):
        save(chen, f"View {n}", text=f"t{n}")
    assert save(chen, "One more", text="x") == ["You have 20 views already. Remove one first."]
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(merchant=world.tilleul, owner_id=1, slot=MOST_VIEWS + 1, name="x", query={})
    SavedView.objects.get(slot=7).delete()
    save(chen, "One more", text="x")
    assert SavedView.objects.get(name="One more").slot == 7


def test_many_views_cost_as_many_statements_as_few(world: World, lou: User) -> None:
    orders_of(world, 1)
    chen, theirs = client_of(world.chen), client_of(lou)

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            chen.get("/orders/")
        return len(caught)

    save(chen, "A", text="a")
    save(theirs, "B", text="b", shared="1")
    few = asked()
    for n in range(15):
        save(chen, f"A{n}", text=f"a{n}")
        save(theirs, f"B{n}", text=f"b{n}", shared="1")
    assert asked() == few


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\x00b"])
def test_a_name_that_cannot_be_is_told_and_the_filters_stay(world: World, name: str) -> None:
    chen = client_of(world.chen, language="en")
    answer = chen.post("/orders/views", {"name": name, "text": "a", "stage": "ready"})
    assert "stage=ready&text=a" in answer.headers["Location"]
    assert "A name has from 1 to 40 letters." in chen.get(answer.headers["Location"]).content.decode()
    assert not SavedView.objects.exists()


def test_who_looks_at_several_merchants_chooses_one_before_saving(world: World) -> None:
    Membership.objects.create(user=world.chen, merchant=world.northwind, roles=["manager"])
    chen = client_of(world.chen, language="en")
    assert save(chen, "All", text="a") == ["Choose a merchant first."]
    assert chen.post(f"/orders/views/{'9' * 40}/remove").status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_of_before_says_that_its_channel_is_gone(world: World) -> None:
    (order,) = orders_of(world, 1)
    chen = client_of(world.chen, language="fr")
    text = chen.get("/orders/?channel=999999").content.decode()
    assert "Ce canal n’est pas ici" in text
    assert '<option value="999999" selected>' in text
    assert f'href="/orders/{order}"' not in text
    assert "Ce canal" not in chen.get(f"/orders/?channel={world.channel.pk}").content.decode()
