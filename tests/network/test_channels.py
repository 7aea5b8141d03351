"""The doors of sales channels."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from colisage.kit.actors import SYSTEM
from colisage.kit.marks import SavedMeanwhile
from colisage.kit.models import AuditEntry
from colisage.network.actions.change_channel import change_channel
from colisage.network.models import Channel
from colisage.network.queries import channels_of
from colisage.network.queries.channels import channel_mark
from colisage.people.models import Membership, Merchant, User
from tests.cast import World
from tests.screens import seen_of
from tests.together import at_once, faults


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def chen(world: World) -> Client:
    return client_of(world.chen)


def page_of(client: Client) -> str:
    return str(client.get(reverse("channels")).content.decode())


def test_a_merchant_sees_its_channels_and_the_nodes_that_serve_it(world: World, chen: Client) -> None:
    page = page_of(chen)
    assert reverse("channel-edit", args=[world.channel.pk]) in page
    assert page.index("Lyon") < page.index("Montréal")
    assert "Boréal 3PL" in page
    assert "Northwind" not in page


def test_another_merchants_channels_are_not_there(world: World) -> None:
    dee = client_of(world.dee)
    assert "Boutique" not in page_of(dee)
    answer = dee.post(reverse("channel-edit", args=[world.channel.pk]), {"name": "Mine"})
    assert answer.status_code == 404
    assert Channel.objects.get(pk=world.channel.pk).name == "Boutique"


def test_a_channel_is_renamed_and_closed_and_that_is_audited(world: World, chen: Client) -> None:
    address = reverse("channel-edit", args=[world.channel.pk])
    assert chen.get(address).status_code == 200
    chen.post(address, {"name": "Boutique en ligne"})
    assert channels_of(world.tilleul.pk) == {}
    chen.post(address, {"name": "Boutique en ligne", "active": "on"})
    assert channels_of(world.tilleul.pk)["shop"].name == "Boutique en ligne"
    deeds = AuditEntry.objects.order_by("pk")
    assert [(d.verb, d.merchant_id, d.data["changed"]) for d in deeds] == [
        ("channel_changed", world.tilleul.pk, ["active", "name"]),
        ("channel_changed", world.tilleul.pk, ["active"]),
    ]


def test_of_two_who_change_a_channel_the_second_sees_the_first_and_loses_nothing(world: World, chen: Client) -> None:
    address = reverse("channel-edit", args=[world.channel.pk])
    seen = seen_of(chen.get(address))
    assert chen.post(address, {"name": "Magasin", "seen": seen}).status_code == 302
    page = chen.post(address, {"name": "Boutique en ligne", "active": "on", "seen": seen})
    text = page.content.decode()
    assert page.status_code == 422
    assert Channel.objects.get(pk=world.channel.pk).name == "Magasin"
    assert "Chen changed what stands here (" in text  # who, and what stands now
    assert "Name → <strong>Magasin</strong>" in text
    assert "Orders may come through it → <strong>no</strong>" in text
    assert 'name="name" value="Boutique en ligne"' in text  # and what was typed
    assert chen.post(address, {"name": "Boutique en ligne", "active": "on", "seen": seen_of(page)}).status_code == 302
    assert Channel.objects.get(pk=world.channel.pk).name == "Boutique en ligne"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_a_channel_in_the_same_second_one_is_told_so(world: World) -> None:
    change = partial(
        change_channel, world.tilleul.pk, channel_id=world.channel.pk, active=True, actor=SYSTEM,
        seen=channel_mark(world.channel),
    )  # fmt: skip
    [late] = faults(at_once(partial(change, name="One"), partial(change, name="Two")))
    assert isinstance(late, SavedMeanwhile)
    assert AuditEntry.objects.filter(verb="channel_changed").count() == 1


def test_a_channel_without_a_name_is_refused(world: World, chen: Client) -> None:
    answer = chen.post(reverse("channel-edit", args=[world.channel.pk]), {"name": "  "})
    assert answer.status_code == 422
    assert Channel.objects.get(pk=world.channel.pk).active
    assert not AuditEntry.objects.exists()


def test_who_does_not_manage_changes_no_channel(world: World) -> None:
    ada = client_of(world.ada)
    assert "Boutique" in page_of(ada)
    assert reverse("channel-edit", args=[world.channel.pk]) not in page_of(ada)
    assert ada.post(reverse("channel-edit", args=[world.channel.pk]), {"name": "x"}).status_code == 403


def test_the_manager_of_an_operator_without_a_node_for_the_merchant_changes_no_channel(world: World) -> None:
    other = Merchant.objects.create(name="Autre", slug="autre")
    mixed = User.objects.create_user("mix@nord.example", "a long enough password", name="Mix")
    Membership.objects.create(user=mixed, operator=world.nord, roles=["manager"])
    Membership.objects.create(user=mixed, merchant=other, roles=["support"])
    channel = Channel.objects.create(merchant=other, kind="api", code="api", name="API")
    client = client_of(mixed)
    assert client.post(reverse("channel-edit", args=[channel.pk]), {"name": "x"}).status_code == 403
    assert client.post(reverse("channel-edit", args=[world.channel.pk]), {"name": "x"}).status_code == 302


def test_the_list_costs_as_many_statements_for_many_channels(world: World, chen: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            chen.get(reverse("channels"))
        return len(seen)

    count()
    before = count()
    for n in range(60):
        Channel.objects.create(merchant=world.tilleul, kind="api", code=f"c{n}", name=f"C{n}")
    assert count() == before
    first = chen.get(reverse("channels"))
    second = chen.get(reverse("channels"), {"after": first.context["next"]})
    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 11)
