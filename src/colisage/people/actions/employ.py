from collections.abc import Sequence

from django.db import transaction

from colisage.people.models import Membership, User


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
