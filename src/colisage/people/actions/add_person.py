import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.people.models import Membership, User
from colisage.people.rules import FLOOR


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person let in; the password is shown once, and empty for somebody who had one already."""

    email: str
    password: str


@transaction.atomic
def add_person(
    merchant_id: int,
    *,
    email: str,
    name: str,
    language: str,
    roles: Sequence[str],
    actor: Actor,
    operator_ids: Collection[int] = (),
) -> NewPerson:
    """Give a person roles at a merchant, making the person when the address is new; roles given before are replaced.

    The roles of the floor are held at the operators too whose warehouses the actor manages.
    """
    known = User.objects.filter(email=email.lower()).first()
    password = "" if known else secrets.token_urlsafe(12)
    person = known or User.objects.create_user(email, password, name=name, language=language)
    Membership.objects.update_or_create(
        user=person, merchant_id=merchant_id, operator=None, defaults={"roles": sorted(set(roles))}
    )
    for operator_id in operator_ids:
        Membership.objects.update_or_create(
            user=person, merchant=None, operator_id=operator_id, defaults={"roles": sorted(FLOOR & set(roles))}
        )
    record_deeds(
        [Deed("user", person.pk, "roles_given", {"roles": sorted(roles)}, merchant_id=merchant_id)], actor=actor
    )
    return NewPerson(person.email, password)
