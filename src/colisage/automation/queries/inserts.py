"""The SKUs that rules put into parcels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from colisage.automation.rules.judging import Plan
from colisage.catalog.queries import SkuFacts, skus_by_code


def codes_put_in(effects: Iterable[Any]) -> Iterator[str]:
    """Give the codes of the SKUs that effects put in, as they were written."""
    for effect in effects:
        if isinstance(effect, dict) and effect.get("does") == "insert" and isinstance(effect.get("sku"), str):
            yield effect["sku"].strip()


def skus_put_in(plans: Mapping[int, Sequence[Plan]]) -> set[int]:
    """Give the SKUs that rules put in (merchant id: rules): one statement for each merchant with such rules."""
    found: set[int] = set()
    for merchant, each in sorted(plans.items()):
        if codes := set(codes_put_in(effect for plan in each for effect in plan.effects)):
            found |= {sku.id for sku in skus_by_code(merchant, codes=codes).values()}
    return found


def skus_named(merchant_id: int, *, effects: object) -> dict[str, SkuFacts]:
    """Find the SKUs that effects, as they were sent, put in; the keys are the codes in capitals."""
    codes = set(codes_put_in(effects)) if isinstance(effects, list) else set()
    return skus_by_code(merchant_id, codes=codes) if codes else {}
