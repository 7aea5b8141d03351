"""From the dock into a bin, one receipt."""

from colisage.inbound.actions.choose_bin import AgainstRules, BinFrozen, BinFull, WrongStorage
from colisage.inbound.actions.lock_bin import NoSuchBin
from colisage.inbound.actions.put_away_many import InspectionDue, Portion, put_away_many
from colisage.inbound.actions.refuse_portions import NoUnits, TooMany
from colisage.kit.actors import Actor

__all__ = [
    "AgainstRules",
    "BinFrozen",
    "BinFull",
    "InspectionDue",
    "NoSuchBin",
    "NoUnits",
    "TooMany",
    "WrongStorage",
    "put_away",
]


def put_away(
    merchant_id: int, *, receipt_id: int, bin_code: str, qty: int, actor: Actor, override: bool = False
) -> int:
    """Put units of a receipt from the dock into a bin; they can be promised from then on. Gives what is left.

    One of many: `put_away_many` says what is refused, and what `override` may decide otherwise.
    """
    left = put_away_many(merchant_id, [Portion(receipt_id, qty)], bin_code=bin_code, actor=actor, override=override)
    return left[receipt_id]
