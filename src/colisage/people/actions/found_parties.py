"""Setting up who runs warehouses and who owns goods."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from colisage.people.models import Membership, Merchant, Operator, ServiceContract, User


@transaction.atomic
def found_operator(name: str, *, slug: str, timezone: str = "Europe/Paris") -> int:
    """Make an operator; give its id."""
    return Operator.objects.create(name=name, slug=slug, timezone=timezone).pk


@transaction.atomic
def found_merchant(name: str, *, slug: str, operators: Sequence[int], **facts: Any) -> int:
    """Make a merchant and the contracts with the operators that work for it; give its id.

    `facts` are fields of `Merchant`: language, currency, country, timezone, email, address, brand.
    """
    merchant = Merchant.objects.create(name=name, slug=slug, **facts)
    ServiceContract.objects.bulk_create(ServiceContract(operator_id=pk, merchant=merchant) for pk in operators)
    return merchant.pk


@transaction.atomic
def employ(
    email: str,
    *,
    name: str,
    password: str,
    language: str,
    roles: Sequence[str],
    operator_id: int | None = None,
    merchant_id: int | None = None,
) -> int:
    """Make a person with roles at an operator, at a merchant, or at both; give the id."""
    person = User.objects.create_user(email, password, name=name, language=language)
    if operator_id is not None:
        Membership.objects.create(user=person, operator_id=operator_id, roles=list(roles))
    if merchant_id is not None:
        Membership.objects.create(user=person, merchant_id=merchant_id, roles=list(roles))
    return person.pk
