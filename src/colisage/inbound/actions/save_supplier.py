from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.inbound.models import Supplier
from colisage.kit.actors import Actor
from colisage.kit.audit import Deed, record_deeds
from colisage.kit.errors import NotThere, Refused

PERSONAL = frozenset({"email", "phone", "address"})  # the audit says that they changed, not to what


class SupplierCodeTaken(Refused):
    """A code names one supplier of a merchant."""

    code = "supplier_code_taken"
    text = _("Another supplier has the code %(code)s.")


@transaction.atomic
def save_supplier(
    merchant_id: int, *, code: str, name: str, actor: Actor, supplier_id: int | None = None, **facts: Any
) -> int:
    """Make a supplier, or change one; give its id. `facts` are fields of `Supplier`.

    Orders that were written keep the currency they were written in. Raises `SupplierCodeTaken`, and `NotThere` for an
    id that is not this merchant's.
    """
    told = {"code": code.strip().upper()[:30], "name": name.strip()[:120], **facts}
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
