"""What people may see: theirs, those that work for them, and those that they work for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from colisage.people.models import Membership, Merchant, Operator, ServiceContract, User
from colisage.people.queries import Party, View, party_of, view_of
from tests.cast import World

pytestmark = pytest.mark.django_db


def _read(user: User) -> View:
    """Read it step by step."""
    members = Membership.objects.filter(user=user)
    merchant_roles = {m.merchant_id: frozenset(m.roles) for m in members if m.merchant_id}
    operator_roles = {m.operator_id: frozenset(m.roles) for m in members if m.operator_id}
    contracts = ServiceContract.objects.values_list("operator_id", "merchant_id")
    serving = frozenset(c for c in contracts if c[0] in operator_roles or c[1] in merchant_roles)
    merchants = {*merchant_roles, *(m for o, m in serving if o in operator_roles)}
    operators = {*operator_roles, *(o for o, m in serving if m in merchant_roles)}
    return View(
        {m.pk: party_of(m) for m in Merchant.objects.order_by("name") if m.pk in merchants},
        {
            o.pk: Party(o.pk, o.name, o.slug, timezone=o.timezone)
            for o in Operator.objects.order_by("name") if o.pk in operators
        },
        merchant_roles, operator_roles, serving,
    )  # fmt: skip


def test_who_looks_is_read_whole_in_one_statement(world: World) -> None:
    ServiceContract.objects.get_or_create(operator=world.nord, merchant=world.northwind)
    Merchant.objects.filter(pk=world.northwind.pk).update(language="en", currency="CAD", timezone="America/Toronto")
    Operator.objects.filter(pk=world.boreal.pk).update(name="Aurore 3PL", timezone="America/Toronto")
    of_the_floor = User.objects.create_user("gus@nord.example", "a long enough password", name="Gus")
    Membership.objects.create(user=of_the_floor, operator=world.boreal, roles=["picker", "packer"])
    of_a_brand = User.objects.create_user("hal@tilleul.example", "a long enough password", name="Hal")
    Membership.objects.create(user=of_a_brand, merchant=world.tilleul, roles=[])
    nobody = User.objects.create_user("ivy@example.com", "a long enough password", name="Ivy")
    for person in (world.ada, world.chen, world.dee, of_the_floor, of_a_brand, nobody):
        with CaptureQueriesContext(connection) as asked:
            seen = view_of(person.pk)
        assert len(asked) == 1
        expected = _read(person)
        assert seen == expected
        assert [*seen.merchants, *seen.operators] == [*expected.merchants, *expected.operators]  # by name
