import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.people.models import Membership, User


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person let in; the password is shown once, and empty for somebody who had one already."""

    email: str
    password: str


@transaction.atomic
def add_person(
    merchant_id: int, *, email: str, name: str, language: str, roles: Sequence[str], actor: Actor
) -> NewPerson:
    """Give a person roles at a merchant, making the person when the address is new."""
    known = User.objects.filter(email=email.lower()).first()
    password = "" if known else secrets.token_urlsafe(12)
    person = known or User.objects.create_user(email, password, name=name, language=language)
    Membership.objects.update_or_create(
        user=person, merchant_id=merchant_id, operator=None, defaults={"roles": sorted(set(roles))}
    )
    record_deeds(
        [Deed("user", person.pk, "roles_given", {"roles": sorted(roles)}, merchant_id=merchant_id)], actor=actor
    )
    return NewPerson(person.email, password)
