"""Writing what is looked at when goods arrive, as a program says: SKUs and suppliers by their codes, each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from colisage.catalog.queries import skus_by_code
from colisage.inbound.actions.receive_each import NoSuchSku
from colisage.inbound.actions.save_checklist import Asked, save_checklist
from colisage.inbound.queries.suppliers import NoSuchSupplier, suppliers_named
from colisage.inbound.rules.inspecting import milli
from colisage.kit.actors import Actor
from colisage.kit.each import each
from colisage.kit.errors import Malformed, Refused


class LimitUnclear(Malformed):
    """A limit of a measure is a number."""

    code = "limit_unclear"
    text = _("“%(limit)s” is no limit of a measure: write a number, such as 12.5, or nothing where there is none.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidQuestion:
    """A question, the limits of a measure as people write them; empty where there is none."""

    kind: str
    text: str
    unit: str = ""
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidChecklist:
    """What is asked of goods: of a SKU, of what a supplier brings (by code or name), of both, or (neither) of all."""

    name: str
    questions: Sequence[SaidQuestion]
    sku: str = ""
    supplier: str = ""
    sample_rule: str = "all"
    sample_value: int = 0


@transaction.atomic
def save_checklists_said(merchant_id: int, lists: Sequence[SaidChecklist], *, actor: Actor) -> list[Refused | int]:
    """Write checklists; give the id of each, or why it was refused. See `save_checklist`."""
    skus = skus_by_code(merchant_id, codes={one.sku for one in lists if one.sku})
    suppliers = suppliers_named(merchant_id, names={one.supplier for one in lists if one.supplier})

    def save(one: SaidChecklist) -> int:
        sku, supplier = skus.get(one.sku.upper()), suppliers.get(one.supplier.upper())
        if one.sku and sku is None:
            raise NoSuchSku
        if one.supplier and supplier is None:
            raise NoSuchSupplier
        return save_checklist(
            merchant_id, name=one.name, questions=[_asked(question) for question in one.questions],
            sku_id=sku.id if sku else None, supplier_id=supplier, sample_rule=one.sample_rule,
            sample_value=one.sample_value, actor=actor,
        )  # fmt: skip

    return each(lists, save, by=lambda one: (one.sku.upper(), one.supplier.upper()))


def _asked(said: SaidQuestion) -> Asked:
    if said.kind != "measure":
        return Asked(said.kind, said.text)
    return Asked(said.kind, said.text, said.unit, _limit(said.lowest), _limit(said.highest))


def _limit(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return milli(text)
    except ValueError as error:
        raise LimitUnclear(limit=text[:40]) from error
