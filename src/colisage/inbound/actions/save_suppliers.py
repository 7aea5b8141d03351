"""Making and changing suppliers, as a program says: each judged by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from colisage.inbound.actions.save_supplier import save_supplier
from colisage.inbound.models import Supplier
from colisage.kit.actors import Actor
from colisage.kit.errors import Refused
from colisage.people.queries import merchants_by_id


@transaction.atomic
def save_suppliers(merchant_id: int, said: Sequence[Mapping[str, Any]], *, actor: Actor) -> list[Refused | int]:
    """Make suppliers, or change those whose code is known; give of each its id, or why it was refused.

    What is said are fields of `Supplier`, the `code` among them; one that is left out stays as it is, and is the
    merchant's own (language, currency) where the supplier is new.
    """
    codes = {str(one["code"]).strip().upper() for one in said}
    rows = (
        Supplier.objects.filter(merchant_id=merchant_id, code__in=codes).order_by("pk").select_for_update(no_key=True)
    )
    known = {row.code: (row.pk, row.name) for row in rows}
    party = merchants_by_id({merchant_id})[merchant_id]
    usual = {"language": party.language, "currency": party.currency}
    became: list[Refused | int] = []
    for one in said:
        try:
            code = str(one["code"]).strip().upper()
            pk, name = known.get(code, (None, ""))
            facts = {**(usual if pk is None else {}), "name": name, **one}
            with transaction.atomic():
                made = save_supplier(merchant_id, supplier_id=pk, actor=actor, **facts)
            known[code] = (made, str(facts["name"]).strip())
            became.append(made)
        except Refused as refusal:
            became.append(refusal)
    return became
