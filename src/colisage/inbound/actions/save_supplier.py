from collections.abc import Mapping
from typing import Any

from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Supplier
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import Malformed, NotThere, Refused
from colisage.kit.tabular.names import country_code

PERSONAL = frozenset({"email", "phone", "address"})  # the audit says that they changed, not to what


class SupplierCodeTaken(Refused):
    """A code names one supplier of a merchant."""

    code = "supplier_code_taken"
    text = _("Another supplier has the code %(code)s.")


class BadSupplier(Malformed):
    """Something that is said of a supplier cannot be."""

    code = "bad_supplier"
    text = _("Look at the code, the name, the e-mail address, the currency and the country of this supplier.")


class UnknownCurrency(BadSupplier):
    """Currencies have three letters."""

    code = "unknown_currency"
    text = _("There is no currency “%(code)s”.")


class UnknownCountry(BadSupplier):
    """Countries have two letters."""

    code = "unknown_country"
    text = _("There is no country “%(name)s”.")


class NameMissing(BadSupplier):
    """A supplier that is new has a name."""

    code = "name_missing"
    text = _("A new supplier needs a name.")


@transaction.atomic
def save_supplier(
    merchant_id: int, *, code: str, name: str, actor: Actor, supplier_id: int | None = None, **facts: Any
) -> int:
    """Make a supplier, or change one; give its id. `facts` are fields of `Supplier`.

    Orders that were written keep the currency they were written in. Raises `SupplierCodeTaken`, `BadSupplier` and what
    is one, and `NotThere` for an id that is not this merchant's.
    """
    told = {"code": code.strip().upper()[:30], "name": name.strip()[:120], **facts}
    _refuse(told)
    others = Supplier.objects.filter(merchant_id=merchant_id, code=told["code"]).exclude(pk=supplier_id or 0)
    if others.exists():
        raise SupplierCodeTaken(code=told["code"])
    if supplier_id is None:
        made = Supplier.objects.create(merchant_id=merchant_id, **told)
        record_deeds(
            [Deed("supplier", made.pk, "supplier_made", {"code": told["code"]}, merchant_id=merchant_id)], actor=actor
        )
        return made.pk
    rows = Supplier.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id, pk=supplier_id)
    if (known := rows.first()) is None:
        raise NotThere
    changes = {name: [getattr(known, name), value] for name, value in told.items() if getattr(known, name) != value}
    if changes:
        rows.update(**told)
        said = {name: [] if name in PERSONAL else pair for name, pair in changes.items()}
        record_deeds([Deed("supplier", known.pk, "supplier_changed", said, merchant_id=merchant_id)], actor=actor)
    return known.pk


def _refuse(facts: Mapping[str, Any]) -> None:
    """Raise what is wrong with what is said of a supplier, if anything is."""
    if not facts["code"] or not all(facts[name].isprintable() for name in ("code", "name")):
        raise BadSupplier
    if not facts["name"]:
        raise NameMissing
    if "currency" in facts and facts["currency"] not in get_global("all_currencies"):
        raise UnknownCurrency(code=facts["currency"])
    country = (facts.get("address") or {}).get("country", "")
    try:
        if country and country_code(country) != country:
            raise UnknownCountry(name=country)
    except ValueError as unknown:
        raise UnknownCountry(name=country) from unknown
    try:
        if facts.get("email"):
            validate_email(facts["email"])
    except ValidationError as error:
        raise BadSupplier from error
