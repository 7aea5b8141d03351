"""Who may let people in, what they may do then, and how that ends."""

import re

import pytest
from django.test import Client, RequestFactory

from colisage.kit.actors import SYSTEM
from colisage.kit.models import AuditEntry
from colisage.orders.actions.place_orders import place_orders
from colisage.orders.models import Hold, Order
from colisage.people.models import Membership, User
from colisage.people.queries import Unauthorized, sent_key, view_of
from tests.cast import World


def client_of(person: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def let_in(world: World, *roles: str, email: str = "fay@nord.example") -> User:
    told = {"email": email, "name": "Fay", "language": "fr", "roles": roles}
    assert client_of(world.chen).post("/settings/people", told).status_code == 200
    return User.objects.get(email=email)


def test_a_picker_who_is_let_in_picks_in_the_managers_warehouse(world: World) -> None:
    fay = let_in(world, "picker", "support")
    seen = view_of(fay.pk)
    assert seen.merchant_roles == {world.tilleul.pk: frozenset({"picker", "support"})}
    assert seen.operator_roles == {world.nord.pk: frozenset({"picker"})}
    assert client_of(fay).get("/picking/floor").status_code == 200


def test_roles_given_again_replace_those_before(world: World) -> None:
    let_in(world, "picker")
    fay = let_in(world, "support")
    assert view_of(fay.pk).operator_roles == {world.nord.pk: frozenset()}
    assert Membership.objects.filter(user=fay).count() == 2


def test_an_access_that_is_ended_opens_nothing(world: World) -> None:
    fay = let_in(world, "manager")
    assert client_of(world.chen).post(f"/settings/people/{fay.pk}/end").status_code == 302
    seen = view_of(fay.pk)
    assert (seen.merchants, seen.operators) == ({}, {})
    assert AuditEntry.objects.filter(verb="roles_ended", doc_id=fay.pk).exists()


def test_nobody_ends_their_own_access(world: World) -> None:
    client_of(world.chen).post(f"/settings/people/{world.chen.pk}/end")
    assert view_of(world.chen.pk).merchant_roles


def test_only_the_merchants_own_managers_let_people_in_and_make_keys(world: World) -> None:
    floor_only = User.objects.create_user("gus@nord.example", "a long enough password", name="Gus")
    Membership.objects.create(user=floor_only, operator=world.nord, roles=["manager"])
    for page in ("/settings/people", "/settings/keys"):
        assert client_of(floor_only).get(page).status_code == 403
        assert client_of(world.ada).get(page).status_code == 403


def test_somebody_of_another_merchant_is_not_there_to_be_ended(world: World) -> None:
    assert client_of(world.chen).post(f"/settings/people/{world.dee.pk}/end").status_code == 404
    assert view_of(world.dee.pk).merchant_roles


def test_a_picker_sees_orders_and_decides_nothing_about_them(world: World) -> None:
    [answer] = place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    ada = client_of(world.ada)
    assert ada.get(f"/orders/{answer.order_id}").status_code == 200
    assert ada.post(f"/orders/{answer.order_id}/hold").status_code == 403
    assert ada.post(f"/orders/{answer.order_id}/cancel").status_code == 403
    for deed in ("hold", "cancel", "tag"):
        told = {"action": deed, "order": [str(answer.order_id)], "sure": "1", "kind": "manual", "tags": "vip"}
        assert ada.post("/orders/bulk", told).status_code == 403
    assert not Hold.objects.exists()
    assert Order.objects.get().state == "open"


def test_a_role_at_one_merchant_says_nothing_at_another(world: World) -> None:
    """Eve supports Northwind and packs at Atelier Nord, which works for Tilleul: she supports nobody at Tilleul."""
    [answer] = place_orders([world.order(("MUG", 1))], actor=SYSTEM)
    eve = User.objects.create_user("eve@both.example", "a long enough password", name="Eve")
    Membership.objects.create(user=eve, merchant=world.northwind, roles=["support"])
    Membership.objects.create(user=eve, operator=world.nord, roles=["packer"])
    seen = view_of(eve.pk)
    assert seen.may_for(world.northwind.pk, "support")
    assert not seen.may_for(world.tilleul.pk, "support")
    assert seen.may_for(world.tilleul.pk, "packer")
    assert client_of(eve).post(f"/orders/{answer.order_id}/cancel").status_code == 403


def test_a_key_may_do_what_it_was_made_for_and_nothing_else(world: World) -> None:
    told = {"name": "Radar", "scopes": ["epcis:read"]}
    text = client_of(world.chen).post("/settings/keys", told).content.decode()
    token = re.findall(r"co_[0-9a-f]{8}\.[\w-]+", text)[0]
    request = RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"})
    assert sent_key(request, scope="epcis:read").merchant_id == world.tilleul.pk
    with pytest.raises(Unauthorized):
        sent_key(request, scope="orders:write")
    for bad in ("", f"Basic {token}", f"Bearer {token}x", "Bearer \x00", "Bearer " + "a" * 10_000):
        with pytest.raises(Unauthorized):
            sent_key(RequestFactory().get("/", headers={"Authorization": bad}), scope="epcis:read")
    assert client_of(world.chen).post("/settings/keys", {"name": "x", "scopes": ["root"]}).status_code == 422
