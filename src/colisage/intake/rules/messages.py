"""What a message of a shop changes here, given what is known of its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from colisage.intake.ports import DraftCharge, OrderDraft, OrderTold
from colisage.intake.rules.drafts import difference


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an order of a shop. `fingerprint` is of the draft that the shop told last."""

    id: int
    state: str
    payment: str
    fingerprint: str
    version: datetime | None = None
    currency: str = ""


def newest(told: Sequence[tuple[int, OrderTold]]) -> int:
    """Say which of several messages about one order counts: the highest version, which says most, that came last."""
    return max(
        told, key=lambda pair: (pair[1].version is not None, pair[1].version or 0, pair[1].away is not None, pair[0])
    )[0]


def deeds(told: OrderTold, known: Known | None, *, fingerprint: str, passed: datetime | None = None) -> tuple[str, ...]:
    """Say what to do about a message, in order; a single reason of MESSAGE_REASONS when there is nothing to do.

    `passed` is the version of a message that said an order need not come here: what is older does not bring it.
    """
    if known is None:
        if told.version and passed and told.version < passed:
            return ("older_than_known",)
        if told.cancelled:
            return ("never_arrived",)
        return ("already_fulfilled",) if told.finished else ("accept",)
    if told.version and known.version and told.version < known.version:
        return ("older_than_known",)
    if told.cancelled:
        return ("cancel",) if known.state == "open" else ("nothing_new",)
    return _of_known(told, known, same=fingerprint == known.fingerprint)


def _of_known(told: OrderTold, known: Known, *, same: bool) -> tuple[str, ...]:
    if told.told_once:
        return ("nothing_new",) if same else ("order_came_differently",)
    if known.currency and told.draft.currency != known.currency:  # its amounts here are written in that one
        return ("other_currency",)
    promised = told.draft.payment == "authorized" and known.payment == "paid"  # more than that is known
    pay = told.draft.payment not in {"unknown", known.payment} and not promised
    return (*(("pay",) if pay else ()), *(() if same else ("change",))) or ("nothing_new",)


def balanced(draft: OrderDraft) -> OrderDraft:
    """Name what the parts of an order do not explain of its total: it is kept, and held until a person has seen it."""
    cents = difference(draft)
    return replace(draft, charges=(*draft.charges, DraftCharge("difference", cents))) if cents else draft
