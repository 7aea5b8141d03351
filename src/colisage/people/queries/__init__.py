"""Who someone is, and what they may see."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from colisage.kit.errors import Malformed, NotAllowed, Refused
from colisage.kit.limits import Meter
from colisage.kit.queries import last_uses
from colisage.kit.statements import ask
from colisage.people.models import ApiKey, Membership, Merchant, Operator, Role, ServiceContract, User
from colisage.people.rules import SCOPES


@dataclass(frozen=True, slots=True)
class Party:
    """An operator or a merchant, as plain values."""

    id: int
    name: str
    slug: str
    language: str = "fr"
    currency: str = "EUR"
    country: str = "FR"
    timezone: str = "Europe/Paris"
    email: str = ""
    brand: str = "tilleul"


@dataclass(frozen=True, slots=True)
class View:
    """What one person may see: merchants and operators, and the roles held at each.

    Staff of an operator see the merchants it works for; staff of a merchant see the operators that work for it.
    """

    merchants: dict[int, Party]
    operators: dict[int, Party]
    merchant_roles: dict[int, frozenset[str]]
    operator_roles: dict[int, frozenset[str]]
    serving: frozenset[tuple[int, int]] = frozenset()  # (operator, merchant) it works for

    def may_for(self, merchant_id: int, *roles: str) -> bool:
        """Say whether any of these roles is held for a merchant: at it, or at an operator that works for it."""
        held = self.merchant_roles.get(merchant_id, frozenset()).union(
            *(self.operator_roles.get(o, frozenset()) for o, m in self.serving if m == merchant_id)
        )
        return bool(held & {"manager", *roles})

    @property
    def roles(self) -> frozenset[str]:
        """Give every role held anywhere: for menus and lists. Deeds ask `may_for`."""
        return frozenset[str]().union(*self.merchant_roles.values(), *self.operator_roles.values())

    def may(self, *roles: str) -> bool:
        """Say whether any of these roles is held anywhere: for menus and lists. Deeds ask `may_for`."""
        return bool(self.roles & {"manager", *roles})


def view_of(user_id: int) -> View:
    """Give what a person may see; one statement, for every page begins with it."""
    merchants, operators = dict[int, Party](), dict[int, Party]()
    merchant_roles, operator_roles = dict[int, frozenset[str]](), dict[int, frozenset[str]]()
    serving: set[tuple[int, int]] = set()
    for roles, serves, *facts in ask("people", "view", [user_id]):
        party = Party(*facts)
        if serves is None:
            merchants[party.id], held = party, merchant_roles
        else:
            operators[party.id], held = (
                Party(party.id, party.name, party.slug, currency=party.currency, timezone=party.timezone),
                operator_roles,
            )
            serving |= {(party.id, merchant) for merchant in serves}
        if roles is not None:
            held[party.id] = frozenset(roles)
    return View(merchants, operators, merchant_roles, operator_roles, frozenset(serving))


def party_of(m: Merchant) -> Party:
    """Turn a merchant's row into plain values."""
    return Party(m.pk, m.name, m.slug, m.language, m.currency, m.country, m.timezone, m.email, m.brand)


def merchants_by_id(ids: set[int]) -> dict[int, Party]:
    """Give merchants as plain values."""
    return {m.pk: party_of(m) for m in Merchant.objects.filter(pk__in=ids)}


def operators_serving(merchant_ids: Collection[int]) -> list[int]:
    """Give the operators that work for these merchants."""
    rows = ServiceContract.objects.filter(merchant_id__in=merchant_ids)
    return list(rows.values_list("operator_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Key:
    """An API key that is known, alive and whose secret was right."""

    id: int
    merchant_id: int
    name: str
    scopes: frozenset[str]
    operators: frozenset[int] = frozenset()  # that work for the merchant: their nodes hold its stock
    timezone: str = "Europe/Paris"  # of the merchant, whose days are told and meant


def key_of(token: str) -> Key | None:
    """Find the living API key a bearer token belongs to, comparing digests in constant time."""
    prefix, _, _ = token.partition(".")
    key = ApiKey.objects.filter(prefix=prefix, revoked_at=None).select_related("merchant").first()
    digest = hashlib.sha256(token.encode()).hexdigest()
    if key is None or not hmac.compare_digest(digest, key.digest):
        return None
    if key.expires_at is not None and key.expires_at <= timezone.now():
        return None
    operators = ServiceContract.objects.filter(merchant_id=key.merchant_id).values_list("operator_id", flat=True)
    return Key(key.pk, key.merchant_id, key.name, frozenset(key.scopes), frozenset(operators), key.merchant.timezone)


class Unauthorized(Refused):
    """A program without a living key that may do this."""

    code = "unauthorized"
    status = 401
    text = _("Send a valid API key with the scope %(scope)s as a bearer token.")


def sent_key(request: HttpRequest, *, scope: str) -> Key:
    """Give the key that a request carries as a bearer token; raise `Unauthorized` unless it may do what is asked.

    It is looked for, and counted, once in a request. Raises `TooMany` when the key has asked too often.
    """
    found: Key | None = vars(request).get("key_of_program")
    if found is not None and scope in found.scopes:
        return found
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    key = key_of(token.strip()) if kind.lower() == "bearer" and "\x00" not in token else None
    if key is None or scope not in key.scopes:
        raise Unauthorized(scope=scope)
    meter().pass_or_refuse(f"key:{key.id}")
    vars(request)["key_of_program"] = key
    return key


@cache
def meter() -> Meter:
    """Give the meter of this process: how often each key may ask."""
    return Meter(
        per_second=settings.COLISAGE_API_PER_SECOND,
        burst=settings.COLISAGE_API_BURST,
        shared_seconds=settings.COLISAGE_METERS_SHARED_SECONDS,
    )


@cache
def order_meter() -> Meter:
    """Give the meter of this process for orders posted, which come faster than anything else."""
    return Meter(
        per_second=settings.COLISAGE_INTAKE_PER_SECOND,
        burst=settings.COLISAGE_INTAKE_BURST,
        shared_seconds=settings.COLISAGE_METERS_SHARED_SECONDS,
    )


def merchants_served(operator_id: int) -> list[int]:
    """Give the merchants an operator works for."""
    rows = ServiceContract.objects.filter(operator_id=operator_id).order_by("merchant_id")
    return list(rows.values_list("merchant_id", flat=True))


def own_operators(merchant_id: int) -> list[int]:
    """Give the operators that work for a merchant and for nobody else: the floor is the merchant's own."""
    mine = ServiceContract.objects.filter(merchant_id=merchant_id).values("operator_id")
    rows = ServiceContract.objects.filter(operator_id__in=mine).order_by("operator_id")
    alone = rows.values_list("operator_id").annotate(n=Count("pk")).filter(n=1)
    return [operator for operator, _n in alone]


def operators_by_merchant(merchant_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the operators that work for each of these merchants."""
    found: dict[int, set[int]] = {merchant: set() for merchant in merchant_ids}
    for operator, merchant in ServiceContract.objects.filter(merchant_id__in=found).values_list(
        "operator_id", "merchant_id"
    ):
        found[merchant].add(operator)
    return found


class NotYourFloor(NotAllowed):
    """An operator that works for several merchants decides what its people do."""

    code = "not_your_floor"
    text = _("This warehouse works for other merchants too: it decides what its people do, and when.")


class UnknownOperator(Malformed):
    """Of several operators that work for a merchant alone one is named."""

    code = "unknown_operator"
    text = _("Name one of these operators: %(slugs)s.")


def own_operator_called(merchant_id: int, *, slug: str) -> int:
    """Find an operator that works for a merchant alone by its short name; an empty one is enough where there is one.

    Raises `NotYourFloor` where none does, `UnknownOperator`.
    """
    rows = Operator.objects.filter(pk__in=own_operators(merchant_id)).order_by("slug")
    known = dict(rows.values_list("slug", "pk"))
    if not known:
        raise NotYourFloor
    named = slug or (next(iter(known)) if len(known) == 1 else "")
    if named not in known:
        raise UnknownOperator(slugs=", ".join(known))
    return known[named]


class UnknownMerchant(Refused):
    """There is no merchant of that short name, or several and none was named."""

    code = "unknown_merchant"
    text = _("Name one of these merchants: %(slugs)s.")


def merchant_called(slug: str) -> Party:
    """Find a merchant by its short name; an empty one is enough where there is only one merchant."""
    found = list(Merchant.objects.filter(slug=slug) if slug else Merchant.objects.all()[:2])
    if len(found) != 1:
        raise UnknownMerchant(slugs=", ".join(Merchant.objects.order_by("slug").values_list("slug", flat=True)))
    return party_of(found[0])


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person with roles at a merchant, worded."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]


def staff_of(merchant_id: int) -> list[Colleague]:
    """Give the people with roles at a merchant."""
    rows = Membership.objects.filter(merchant_id=merchant_id).select_related("user").order_by("user__name")
    return [
        Colleague(m.user_id, m.user.name, m.user.email, tuple(str(Role(role).label) for role in m.roles)) for m in rows
    ]


def people_of(operator_id: int, *, roles: Collection[str]) -> dict[int, str]:
    """Give the people who may log in and hold any of these roles at an operator, by id with their name."""
    rows = Membership.objects.filter(operator_id=operator_id, roles__overlap=list(roles), user__is_active=True)
    return dict(rows.order_by("user__name").values_list("user_id", "user__name"))


def merchant_slugs() -> set[str]:
    """Give the short names of every merchant here."""
    return set(Merchant.objects.values_list("slug", flat=True))


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key in the list, with when a program last used it; null: never, or before that was noted."""

    key: ApiKey
    used_at: datetime | None
    expired: bool


def keys_of(merchant_id: int) -> list[KeyRow]:
    """Give a merchant's keys, the latest first; two statements."""
    keys = list(ApiKey.objects.filter(merchant_id=merchant_id).order_by("-pk"))
    used = last_uses([owner for key in keys for owner in (f"key:{key.pk}", f"intake:{key.pk}")])
    now = timezone.now()
    return [
        KeyRow(
            key,
            max(filter(None, (used.get(f"key:{key.pk}"), used.get(f"intake:{key.pk}"))), default=None),
            key.expires_at is not None and key.expires_at <= now,
        )
        for key in keys
    ]


def login_name(request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """Name the account somebody tries to log in to, so that failures count together however it is spelt."""
    named = (credentials or {}).get("username") or (request.POST.get("username", "") if request else "")
    return named.strip().lower()


def scope_words() -> Mapping[str, str | Promise]:
    """Say in words what each scope of a key allows."""
    return SCOPES


def has_people() -> bool:
    """Say whether anybody can log in here."""
    return User.objects.exists()


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Give the names of people, to say who did something."""
    return {
        pk: name or email for pk, name, email in User.objects.filter(pk__in=user_ids).values_list("pk", "name", "email")
    }


def key_names(merchant_id: int, *, key_ids: Collection[int]) -> dict[int, str]:
    """Give the names of a merchant's keys."""
    return dict(ApiKey.objects.filter(merchant_id=merchant_id, pk__in=key_ids).values_list("pk", "name"))
