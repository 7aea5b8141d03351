"""Who waits for what, and by what they are served, as the API tells it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from colisage.orders.queries.turns import criteria_kept


class WaitingOut(Struct, frozen=True, kw_only=True):
    """Units of a SKU that are owed to an order, in the order in which they are served; `why` it stands here.

    `expected_on` is the day on which they will probably be here (null: nobody knows), for the reason `expected_why`.
    What waits for something else than an order (a hold for a cart, say) has no order. `node` is null before one is
    chosen.
    """

    id: int
    order_id: int | None
    order: str
    reference: str
    node: str | None
    quantity: int
    preorder: bool
    priority: int
    since: datetime
    why: str
    expected_on: date | None
    expected_why: str


class WaitingPageOut(Struct, frozen=True, kw_only=True):
    """A page of who waits for a SKU, the next to be served first; `next` is the `page` that follows."""

    sku: str
    items: list[WaitingOut]
    next: int | None


class CriterionOut(Struct, frozen=True, kw_only=True):
    """One thing that puts an order before others; `value` is the tag, the channel's code, or words of the delivery."""

    kind: str
    value: str


class TurnsOut(Struct, frozen=True, kw_only=True):
    """By what waiting orders are served, the first first, then by age."""

    criteria: list[CriterionOut]


def waiting_told(rows: Sequence[dict[str, Any]]) -> list[WaitingOut]:
    """Tell who waits (rows of `desk.queries.stock.queue`); no statement."""
    return [_waiting(**row) for row in rows]


def _waiting(*, waiting: Any, order: Any, code: str | None, why: str, expected: Any, **_shown: Any) -> WaitingOut:
    return WaitingOut(
        id=waiting.id, order_id=order.pk if order else None, order=order.number if order else "",
        reference=order.external_ref if order else "", node=code, quantity=waiting.units, preorder=waiting.ahead,
        priority=waiting.priority, since=waiting.since, why=why, expected_on=expected.on if expected else None,
        expected_why=expected.why if expected else "",
    )  # fmt: skip


def turns_told(merchant_id: int, *, locked: bool = False) -> TurnsOut:
    """Tell by what a merchant's waiting orders are served; one statement, and one for the lock."""
    kept = criteria_kept(merchant_id, locked=locked)
    return TurnsOut(criteria=[CriterionOut(kind=one.kind, value=one.value) for one in kept])
