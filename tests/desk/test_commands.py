"""`colisage begin` and `colisage demo remove`: from the demo to a shop of one's own."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from colisage.network.queries import bins_of, channels_of, nodes_serving
from colisage.people.models import Merchant, User
from colisage.people.queries import merchant_called, view_of
from tests.cast import World


def begin(**changes: str) -> str:
    out = io.StringIO()
    told = {"shop": "La Petite Épicerie", "email": "zoe@epicerie.example", "name": "Zoé Roux", **changes}
    call_command("begin", stdout=out, **told)
    return out.getvalue()


def test_a_shop_begins_with_a_warehouse_channels_boxes_and_a_manager(db: None) -> None:
    said = begin()
    shop = merchant_called("la-petite-epicerie")
    [node] = nodes_serving([shop.id])[shop.id]
    assert len(bins_of(node.node_id)) == 30
    assert set(channels_of(shop.id)) == {"shop", "file", "api"}
    person = User.objects.get(email="zoe@epicerie.example")
    seen = view_of(person.pk)
    assert (set(seen.merchant_roles), set(seen.operator_roles)) == ({shop.id}, {node.operator_id})
    password = said.split(" / ")[1].split(" ")[0]
    client = Client()
    assert client.post("/people/log-in", {"username": person.email, "password": password}).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"shop": "!!!"}, {"email": "zoe"}, {"timezone": "Europe/Nulle-Part"}, {"currency": "euro"}, {"country": "France"}],
)
def test_what_cannot_be_is_refused_and_nothing_begins(db: None, wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        begin(**wrong)
    assert not Merchant.objects.exists()


def test_a_name_is_given_once(db: None) -> None:
    begin()
    with pytest.raises(CommandError, match="name"):
        begin(email="other@epicerie.example")


def test_the_demo_is_not_removed_where_others_keep_shop(world: World) -> None:
    begin()
    with pytest.raises(CommandError, match="beside"):
        call_command("demo_remove", yes=True)
    assert Merchant.objects.count() == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_demo_goes_with_all_it_did_and_does_not_come_back(world: World, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "first-logins.json").write_text("[]")
    call_command("demo_remove", yes=True, stdout=io.StringIO())
    assert not Merchant.objects.exists()
    assert not (tmp_path / "first-logins.json").exists()
    call_command("prepare")
    assert not User.objects.exists()
    assert "zoe@epicerie.example" in begin()
