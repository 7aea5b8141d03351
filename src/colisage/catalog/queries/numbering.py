"""How merchants and operators number units, and what their scanners send in the place of FNC1."""

from collections.abc import Collection

from django.db.models import Q

from colisage.catalog.models import Numbering
from colisage.people.queries import operators_serving

PLATE_PREFIX = "LPN"


def numberings(merchant_ids: Collection[int], operator_ids: Collection[int]) -> dict[tuple[str, int], Numbering]:
    """Give what is set, by (`merchant` or `operator`, id)."""
    rows = Numbering.objects.filter(Q(merchant_id__in=merchant_ids) | Q(operator_id__in=operator_ids))
    return {
        ("merchant", one.merchant_id) if one.merchant_id else ("operator", one.operator_id or 0): one for one in rows
    }


def plate_prefix_of(merchant_id: int, *, operator_id: int | None) -> str:
    """Give what plates of a merchant begin with: as it says, else as the operator does."""
    rows = Numbering.objects.filter(Q(merchant_id=merchant_id) | Q(operator_id=operator_id, operator_id__isnull=False))
    found = rows.order_by("merchant_id").values_list("plate_prefix", flat=True).first()  # nulls come last
    return found or PLATE_PREFIX


def company_prefixes(merchant_ids: Collection[int]) -> dict[int, str]:
    """Give the company prefix of each merchant that told one: how long the prefix on its tags is."""
    rows = Numbering.objects.filter(merchant_id__in=merchant_ids).exclude(company_prefix="")
    return {merchant: prefix for merchant, prefix in rows.values_list("merchant_id", "company_prefix") if merchant}


def separators(merchant_ids: Collection[int]) -> list[str]:
    """Give what scanners send in the place of FNC1 where these merchants' goods lie."""
    operators = operators_serving(merchant_ids)
    rows = Numbering.objects.filter(Q(merchant_id__in=merchant_ids) | Q(operator_id__in=operators)).exclude(
        separator=""
    )
    return list(rows.order_by("separator").values_list("separator", flat=True).distinct())
